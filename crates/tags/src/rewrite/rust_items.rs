//! Items of Rust inside of calls of macros, such as `cfg_if! { … }`.
//!
//! Such a call holds tokens to the grammar. Where it stands in the place of an item and all that it holds reads as items, it is
//! taken away around them. A body of a function is passed over: what a macro makes there (`quote! { … }`) is none of its items.

use std::borrow::Cow;
use std::ops::Range;

use super::lexer::{Lexer, is_of_word};

/// Calls within calls are looked into so deep.
const DEEPEST: usize = 16;

/// Words before the one that says what an item is.
const BEFORE: &[&[u8]] =
    &[b"pub", b"unsafe", b"async", b"default", b"extern", b"crate", b"in", b"safe", b"auto"];

/// Items that end with a brace, or with a semicolon.
const WITH_BODY: &[&[u8]] = &[b"fn", b"struct", b"enum", b"union", b"impl", b"trait", b"mod", b"macro_rules"];

/// Items that end with a semicolon alone.
const WITHOUT_BODY: &[&[u8]] = &[b"use", b"static", b"type", b"const"];

/// The text without the calls.
pub(super) fn opened(source: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memmem::find(source, b"!").is_none() {
        return Cow::Borrowed(source);
    }
    let mut reader = Reader {
        lexer: Lexer { text: source, at: 0, preprocessed: false },
        blanks: Vec::new(),
        writes: Vec::new(),
    };
    reader.read(source.len());
    if reader.blanks.is_empty() {
        return Cow::Borrowed(source);
    }
    let mut text = source.to_vec();
    reader.blanks.iter().for_each(|range| super::blank(&mut text[range.clone()]));
    for (range, written) in reader.writes {
        super::blank(&mut text[range.clone()]);
        text[range.start..range.start + written.len()].copy_from_slice(written);
    }
    Cow::Owned(text)
}

struct Reader<'a> {
    lexer: Lexer<'a>,
    blanks: Vec<Range<usize>>,
    /// What comes in the place of something as long or longer.
    writes: Vec<(Range<usize>, &'static [u8])>,
}

/// What the next item is, told by its first words.
enum Head {
    /// It goes on until a semicolon, or until a brace if it may have a body; that of some holds items again.
    Item {
        has_body: bool,
        holds_items: bool,
    },
    /// A call of a macro, and its bracket.
    Call(u8),
    Other,
}

