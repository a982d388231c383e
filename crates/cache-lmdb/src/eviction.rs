//! Which entries go first.
//!
//! In this order: what other trees used, by the tree that was used longest ago; what the tree of this run has not used
//! in tables that the run reads from (contents that are no more) and then in others; and only where the limit is passed although nothing
//! else is left, what this run has used, the largest first. Within each the keyspaces that go last go last, and the rest by the time of its
//! last use. Of these keyspaces what was stored lately counts as used: a run may come to it at its end.

use std::collections::{BTreeMap, HashMap};

use crate::row::{Row, bit, token};
use crate::run::Run;

/// When an entry goes: those with the least rank first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    pub(crate) group: Group,
    /// When the tree was last used; an entry of no tree stands for itself.
    tree_used: u64,
    goes_last: bool,
    /// The time of the last use; of what this run has used, what stands for its size.
    order: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    Others,
    Outdated,
    Unread,
    Used,
}

/// What decides on ranks beside the rows.
pub(crate) struct Ranking<'a> {
    pub(crate) run: &'a Run,
    /// When each tree was last used, by its short name.
    pub(crate) trees: &'a HashMap<u64, u64>,
    /// The tables whose entries go after all others.
    pub(crate) last: u64,
    pub(crate) now: u64,
    /// What was stored so short a time ago is recent.
    pub(crate) recent: u64,
}

/// How many bytes of rows are to go, while there are any that others left, any that are out of date, and any.
pub(crate) struct Wanted {
    pub(crate) others: u64,
    pub(crate) outdated: u64,
    pub(crate) least: u64,
}

/// The bytes of all rows, by rank.
#[derive(Default)]
pub(crate) struct Histogram(BTreeMap<Rank, u64>);

/// Where eviction ends: all ranks before this one, and so many bytes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    rank: Rank,
    left: u64,
}

impl Ranking<'_> {
    pub(crate) fn of(&self, table: usize, key: &[u8; 32], row: Row) -> Rank {
        let is_used = self.run.uses(token(table, key));
        let goes_last = self.last & bit(table) != 0;
        let name = self.run.name();
        let is_own = name != 0 && row.tree == name;
        let is_recent = is_own && goes_last && self.now.saturating_sub(row.stamp) <= self.recent;
        let (group, tree_used, order) = if name == 0 && is_used {
            // Without a tree of its own, a use that was not stamped yet counts as one of now.
            (Group::Others, self.now, self.now)
        } else if is_used || is_recent {
            (Group::Used, 0, !row.bytes)
        } else if !is_own {
            (Group::Others, self.used(row), row.stamp)
        } else if self.run.has_read_from(table) {
            (Group::Outdated, 0, row.stamp)
        } else {
            (Group::Unread, 0, row.stamp)
        };
        Rank { group, tree_used, goes_last, order }
    }

    /// When the tree of a row was last used, or the entry itself.
    pub(crate) fn used(&self, row: Row) -> u64 {
        self.trees.get(&row.tree).copied().unwrap_or(row.stamp)
    }
}

impl Histogram {
    pub(crate) fn add(&mut self, rank: Rank, bytes: u64) {
        // No checksum answers for rows: damaged ones may be of any size.
        let sum = self.0.entry(rank).or_default();
        *sum = sum.saturating_add(bytes);
    }

    pub(crate) fn total(&self) -> u64 {
        self.0.values().fold(0, |all, &bytes| all.saturating_add(bytes))
    }

    /// What the run could do without.
    pub(crate) fn unused(&self) -> u64 {
        let unused = self.0.iter().filter(|(rank, _)| rank.group != Group::Used);
        unused.fold(0, |all, (_, &bytes)| all.saturating_add(bytes))
    }

    /// Where to stop. `None` where nothing is to go.
    pub(crate) fn cut(&self, wanted: &Wanted) -> Option<Cut> {
        let (mut sum, mut cut) = (0u64, None);
        for (&rank, &bytes) in &self.0 {
            let goal = match rank.group {
                Group::Others => wanted.others,
                Group::Outdated => wanted.outdated,
                Group::Unread | Group::Used => wanted.least,
            };
            if sum >= goal {
                break;
            }
            cut = Some(Cut { rank, left: goal - sum });
            sum = sum.saturating_add(bytes);
        }
        cut
    }
}

