//! The brackets of a signature that matter: those of its parameters and of its type parameters.

use std::ops::Range;

use super::fold::Flat;
use super::lexeme::{Kind, plain};

/// The parentheses of the parameters: the first after the name, beyond type parameters.
pub(super) fn parameters(flat: &Flat) -> Option<Range<usize>> {
    let text = &flat.text;
    let from = type_parameters(flat).filter(|group| group.start >= flat.name.end);
    let from = from.map_or(flat.name.end, |group| group.end);
    let mut open = None;
    let mut depth = 0;
    for part in plain(text, from) {
        match part.kind {
            Kind::Open => {
                if depth == 0 && &text[part.start..part.end] == "(" {
                    open = open.or(Some(part.start));
                }
                depth += 1;
            }
            Kind::Close => depth -= 1,
            _ => {}
        }
        match (depth, open) {
            (0, Some(open)) => return Some(open..part.end),
            (..0, _) => return None,
            _ => {}
        }
    }
    None
}

/// The type parameters in angles right after the name, or after the first word of a header without a name.
pub(super) fn type_parameters(flat: &Flat) -> Option<Range<usize>> {
    let text = &flat.text;
    let start = match flat.name.end {
        0 => text.find(|c: char| !c.is_ascii_alphabetic())?,
        end => end,
    };
    angles(text, start)
}

/// A group in angles that begins here.
pub(super) fn angles(text: &str, start: usize) -> Option<Range<usize>> {
    if !text[start..].starts_with('<') {
        return None;
    }
    let (mut depth, mut before) = (0, ' ');
    for part in plain(text, start) {
        match &text[part.start..part.end] {
            "<" => depth += 1,
            ">" if !matches!(before, '-' | '=') => depth -= 1,
            ";" | "{" => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(start..part.end);
        }
        before = text[part.start..part.end].chars().next_back().unwrap_or(' ');
    }
    None
}
