use repo_map_cache_core::{KeyspaceUsage, Statistics, Store, TieredCache, TieredStatistics};
use serde::Serialize;

use super::open::OpenCache;

/// What was asked of one cache, and what its tiers hold and did, since it was opened by this process.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CacheStatistics {
    /// Requests, each counted once.
    pub requests: u64,
    /// Requests that were answered with a value.
    pub hits: u64,
    /// Requests for what was never stored, or was dropped.
    pub misses: u64,
    /// Requests for values that were stored for another state of their file.
    pub stale: u64,
    /// Requests for values that were damaged.
    pub corrupt: u64,
    /// Requests that the storage failed to answer. Never counted as misses.
    pub errors: u64,
    /// Hits of all requests, from 0 to 1; 0 before the first.
    pub hit_rate: f64,
    /// The tiers, in the order in which they are asked: memory (`l1`), then the store (`l2`).
    pub tiers: Vec<TierStatistics>,
}

/// What one tier holds and did for one cache.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TierStatistics {
    /// Its place: `l1`, `l2`.
    pub tier: &'static str,
    /// Lookups that found a value. A value that is computed may be looked up twice.
    pub hits: u64,
    /// Lookups that found nothing.
    pub misses: u64,
    /// Lookups that found a value for another state of its file.
    pub stale: u64,
    /// Lookups that found a damaged value.
    pub corrupt: u64,
    /// Lookups that failed.
    pub errors: u64,
    /// Values that had to go for lack of room.
    pub evictions: u64,
    /// Values now.
    pub items: u64,
    /// What they take now, in bytes.
    pub bytes: u64,
    /// Hits of all lookups, from 0 to 1; 0 before the first.
    pub hit_rate: f64,
}

/// The statistics of the three caches of a [`CacheManager`](crate::CacheManager).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ManagerStatistics {
    /// Tags of files.
    pub tags: CacheStatistics,
    /// Maps of requests.
    pub maps: CacheStatistics,
    /// Rendered trees.
    pub trees: CacheStatistics,
    /// The requests of all three.
    pub total_requests: u64,
    /// What the store takes on disk, in bytes; 0 in memory.
    pub size_on_disk: u64,
    /// Changes that the storage refused: full or failing.
    pub dropped_writes: u64,
}

impl CacheStatistics {
    pub(super) fn of<V: Clone + Send + Sync + 'static>(cache: &TieredCache<V>, store: &Store) -> Self {
        let TieredStatistics { requests, memory, memory_stale, stores, .. } = cache.statistics();
        // A store that cannot tell now will tell by its errors.
        let usage = store.backend().usage(cache.keyspace()).ok().flatten().unwrap_or_default();
        let mut l1 = Statistics::default();
        l1.hits = memory.hits.saturating_sub(memory_stale);
        (l1.misses, l1.stale) = (memory.misses, memory_stale);
        let in_memory = KeyspaceUsage::new(memory.items, memory.bytes, memory.evictions);
        let l2 = stores.first().copied().unwrap_or_default();
        Self {
            requests: requests.lookups(),
            hits: requests.hits,
            misses: requests.misses,
            stale: requests.stale,
            corrupt: requests.corrupt,
            errors: requests.errors,
            hit_rate: requests.hit_rate(),
            tiers: vec![TierStatistics::of("l1", l1, in_memory), TierStatistics::of("l2", l2, usage)],
        }
    }
}

impl TierStatistics {
    pub(super) fn of(tier: &'static str, did: Statistics, holds: KeyspaceUsage) -> Self {
        Self {
            tier,
            hits: did.hits,
            misses: did.misses,
            stale: did.stale,
            corrupt: did.corrupt,
            errors: did.errors,
            evictions: holds.evictions,
            items: holds.items,
            bytes: holds.bytes,
            hit_rate: did.hit_rate(),
        }
    }
}

impl ManagerStatistics {
    pub(super) fn of(open: &OpenCache) -> Self {
        let store = open.store();
        let tags = CacheStatistics::of(&open.tags, store);
        let maps = CacheStatistics::of(&open.maps, store);
        let trees = CacheStatistics::of(&open.trees, store);
        Self {
            total_requests: tags.requests + maps.requests + trees.requests,
            size_on_disk: store.backend().size_on_disk().ok().flatten().unwrap_or_default(),
            dropped_writes: store.total_statistics().dropped,
            tags,
            maps,
            trees,
        }
    }
}
