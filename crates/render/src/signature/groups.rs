//! The brackets of a signature that matter: those of its parameters and of its type parameters.

use std::mem;
use std::ops::Range;

use super::fold::Flat;
use super::lexeme::{Kind, Lexeme, plain};

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
    let mut open = Angles::default();
    plain(text, start).find_map(|part| open.close(text, &part).filter(|group| group.start == start))
}

/// All groups in angles, by their places: found together, since a text may have thousands of signs that open none.
pub(super) struct AllAngles(Vec<Range<usize>>);

impl AllAngles {
    pub(super) fn of(text: &str, from: usize) -> Self {
        let mut open = Angles::default();
        let mut all: Vec<Range<usize>> =
            plain(text, from).filter_map(|part| open.close(text, &part)).collect();
        all.sort_unstable_by_key(|group| group.start);
        Self(all)
    }

    /// Where the group ends that begins here.
    pub(super) fn end(&self, start: usize) -> Option<usize> {
        let found = self.0.binary_search_by_key(&start, |group| group.start);
        found.ok().map(|at| self.0[at].end)
    }
}

/// The signs that are open, of those that may open a group.
#[derive(Default)]
struct Angles {
    open: Vec<usize>,
    before: char,
}

impl Angles {
    /// The group that ends with a part. A statement or a block ends none: its signs compared.
    fn close(&mut self, text: &str, part: &Lexeme) -> Option<Range<usize>> {
        let piece = &text[part.start..part.end];
        let before = mem::replace(&mut self.before, piece.chars().next_back().unwrap_or(' '));
        match piece {
            "<" => self.open.push(part.start),
            ">" if !matches!(before, '-' | '=') => return self.open.pop().map(|start| start..part.end),
            ";" | "{" => self.open.clear(),
            _ => {}
        }
        None
    }
}

/// A text with what its brackets hold left out.
pub(super) fn folded(text: &str) -> String {
    let angles = AllAngles::of(text, 0);
    let mut folded = String::new();
    let mut depth = 0;
    let mut before = ' ';
    for part in plain(text, 0) {
        let piece = &text[part.start..part.end];
        let opens = matches!(piece, "[" | "(") || (piece == "<" && angles.end(part.start).is_some());
        let closes =
            matches!(piece, "]" | ")") || (piece == ">" && depth > 0 && !matches!(before, '-' | '='));
        if closes {
            depth -= 1;
        }
        if depth == 0 {
            folded.push_str(piece);
        }
        if opens {
            depth += 1;
            if depth == 1 {
                folded.push('…');
            }
        }
        before = piece.chars().next_back().unwrap_or(' ');
    }
    if depth == 0 { folded } else { text.to_owned() }
}
