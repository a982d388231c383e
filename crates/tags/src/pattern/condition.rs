//! What a predicate asks of the text of a captured node.

use std::ops::RangeInclusive;

use regex::bytes::Regex;

use super::tokens::{Tokens, string};

#[derive(Clone, Debug)]
pub(super) struct Condition {
    test: Test,
    /// What the test has to say.
    expected: bool,
}

#[derive(Clone, Debug)]
enum Test {
    /// `#eq?` and `#any-of?`: it is one of these.
    Among(Vec<String>),
    /// `#match? … "^[A-Z]"`, the one regex of most grammars, without a regex.
    BeginsIn(RangeInclusive<u8>),
    Matches(Regex),
}

impl Condition {
    pub(super) fn holds(&self, text: &[u8]) -> bool {
        let is = match &self.test {
            Test::Among(words) => words.iter().any(|word| word.as_bytes() == text),
            Test::BeginsIn(range) => text.first().is_some_and(|first| range.contains(first)),
            Test::Matches(regex) => regex.is_match(text),
        };
        is == self.expected
    }
}

/// The predicates of a pattern, each with the capture that it is about; none when there are others than of text.
pub(super) fn of_pattern(text: &str) -> Option<Vec<(&str, Condition)>> {
    let mut conditions = Vec::new();
    let mut tokens = Tokens { rest: text };
    loop {
        match tokens.next() {
            "" => return Some(conditions),
            "(" if tokens.peek().starts_with('#') => conditions.push(condition(&mut tokens)?),
            _ => {}
        }
    }
}

fn condition<'a>(tokens: &mut Tokens<'a>) -> Option<(&'a str, Condition)> {
    let name = tokens.next();
    let capture = tokens.next().strip_prefix('@')?;
    let mut words = Vec::new();
    loop {
        match tokens.next() {
            ")" => break,
            word => words.push(string(word)?),
        }
    }
    let (test, expected) = match (name, words.as_slice()) {
        ("#eq?", [_]) | ("#any-of?", _) => (Test::Among(words), true),
        ("#not-eq?", [_]) | ("#not-any-of?", _) => (Test::Among(words), false),
        ("#match?", [pattern]) => (matches(pattern)?, true),
        ("#not-match?", [pattern]) => (matches(pattern)?, false),
        _ => return None,
    };
    Some((capture, Condition { test, expected }))
}

fn matches(pattern: &str) -> Option<Test> {
    let class = pattern.strip_prefix("^[").and_then(|rest| rest.strip_suffix(']'));
    match class.map(str::as_bytes) {
        Some([from, b'-', to]) if from.is_ascii_alphanumeric() && to.is_ascii_alphanumeric() => {
            Some(Test::BeginsIn(*from..=*to))
        }
        _ => Regex::new(pattern).ok().map(Test::Matches),
    }
}
