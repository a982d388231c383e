//! What parameters of functions and templates hold that the grammar cannot read.

use std::ops::Range;

use super::lexer::is_of_word;
use super::tokens::is_shouted;

/// A default is not read any further.
const LONGEST: usize = 256;

/// Takes the default of a parameter that is a pointer or a reference and has no name: `void f(T* = nullptr)`.
pub(super) fn defaults(text: &[u8], inside: Range<usize>, blanks: &mut Vec<Range<usize>>) {
    let mut from = inside.start;
    while let Some(sign) = memchr::memchr(b'=', &text[from..inside.end]).map(|at| from + at) {
        from = sign + 1;
        let before = &text[inside.start..sign];
        let is_apart = before.last().is_some_and(u8::is_ascii_whitespace);
        if is_apart
            && matches!(before.trim_ascii_end().last(), Some(b'*' | b'&'))
            && text[from..].first() != Some(&b'=')
        {
            let end = (from + LONGEST).min(inside.end);
            let length = length_of_part(&text[from..end]);
            blanks.push(sign..from + length);
            from += length;
        }
    }
}

/// Takes the macros among the parameters of a template that say when it is one: `template <class T, ENABLE_IF(is_it<T>())>`.
pub(super) fn conditions(text: &[u8], inside: Range<usize>, blanks: &mut Vec<Range<usize>>) {
    let mut start = inside.start;
    while start < inside.end {
        let end = start + length_of_part(&text[start..inside.end]);
        let part = text[start..end].trim_ascii();
        let word = part.iter().take_while(|byte| is_of_word(**byte)).count();
        if is_shouted(&part[..word]) && part[word..].starts_with(b"(") && part.ends_with(b")") {
            // With the comma before it, or else that behind it.
            let comma = usize::from(start > inside.start);
            let behind = usize::from(comma == 0 && end < inside.end);
            blanks.push(start - comma..end + behind);
        }
        start = end + 1;
    }
}

/// How far it is to the comma that ends a part, in brackets of any kind but angles where a part is an expression.
fn length_of_part(text: &[u8]) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'(' | b'{' | b'[' | b'<' => depth += 1,
            b')' | b'}' | b']' | b'>' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

/// Whether parentheses hold what no call has: nothing before or behind a comma, an operator by itself, or a type.
pub(super) fn are_no_arguments(inside: &[u8], is_type: impl Fn(&[u8]) -> bool) -> bool {
    let inside = &inside[..inside.len().min(LONGEST)];
    let is_sign = |byte: &u8| b"<>=!+-*/%&|^~".contains(byte);
    let mut rest = inside;
    let mut is_first = true;
    loop {
        let length = rest.iter().position(|byte| *byte == b',').unwrap_or(rest.len());
        let part = rest[..length].trim_ascii();
        let is_alone = is_first && length == rest.len();
        let word = part.iter().take_while(|byte| is_of_word(**byte)).count();
        let is_of_type = is_type(&part[..word]) && !part[word..].trim_ascii_start().starts_with(b"(");
        if part.is_empty() && !is_alone || !part.is_empty() && part.iter().all(is_sign) || is_of_type {
            return true;
        }
        if length == rest.len() {
            return false;
        }
        (rest, is_first) = (&rest[length + 1..], false);
    }
}
