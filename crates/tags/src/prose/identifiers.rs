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

/// Words of English that join others. What is indented in a document may be prose, and comments in code are.
const JOINING: &[&[u8]] = &[b"and", b"are", b"but", b"the", b"that", b"this", b"was", b"which"];

/// Whether a word in a line of a block is one of prose: it joins two words, as no name of code does.
pub(super) fn joins_words(source: &[u8], line: &Range<usize>, word: &Range<usize>) -> bool {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let (before, after) = (&source[line.start..word.start], &source[word.end..line.end]);
    JOINING.contains(&&source[word.clone()])
        && matches!(before, [.., word, blank] if word.is_ascii_alphanumeric() && is_blank(blank))
        && matches!(after, [blank, word, ..] if word.is_ascii_alphanumeric() && is_blank(blank))
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
