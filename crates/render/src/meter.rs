//! What lines cost, in units that add up.
//!
//! The vocabularies `o200k` and `cl100k` cut a text into pieces before they encode it, and no piece goes on past a
//! line break unless blank lines or, for `o200k`, a `/` follow. The lines of a map begin with a bar, the gap mark or a
//! relative path, and a blank line is counted with the line before it: so the tokens of a map are the sum over its
//! lines. `bytes4` adds up in bytes. Only a counter of the caller's is an estimate here; [`Meter::exact`] corrects it.

use crate::tokens::{Kind, TokenCounter, Tokenizer};

/// Counts lines in units of which a budget holds so many.
pub(crate) struct Meter<'a> {
    tokenizer: &'a Tokenizer,
}

impl<'a> Meter<'a> {
    pub(crate) fn new(tokenizer: &'a Tokenizer) -> Self {
        Self { tokenizer }
    }

    /// The units of a line with its line break, and of the blank lines after it that are in the text.
    pub(crate) fn line(&self, text: &str) -> i64 {
        let units = match self.tokenizer.kind() {
            Kind::Bytes4 => text.len(),
            _ => self.tokenizer.count(text),
        };
        saturate(units)
    }

    /// The units that fit into so many tokens.
    pub(crate) fn units(&self, tokens: usize) -> i64 {
        match self.tokenizer.kind() {
            Kind::Bytes4 => saturate(tokens.saturating_mul(4)),
            _ => saturate(tokens),
        }
    }

    /// The sum over lines may differ from the count of the whole text.
    pub(crate) fn is_estimate(&self) -> bool {
        matches!(self.tokenizer.kind(), Kind::Custom(_))
    }

    /// The tokens of a whole text.
    pub(crate) fn exact(&self, text: &str) -> usize {
        self.tokenizer.count(text)
    }
}

/// Units are signed, since closing a gap can make a map cheaper. A quarter of the range leaves room for sums.
fn saturate(units: usize) -> i64 {
    i64::try_from(units).unwrap_or(i64::MAX).min(i64::MAX / 4)
}
