//! What all processes that used a directory did there, how long it took and what could not be parsed: a row each, to which
//! each process adds its part when it is done.
//!
//! Two that end in the same moment may lose the part of one: these are figures for people, not for accounts.

use repo_map_cache_core::{Fingerprint, Key, Lookup, Store};
use rkyv::api::high::HighValidator;
use rkyv::bytecheck::CheckBytes;
use rkyv::{Archive, Deserialize, Portable, Serialize, rancor};

use super::failures::ParseFailures;
use super::keyspaces::{ACTIVITY, DURATIONS, FAILURES, FILES, ROW, SHARED, TAGS};
use super::open::OpenCache;
use super::operations::{self, OperationDurations};
use super::statistics::{CacheStatistics, TierStatistics};
use crate::shared_activity::SharedActivity;

const LAYOUT: Fingerprint = Fingerprint::new(1);

/// What one tier did for one cache.
#[derive(Archive, Serialize, Deserialize, Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct TierActivity {
    /// `tag`, `map` or `tree`; `file` for what paths were.
    pub cache: String,
    /// `l1` for memory, `l2` for the store.
    pub tier: String,
    /// Lookups that found a value.
    pub hits: u64,
    /// Lookups that found nothing.
    pub misses: u64,
    /// Lookups that found a value for another state.
    pub stale: u64,
    /// Lookups that found a damaged value.
    pub corrupt: u64,
    /// Lookups that failed.
    pub errors: u64,
    /// Values that had to go for lack of room.
    pub evictions: u64,
}

impl TierActivity {
    fn of(cache: &str, did: &TierStatistics) -> Self {
        Self {
            cache: cache.to_owned(),
            tier: did.tier.to_owned(),
            hits: did.hits,
            misses: did.misses,
            stale: did.stale,
            corrupt: did.corrupt,
            errors: did.errors,
            evictions: did.evictions,
        }
    }

    fn is_of(&self, other: &Self) -> bool {
        (&self.cache, &self.tier) == (&other.cache, &other.tier)
    }

    fn add(&mut self, other: &Self) {
        self.hits += other.hits;
        self.misses += other.misses;
        self.stale += other.stale;
        self.corrupt += other.corrupt;
        self.errors += other.errors;
        self.evictions += other.evictions;
    }

    fn is_none(&self) -> bool {
        self.hits + self.misses + self.stale + self.corrupt + self.errors + self.evictions == 0
    }
}

/// What has been done in a store since it was made, by the processes that are done with it.
pub(super) fn recorded(store: &Store) -> Vec<TierActivity> {
    let row = read(store, &ROW, |rows: &rkyv::Archived<Vec<TierActivity>>| {
        rkyv::deserialize::<_, rancor::Error>(rows).ok()
    });
    row.unwrap_or_default()
}

/// How long that took.
pub(super) fn recorded_durations(store: &Store) -> Vec<OperationDurations> {
    let row = read(store, &DURATIONS, |rows: &rkyv::Archived<Vec<OperationDurations>>| {
        rkyv::deserialize::<_, rancor::Error>(rows).ok()
    });
    row.unwrap_or_default()
}

/// What could not be parsed.
pub(super) fn recorded_failures(store: &Store) -> Vec<ParseFailures> {
    let row = read(store, &FAILURES, |rows: &rkyv::Archived<Vec<ParseFailures>>| {
        rkyv::deserialize::<_, rancor::Error>(rows).ok()
    });
    row.unwrap_or_default()
}

/// What was asked of a cache that machines share.
pub(super) fn recorded_shared(store: &Store) -> Option<SharedActivity> {
    read(store, &SHARED, |row: &rkyv::Archived<SharedActivity>| {
        rkyv::deserialize::<_, rancor::Error>(row).ok()
    })
}

