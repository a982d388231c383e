//! The parts of a statement of Cython.

use std::ops::Range;

use crate::rewrite::is_of_word;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Text,
    Sign(u8),
}

#[derive(Clone)]
pub(super) struct Part {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
    /// So many brackets are open around it; its own are none of them.
    pub(super) depth: usize,
}

/// Cuts a statement into its parts; comments within brackets are none.
pub(super) fn parts(source: &[u8], range: &Range<usize>) -> Vec<Part> {
    let text = &source[..range.end];
    let (mut parts, mut at, mut depth) = (Vec::new(), range.start, 0_usize);
    while let Some(&byte) = text.get(at) {
        let start = at;
        at += 1;
        let kind = match byte {
            b'#' => {
                at += memchr::memchr(b'\n', &text[at..]).unwrap_or(text.len() - at);
                continue;
            }
            b'\'' | b'"' => {
                while let Some(next) = text.get(at) {
                    at += if *next == b'\\' { 2 } else { 1 };
                    if *next == byte {
                        break;
                    }
                }
                at = at.min(text.len());
                Kind::Text
            }
            byte if byte.is_ascii_whitespace() || byte == b'\\' => continue,
            byte if is_of_word(byte) => {
                at += text[at..].iter().take_while(|byte| is_of_word(**byte)).count();
                Kind::Word
            }
            _ => Kind::Sign(byte),
        };
        if matches!(kind, Kind::Sign(b')' | b']' | b'}')) {
            depth = depth.saturating_sub(1);
        }
        parts.push(Part { kind, range: start..at, depth });
        if matches!(kind, Kind::Sign(b'(' | b'[' | b'{')) {
            depth += 1;
        }
    }
    parts
}

/// The places of a list that commas part, where a bracket is open.
pub(super) fn items(parts: &[Part], depth: usize) -> impl Iterator<Item = &[Part]> {
    parts.split(move |part| part.depth == depth && part.kind == Kind::Sign(b','))
}

/// What is declared by a type and a name, before its default or its size: `b` of `int *b = 1`.
pub(super) fn declared(item: &[Part]) -> Option<&Part> {
    let depth = item.first()?.depth;
    let is_end = |part: &Part| part.depth == depth && matches!(part.kind, Kind::Sign(b'=' | b':'));
    let before = &item[..item.iter().position(is_end).unwrap_or(item.len())];
    before.iter().rev().find(|part| part.depth == depth && part.kind == Kind::Word)
}
