//! The statements of Python and its like: each on a line of its own, but for what brackets and quotes hold together.

use std::ops::Range;

use crate::rewrite::is_of_word;

/// The name of a type is no longer.
const LONGEST: usize = 128;

pub(super) struct Statement {
    pub(super) indentation: usize,
    /// Without what it is indented by, and without a comment behind it.
    pub(super) range: Range<usize>,
}

/// All statements, and the conversions and signs of addresses among them, which Python has not.
pub(super) fn statements(text: &[u8]) -> (Vec<Statement>, Vec<Range<usize>>) {
    let mut reader = Reader { text, at: 0, conversions: Vec::new() };
    let mut statements = Vec::new();
    while reader.at < text.len() {
        let start = reader.at;
        while matches!(text.get(reader.at), Some(b' ' | b'\t' | b'\x0c')) {
            reader.at += 1;
        }
        let first = reader.at;
        let end = reader.statement();
        if end > first {
            statements.push(Statement { indentation: first - start, range: first..end });
        }
    }
    (statements, reader.conversions)
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    conversions: Vec<Range<usize>>,
}

impl Reader<'_> {
    /// Goes behind the line feed that ends a statement, and tells where its last token ends.
    fn statement(&mut self) -> usize {
        let mut depth = 0_usize;
        let mut end = self.at;
        while let Some(&byte) = self.text.get(self.at) {
            match byte {
                b'\n' if depth == 0 => {
                    self.at += 1;
                    return end;
                }
                b'\\' => self.at = self.text.len().min(self.at + 2),
                b'#' => {
                    let rest = &self.text[self.at..];
                    self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                }
                b'\'' | b'"' => {
                    self.string(byte);
                    end = self.at;
                }
                byte if byte.is_ascii_whitespace() => self.at += 1,
                _ => {
                    match byte {
                        b'(' | b'[' | b'{' => {
                            depth += 1;
                            if self.text[..self.at].ends_with(b"sizeof") {
                                self.measured();
                            }
                        }
                        b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                        b'<' | b'&' if self.is_before_operand(end) => self.conversion(byte),
                        _ => {}
                    }
                    self.at += 1;
                    end = self.at;
                }
            }
        }
        end
    }

    fn string(&mut self, quote: u8) {
        let rest = &self.text[self.at..];
        let is_long = rest.len() > 2 && rest[1] == quote && rest[2] == quote;
        self.at += if is_long { 3 } else { 1 };
        while let Some(&byte) = self.text.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' => self.at = self.text.len().min(self.at + 1),
                b'\n' if !is_long => {
                    self.at -= 1;
                    return;
                }
                byte if byte == quote && !is_long => return,
                byte if byte == quote && self.text[self.at..].starts_with(&[quote, quote]) => {
                    self.at += 2;
                    return;
                }
                _ => {}
            }
        }
    }

    /// Whether an operand comes next, by what stands before.
    fn is_before_operand(&self, end: usize) -> bool {
        const WORDS: &[&[u8]] =
            &[b"return", b"and", b"or", b"not", b"in", b"is", b"if", b"else", b"elif", b"while", b"yield"];
        let before = &self.text[..end];
        match before.last() {
            Some(byte) if is_of_word(*byte) => {
                let word = before.iter().rev().take(8).take_while(|byte| is_of_word(**byte)).count();
                WORDS.contains(&&before[before.len() - word..])
            }
            Some(byte) => !matches!(byte, b')' | b']' | b'}' | b'\'' | b'"' | b'<' | b'&'),
            None => false,
        }
    }

    /// Notes the type in the brackets of `sizeof`, the first of which is next.
    fn measured(&mut self) {
        let rest = &self.text[self.at + 1..];
        let length =
            rest.iter().take(LONGEST).take_while(|byte| is_of_word(**byte) || b" *.".contains(byte)).count();
        if rest.get(length) == Some(&b')') {
            self.conversions.push(self.at + 1..self.at + 1 + length);
        }
    }

    /// Notes `<type *>` or `&`, if it is one.
    fn conversion(&mut self, byte: u8) {
        let rest = &self.text[self.at..];
        let is_of_type = |byte: &u8| is_of_word(*byte) || b" *.[],:?&".contains(byte);
        let length = rest[1..].iter().take(LONGEST).take_while(|byte| is_of_type(byte)).count();
        if byte == b'&' {
            self.conversions.push(self.at..self.at + 1);
        } else if length > 0 && rest.get(length + 1) == Some(&b'>') {
            self.conversions.push(self.at..self.at + length + 2);
            self.at += length + 1;
        }
    }
}
