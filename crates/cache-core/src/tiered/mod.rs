//! A cache of values over several tiers: memory, then one store, then others.

mod flight;
mod handover;
mod sync;
mod tag;

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flight::{Flights, Turn};
use handover::{Front, Handover};
pub use tag::Tag;

use crate::statistics::{Counters, count};
use crate::{
    Fingerprint, Key, Keyspace, Lookup, MemoryBounds, MemoryStatistics, MemoryTier, Payload, Request, Result,
    Statistics, Store,
};

/// How the values of a cache become bytes and come back.
pub trait Codec<V>: Send + Sync {
    /// The bytes of a value.
    fn encode(&self, value: &V) -> Vec<u8>;

    /// The value of bytes that [`encode`](Self::encode) made, which the envelope answers for: whole, and of the
    /// fingerprint that was asked for. `None` drops the entry.
    fn decode(&self, payload: &Payload<'_>) -> Option<V>;

    /// What a value takes in memory, in bytes, near enough.
    fn weigh(&self, value: &V) -> usize;
}

/// Typed values in memory and in stores: looked up in that order, written to all.
///
/// Values are cloned out of the memory tier, so they are best an `Arc`. What is found in a later tier is put into those
/// before it. Several caches may share a store, each with a keyspace of its own. Invalidation
/// reaches the stores, and the memory of this process: other processes keep what they have in theirs, so
/// whatever a value depends on belongs into its key or fingerprint where it can.
pub struct TieredCache<V> {
    keyspace: Keyspace,
    index: Option<Keyspace>,
    memory: MemoryTier<Key, (Fingerprint, V)>,
    stores: Vec<Arc<Store>>,
    codec: Arc<dyn Codec<V>>,
    flights: Flights<V>,
    handover: Handover,
    /// Values in memory that were of another fingerprint.
    memory_stale: AtomicU64,
    /// What the requests came to that memory did not answer.
    beyond_memory: Counters,
}

/// What was asked of a [`TieredCache`], and what its tiers did for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TieredStatistics {
    /// The requests, each counted once, whichever tier answered it; what was put counts as writes.
    pub requests: Statistics,
    /// What the memory tier holds and did.
    pub memory: MemoryStatistics,
    /// Those of the memory tier's hits whose value was of another fingerprint, so that the stores were asked.
    pub memory_stale: u64,
    /// What each store did in the cache's keyspace.
    pub stores: Vec<Statistics>,
}

/// What the stores have for a request.
enum Found<V> {
    Hit(V),
    Miss,
    Stale,
    Corrupt,
    Unavailable,
}

/// What logs call the memory tier; the stores have the names of their backends.
const MEMORY: &str = "l1";

