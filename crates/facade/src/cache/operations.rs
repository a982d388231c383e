//! How long the operations of the tiers took.

use std::time::Duration;

use repo_map_cache_core::{Durations, Keyspace};
use rkyv::{Archive, Deserialize, Serialize};

use super::keyspaces::{FILE_RECORDS, FILES, MAPS, TAG_LISTS, TAGS, TREES};
use super::open::OpenCache;
use crate::shared::Shared;

/// How long one operation of a tier took for one cache.
///
/// Of lookups one in sixteen is timed, commits all. Memory is not timed: looking at the clock takes longer than a hit.
#[derive(Archive, Serialize, Deserialize, Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct OperationDurations {
    /// `tag`, `map`, `tree` or `file`; `all` where the operation is of no single cache.
    pub cache: String,
    /// `l2`, the store; `shared`, a cache that machines share.
    pub tier: String,
    /// `get`, or `commit` for the writer's; of a shared cache `get` and `put` of batches.
    pub operation: String,
    /// Operations by duration: each is in the first bucket of [`bounds`](Self::bounds) that it does not exceed, or in the last.
    pub counts: Vec<u64>,
    /// The sum of all durations.
    pub nanoseconds: u64,
}

impl OperationDurations {
    /// The longest durations of all buckets but the last, which has no bound.
    pub const fn bounds() -> &'static [Duration] {
        &Durations::BOUNDS
    }

    fn of(cache: &str, tier: &str, operation: &str, durations: &Durations) -> Self {
        Self {
            cache: cache.to_owned(),
            tier: tier.to_owned(),
            operation: operation.to_owned(),
            counts: durations.counts.to_vec(),
            nanoseconds: u64::try_from(durations.sum.as_nanos()).unwrap_or(u64::MAX),
        }
    }

    pub(super) fn is_of(&self, other: &Self) -> bool {
        (&self.cache, &self.tier, &self.operation) == (&other.cache, &other.tier, &other.operation)
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(count, more)| *count += more);
        self.nanoseconds = self.nanoseconds.saturating_add(other.nanoseconds);
    }
}

/// What took time in this process.
pub(super) fn own(open: &OpenCache) -> Vec<OperationDurations> {
    const CACHES: [(&str, &[Keyspace]); 4] =
        [("tag", &[TAG_LISTS, TAGS]), ("map", &[MAPS]), ("tree", &[TREES]), ("file", &[FILES, FILE_RECORDS])];
    let store = open.store();
    let mut rows: Vec<_> = CACHES
        .iter()
        .map(|(cache, keyspaces)| {
            let sum = keyspaces
                .iter()
                .fold(Durations::default(), |sum, keyspace| sum.plus(&store.lookup_durations(*keyspace)));
            OperationDurations::of(cache, "l2", "get", &sum)
        })
        .collect();
    rows.push(OperationDurations::of("all", "l2", "commit", &store.commit_durations()));
    if let Some((gets, puts)) = open.shared().map(Shared::durations) {
        rows.push(OperationDurations::of("tag", "shared", "get", &gets));
        rows.push(OperationDurations::of("tag", "shared", "put", &puts));
    }
    rows.retain(|row| row.counts.iter().any(|count| *count > 0));
    rows
}
