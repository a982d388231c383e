use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crate::durations::Stopwatch;
use crate::{Durations, Keyspace};

/// One lookup of so many is timed: two looks at the clock are a tenth of a lookup.
const TIMED: u64 = 16;

/// What a store did since it was opened, for one keyspace or in sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statistics {
    /// Lookups that gave a value.
    pub hits: u64,
    /// Lookups of keys that are not stored.
    pub misses: u64,
    /// Lookups of values that were stored for another fingerprint.
    pub stale: u64,
    /// Lookups of values that are damaged.
    pub corrupt: u64,
    /// Lookups that the storage failed to answer. Never counted as misses.
    pub errors: u64,
    /// Entries handed over for writing, deletions included.
    pub writes: u64,
    /// Entries of these that were given up because the storage failed or is full.
    pub dropped: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) hits: AtomicU64,
    pub(crate) misses: AtomicU64,
    pub(crate) stale: AtomicU64,
    pub(crate) corrupt: AtomicU64,
    pub(crate) errors: AtomicU64,
    pub(crate) writes: AtomicU64,
    pub(crate) dropped: AtomicU64,
    lookups: Stopwatch,
}

/// The counters of each keyspace of a store, in the order in which it was given them.
#[derive(Debug)]
pub(crate) struct Ledger {
    keyspaces: Vec<(Keyspace, Counters)>,
    others: Counters,
    pub(crate) commits: Stopwatch,
}

impl Statistics {
    /// All lookups.
    pub const fn lookups(&self) -> u64 {
        self.hits + self.misses + self.stale + self.corrupt + self.errors
    }

    /// Hits of all lookups, from 0 to 1; 0 before the first lookup.
    pub fn hit_rate(&self) -> f64 {
        self.hits as f64 / self.lookups().max(1) as f64
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            hits: self.hits + other.hits,
            misses: self.misses + other.misses,
            stale: self.stale + other.stale,
            corrupt: self.corrupt + other.corrupt,
            errors: self.errors + other.errors,
            writes: self.writes + other.writes,
            dropped: self.dropped + other.dropped,
        }
    }
}

impl Counters {
    /// The begin of a lookup, if it is to be timed: by the hits before it, so that it takes no counter of its own.
    pub(crate) fn begin(&self) -> Option<Instant> {
        self.hits.load(Ordering::Relaxed).is_multiple_of(TIMED).then(Instant::now)
    }

    /// The end of a lookup.
    pub(crate) fn end(&self, begin: Option<Instant>) {
        if let Some(begin) = begin {
            self.lookups.add(begin);
        }
    }

    pub(crate) fn durations(&self) -> Durations {
        self.lookups.durations()
    }

    pub(crate) fn statistics(&self) -> Statistics {
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Statistics {
            hits: load(&self.hits),
            misses: load(&self.misses),
            stale: load(&self.stale),
            corrupt: load(&self.corrupt),
            errors: load(&self.errors),
            writes: load(&self.writes),
            dropped: load(&self.dropped),
        }
    }
}

pub(crate) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

impl Ledger {
    pub(crate) fn new(keyspaces: &[Keyspace]) -> Self {
        Self {
            keyspaces: keyspaces.iter().map(|&keyspace| (keyspace, Counters::default())).collect(),
            others: Counters::default(),
            commits: Stopwatch::default(),
        }
    }

    /// The counters of a keyspace; those that the store was not told of share one set.
    pub(crate) fn of(&self, keyspace: Keyspace) -> &Counters {
        self.keyspaces
            .iter()
            .find(|(known, _)| *known == keyspace)
            .map_or(&self.others, |(_, counters)| counters)
    }

    pub(crate) fn statistics(&self, keyspace: Keyspace) -> Statistics {
        self.of(keyspace).statistics()
    }

    pub(crate) fn total(&self) -> Statistics {
        self.keyspaces
            .iter()
            .fold(self.others.statistics(), |sum, (_, counters)| sum.plus(counters.statistics()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_a_lookup_but_no_miss() {
        let statistics = Statistics { hits: 3, errors: 1, ..Statistics::default() };
        assert_eq!((statistics.lookups(), statistics.misses), (4, 0));
        assert!((statistics.hit_rate() - 0.75).abs() < f64::EPSILON);
        assert!(Statistics::default().hit_rate().abs() < f64::EPSILON);
    }

    #[test]
    fn keyspaces_are_counted_apart_and_summed() {
        const A: Keyspace = Keyspace::new("a");
        const B: Keyspace = Keyspace::new("b");
        let ledger = Ledger::new(&[A]);
        count(&ledger.of(A).hits);
        count(&ledger.of(B).hits);
        assert_eq!((ledger.statistics(A).hits, ledger.total().hits), (1, 2));
    }
}