impl<V: Clone + Send + Sync + 'static> TieredCache<V> {
    /// A cache in a keyspace of a store, with a memory tier of its own.
    pub fn new(
        store: Arc<Store>,
        keyspace: Keyspace,
        codec: impl Codec<V> + 'static,
        bounds: MemoryBounds,
    ) -> Self {
        let codec: Arc<dyn Codec<V>> = Arc::new(codec);
        let weigher = codec.clone();
        let overhead = size_of::<(Key, Fingerprint, V)>();
        Self {
            keyspace,
            index: None,
            memory: MemoryTier::new(bounds, move |_, (_, value)| (overhead + weigher.weigh(value)) as u64)
                .with_listener(move |key, _| {
                    tracing::debug!(target: "repo_map_cache", %keyspace, %key, tier = MEMORY, "evict");
                }),
            stores: vec![store],
            codec,
            flights: Flights::new(),
            handover: Handover::new(),
            memory_stale: AtomicU64::new(0),
            beyond_memory: Counters::default(),
        }
    }

    /// With an index of tags in another keyspace of the first store, for [`invalidate_by_tag`](Self::invalidate_by_tag).
    #[must_use]
    pub fn with_tags(mut self, index: Keyspace) -> Self {
        self.index = Some(index);
        self
    }

    /// With a further store, asked after those before it.
    #[must_use]
    pub fn with_next(mut self, store: Arc<Store>) -> Self {
        self.stores.push(store);
        self
    }

    /// The value of a key, if it was stored for this fingerprint.
    pub fn get(&self, key: &Key, fingerprint: Fingerprint) -> Option<V> {
        let (value, is_stale) = self.in_memory(key, fingerprint);
        if value.is_some() {
            return value;
        }
        self.tally(self.in_stores(key, fingerprint, is_stale))
    }

    /// The values of many keys, in the order of the requests: one read transaction and sorted keys for each store.
    pub fn get_many(&self, requests: &[Request]) -> Vec<Option<V>> {
        let mut founds: Vec<Found<V>> = Vec::with_capacity(requests.len());
        let mut missing = Vec::new();
        for (index, Request { key, fingerprint }) in requests.iter().enumerate() {
            let (value, is_stale) = self.in_memory(key, *fingerprint);
            founds.push(match value {
                Some(value) => Found::Hit(value),
                None => {
                    missing.push(index);
                    Found::nothing(is_stale)
                }
            });
        }
        let beyond = missing.clone();
        for (tier, store) in self.stores.iter().enumerate() {
            missing.retain(|&index| !matches!(founds[index], Found::Hit(_)));
            if missing.is_empty() {
                break;
            }
            let wanted: Vec<Request> = missing.iter().map(|&index| requests[index]).collect();
            let seen: Vec<_> = wanted.iter().map(|request| self.handover.seen(&request.key)).collect();
            store.get_many(self.keyspace, &wanted, |at, lookup| {
                let Request { key, fingerprint } = wanted[at];
                let found = self.accept(tier, &key, fingerprint, &lookup);
                if let Found::Hit(value) = &found {
                    self.handover.keep(&key, seen[at], (fingerprint, value.clone()), &self.memory);
                }
                founds[missing[at]].improve(found);
                ControlFlow::Continue(())
            });
        }
        let mut beyond = beyond.into_iter().peekable();
        let values = founds.into_iter().enumerate().map(|(index, found)| match found {
            found if beyond.next_if_eq(&index).is_some() => self.tally(found),
            Found::Hit(value) => Some(value),
            _ => None,
        });
        values.collect()
    }

    /// Stores a value, visible at once in this process; `tags` are what it can be invalidated by.
    pub fn put(&self, key: Key, fingerprint: Fingerprint, value: V, tags: &[Tag]) {
        let payload = self.codec.encode(&value);
        count(&self.beyond_memory.writes);
        self.handover.put(&key, (fingerprint, value), &self.memory, || {
            for store in &self.stores {
                store.put(self.keyspace, key, fingerprint, &payload);
            }
            if let Some(index) = self.index {
                tag::note(&self.stores[0], index, &key, tags);
            }
        });
    }

    /// The value of a key, computed if it is not there: once, however many threads ask at the same time.
    ///
    /// What is being computed while it is invalidated is returned, but not kept. The computation does not ask this
    /// cache for the same key: it would wait for itself.
    ///
    /// # Errors
    /// The computation's own; it is not kept, and each thread that waited tries for itself, as after a panic.
    pub fn get_or_compute<E>(
        &self,
        key: &Key,
        fingerprint: Fingerprint,
        tags: &[Tag],
        compute: impl FnOnce() -> Result<V, E>,
    ) -> Result<V, E> {
        let mut landings = self.flights.landings();
        if let Some(value) = self.get(key, fingerprint) {
            return Ok(value);
        }
        loop {
            let pilot = match self.flights.join(*key, fingerprint) {
                Turn::Take(value) => return Ok(value),
                Turn::TryAgain => continue,
                Turn::Compute(pilot) => pilot,
            };
            // Between the look and the turn another thread may have come to its end.
            let looked = std::mem::replace(&mut landings, self.flights.landings());
            let landed = if looked == landings { None } else { self.get(key, fingerprint) };
            let before = self.handover.invalidations(key);
            let value = match landed {
                Some(value) => value,
                None => {
                    let value = compute()?;
                    self.put(*key, fingerprint, value.clone(), tags);
                    if self.handover.invalidations(key) != before {
                        self.invalidate(key);
                    }
                    value
                }
            };
            pilot.land(value.clone());
            return Ok(value);
        }
    }

    /// Removes a value from all tiers.
    pub fn invalidate(&self, key: &Key) {
        self.handover.invalidate(key, &self.memory, || {
            self.stores.iter().for_each(|store| store.delete(self.keyspace, *key));
        });
    }

    /// Removes every value that was stored with the tag; gives their number. Nothing without an index.
    pub fn invalidate_by_tag(&self, tag: Tag) -> usize {
        self.handover.invalidate_by_tag();
        let Some(index) = self.index else { return 0 };
        let entries = tag::take(&self.stores[0], index, tag);
        entries.iter().for_each(|key| self.invalidate(key));
        entries.len()
    }

    /// Where its values are kept in the stores.
    pub fn keyspace(&self) -> Keyspace {
        self.keyspace
    }

    /// The memory tier: its bounds can be changed and entries evicted at any time.
    pub fn memory(&self) -> &MemoryTier<Key, (Fingerprint, V)> {
        &self.memory
    }

    /// What was asked of the cache, and what was done in memory and in each store for its keyspace.
    pub fn statistics(&self) -> TieredStatistics {
        let memory = self.memory.statistics();
        let memory_stale = self.memory_stale.load(Ordering::Relaxed);
        let mut requests = self.beyond_memory.statistics();
        requests.hits += memory.hits.saturating_sub(memory_stale);
        let stores = self.stores.iter().map(|store| store.statistics(self.keyspace)).collect();
        TieredStatistics { requests, memory, memory_stale, stores }
    }

    /// Waits until what was put is committed, in every store.
    ///
    /// # Errors
    /// The first failure; the others are waited for all the same.
    pub fn flush(&self) -> Result<()> {
        let outcomes: Vec<Result<()>> = self.stores.iter().map(|store| store.flush()).collect();
        outcomes.into_iter().collect()
    }

    /// The value that memory has, and else whether it has one for another fingerprint.
    fn in_memory(&self, key: &Key, fingerprint: Fingerprint) -> (Option<V>, bool) {
        let keyspace = self.keyspace;
        match self.memory.get(key) {
            Some((found, value)) if found == fingerprint => {
                tracing::debug!(target: "repo_map_cache", %keyspace, %key, tier = MEMORY, "hit");
                (Some(value), false)
            }
            Some(_) => {
                tracing::debug!(target: "repo_map_cache", %keyspace, %key, tier = MEMORY, "stale");
                count(&self.memory_stale);
                (None, true)
            }
            None => {
                tracing::debug!(target: "repo_map_cache", %keyspace, %key, tier = MEMORY, "miss");
                (None, false)
            }
        }
    }

    fn in_stores(&self, key: &Key, fingerprint: Fingerprint, is_stale: bool) -> Found<V> {
        let seen = self.handover.seen(key);
        let mut best = Found::nothing(is_stale);
        for (tier, store) in self.stores.iter().enumerate() {
            let found = store
                .get(self.keyspace, key, fingerprint, |lookup| self.accept(tier, key, fingerprint, &lookup));
            if let Found::Hit(value) = &found {
                self.handover.keep(key, seen, (fingerprint, value.clone()), &self.memory);
                return found;
            }
            best.improve(found);
        }
        best
    }

    /// Counts what a request beyond memory came to.
    fn tally(&self, found: Found<V>) -> Option<V> {
        let counters = &self.beyond_memory;
        let (counter, value) = match found {
            Found::Hit(value) => (&counters.hits, Some(value)),
            Found::Miss => (&counters.misses, None),
            Found::Stale => (&counters.stale, None),
            Found::Corrupt => (&counters.corrupt, None),
            Found::Unavailable => (&counters.errors, None),
        };
        count(counter);
        value
    }

    /// What a lookup in a store found; a value is handed to the stores before it.
    fn accept(&self, tier: usize, key: &Key, fingerprint: Fingerprint, lookup: &Lookup<'_>) -> Found<V> {
        let payload = match lookup {
            Lookup::Hit(payload) => payload,
            Lookup::Miss => return Found::Miss,
            Lookup::Stale => return Found::Stale,
            Lookup::Corrupt => return Found::Corrupt,
            Lookup::Unavailable => return Found::Unavailable,
        };
        let Some(value) = self.codec.decode(payload) else {
            self.stores[tier].delete(self.keyspace, *key);
            return Found::Corrupt;
        };
        self.stores[..tier].iter().for_each(|store| store.put(self.keyspace, *key, fingerprint, payload));
        Found::Hit(value)
    }
}

impl<V: Clone + Send + Sync> Front<(Fingerprint, V)> for MemoryTier<Key, (Fingerprint, V)> {
    fn put_if(&self, key: &Key, value: (Fingerprint, V), is_current: &dyn Fn() -> bool) {
        Self::put_if(self, *key, value, is_current);
    }

    fn remove(&self, key: &Key) {
        Self::remove(self, key);
    }
}

impl<V> Found<V> {
    const fn nothing(is_stale: bool) -> Self {
        if is_stale { Self::Stale } else { Self::Miss }
    }

    /// Takes over what a further tier found, if it says more.
    fn improve(&mut self, other: Self) {
        if other.weight() > self.weight() {
            *self = other;
        }
    }

    const fn weight(&self) -> u8 {
        match self {
            Self::Miss => 0,
            Self::Stale => 1,
            Self::Unavailable => 2,
            Self::Corrupt => 3,
            Self::Hit(_) => 4,
        }
    }
}

impl<V> fmt::Debug for TieredCache<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TieredCache").field("keyspace", &self.keyspace).finish_non_exhaustive()
    }
}
