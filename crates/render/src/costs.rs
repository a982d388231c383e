//! What lines cost, remembered from one map to the next.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use ahash::HashMap;

use crate::tokens::Kind;

/// The tokens of lines that were counted before: for maps that are made one after the other, which mostly name the same
/// files and often the same definitions.
///
/// No result depends on it. A clone is another handle to the same lines. Holds some 32,000 lines, a few megabytes, and begins anew
/// when it is full or when another vocabulary counts; a caller's own tokenizer is asked each time.
#[derive(Clone, Default)]
pub struct LineCosts(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    vocabulary: Option<Vocabulary>,
    lines: HashMap<Box<str>, usize>,
    /// Of the texts of all lines.
    bytes: usize,
}

/// What always counts alike.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Vocabulary {
    #[cfg(feature = "vocabularies")]
    O200k,
    #[cfg(feature = "vocabularies")]
    Cl100k,
}

impl Vocabulary {
    fn of(kind: &Kind) -> Option<Self> {
        match kind {
            #[cfg(feature = "vocabularies")]
            Kind::O200k => Some(Self::O200k),
            #[cfg(feature = "vocabularies")]
            Kind::Cl100k => Some(Self::Cl100k),
            Kind::Bytes4 | Kind::Custom(_) => None,
        }
    }
}

impl LineCosts {
    const MOST_LINES: usize = 1 << 15;
    /// Paths may be long.
    const MOST_BYTES: usize = 8 << 20;

    /// The tokens of a line, counted where they are not known.
    pub(crate) fn of(&self, kind: &Kind, line: &str, count: impl FnOnce() -> usize) -> usize {
        let Some(vocabulary) = Vocabulary::of(kind) else { return count() };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.vocabulary != Some(vocabulary) {
            known.vocabulary = Some(vocabulary);
            known.lines.clear();
            known.bytes = 0;
        }
        if let Some(&tokens) = known.lines.get(line) {
            return tokens;
        }
        let tokens = count();
        if known.lines.len() >= Self::MOST_LINES || known.bytes > Self::MOST_BYTES {
            known.lines.clear();
            known.bytes = 0;
        }
        known.bytes += line.len();
        known.lines.insert(line.into(), tokens);
        tokens
    }
}

impl fmt::Debug for LineCosts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LineCosts")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::{TokenCounter as _, Tokenizer};

    #[test]
    fn another_vocabulary_counts_for_itself() {
        let costs = LineCosts::default();
        let of = |tokenizer: &Tokenizer, line: &str| {
            assert_eq!(costs.of(tokenizer.kind(), line, || tokenizer.count(line)), tokenizer.count(line));
        };
        // These differ in the number of tokens.
        let line = "│\tструктура данных: réseau\n";
        let [o200k, cl100k] = [Tokenizer::o200k(), Tokenizer::cl100k()];
        assert_ne!(o200k.count(line), cl100k.count(line));
        for tokenizer in [&o200k, &cl100k, &Tokenizer::bytes4(), &o200k] {
            of(tokenizer, line);
            of(tokenizer, line);
        }
    }

    #[test]
    fn a_known_line_is_not_counted_again_and_a_full_memory_begins_anew() {
        let costs = LineCosts::default();
        for line in 0..=LineCosts::MOST_LINES {
            assert_eq!(costs.of(&Kind::O200k, &line.to_string(), || line), line);
            assert_eq!(costs.of(&Kind::O200k, &line.to_string(), || unreachable!("it is known")), line);
        }
        assert_eq!(costs.0.lock().unwrap().lines.len(), 1);
    }
}