fn read<T, R>(store: &Store, row: &Key, visit: impl FnOnce(&T) -> Option<R>) -> Option<R>
where
    T: Portable + for<'a> CheckBytes<HighValidator<'a, rancor::Error>>,
{
    store.get(ACTIVITY, row, LAYOUT, |lookup| match lookup {
        Lookup::Hit(payload) => payload.archived(visit).flatten(),
        _ => None,
    })
}

/// What a process did is recorded when it gives up its last handle.
impl Drop for OpenCache {
    fn drop(&mut self) {
        record(self);
    }
}

/// Adds what this process did. Nothing is written where nothing was done.
fn record(open: &OpenCache) {
    let store = open.store();
    if store.is_forked() {
        return;
    }
    // Whoever drops the last handle waits here, whether anything is recorded or not.
    let shared = open.shared().map(|shared| {
        shared.flush();
        shared.activity()
    });
    if !store.backend().capabilities().durable {
        return;
    }
    // The writer's part is not done before; what fails it has warned of and counted.
    let _ = store.flush();
    let activity = own(open);
    if !activity.is_empty() {
        let rows = sum(recorded(store), activity, TierActivity::is_of, TierActivity::add);
        let bytes = rkyv::to_bytes::<rancor::Error>(&rows).expect("writing to memory does not fail");
        store.put(ACTIVITY, ROW, LAYOUT, &bytes);
    }
    if let Some(shared) = shared.filter(|shared| !shared.is_none()) {
        let sum = recorded_shared(store).map_or(shared, |known| known.plus(&shared));
        let bytes = rkyv::to_bytes::<rancor::Error>(&sum).expect("writing to memory does not fail");
        store.put(ACTIVITY, SHARED, LAYOUT, &bytes);
    }
    let durations = operations::own(open);
    if !durations.is_empty() {
        let (is_of, add) = (OperationDurations::is_of, OperationDurations::add);
        let rows = sum(recorded_durations(store), durations, is_of, add);
        let bytes = rkyv::to_bytes::<rancor::Error>(&rows).expect("writing to memory does not fail");
        store.put(ACTIVITY, DURATIONS, LAYOUT, &bytes);
    }
    let failures = open.failures().all();
    if !failures.is_empty() {
        let add = |row: &mut ParseFailures, own: &ParseFailures| row.count += own.count;
        let rows = sum(recorded_failures(store), failures, ParseFailures::is_of, add);
        let bytes = rkyv::to_bytes::<rancor::Error>(&rows).expect("writing to memory does not fail");
        store.put(ACTIVITY, FAILURES, LAYOUT, &bytes);
    }
}

/// The rows with others added: to the row that each is of, or as a row of its own.
fn sum<T>(mut rows: Vec<T>, others: Vec<T>, is_of: fn(&T, &T) -> bool, add: fn(&mut T, &T)) -> Vec<T> {
    for other in others {
        match rows.iter_mut().find(|row| is_of(row, &other)) {
            Some(row) => add(row, &other),
            None => rows.push(other),
        }
    }
    rows
}

fn own(open: &OpenCache) -> Vec<TierActivity> {
    let store = open.store();
    let typed = [
        ("tag", CacheStatistics::of(&open.tags, store)),
        ("map", CacheStatistics::of(&open.maps, store)),
        ("tree", CacheStatistics::of(&open.trees, store)),
    ];
    let mut rows: Vec<TierActivity> = Vec::new();
    for (cache, statistics) in &typed {
        rows.extend(statistics.tiers.iter().map(|tier| TierActivity::of(cache, tier)));
    }
    // What mappers read in place, past the typed caches.
    for (cache, keyspace) in [("tag", TAGS), ("file", FILES)] {
        let usage = store.backend().usage(keyspace).ok().flatten().unwrap_or_default();
        let row = TierActivity::of(cache, &TierStatistics::of("l2", store.statistics(keyspace), usage));
        match rows.iter_mut().find(|known| known.is_of(&row)) {
            Some(known) => known.add(&row),
            None => rows.push(row),
        }
    }
    rows.retain(|row| !row.is_none());
    rows
}
