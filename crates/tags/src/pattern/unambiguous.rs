//! Which patterns have the same matches whichever way they are looked for.
//!
//! tree-sitter drops a match when it knows of another that captures the same and more, and follows a single way where
//! it takes the others for useless. That shows only where the captures leave a choice open; such patterns are its own.

use tree_sitter::Language;

use super::{Child, Kind, Pattern};

/// Whether these alternatives are so, and all below them.
pub(super) fn all(alternatives: &[(Kind, Pattern)], language: &Language) -> bool {
    let patterns = || alternatives.iter().map(|(_, pattern)| pattern);
    let counts = || patterns().map(Pattern::capture_count);
    counts().min() == counts().max()
        && patterns().all(|pattern| inside(pattern, language) && options_come_last(pattern))
}

fn inside(pattern: &Pattern, language: &Language) -> bool {
    // Where nothing is captured, the first child that seems to fit is taken, though only another may have the next one
    // right behind it, or have the right children in the right places.
    let has_no_choice = |pair: &[Child]| {
        let is_named = |(kind, _): &(Kind, Pattern)| match *kind {
            Kind::AnyNamed => true,
            Kind::Id(id) => language.node_kind_is_named(id),
        };
        !pair[1].adjacent
            || !pair[0].silent
            || (pair[0].adjacent && pair[0].alternatives.iter().all(is_named))
    };
    pattern.children.windows(2).all(has_no_choice)
        && pattern.children.iter().all(|child| {
            if child.silent && child.patterns().any(Pattern::has_anchor) {
                return false;
            }
            let counts = || child.patterns().map(Pattern::capture_count);
            counts().min() == counts().max() && child.patterns().all(|pattern| inside(pattern, language))
        })
}

/// Whether nothing follows an optional child in the whole pattern, and it belongs to the root or to what the root
/// holds in fields. With children behind it there are matches with it and without it, by their places; and of
/// several nodes that could have it, one that has it would be preferred.
fn options_come_last(pattern: &Pattern) -> bool {
    let Some((last, before)) = pattern.children.split_last() else { return true };
    let is_told_apart =
        |child: &Child| !child.silent || child.patterns().all(|pattern| pattern.children.is_empty());
    if before.iter().any(Child::has_option) || (last.has_option() && !before.iter().all(is_told_apart)) {
        return false;
    }
    if last.optional {
        return !last.silent
            && !last.last
            && !last.has_condition()
            && !last.patterns().any(Pattern::has_option);
    }
    !last.has_option() || (last.field.is_some() && !last.last && last.patterns().all(options_come_last))
}

impl Pattern {
    /// How much each match captures, optional children included.
    pub(super) fn capture_count(&self) -> usize {
        // All alternatives capture as much.
        let of_child = |child: &Child| child.patterns().next().map_or(0, Self::capture_count);
        self.captures.len() + self.children.iter().map(of_child).sum::<usize>()
    }

    fn has_condition(&self) -> bool {
        !self.conditions.is_empty() || self.children.iter().any(Child::has_condition)
    }

    fn has_anchor(&self) -> bool {
        let of_child = |child: &Child| child.adjacent || child.last || child.patterns().any(Self::has_anchor);
        self.children.iter().any(of_child)
    }

    fn has_option(&self) -> bool {
        self.children.iter().any(Child::has_option)
    }
}

impl Child {
    fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.alternatives.iter().map(|(_, pattern)| pattern)
    }

    fn has_condition(&self) -> bool {
        self.patterns().any(Pattern::has_condition)
    }
    fn has_option(&self) -> bool {
        self.optional || self.patterns().any(Pattern::has_option)
    }
}
