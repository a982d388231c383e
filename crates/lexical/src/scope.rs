//! The part of a project that a title names before it says what is to be done: `tsdb/wal: …`, `fix(ssr): …`, `[parser] …`.

use crate::words::{Splitter, tokens};

/// A label is short: what stands before a later colon is a sentence.
const MAX_LABEL: usize = 60;
/// Labels in a row: `net: ethernet: ti: …`.
const MAX_LABELS: usize = 4;
const MAX_WORDS_OF_A_PLACE: usize = 2;
const BETWEEN_PLACES: [char; 5] = [',', ';', '&', '|', '+'];

/// What labels say of the kind of change and not of its place: the types of Conventional Commits 1.0, and what trackers put
/// before titles. Lower case, sorted.
const KINDS: &[&str] = &[
    "breaking",
    "bug",
    "bugfix",
    "build",
    "chore",
    "ci",
    "deps",
    "doc",
    "docs",
    "enhancement",
    "feat",
    "feature",
    "hotfix",
    "improvement",
    "issue",
    "merge",
    "note",
    "patch",
    "perf",
    "proposal",
    "question",
    "refactor",
    "regression",
    "revert",
    "rfc",
    "style",
    "test",
    "tests",
    "todo",
    "update",
    "warning",
    "wip",
];

/// The places that the labels before a title name, each with its different words, as [`words`](crate::words) gives them.
pub(crate) fn scope(title: &str) -> Vec<Vec<String>> {
    let labels = labels(title).join(" ");
    let is_kind = |token: &&str| KINDS.binary_search(&token.to_ascii_lowercase().as_str()).is_ok();
    let mut splitter = Splitter::default();
    let places = labels.split(BETWEEN_PLACES).map(|place| {
        let mut found: Vec<String> = Vec::new();
        for token in tokens(place).filter(|token| !is_kind(token)) {
            splitter.split(token, &mut |word| {
                if !found.iter().any(|known| known == word) {
                    found.push(word.to_owned());
                }
            });
        }
        found
    });
    places.filter(|words| !words.is_empty()).collect()
}

fn labels(title: &str) -> Vec<&str> {
    let mut labels = Vec::new();
    let mut rest = title.trim();
    for _ in 0..MAX_LABELS {
        let Some((label, after)) = bracketed(rest).or_else(|| before_colon(rest)) else { break };
        // `a: b: …` has two labels, `a: see b: …` has one; a note such as `[PATCH v2 1/3]` is passed over.
        let words = if labels.is_empty() || rest.starts_with('[') { MAX_WORDS_OF_A_PLACE } else { 1 };
        if is_label(label, words) {
            labels.push(label);
        } else if !rest.starts_with('[') {
            break;
        }
        rest = after.trim_start();
    }
    labels
}

/// `[label] rest`.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let (label, rest) = text.strip_prefix('[')?.split_once(']')?;
    Some((label, rest.strip_prefix(':').unwrap_or(rest)))
}

/// `label: rest`; the colons of `a::b` and of links end no label.
fn before_colon(text: &str) -> Option<(&str, &str)> {
    let ends = |&(at, _): &(usize, &str)| text[at + 1..].starts_with(char::is_whitespace);
    let (at, _) = text.match_indices(':').find(ends)?;
    Some((&text[..at], &text[at + 1..]))
}

/// Whether a label names places: `a/b`, `a, b`, `kind(a b)`; a link does not.
fn is_label(label: &str, words: usize) -> bool {
    let names = |part: &str| part.split_whitespace().count() <= words;
    label.len() <= MAX_LABEL
        && !label.contains("://")
        && label.split(BETWEEN_PLACES).flat_map(|place| place.split(['(', ')', '[', ']'])).all(names)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Places are separated by `|` here.
    fn check(title: &str, expected: &str) {
        let found: Vec<String> = scope(title).iter().map(|words| words.join(" ")).collect();
        assert_eq!(found.join(" | "), expected, "{title}");
    }

    #[test]
    fn labels_of_commits_and_trackers_name_places() {
        check("tsdb/wal: keep the last segment", "tsdb wal");
        check("fix(ssr)!: resolve once", "ssr");
        check("refactor[discovery, tsdb]: simplify", "discovery | tsdb");
        check("net/http, net: close twice", "net http | net");
        check("[parser] recover after a brace", "parser");
        check("[Bug]: [http client] hangs", "http client");
        check("[PATCH v2 1/3] mm/slub: count once", "mm slub");
        check("net: ethernet: ti: stop twice", "net ethernet ti");
        check("ThreadPool: drain", "thread pool threadpool");
    }

    #[test]
    fn sentences_and_kinds_of_change_name_none() {
        for title in [
            "",
            "Keep the last segment",
            "fix: keep the last segment",
            "When the server starts: it hangs",
            "see https://example.org/a: it hangs",
            "Session::open hangs",
            "a, b and a long list of other things that nobody wrote down before: it hangs",
            ": it hangs",
            "[",
        ] {
            check(title, "");
        }
        check("server: see the log: it hangs", "server");
    }

    #[test]
    fn kinds_can_be_searched_by_halves() {
        assert!(KINDS.is_sorted_by(|a, b| a < b));
    }

    proptest! {
        #[test]
        fn any_title_is_read(title in "[\\[\\]():, a-c\\u{e4}]{0,40}") {
            scope(&title);
        }
    }
}
