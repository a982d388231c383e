//! Fortran of punched cards: a sign in the first column makes a line a comment, one in the sixth makes it go on from the line before.
//!
//! Whether a text is written so is told by the text; endings say little. Line feeds before a line that goes on become blanks.

use std::borrow::Cow;

/// Where statements begin, and one column before the sign of a line that goes on.
const STATEMENT: usize = 6;

/// The text in free form.
pub(super) fn freed(source: &[u8]) -> Cow<'_, [u8]> {
    if !is_fixed(source) {
        return Cow::Borrowed(source);
    }
    let mut text = source.to_vec();
    // The end of the last line that was no comment, and where its own comment begins.
    let mut last = 0..0;
    let mut at = 0;
    for line in source.split_inclusive(|byte| *byte == b'\n') {
        let end = at + line.len() - usize::from(line.ends_with(b"\n"));
        if is_comment(line) {
            text[at] = if line[0] == b'!' || line[0] == b'#' { line[0] } else { b'!' };
        } else if goes_on(line).is_some_and(|sign| sign < line.len()) {
            let sign = goes_on(line).unwrap_or(0);
            // With the comments between: none can stand within a line.
            for byte in &mut text[last.start.min(at)..=at + sign] {
                *byte = b' ';
            }
            last = at + comment(line)..end;
        } else if !line.trim_ascii().is_empty() {
            last = at + comment(line)..end;
        }
        at += line.len();
    }
    Cow::Owned(text)
}

fn is_comment(line: &[u8]) -> bool {
    matches!(line.first(), Some(b'c' | b'C' | b'*' | b'd' | b'D' | b'!' | b'#'))
        || line.trim_ascii().starts_with(b"!")
}

/// The place of the sign that makes a line go on.
fn goes_on(line: &[u8]) -> Option<usize> {
    if let [b'\t', b'1'..=b'9', ..] = line {
        return Some(1);
    }
    let is_sign = |byte: &u8| !byte.is_ascii_whitespace() && *byte != b'0';
    let is_blank = line.len() > STATEMENT && line[..STATEMENT - 1].iter().all(|byte| *byte == b' ');
    (is_blank && is_sign(&line[STATEMENT - 1])).then_some(STATEMENT - 1)
}

/// Where the comment of a line begins, or its end.
fn comment(line: &[u8]) -> usize {
    let mut quote = None;
    for (at, &byte) in line.iter().enumerate() {
        match (quote, byte) {
            (None, b'!') => return at,
            (None, b'\'' | b'"') => quote = Some(byte),
            (Some(open), byte) if byte == open => quote = None,
            _ => {}
        }
    }
    line.trim_ascii_end().len()
}

/// Whether nothing is written as only free form has it, and something as only the fixed one has.
fn is_fixed(source: &[u8]) -> bool {
    let mut is_fixed = false;
    for line in source.split(|byte| *byte == b'\n') {
        let is_of_form = match line {
            [] | [b'!' | b'#', ..] => continue,
            [b'*', ..] => true,
            // `call` and `do` begin so too, but no word does that stands by itself.
            [b'c' | b'C' | b'd' | b'D', next, ..] if !next.is_ascii_alphanumeric() && *next != b'_' => true,
            [b'c' | b'C' | b'd' | b'D', ..] => continue,
            _ => goes_on(line).is_some() && !line[STATEMENT.min(line.len())..].is_empty(),
        };
        is_fixed |= is_of_form;
        if is_of_form || line.trim_ascii().starts_with(b"!") {
            continue;
        }
        let is_free = line[..line.len().min(STATEMENT - 1)].iter().any(u8::is_ascii_alphabetic)
            || line[..comment(line)].trim_ascii_end().ends_with(b"&");
        if is_free {
            return false;
        }
    }
    is_fixed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_go_on_are_joined_in_place() {
        let fixed = "C one\n      CALL A(1, ! b\n*     between\n     $       2)\n";
        let text = freed(fixed.as_bytes());
        assert_eq!(text.len(), fixed.len());
        let text = std::str::from_utf8(&text).unwrap();
        assert_eq!(text.lines().count(), 2, "{text}");
        assert_eq!(text.split_whitespace().collect::<Vec<_>>(), ["!", "one", "CALL", "A(1,", "2)"]);
    }

    #[test]
    fn free_form_is_left_alone() {
        for free in [
            "program a\n  call b(1, &\n     c)\nend\n",
            "      x = 1 &\n     + 2\n",
            "! a\n      end\n",
            "call a\ndo i = 1, 2\n",
        ] {
            assert!(matches!(freed(free.as_bytes()), Cow::Borrowed(_)), "{free}");
        }
    }
}
