//! What all processes that used a directory did there: one row, to which each adds its part when it is done.
//!
//! Two that end in the same moment may lose the part of one: these are figures for people, not for accounts.

use repo_map_cache_core::{Fingerprint, Key, Keyspace, Lookup, Store};
use rkyv::rancor;
use rkyv::{Archive, Deserialize, Serialize};

use super::open::OpenCache;
use super::statistics::{CacheStatistics, TierStatistics};
use crate::store::{FILES, TAGS};

/// The row's place.
pub(super) const ACTIVITY: Keyspace = Keyspace::new("activity");
const ROW: Key = Key::new([0; 32]);
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
    let rows = store.get(ACTIVITY, &ROW, LAYOUT, |lookup| match lookup {
        Lookup::Hit(payload) => payload.archived(|rows: &rkyv::Archived<Vec<TierActivity>>| {
            rkyv::deserialize::<Vec<TierActivity>, rancor::Error>(rows).ok()
        }),
        _ => None,
    });
    rows.flatten().unwrap_or_default()
}

/// Adds what this process did. Nothing is written where nothing was done.
pub(super) fn record(open: &OpenCache) {
    let store = open.store();
    if !store.backend().capabilities().durable {
        return;
    }
    let own = own(open);
    if store.is_forked() || own.is_empty() {
        return;
    }
    let mut rows = recorded(store);
    for activity in own {
        match rows.iter_mut().find(|row| (&row.cache, &row.tier) == (&activity.cache, &activity.tier)) {
            Some(row) => row.add(&activity),
            None => rows.push(activity),
        }
    }
    let bytes = rkyv::to_bytes::<rancor::Error>(&rows).expect("writing to memory does not fail");
    store.put(ACTIVITY, ROW, LAYOUT, &bytes);
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
        match rows.iter_mut().find(|known| (&known.cache, &known.tier) == (&row.cache, &row.tier)) {
            Some(known) => known.add(&row),
            None => rows.push(row),
        }
    }
    rows.retain(|row| !row.is_none());
    rows
}
