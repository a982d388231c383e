//! What a text of SQL consists of, in any of its dialects.

use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A number as well.
    Word,
    /// A name in quotes: `"a"`, `` `a` ``, `[a]`.
    Quoted,
    Text,
    /// `$$ … $$`, which a routine is written in.
    Dollar,
    Sign(u8),
    /// A semicolon.
    End,
    /// What ends a statement whatever is open: a delimiter that was set, a line with `GO` or `/`.
    Batch,
}

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
    /// Nothing stands before it on its line, or not even a blank.
    pub(super) is_first: bool,
    pub(super) at_margin: bool,
}

/// A text as tokens.
#[derive(Clone, Copy)]
pub(super) struct Tokens<'a> {
    pub(super) source: &'a [u8],
    pub(super) all: &'a [Token],
    /// Lines of `GO` part them: only such a line ends the body of a routine.
    pub(super) batched: bool,
}

impl<'a> Tokens<'a> {
    pub(super) fn kind(self, at: usize) -> Option<Kind> {
        self.all.get(at).map(|token| token.kind)
    }

    pub(super) fn is_sign(self, at: usize, sign: u8) -> bool {
        self.kind(at) == Some(Kind::Sign(sign))
    }

    /// The word at this place, as it is written; empty where there is none.
    pub(super) fn word(self, at: usize) -> &'a [u8] {
        let token = self.all.get(at).filter(|token| token.kind == Kind::Word);
        token.map_or(b"", |token| &self.source[token.range.clone()])
    }

    pub(super) fn is(self, at: usize, word: &str) -> bool {
        self.word(at).eq_ignore_ascii_case(word.as_bytes())
    }

    pub(super) fn is_any(self, at: usize, words: &[&str]) -> bool {
        let own = self.word(at);
        !own.is_empty() && words.iter().any(|word| own.eq_ignore_ascii_case(word.as_bytes()))
    }

    pub(super) fn is_name(self, at: usize) -> bool {
        match self.kind(at) {
            Some(Kind::Quoted) => true,
            Some(Kind::Word) => !self.word(at)[0].is_ascii_digit(),
            _ => false,
        }
    }

    /// The name at this place, without its quotes.
    pub(super) fn name(self, at: usize) -> Range<usize> {
        let token = &self.all[at];
        let quotes = usize::from(token.kind != Kind::Word);
        token.range.start + quotes..token.range.end - quotes
    }

    pub(super) fn adjoins(self, at: usize) -> bool {
        at > 0 && self.all.get(at).is_some_and(|token| token.range.start == self.all[at - 1].range.end)
    }

    /// The place behind the bracket that closes the one at this place, at most `end`.
    pub(super) fn behind_brackets(self, at: usize, end: usize) -> usize {
        let mut depth = 0_usize;
        for next in at..end {
            match self.all[next].kind {
                Kind::Sign(b'(') => depth += 1,
                Kind::Sign(b')') => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return next + 1;
                    }
                }
                _ => {}
            }
        }
        end
    }

    /// `schema.name` from this place on: its last part and the place behind it. What a build or a client fills in may
    /// stand before a point (`@schema@.name`, `:schema.name`, `${schema}.name`); a variable or a temporary name is none.
    pub(super) fn qualified(self, from: usize) -> Option<(usize, usize)> {
        const FILLED_IN: &[u8] = b"@:${}&";
        let mut at = from;
        let mut last = None;
        let mut is_filled_in = false;
        while at < self.all.len() && (at == from || self.adjoins(at) || self.joins(at)) {
            match self.all[at].kind {
                Kind::Sign(b'.') if last.is_some() || is_filled_in => (last, is_filled_in) = (None, false),
                Kind::Sign(b'(') if at > from && self.is_sign(at - 1, b'$') => {}
                Kind::Sign(b')') if is_filled_in => {}
                Kind::Sign(sign) if FILLED_IN.contains(&sign) && (last.is_none() || is_filled_in) => {
                    is_filled_in = true;
                }
                Kind::Text if at == from => last = Some(at),
                _ if last.is_none() && self.is_name(at) => last = Some(at),
                _ => break,
            }
            at += 1;
        }
        let name = last.filter(|_| !is_filled_in)?;
        (!self.name(name).is_empty()).then_some((name, at))
    }

    /// Whether a point stands here or before.
    fn joins(self, at: usize) -> bool {
        self.is_sign(at, b'.') || self.is_sign(at - 1, b'.')
    }
}
