//! The tokens of languages with braces, as far as they tell where strings and comments are.

use std::ops::Range;

use crate::budget::Budget;

/// Words before the quote of a raw string of C++, and before that of Rust, which may have `#` between.
const RAW_IN_C: &[&[u8]] = &[b"R", b"LR", b"uR", b"UR", b"u8R"];
const RAW_IN_RUST: &[&[u8]] = &[b"r", b"br", b"cr"];

/// A text and a place in it.
pub(super) struct Lexer<'a> {
    /// As much of the text as is read: nothing looks beyond it.
    pub(super) text: &'a [u8],
    /// Never beyond the text. To set it back costs, so only `go_to` does.
    at: usize,
    /// Lines that begin with `#` are the preprocessor's.
    preprocessed: bool,
    budget: &'a Budget,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a [u8], preprocessed: bool, budget: &'a Budget) -> Self {
        Self { text, at: 0, preprocessed, budget }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Goes on, or back to what is then read again: that is paid for, and where it cannot be, nothing more is read.
    pub(super) fn go_to(&mut self, at: usize) {
        let is_paid = self.budget.read(self.at.saturating_sub(at)).is_continue();
        self.at = if is_paid || at >= self.at { at.min(self.text.len()) } else { self.text.len() };
    }

    pub(super) fn pass(&mut self, count: usize) {
        self.at = self.text.len().min(self.at + count);
    }

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

    /// Passes over what `skip_blank` does, or over one byte where there is none of it.
    pub(super) fn skip_blank_or_one(&mut self) {
        let before = self.at;
        self.skip_blank();
        self.pass(usize::from(self.at == before));
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

    pub(super) fn peek_word(&self) -> &'a [u8] {
        let rest = self.rest();
        &rest[..rest.iter().take_while(|byte| is_of_word(**byte)).count()]
    }

    pub(super) fn word(&mut self) -> &'a [u8] {
        let word = self.peek_word();
        self.at += word.len();
        word
    }

    /// Passes over a string, whose quote is next. One of a single line ends with it, whatever is missing.
    pub(super) fn skip_string(&mut self) {
        let Some(quote) = self.peek() else { return };
        let before = &self.text[..self.at];
        self.at += 1;
        if quote == b'"'
            && let Some(end) = self.end_of_raw(before)
        {
            let length = memchr::memmem::find(self.rest(), &end).map(|at| at + end.len());
            self.at += length.unwrap_or(self.rest().len());
            return;
        }
        // `1'000` is a number.
        if quote == b'\'' && before.last().is_some_and(u8::is_ascii_hexdigit) {
            return;
        }
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'\\' => self.pass(1),
                b'\n' if self.preprocessed => return,
                byte if byte == quote => return,
                _ => {}
            }
        }
    }

    /// What ends the raw string whose quote was passed, if what stands before that makes it one.
    fn end_of_raw(&self, before: &[u8]) -> Option<Vec<u8>> {
        let (words, hashes) = if self.preprocessed {
            (RAW_IN_C, 0)
        } else {
            (RAW_IN_RUST, before.iter().rev().take_while(|byte| **byte == b'#').count())
        };
        let before = &before[..before.len() - hashes];
        let is_word = |word: &&[u8]| {
            before.strip_suffix(*word).is_some_and(|text| !text.last().copied().is_some_and(is_of_word))
        };
        if !words.iter().any(is_word) {
            return None;
        }
        if !self.preprocessed {
            return Some([b"\"", &*vec![b'#'; hashes]].concat());
        }
        let delimiter = self.rest().iter().take(17).position(|byte| *byte == b'(')?;
        Some([b")", &self.rest()[..delimiter], b"\""].concat())
    }

    /// Passes over what brackets hold, and tells where that is; the first is next. Where it is not closed, that is all of the rest.
    pub(super) fn skip_brackets(&mut self, opens: u8, closes: u8) -> Range<usize> {
        let start = self.at + 1;
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => self.skip_string(),
                b'\'' if self.preprocessed => self.skip_string(),
                b'\'' => self.skip_quote(),
                b'/' if self.skip_comment() => {}
                b'#' if self.preprocessed => self.skip_directive_at_line(),
                _ => {
                    self.at += 1;
                    if byte == opens {
                        depth += 1;
                    } else if byte == closes {
                        depth = depth.saturating_sub(1);
                        if depth == 0 {
                            return start..self.at - 1;
                        }
                    }
                }
            }
        }
        start.min(self.at)..self.at
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
                let further = rest.iter().take(3).take_while(|byte| **byte >= 0x80);
                let length = if *first < 0x80 { 0 } else { further.count() };
                self.at += if rest.get(length) == Some(&b'\'') { length + 3 } else { 1 };
            }
            _ => self.at = self.text.len(),
        }
    }
}

pub(crate) fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}
