//! The code of a notebook as one text, and where each of its bytes stands in the file.

use std::ops::Range;

use super::cells::Cells;

/// The text of all code cells, one behind another.
#[derive(Debug, Default)]
pub(super) struct Code {
    pub(super) text: Vec<u8>,
    /// Where each cell begins in the text.
    pub(super) cells: Vec<usize>,
    runs: Vec<Run>,
}

/// From here on, bytes of the text follow each other in the file.
#[derive(Debug)]
struct Run {
    text: usize,
    file: usize,
}

impl Code {
    /// Never longer than the file: escapes are longer than what they stand for, and the line feed that ends a cell stands for a quote.
    pub(super) fn new(source: &[u8], found: &Cells) -> Self {
        let mut code = Self::default();
        for strings in found.cells.iter().map(|cell| &found.strings[cell.clone()]) {
            code.cells.push(code.text.len());
            for string in strings {
                code.push(source, string.clone());
            }
            if let Some(last) = strings.last() {
                code.run(last.end);
                code.text.push(b'\n');
            }
        }
        code
    }

    /// Where the byte of the text stands in the file.
    pub(super) fn place(&self, offset: usize) -> usize {
        let run = self.runs.partition_point(|run| run.text <= offset);
        run.checked_sub(1).map_or(0, |run| self.runs[run].file + (offset - self.runs[run].text))
    }

    fn push(&mut self, source: &[u8], string: Range<usize>) {
        let mut at = string.start;
        while at < string.end {
            let rest = &source[at..string.end];
            self.run(at);
            at += match memchr::memchr(b'\\', rest) {
                Some(0) => self.push_escape(rest),
                plain => {
                    let plain = plain.unwrap_or(rest.len());
                    self.text.extend_from_slice(&rest[..plain]);
                    plain
                }
            };
        }
    }

    /// What an escape stands for; gives its length.
    fn push_escape(&mut self, rest: &[u8]) -> usize {
        let byte = match rest.get(1) {
            Some(b'n') => b'\n',
            // One end of a line, and not two.
            Some(b'r') if rest[2..].starts_with(b"\\n") => return 2,
            Some(b'r') => b'\n',
            Some(b't') => b'\t',
            Some(b'f') => b'\x0c',
            Some(b'b') => b' ',
            Some(&byte @ (b'"' | b'\\' | b'/')) => byte,
            Some(b'u') => return self.push_character(rest),
            // No escape of JSON: what follows stands for itself.
            _ => return 1,
        };
        self.text.push(byte);
        2
    }

    /// The same of `\uXXXX`, or of two of them that make one character.
    fn push_character(&mut self, rest: &[u8]) -> usize {
        let Some(unit) = unit(rest) else { return 2 };
        let (character, length) = match (unit, rest.get(6..).and_then(self::unit)) {
            (0xd800..0xdc00, Some(low @ 0xdc00..0xe000)) => {
                (char::from_u32(0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00)), 12)
            }
            _ => (char::from_u32(unit), 6),
        };
        let character = match character.unwrap_or(char::REPLACEMENT_CHARACTER) {
            '\r' => '\n',
            plain @ ('\n' | '\t' | '\x0c' | ' '..) => plain,
            // No code has them, and one of them makes a text binary.
            _ => ' ',
        };
        self.text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        length
    }

    fn run(&mut self, file: usize) {
        let text = self.text.len();
        // Where nothing came between, the last one goes on.
        if self.runs.last().is_none_or(|run| file - run.file != text - run.text) {
            self.runs.push(Run { text, file });
        }
    }
}

/// The number of `\uXXXX`.
fn unit(text: &[u8]) -> Option<u32> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0, |number, digit| Some(number * 16 + char::from(*digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::super::cells;
    use super::*;

    /// The code of one cell whose source is this JSON, with the notebook around it.
    fn code(source: &str) -> (String, Code) {
        let file = format!(r#"{{"cells": [{{"cell_type": "code", "source": {source}}}]}}"#);
        let code = Code::new(file.as_bytes(), &cells::find(file.as_bytes(), Some(cells::CODE)));
        (file, code)
    }

    #[test]
    fn escapes_are_what_they_stand_for() {
        for (source, expected) in [
            (r#"["a\n", "b"]"#, "a\nb\n"),
            (r#""a\nb\n""#, "a\nb\n\n"),
            (r#""s = \"\"\"x\\n\t\/\"\"\"""#, "s = \"\"\"x\\n\t/\"\"\"\n"),
            (r#""a\r\nb\rc""#, "a\nb\nc\n"),
            (r#""caf\u00e9 \ud83e\udd80 é""#, "café 🦀 é\n"),
            (r#""\ud83e \udd80 \u0000 \u000d""#, "\u{fffd} \u{fffd}   \n\n"),
            (r#""\u12 \q \é""#, "12 q é\n"),
            (r#""\u""#, "\n"),
            (r#"[]"#, ""),
        ] {
            let (file, code) = code(source);
            assert_eq!(String::from_utf8_lossy(&code.text), expected, "{source}");
            assert!(code.text.len() <= file.len());
        }
    }

    #[test]
    fn every_byte_has_its_place_in_the_file() {
        let (file, code) = code("[\n  \"a = \\\"b\\\"\\n\",\n  \"\\u00e9c\"\n]");
        let mut last = None;
        for (offset, byte) in code.text.iter().enumerate() {
            let place = code.place(offset);
            assert!(last < Some(place), "{offset}");
            last = Some(place);
            let is_plain = byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'=');
            assert!(!is_plain || file.as_bytes()[place] == *byte, "{offset}");
        }
        assert_eq!(Code::default().place(3), 0);
    }
}
