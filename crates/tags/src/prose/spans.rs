//! Code within a paragraph or a line: what stands between backticks.

use std::ops::Range;

use super::Markup;
use super::identifiers;

/// What is open for longer was not meant to be code.
const MOST_BYTES: usize = 512;

/// The longest name of a role: `cpp:identifier`.
const LONGEST_ROLE: usize = 32;

/// Roles whose text is no name of code. Sorted.
const ROLES_OF_PROSE: &[&[u8]] = &[
    b"abbr",
    b"bpo",
    b"cite",
    b"commit",
    b"cve",
    b"cwe",
    b"dfn",
    b"doc",
    b"download",
    b"emphasis",
    b"eq",
    b"file",
    b"footcite",
    b"gh",
    b"guilabel",
    b"index",
    b"issue",
    b"kbd",
    b"label",
    b"mailheader",
    b"manpage",
    b"math",
    b"menuselection",
    b"mimetype",
    b"newsgroup",
    b"numref",
    b"pep",
    b"pr",
    b"program",
    b"pull",
    b"ref",
    b"regexp",
    b"rfc",
    b"strong",
    b"sub",
    b"sup",
    b"term",
    b"ticket",
    b"title",
    b"user",
];

/// Tells the names in code spans. A span is closed by as many backticks as opened it.
pub(super) fn scan(source: &[u8], range: Range<usize>, markup: Markup, found: &mut dyn FnMut(Range<usize>)) {
    let text = &source[..range.end];
    let mut at = range.start;
    while let Some(tick) = memchr::memchr(b'`', &text[at..]) {
        let open = at + tick;
        let run = run_at(text, open);
        let inner = open + run;
        if open > range.start && text[open - 1] == b'\\' {
            at = inner;
            continue;
        }
        let Some(close) = closing(text, inner, run) else {
            at = inner;
            continue;
        };
        let span = Span { outer: range.start..close + run, open, inner: inner..close };
        if let Some(code) = span.code(source, range.end, markup) {
            identifiers::each(source, code, found);
        }
        at = close + run;
    }
}

/// How many backticks stand here.
fn run_at(text: &[u8], at: usize) -> usize {
    text[at..].iter().take_while(|byte| **byte == b'`').count()
}

/// Where the next run of so many backticks begins, if it is near.
fn closing(text: &[u8], from: usize, run: usize) -> Option<usize> {
    let end = text.len().min(from + MOST_BYTES);
    let mut at = from;
    while at < end {
        let close = at + memchr::memchr(b'`', &text[at..end])?;
        let length = run_at(text, close);
        if length == run {
            return Some(close);
        }
        at = close + length;
    }
    None
}

struct Span {
    /// From where its paragraph begins to its end.
    outer: Range<usize>,
    open: usize,
    inner: Range<usize>,
}

impl Span {
    /// Where its code stands, if it is code.
    fn code(&self, source: &[u8], end: usize, markup: Markup) -> Option<Range<usize>> {
        if self.inner.start - self.open > 1 {
            return Some(self.inner.clone());
        }
        if let Some(role) = self.role(source) {
            let role = role.rsplit(|byte| *byte == b':').next().unwrap_or(role);
            let is_prose = ROLES_OF_PROSE.binary_search(&role).is_ok();
            return (!is_prose).then(|| self.target(source));
        }
        // A link, or words that stand out.
        let is_link = || source[self.outer.end..end].first() == Some(&b'_');
        let is_prose = markup == Markup::Rst && (is_link() || source[self.inner.clone()].contains(&b' '));
        (!is_prose).then(|| self.inner.clone())
    }

    /// `py:class` of `:py:class:` before the span and of `{py:class}`.
    fn role<'a>(&self, source: &'a [u8]) -> Option<&'a [u8]> {
        let (before, last) = match source[self.outer.start..self.open] {
            [ref before @ .., last] => (before.len(), last),
            [] => return None,
        };
        let opening = match last {
            b':' => b':',
            b'}' => b'{',
            _ => return None,
        };
        let end = self.outer.start + before;
        let start = self.outer.start.max(end.saturating_sub(LONGEST_ROLE));
        let is_part =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-' | b'_' | b'.' | b'+');
        let length = source[start..end].iter().rev().take_while(|byte| is_part(byte)).count();
        let role = &source[end - length..end];
        match opening {
            b':' => role.strip_prefix(b":").filter(|role| !role.is_empty()),
            _ => Some(role).filter(|_| end - length > start && source[end - length - 1] == b'{'),
        }
    }

    /// `a.b` of `a title <a.b>`; else all of it.
    fn target(&self, source: &[u8]) -> Range<usize> {
        let text = &source[self.inner.clone()];
        match memchr::memrchr(b'<', text).filter(|at| *at > 0 && text.ends_with(b">")) {
            Some(at) => self.inner.start + at + 1..self.inner.end - 1,
            None => self.inner.clone(),
        }
    }
}

#[cfg(test)]
#[test]
fn roles_can_be_searched() {
    assert!(ROLES_OF_PROSE.is_sorted());
}
