//! All kinds of attack, by class.

use anyhow::Result;

use crate::attempt::Attempt;
use crate::{concurrency, hostile_git, hostile_tree, requests, settings, source, stores, text, workers};

/// A kind of attack: a generator with its checks.
pub(crate) struct Kind {
    /// Stable: findings and reports name it.
    pub(crate) name: &'static str,
    /// Which reported faults of weight it covers: the names under which `kinds found` counts them.
    pub(crate) covers: &'static [&'static str],
    pub(crate) needs: Needs,
    /// How often it is drawn among those of its class.
    pub(crate) share: usize,
    pub(crate) attack: fn(&mut Attempt<'_>) -> Result<()>,
}

/// What a kind cannot do without.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    Nothing,
    Root,
}

/// A class, and its kinds.
pub(crate) type Class = (&'static str, &'static [Kind]);

pub(crate) const CLASSES: &[Class] = &[
    ("source", source::KINDS),
    ("text", text::KINDS),
    ("tree", hostile_tree::KINDS),
    ("git", hostile_git::KINDS),
    ("settings", settings::KINDS),
    ("requests", requests::KINDS),
    ("stores", stores::KINDS),
    ("concurrency", concurrency::KINDS),
    ("workers", workers::KINDS),
];

/// The faults of high and medium weight that an attack on a release of before has found: each has a generator here,
/// but for a fork after use, which needs the library.
pub(crate) const REPORTED: &[&str] = &[
    "settings-overwrite-file",
    "settings-delete-folders",
    "cache-dir-delete-folders",
    "settings-foreign-owner",
    "settings-hide-repository",
    "store-in-repository-believed",
    "worker-killed-poisons-store",
    "git-tree-bomb",
    "git-deep-chain",
    "source-equal-hashes",
    "text-progress-bar",
    "settings-env-ends-run",
    "git-index-extensions",
    "text-raw-controls",
    "text-invisible",
    "git-claimed-sizes",
    "special-files-hang",
    "source-runaway",
    "worker-stopped",
    "library-fork-after-use",
    "few-processes",
];

/// The kinds of a run, those of all classes side by side.
fn in_turn(only: Option<&str>) -> Vec<(&'static str, &'static Kind)> {
    let is_wanted = |class: &str, kind: &Kind| only.is_none_or(|only| only == class || only == kind.name);
    let mut in_turn = Vec::new();
    let longest = CLASSES.iter().map(|(_, kinds)| kinds.len()).max().unwrap_or(0);
    for round in 0..longest {
        let round = CLASSES.iter().filter_map(|(class, kinds)| Some((*class, kinds.get(round)?)));
        in_turn.extend(round.filter(|(class, kind)| is_wanted(class, kind)));
    }
    in_turn
}

/// How many tries give each kind its turn.
pub(crate) fn turn(only: Option<&str>) -> u64 {
    in_turn(only).len() as u64
}

/// The kind and its class of one try: at first each kind twice in turn, then classes in turn and any of their kinds.
pub(crate) fn of_try(
    number: u64,
    random: &mut crate::random::Random,
    only: Option<&str>,
) -> Option<(&'static str, &'static Kind)> {
    let in_turn = in_turn(only);
    if in_turn.is_empty() {
        return None;
    }
    if (number as usize) < 2 * in_turn.len() {
        return Some(in_turn[number as usize % in_turn.len()]);
    }
    let classes: Vec<&Class> =
        CLASSES.iter().filter(|(class, _)| in_turn.iter().any(|(known, _)| known == class)).collect();
    let (class, _) = classes[number as usize % classes.len()];
    let kinds: Vec<&Kind> =
        in_turn.iter().filter(|(known, _)| known == class).map(|(_, kind)| *kind).collect();
    let mut left = random.below(kinds.iter().map(|kind| kind.share).sum());
    let kind = kinds.iter().find(|kind| {
        let is_drawn = left < kind.share;
        left = left.saturating_sub(kind.share);
        is_drawn
    });
    kind.map(|kind| (*class, *kind))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{CLASSES, REPORTED, of_try};
    use crate::random::Random;

    #[test]
    fn each_kind_is_tried_before_any_is_drawn() {
        let kinds: Vec<&str> =
            CLASSES.iter().flat_map(|(_, kinds)| kinds.iter().map(|kind| kind.name)).collect();
        let names = |number| of_try(number, &mut Random::of(1, number), None).unwrap().1.name;
        let tried: BTreeSet<&str> = (0..kinds.len() as u64).map(names).collect();
        assert_eq!(tried.len(), kinds.len());
    }

    #[test]
    fn each_reported_fault_of_the_command_line_has_a_generator() {
        let covered: BTreeSet<&str> = CLASSES
            .iter()
            .flat_map(|(_, kinds)| kinds.iter().flat_map(|kind| kind.covers.iter().copied()))
            .collect();
        let all: BTreeSet<&str> = REPORTED.iter().copied().collect();
        let without: Vec<_> = all.difference(&covered).collect();
        assert_eq!(without, [&"library-fork-after-use"]);
        assert!(covered.is_subset(&all));
    }
}