impl Reader<'_> {
    /// Reads items until the end. Whether there was nothing else.
    fn read(&mut self, end: usize) -> bool {
        self.read_within(end, 0)
    }

    fn read_within(&mut self, end: usize, depth: usize) -> bool {
        let mut only_items = true;
        while self.skip_to_item(end) {
            let start = self.lexer.at;
            match self.head() {
                Head::Item { has_body, holds_items } => self.item(end, has_body, holds_items, depth),
                Head::Call(bracket) => self.call(start, bracket, depth),
                Head::Other => {
                    only_items = false;
                    self.pass_one();
                }
            }
        }
        only_items
    }

    /// Passes over blanks and attributes; whether anything is left.
    fn skip_to_item(&mut self, end: usize) -> bool {
        loop {
            self.lexer.skip_blank();
            match self.lexer.rest() {
                [b'#', b'[', ..] => self.lexer.skip_brackets(b'[', b']'),
                [b'#', b'!', b'[', ..] => self.lexer.skip_brackets(b'[', b']'),
                [b';', ..] => self.lexer.at += 1,
                _ => return self.lexer.at < end,
            }
        }
    }

    fn pass_one(&mut self) {
        match self.lexer.peek() {
            Some(b'{') => self.lexer.skip_brackets(b'{', b'}'),
            Some(b'(') => self.lexer.skip_brackets(b'(', b')'),
            Some(b'"') => self.lexer.skip_string(),
            Some(b'\'') => self.lexer.skip_quote(),
            Some(byte) if is_of_word(byte) => drop(self.lexer.word()),
            _ => self.lexer.at += 1,
        }
    }

    fn head(&mut self) -> Head {
        let start = self.lexer.at;
        let mut before = false;
        loop {
            self.lexer.skip_blank();
            let word = self.lexer.word();
            if BEFORE.contains(&word) {
                before = true;
                self.lexer.skip_blank();
                match self.lexer.peek() {
                    Some(b'(') if word == b"pub" => self.lexer.skip_brackets(b'(', b')'),
                    Some(b'"') => self.lexer.skip_string(),
                    Some(b'{') if word == b"extern" || word == b"unsafe" => {
                        return Head::Item { has_body: true, holds_items: true };
                    }
                    _ => {}
                }
                if word == b"extern" && self.lexer.rest().trim_ascii_start().starts_with(b"{") {
                    return Head::Item { has_body: true, holds_items: true };
                }
            } else if word == b"const" && self.is_const_fn() {
                before = true;
            } else if WITH_BODY.contains(&word) {
                let holds_items = [&b"impl"[..], b"trait", b"mod"].contains(&word);
                return Head::Item { has_body: true, holds_items };
            } else if WITHOUT_BODY.contains(&word) {
                return Head::Item { has_body: false, holds_items: false };
            } else if word.is_empty() || before {
                self.lexer.at = start;
                return Head::Other;
            } else {
                return self.called(start);
            }
        }
    }

    fn is_const_fn(&self) -> bool {
        let rest = self.lexer.rest().trim_ascii_start();
        [&b"fn"[..], b"unsafe", b"async", b"extern"].iter().any(|word| rest.starts_with(word))
    }

    /// `path::name!` and its bracket, after the first word.
    fn called(&mut self, start: usize) -> Head {
        while self.lexer.rest().starts_with(b"::") {
            self.lexer.at += 2;
            self.lexer.word();
        }
        if self.lexer.peek() == Some(b'!') {
            self.lexer.at += 1;
            self.lexer.skip_blank();
            if let Some(bracket @ (b'{' | b'(' | b'[')) = self.lexer.peek() {
                return Head::Call(bracket);
            }
        }
        self.lexer.at = start;
        Head::Other
    }

    /// Goes to the end of an item, and into what holds others.
    fn item(&mut self, end: usize, has_body: bool, holds_items: bool, depth: usize) {
        while self.lexer.at < end {
            self.lexer.skip_blank();
            match self.lexer.peek() {
                Some(b';') | None => return,
                Some(b'{') if has_body => {
                    let body = self.lexer.at;
                    self.lexer.skip_brackets(b'{', b'}');
                    let after = self.lexer.at;
                    if holds_items && depth < DEEPEST {
                        self.lexer.at = body + 1;
                        self.read_within(after.saturating_sub(1), depth + 1);
                        self.lexer.at = after;
                    }
                    return;
                }
                _ => self.pass_one(),
            }
        }
    }

    /// A call in the place of an item; it is taken away if it holds nothing but items.
    fn call(&mut self, start: usize, bracket: u8, depth: usize) {
        let open = self.lexer.at;
        self.lexer.skip_brackets(
            bracket,
            match bracket {
                b'{' => b'}',
                b'(' => b')',
                _ => b']',
            },
        );
        let after = self.lexer.at;
        let close = after.saturating_sub(1).max(open + 1);
        if depth == DEEPEST || after > self.lexer.text.len() || close >= after {
            return;
        }
        let (blanks, writes) = (self.blanks.len(), self.writes.len());
        let name = self.lexer.text[start..open].trim_ascii_end();
        let is_plain = memchr::memchr(b'$', &self.lexer.text[open..close]).is_none();
        self.lexer.at = open + 1;
        let reads = is_plain
            && if name.ends_with(b"bitflags!") {
                self.flags(close)
            } else {
                self.conditions(close, depth) || {
                    self.blanks.truncate(blanks);
                    self.lexer.at = open + 1;
                    self.read_within(close, depth + 1)
                }
            };
        if reads {
            self.blanks.extend([start..open + 1, close..after]);
            self.blank_static_refs(open + 1..close);
        } else {
            self.blanks.truncate(blanks);
            self.writes.truncate(writes);
        }
        self.lexer.at = after;
    }

    /// `if #[cfg(a)] { … } else if #[cfg(b)] { … } else { … }`.
    fn conditions(&mut self, end: usize, depth: usize) -> bool {
        loop {
            self.lexer.skip_blank();
            let start = self.lexer.at;
            if start >= end {
                return false;
            }
            while self.lexer.word() != b"" {
                self.lexer.skip_blank();
                if self.lexer.rest().starts_with(b"#[") {
                    self.lexer.skip_brackets(b'[', b']');
                }
                self.lexer.skip_blank();
            }
            let open = self.lexer.at;
            let words = &self.lexer.text[start..open.max(start)];
            if !(words.starts_with(b"if") || words.starts_with(b"else")) || self.lexer.peek() != Some(b'{') {
                return false;
            }
            self.lexer.skip_brackets(b'{', b'}');
            let after = self.lexer.at;
            self.lexer.at = open + 1;
            if after > end || !self.read_within(after - 1, depth + 1) {
                return false;
            }
            self.blanks.extend([start..open + 1, after - 1..after]);
            self.lexer.at = after;
            self.lexer.skip_blank();
            if self.lexer.at >= end {
                return true;
            }
        }
    }

    /// `static ref NAME: T = …;` of `lazy_static!`.
    fn blank_static_refs(&mut self, content: Range<usize>) {
        let found: Vec<_> =
            memchr::memmem::find_iter(&self.lexer.text[content.clone()], b"static ref ").collect();
        self.blanks.extend(found.iter().map(|at| content.start + at + 7..content.start + at + 10));
    }

    /// `struct Name: u32 { const A = 1; }` of `bitflags!`: the structure, and its constants beside it.
    fn flags(&mut self, end: usize) -> bool {
        while self.skip_to_item(end) {
            match self.head() {
                Head::Item { has_body: true, holds_items: true } => self.item(end, true, false, DEEPEST),
                Head::Item { has_body: true, .. } => {
                    self.lexer.skip_blank();
                    self.lexer.word();
                    let name_end = self.lexer.at;
                    let Some(open) = memchr::memchr(b'{', &self.lexer.text[name_end..end]) else {
                        return false;
                    };
                    let open = name_end + open;
                    self.lexer.at = open;
                    self.lexer.skip_brackets(b'{', b'}');
                    let after = self.lexer.at;
                    if after > end {
                        return false;
                    }
                    self.lexer.at = open + 1;
                    if !self.constants(after - 1) {
                        return false;
                    }
                    self.blanks.extend([name_end..open, after - 1..after]);
                    self.writes.push((open..open + 1, b";"));
                    self.lexer.at = after;
                }
                _ => return false,
            }
        }
        true
    }

    fn constants(&mut self, end: usize) -> bool {
        while self.skip_to_item(end) {
            if !matches!(self.head(), Head::Item { has_body: false, .. }) {
                return false;
            }
            let Some(equals) = memchr::memchr(b'=', &self.lexer.text[self.lexer.at..end]) else {
                return false;
            };
            let start = self.lexer.at + equals;
            self.lexer.at = start;
            self.item(end, false, false, DEEPEST);
            if self.lexer.at < start + 2 {
                return false;
            }
            // The type may be left out here alone.
            self.writes.push((start..self.lexer.at.min(end), b":u"));
        }
        true
    }
}
