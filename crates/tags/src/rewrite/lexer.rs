//! The tokens of languages with braces, as far as they tell where strings and comments are.

/// A text and a place in it.
pub(super) struct Lexer<'a> {
    pub(super) text: &'a [u8],
    pub(super) at: usize,
    /// Lines that begin with `#` are the preprocessor's.
    pub(super) preprocessed: bool,
}

impl<'a> Lexer<'a> {
    pub(super) fn rest(&self) -> &'a [u8] {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Passes over blanks, comments and lines of the preprocessor.
    pub(super) fn skip_blank(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'\\' => self.at += 1,
                b'/' if self.skip_comment() => {}
                b'#' if self.preprocessed => self.skip_directive(),
                _ => break,
            }
        }
    }

    pub(super) fn skip_comment(&mut self) -> bool {
        let rest = self.rest();
        let length = match rest {
            [b'/', b'/', ..] => memchr::memchr(b'\n', rest),
            [b'/', b'*', ..] => memchr::memmem::find(&rest[2..], b"*/").map(|end| end + 4),
            _ => return false,
        };
        self.at += length.unwrap_or(rest.len());
        true
    }

    /// Passes over a line of the preprocessor, as far as its line feed: with the lines that it, or a comment in it, goes on in.
    pub(super) fn skip_directive(&mut self) {
        while let Some(at) = memchr::memchr2(b'\n', b'/', self.rest()) {
            let is_joined = self.rest()[..at].trim_ascii_end().ends_with(b"\\");
            self.at += at;
            if self.peek() == Some(b'/') {
                self.at += usize::from(!self.skip_comment());
            } else if is_joined {
                self.at += 1;
            } else {
                return;
            }
        }
        self.at = self.text.len();
    }

    pub(super) fn word(&mut self) -> &'a [u8] {
        let rest = self.rest();
        let length = rest.iter().take_while(|byte| is_of_word(**byte)).count();
        self.at += length;
        &rest[..length]
    }

    /// Passes over a string, whose quote is next. One of a single line ends with it, whatever is missing.
    pub(super) fn skip_string(&mut self) {
        let Some(quote) = self.peek() else { return };
        let is_raw = quote == b'"' && self.text[..self.at].ends_with(b"R");
        self.at += 1;
        if is_raw {
            let delimiter = self.rest().iter().take(17).position(|byte| *byte == b'(').unwrap_or(0);
            let end = [b")", &self.rest()[..delimiter], b"\""].concat();
            self.at += memchr::memmem::find(self.rest(), &end).map_or(self.rest().len(), |at| at + end.len());
            return;
        }
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'\\' => self.at = (self.at + 1).min(self.text.len()),
                b'\n' if self.preprocessed => return,
                byte if byte == quote => return,
                _ => {}
            }
        }
    }

    /// Passes over what brackets hold; the first is next. Where it is not closed, that is all of the rest.
    pub(super) fn skip_brackets(&mut self, opens: u8, closes: u8) {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => self.skip_string(),
                b'\'' if !self.preprocessed => self.skip_quote(),
                // `1'000` is a number.
                b'\'' if !self.text[..self.at].last().is_some_and(u8::is_ascii_hexdigit) => {
                    self.skip_string();
                }
                b'/' if self.skip_comment() => {}
                b'#' if self.preprocessed => self.skip_directive_at_line(),
                _ => {
                    self.at += 1;
                    if byte == opens {
                        depth += 1;
                    } else if byte == closes {
                        depth -= 1;
                        if depth == 0 {
                            return;
                        }
                    }
                }
            }
        }
    }

    fn skip_directive_at_line(&mut self) {
        let before = &self.text[..self.at];
        let is_first =
            before.iter().rev().find(|byte| !matches!(byte, b' ' | b'\t')).is_none_or(|byte| *byte == b'\n');
        if is_first { self.skip_directive() } else { self.at += 1 }
    }

    /// Passes over a character of Rust, or over the sign of a lifetime.
    pub(super) fn skip_quote(&mut self) {
        match self.rest() {
            [_, b'\\', _, rest @ ..] => {
                let end = rest.iter().take(12).position(|byte| *byte == b'\'');
                self.at += 3 + end.map_or(0, |end| end + 1);
            }
            [_, first, rest @ ..] => {
                let length =
                    if *first < 0x80 { 0 } else { rest.iter().take_while(|byte| **byte >= 0x80).count() };
                self.at += if rest.get(length) == Some(&b'\'') { length + 3 } else { 1 };
            }
            _ => self.at = self.text.len(),
        }
    }
}

pub(super) fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}
