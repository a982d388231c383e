//! Identifiers in a stretch of code of any language.

use std::ops::Range;

/// Shorter ones name nothing that a reader would look for: `i`, `fn`, `x1`.
const FEWEST_LETTERS: usize = 3;

/// Longer ones are data.
const MOST_BYTES: usize = 100;

/// Tells the range of each identifier. Of `a.b.c` and `a::b::c` each part is one.
pub(super) fn each(source: &[u8], range: Range<usize>, found: &mut dyn FnMut(Range<usize>)) {
    let mut at = range.start;
    while at < range.end {
        let start = at;
        let (mut letters, mut is_first, mut is_number) = (0, true, false);
        while let Some((length, class)) = class_at(source, at, range.end) {
            is_number |= is_first && class == Class::Digit;
            letters += usize::from(class == Class::Letter);
            is_first = false;
            at += length;
        }
        if letters >= FEWEST_LETTERS && !is_number && at - start <= MOST_BYTES {
            found(start..at);
        }
        // One byte that belongs to none: pieces of a character of several belong to none either.
        at = at.max(start) + usize::from(at < range.end);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Sign,
}

/// What stands at a byte and how long it is, where it may be part of an identifier.
fn class_at(source: &[u8], at: usize, end: usize) -> Option<(usize, Class)> {
    let text = source.get(at..end)?;
    match *text.first()? {
        b'a'..=b'z' | b'A'..=b'Z' => Some((1, Class::Letter)),
        b'0'..=b'9' => Some((1, Class::Digit)),
        b'_' | b'$' => Some((1, Class::Sign)),
        0..0x80 => None,
        _ => {
            let char = first_char(text)?;
            let class = match char {
                _ if char.is_alphabetic() => Class::Letter,
                _ if char.is_numeric() => Class::Digit,
                _ => return None,
            };
            Some((char.len_utf8(), class))
        }
    }
}

fn first_char(text: &[u8]) -> Option<char> {
    let text = &text[..text.len().min(4)];
    let valid = match std::str::from_utf8(text) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&text[..error.valid_up_to()]).ok()?,
    };
    valid.chars().next()
}
