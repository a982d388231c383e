//! Files that could not be parsed, counted by language and reason.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use rkyv::{Archive, Deserialize, Serialize};

use repo_map_tags::{Language, SkipReason};

/// How many file contents of a language could not be parsed, for one reason. Outcomes are cached, so each content is counted once per
/// store.
#[derive(Archive, Serialize, Deserialize, Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct ParseFailures {
    /// The stable, lower-case name of the language: `python`, `cpp`.
    pub language: String,
    /// The word of the [`SkipReason`](repo_map_tags::SkipReason): `too-large`, `parser-died` …
    pub reason: String,
    /// File contents.
    pub count: u64,
}

/// The failures of this process.
#[derive(Default)]
pub(crate) struct FailureLog(Mutex<BTreeMap<(&'static str, &'static str), u64>>);

impl FailureLog {
    pub(crate) fn note(&self, language: Language, reason: SkipReason) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *failures.entry((language.id(), reason.as_str())).or_default() += 1;
    }

    pub(super) fn all(&self) -> Vec<ParseFailures> {
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let row = |(&(language, reason), &count): (&(&str, &str), &u64)| ParseFailures {
            language: language.to_owned(),
            reason: reason.to_owned(),
            count,
        };
        failures.iter().map(row).collect()
    }
}

impl ParseFailures {
    pub(super) fn is_of(&self, other: &Self) -> bool {
        (&self.language, &self.reason) == (&other.language, &other.reason)
    }
}