impl Cut {
    /// Whether an entry goes.
    pub(crate) fn takes(&mut self, rank: Rank, bytes: u64) -> bool {
        let takes = rank < self.rank || (rank == self.rank && self.left > 0);
        if takes && rank == self.rank {
            self.left = self.left.saturating_sub(bytes);
        }
        takes
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use repo_map_cache_core::Key;

    use super::*;
    use crate::row::short_name;

    /// An entry of a test: its table, the number in its key, its row, and whether this run has used it.
    type Entry = (usize, u8, Row, bool);

    const OWN: Key = Key::new([1; 32]);
    const TREES: [Key; 3] = [OWN, Key::new([2; 32]), Key::new([3; 32])];

    fn key(number: u8) -> [u8; 32] {
        [number; 32]
    }

    fn entries() -> impl Strategy<Value = Vec<Entry>> {
        let tree = prop::sample::select(vec![
            0,
            short_name(&TREES[0]),
            short_name(&TREES[1]),
            short_name(&TREES[2]),
        ]);
        let entry = (0..3usize, any::<u8>(), 0..50u64, 1..100u64, tree, any::<bool>());
        let entry = entry.prop_map(|(table, number, stamp, bytes, tree, is_used)| {
            (table, number, Row { stamp, bytes, tree }, is_used)
        });
        prop::collection::vec(entry, 0..80).prop_map(|mut entries| {
            entries.sort_by_key(|(table, number, ..)| (*table, *number));
            entries.dedup_by_key(|(table, number, ..)| (*table, *number));
            entries
        })
    }

    /// The entries that go, as eviction has it.
    fn gone(entries: &[Entry], run: &Run, wanted: &Wanted) -> Vec<bool> {
        let trees = TREES.iter().zip([40, 10, 20]).map(|(tree, used)| (short_name(tree), used)).collect();
        let ranking = Ranking { run, trees: &trees, last: 0b100, now: 60, recent: 20 };
        let mut histogram = Histogram::default();
        for (table, number, row, _) in entries {
            histogram.add(ranking.of(*table, &key(*number), *row), row.bytes);
        }
        let mut cut = histogram.cut(wanted);
        let takes = entries.iter().map(|(table, number, row, _)| {
            let rank = ranking.of(*table, &key(*number), *row);
            cut.as_mut().is_some_and(|cut| cut.takes(rank, row.bytes))
        });
        takes.collect()
    }

    /// How the documentation of this module has it: from what goes first to what stays longest.
    fn naive((table, _, row, is_used): &Entry) -> (u8, u64, bool, u64) {
        let used = TREES.iter().zip([40, 10, 20]).find(|(tree, _)| short_name(tree) == row.tree);
        let is_own = row.tree == short_name(&OWN);
        match (is_own, *is_used || (is_own && *table == 2 && row.stamp >= 40)) {
            (_, true) => (3, 0, *table == 2, u64::MAX - row.bytes),
            (false, _) => (0, used.map_or(row.stamp, |(_, used)| used), *table == 2, row.stamp),
            (true, _) => (if *table == 0 { 1 } else { 2 }, 0, *table == 2, row.stamp),
        }
    }

    proptest! {
        #[test]
        fn what_goes_is_what_a_sorted_list_begins_with(entries in entries(), goal in 0..3000u64) {
            let mut run = Run::default();
            run.begin(OWN);
            let used = entries.iter().filter(|entry| entry.3);
            run.note(used.map(|(table, number, ..)| token(*table, &key(*number))), 0b1);
            let gone = gone(&entries, &run, &Wanted { others: goal, outdated: goal, least: goal / 2 });
            let sum = |is: &dyn Fn(usize) -> bool| -> u64 {
                entries.iter().enumerate().filter(|(at, _)| is(*at)).map(|(_, entry)| entry.2.bytes).sum()
            };
            for (at, entry) in entries.iter().enumerate() {
                for (other, stays) in entries.iter().enumerate() {
                    prop_assert!(!gone[at] || gone[other] || naive(entry) <= naive(stays));
                }
            }
            // No more than is wanted, but for the last one; and of what this run has used only what nothing else gives.
            let all = sum(&|at| gone[at]);
            let gladly = sum(&|at| naive(&entries[at]).0 < 2);
            let unused = sum(&|at| naive(&entries[at]).0 < 3);
            prop_assert!(all < goal + 100);
            prop_assert!(all >= goal.min(gladly));
            prop_assert!(all >= (goal / 2).min(sum(&|_| true)));
            if unused >= goal / 2 {
                prop_assert_eq!(sum(&|at| gone[at] && naive(&entries[at]).0 == 3), 0);
            }
        }
    }
}
