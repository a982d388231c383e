//! Items of Rust inside of calls of macros, such as `cfg_if! { … }`.
//!
//! Such a call holds tokens to the grammar. Where it stands in the place of an item and all that it holds reads as items, it is
//! taken away around them. A body of a function is passed over: what a macro makes there (`quote! { … }`) is none of its items.

use std::borrow::Cow;
use std::ops::Range;

use super::lexer::{Lexer, is_of_word};
use crate::budget::Budget;

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
pub(super) fn opened<'a>(source: &'a [u8], budget: &Budget) -> Cow<'a, [u8]> {
    if memchr::memmem::find(source, b"!").is_none() {
        return Cow::Borrowed(source);
    }
    let mut reader =
        Reader { lexer: Lexer::new(source, false, budget), blanks: Vec::new(), writes: Vec::new() };
    reader.read(0);
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
    /// A call of a macro, and its brackets.
    Call(u8, u8),
    Other,
}

impl Reader<'_> {
    /// Reads what brackets that were passed just now hold, and nothing beyond: what is open there ends there.
    fn within<T>(&mut self, inside: Range<usize>, read: impl FnOnce(&mut Self) -> T) -> T {
        let (text, after) = (self.lexer.text, self.lexer.at());
        self.lexer.text = &text[..inside.end];
        self.lexer.go_to(inside.start);
        let result = read(self);
        self.lexer.text = text;
        self.lexer.go_to(after);
        result
    }

    /// Reads items until the end. Whether there was nothing else.
    fn read(&mut self, depth: usize) -> bool {
        let mut only_items = true;
        while self.skip_to_item() {
            let start = self.lexer.at();
            match self.head() {
                Head::Item { has_body, holds_items } => self.item(has_body, holds_items, depth),
                Head::Call(opens, closes) => self.call(start, opens, closes, depth),
                Head::Other => {
                    only_items = false;
                    // What was read and is no item is not read again.
                    if self.lexer.at() == start {
                        self.pass_one();
                    }
                }
            }
        }
        only_items
    }

    /// Passes over blanks and attributes; whether anything is left.
    fn skip_to_item(&mut self) -> bool {
        loop {
            self.lexer.skip_blank();
            match self.lexer.rest() {
                [b'#', b'[', ..] | [b'#', b'!', b'[', ..] => drop(self.lexer.skip_brackets(b'[', b']')),
                [b';', ..] => self.lexer.pass(1),
                rest => return !rest.is_empty(),
            }
        }
    }

    fn pass_one(&mut self) {
        match self.lexer.peek() {
            Some(b'{') => drop(self.lexer.skip_brackets(b'{', b'}')),
            Some(b'(') => drop(self.lexer.skip_brackets(b'(', b')')),
            Some(b'"') => self.lexer.skip_string(),
            Some(b'\'') => self.lexer.skip_quote(),
            Some(byte) if is_of_word(byte) => drop(self.lexer.word()),
            _ => self.lexer.pass(1),
        }
    }

    /// Reads the words that tell an item; of others as many as tell that there is none.
    fn head(&mut self) -> Head {
        let mut before = false;
        loop {
            self.lexer.skip_blank();
            let word = self.lexer.peek_word();
            if before && !is_of_head(word) {
                return Head::Other;
            }
            self.lexer.pass(word.len());
            if BEFORE.contains(&word) {
                before = true;
                self.lexer.skip_blank();
                match self.lexer.peek() {
                    Some(b'(') if word == b"pub" => drop(self.lexer.skip_brackets(b'(', b')')),
                    Some(b'"') => self.lexer.skip_string(),
                    _ => {}
                }
                self.lexer.skip_blank();
                if self.lexer.peek() == Some(b'{') && (word == b"extern" || word == b"unsafe") {
                    return Head::Item { has_body: true, holds_items: true };
                }
            } else if word == b"const" && self.is_const_fn() {
                before = true;
            } else if WITH_BODY.contains(&word) {
                let holds_items = [&b"impl"[..], b"trait", b"mod"].contains(&word);
                return Head::Item { has_body: true, holds_items };
            } else if WITHOUT_BODY.contains(&word) {
                return Head::Item { has_body: false, holds_items: false };
            } else {
                return if word.is_empty() { Head::Other } else { self.called() };
            }
        }
    }

    fn is_const_fn(&mut self) -> bool {
        self.lexer.skip_blank();
        [&b"fn"[..], b"unsafe", b"async", b"extern"].contains(&self.lexer.peek_word())
    }

    /// `path::name!` and its bracket, after the first word.
    fn called(&mut self) -> Head {
        while self.lexer.rest().starts_with(b"::") {
            self.lexer.pass(2);
            self.lexer.word();
        }
        if self.lexer.peek() != Some(b'!') {
            return Head::Other;
        }
        self.lexer.pass(1);
        self.lexer.skip_blank();
        match self.lexer.peek() {
            Some(b'{') => Head::Call(b'{', b'}'),
            Some(b'(') => Head::Call(b'(', b')'),
            Some(b'[') => Head::Call(b'[', b']'),
            _ => Head::Other,
        }
    }

    /// Goes to the end of an item, and into what holds others.
    fn item(&mut self, has_body: bool, holds_items: bool, depth: usize) {
        loop {
            self.lexer.skip_blank();
            match self.lexer.peek() {
                Some(b';') | None => return,
                Some(b'{') if has_body => {
                    let body = self.lexer.skip_brackets(b'{', b'}');
                    if holds_items && depth < DEEPEST {
                        self.within(body, |reader| reader.read(depth + 1));
                    }
                    return;
                }
                _ => self.pass_one(),
            }
        }
    }

    /// A call in the place of an item; it is taken away if it holds nothing but items.
    fn call(&mut self, start: usize, opens: u8, closes: u8, depth: usize) {
        let name = self.lexer.text[start..self.lexer.at()].trim_ascii_end();
        let inside = self.lexer.skip_brackets(opens, closes);
        let end = self.lexer.at();
        let is_closed = inside.end < end;
        if depth == DEEPEST || !is_closed || memchr::memchr(b'$', &self.lexer.text[inside.clone()]).is_some()
        {
            return;
        }
        let (blanks, writes) = (self.blanks.len(), self.writes.len());
        let reads = self.within(inside.clone(), |reader| {
            if name.ends_with(b"bitflags!") {
                return reader.flags();
            }
            reader.lexer.skip_blank();
            if reader.lexer.peek_word() == b"if" { reader.conditions(depth) } else { reader.read(depth + 1) }
        });
        if reads {
            self.blanks.extend([start..inside.start, inside.end..end]);
            self.blank_static_refs(inside);
        } else {
            self.blanks.truncate(blanks);
            self.writes.truncate(writes);
        }
    }

    /// `if #[cfg(a)] { … } else if #[cfg(b)] { … } else { … }`.
    fn conditions(&mut self, depth: usize) -> bool {
        loop {
            self.lexer.skip_blank();
            let start = self.lexer.at();
            if self.lexer.rest().is_empty() {
                return true;
            }
            if !matches!(self.lexer.peek_word(), b"if" | b"else") {
                return false;
            }
            while self.lexer.word() != b"" {
                self.lexer.skip_blank();
                if self.lexer.rest().starts_with(b"#[") {
                    self.lexer.skip_brackets(b'[', b']');
                }
                self.lexer.skip_blank();
            }
            if self.lexer.peek() != Some(b'{') {
                return false;
            }
            let branch = self.lexer.skip_brackets(b'{', b'}');
            let end = self.lexer.at();
            if branch.end == end || !self.within(branch.clone(), |reader| reader.read(depth + 1)) {
                return false;
            }
            self.blanks.extend([start..branch.start, branch.end..end]);
        }
    }

    /// `static ref NAME: T = …;` of `lazy_static!`.
    fn blank_static_refs(&mut self, content: Range<usize>) {
        let text = &self.lexer.text[content.clone()];
        let found = memchr::memmem::find_iter(text, b"static ref ");
        self.blanks.extend(found.map(|at| content.start + at + 7..content.start + at + 10));
    }

    /// `struct Name: u32 { const A = 1; }` of `bitflags!`: the structure, and its constants beside it. Those of `impl Name: u32 { … }` stay in it.
    fn flags(&mut self) -> bool {
        while self.skip_to_item() {
            match self.head() {
                Head::Item { has_body: true, holds_items } => {
                    self.lexer.skip_blank();
                    self.lexer.word();
                    let name_end = self.lexer.at();
                    self.lexer.skip_blank();
                    if holds_items
                        && (self.lexer.peek() != Some(b':') || self.lexer.rest().starts_with(b"::"))
                    {
                        self.item(true, false, DEEPEST);
                        continue;
                    }
                    let Some(open) = memchr::memchr(b'{', self.lexer.rest()) else {
                        return false;
                    };
                    self.lexer.pass(open);
                    let body = self.lexer.skip_brackets(b'{', b'}');
                    let end = self.lexer.at();
                    if body.end == end || !self.within(body.clone(), Self::constants) {
                        return false;
                    }
                    self.blanks.push(name_end..body.start - 1);
                    if !holds_items {
                        self.blanks.push(body.end..end);
                        self.writes.push((body.start - 1..body.start, b";"));
                    }
                }
                _ => return false,
            }
        }
        true
    }

    fn constants(&mut self) -> bool {
        while self.skip_to_item() {
            if !matches!(self.head(), Head::Item { has_body: false, .. }) {
                return false;
            }
            let Some(equals) = memchr::memchr(b'=', self.lexer.rest()) else {
                return false;
            };
            self.lexer.pass(equals);
            let start = self.lexer.at();
            self.item(false, false, DEEPEST);
            if self.lexer.at() < start + 2 {
                return false;
            }
            // The type may be left out here alone.
            self.writes.push((start..self.lexer.at(), b":u"));
        }
        true
    }
}

fn is_of_head(word: &[u8]) -> bool {
    [BEFORE, WITH_BODY, WITHOUT_BODY].iter().any(|words| words.contains(&word))
}
