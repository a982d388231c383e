//! The memory tier: a concurrent map that keeps what is used, within bounds.

mod ghost;
mod policy;

use std::fmt;
use std::hash::{BuildHasher, Hash};
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use dashmap::DashMap;
use dashmap::mapref::entry::Entry as MapEntry;
use rustc_hash::FxBuildHasher;

use policy::{Load, Place, Policy, Slot, Verdict};

/// Uses that are counted; more make no difference.
const MOST_USES: u8 = 3;

/// Entries that a shard should have, so that the shards' bounds are near enough to those of the whole.
const ENTRIES_A_SHARD: u64 = 1024;

/// Bytes that a shard should have, so that a large value fits into one.
const BYTES_A_SHARD: u64 = 4 << 20;

const MOST_SHARDS: u64 = 64;

/// Values in memory, bounded by items and by bytes, by S3-FIFO eviction.
///
/// A hit takes a shared lock of one part of the map and no other. Values are cloned out, so they are best an
/// `Arc`. An entry heavier than a shard's part of the bounds, 1/64 of them in a large tier, is not kept.
pub struct MemoryTier<K, V> {
    map: DashMap<K, Entry<V>, FxBuildHasher>,
    shards: Box<[Shard<K>]>,
    weigh: Weigh<K, V>,
    listener: Option<Listener<K, V>>,
}

type Weigh<K, V> = Box<dyn Fn(&K, &V) -> u64 + Send + Sync>;
type Listener<K, V> = Box<dyn Fn(&K, &V) + Send + Sync>;

/// What a memory tier may hold. Whichever bound is reached first holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryBounds {
    /// Entries.
    pub items: u64,
    /// The sum of their weights.
    pub bytes: u64,
}

/// What a memory tier holds and did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MemoryStatistics {
    /// Lookups that found an entry.
    pub hits: u64,
    /// Lookups that did not.
    pub misses: u64,
    /// Entries that had to go for others, or for smaller bounds.
    pub evictions: u64,
    /// Entries now.
    pub items: u64,
    /// The sum of their weights now.
    pub bytes: u64,
}

struct Entry<V> {
    value: V,
    bytes: u64,
    stay: u32,
    uses: AtomicU8,
    /// Whether it stays in the main queue. Changed under the lock of the shard's policy alone.
    is_main: AtomicU8,
}

/// On lines of its own: the counters of different shards are written by different threads.
#[repr(align(128))]
struct Shard<K> {
    policy: Mutex<Policy<K>>,
    hits: AtomicU64,
    misses: AtomicU64,
    evictions: AtomicU64,
}

impl<K: Clone + Eq + Hash, V: Clone> MemoryTier<K, V> {
    /// An empty tier. `weigh` tells the bytes of an entry.
    pub fn new(bounds: MemoryBounds, weigh: impl Fn(&K, &V) -> u64 + Send + Sync + 'static) -> Self {
        let count = (bounds.items / ENTRIES_A_SHARD).min(bounds.bytes / BYTES_A_SHARD).clamp(1, MOST_SHARDS);
        let count = 1 << count.ilog2();
        let share = share(bounds, count);
        Self {
            map: DashMap::with_hasher(FxBuildHasher),
            shards: (0..count).map(|_| Shard::new(share)).collect(),
            weigh: Box::new(weigh),
            listener: None,
        }
    }

    /// With a listener that is told of each entry that is evicted, after it is gone, in the thread that caused it.
    #[must_use]
    pub fn with_listener(mut self, listener: impl Fn(&K, &V) + Send + Sync + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// A clone of the value.
    pub fn get(&self, key: &K) -> Option<V> {
        let shard = self.shard(self.hash(key));
        let Some(entry) = self.map.get(key) else {
            shard.misses.fetch_add(1, Ordering::Relaxed);
            return None;
        };
        let uses = entry.uses.load(Ordering::Relaxed);
        if uses < MOST_USES {
            entry.uses.store(uses + 1, Ordering::Relaxed);
        }
        let value = entry.value.clone();
        drop(entry);
        shard.hits.fetch_add(1, Ordering::Relaxed);
        Some(value)
    }

    /// Keeps a value, in place of the one before it.
    pub fn put(&self, key: K, value: V) {
        self.put_if(key, value, || true);
    }

    /// Keeps a value if it is still wanted: asked while no other thread can change the entry, so that what makes a value
    /// unwanted first and comes to [`remove`](Self::remove) or replace it then is never too late.
    pub fn put_if(&self, key: K, value: V, is_wanted: impl FnOnce() -> bool) {
        let hash = self.hash(&key);
        let shard = self.shard(hash);
        let bytes = (self.weigh)(&key, &value);
        let mut policy = shard.lock();
        if !is_wanted() {
            return;
        }
        if !Load::default().plus(bytes).fits(policy.bounds()) {
            self.remove_from(&mut policy, &key);
            return;
        }
        match self.map.entry(key) {
            MapEntry::Occupied(mut occupied) => {
                let entry = occupied.get_mut();
                policy.reweigh(entry.place(), entry.bytes, bytes);
                entry.bytes = bytes;
                entry.value = value;
            }
            MapEntry::Vacant(vacant) => {
                let (place, stay) = policy.admit(vacant.key().clone(), hash, bytes);
                vacant.insert(Entry {
                    value,
                    bytes,
                    stay,
                    uses: AtomicU8::new(0),
                    is_main: AtomicU8::new(u8::from(place == Place::Main)),
                });
            }
        }
        self.shrink(shard, policy, 0);
    }

    /// Removes an entry; tells whether it was there.
    pub fn remove(&self, key: &K) -> bool {
        let mut policy = self.shard(self.hash(key)).lock();
        self.remove_from(&mut policy, key)
    }

    /// Removes all entries.
    pub fn clear(&self) {
        for shard in &self.shards {
            let mut policy = shard.lock();
            let bounds = policy.bounds();
            while let Some((_, slot)) = policy.next() {
                self.map.remove_if(&slot.key, |_, entry| entry.stay == slot.stay);
            }
            *policy = Policy::new(bounds);
        }
    }

    /// Changes the bounds, and evicts what is too much for them. The number of shards stays.
    pub fn resize(&self, bounds: MemoryBounds) {
        let share = share(bounds, self.shards.len() as u64);
        for shard in &self.shards {
            let mut policy = shard.lock();
            policy.set_bounds(share);
            self.shrink(shard, policy, 0);
        }
    }

    /// Evicts so many entries, those that would go next; as many as there are, if those are fewer.
    pub fn evict(&self, items: u64) {
        let count = self.shards.len() as u64;
        let mut left = items;
        // Evenly at first; then whatever the fuller shards have.
        for round in 0..2 {
            for (index, shard) in self.shards.iter().enumerate() {
                let part =
                    if round == 0 { items / count + u64::from((index as u64) < items % count) } else { left };
                let policy = shard.lock();
                left -= self.shrink(shard, policy, part.min(left));
            }
        }
    }

    /// What it holds and did.
    pub fn statistics(&self) -> MemoryStatistics {
        self.shards.iter().fold(MemoryStatistics::default(), |sum, shard| {
            let load = shard.lock().load();
            MemoryStatistics {
                hits: sum.hits + shard.hits.load(Ordering::Relaxed),
                misses: sum.misses + shard.misses.load(Ordering::Relaxed),
                evictions: sum.evictions + shard.evictions.load(Ordering::Relaxed),
                items: sum.items + load.items,
                bytes: sum.bytes + load.bytes,
            }
        })
    }

    /// Evicts until the shard is within its bounds and at least `least` entries are gone; gives their number.
    fn shrink(&self, shard: &Shard<K>, mut policy: MutexGuard<'_, Policy<K>>, least: u64) -> u64 {
        let (mut count, mut told) = (0, Vec::new());
        while policy.is_over() || count < least {
            let Some((place, slot)) = policy.next() else { break };
            let (gone, bytes, verdict) = self.judge(&policy, place, &slot);
            policy.settle(place, slot, bytes, &verdict);
            if let Some(gone) = gone {
                count += 1;
                if self.listener.is_some() {
                    told.push(gone);
                }
            }
        }
        drop(policy);
        if count > 0 {
            shard.evictions.fetch_add(count, Ordering::Relaxed);
        }
        if let Some(listener) = &self.listener {
            told.iter().for_each(|(key, value)| listener(key, value));
        }
        count
    }

    /// Decides on the entry of a slot; removes it from the map if it goes.
    fn judge(&self, policy: &Policy<K>, place: Place, slot: &Slot<K>) -> (Option<(K, V)>, u64, Verdict) {
        let (mut bytes, mut verdict) = (0, Verdict::Missing);
        let gone = self.map.remove_if(&slot.key, |_, entry| {
            if entry.stay != slot.stay {
                return false;
            }
            bytes = entry.bytes;
            let uses = entry.uses.load(Ordering::Relaxed);
            let stays = uses > 0 || (place == Place::Small && policy.has_room(bytes));
            verdict = if stays { Verdict::Stays } else { Verdict::Gone };
            if stays {
                // What comes from the small queue has to be used again; what goes round loses one use.
                entry.uses.store(if place == Place::Main { uses - 1 } else { 0 }, Ordering::Relaxed);
                entry.is_main.store(1, Ordering::Relaxed);
            }
            !stays
        });
        (gone.map(|(key, entry)| (key, entry.value)), bytes, verdict)
    }

    fn remove_from(&self, policy: &mut Policy<K>, key: &K) -> bool {
        let Some((_, entry)) = self.map.remove(key) else { return false };
        policy.remove(entry.place(), entry.bytes);
        policy.tidy(|slot| self.map.get(&slot.key).is_some_and(|entry| entry.stay == slot.stay));
        true
    }

    fn hash(&self, key: &K) -> u64 {
        self.map.hasher().hash_one(key)
    }

    fn shard(&self, hash: u64) -> &Shard<K> {
        // The map takes its parts from the highest bits, the ghosts theirs from the lowest.
        &self.shards[(hash >> 40) as usize & (self.shards.len() - 1)]
    }
}

fn share(bounds: MemoryBounds, count: u64) -> Load {
    Load { items: bounds.items / count, bytes: bounds.bytes / count }
}

impl<V> Entry<V> {
    fn place(&self) -> Place {
        if self.is_main.load(Ordering::Relaxed) == 0 { Place::Small } else { Place::Main }
    }
}

impl<K> Shard<K> {
    fn new(bounds: Load) -> Self {
        Self {
            policy: Mutex::new(Policy::new(bounds)),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
            evictions: AtomicU64::new(0),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Policy<K>> {
        self.policy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K, V> fmt::Debug for MemoryTier<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryTier").field("shards", &self.shards.len()).finish_non_exhaustive()
    }
}

impl Default for MemoryBounds {
    /// 100,000 entries and 64 MiB.
    fn default() -> Self {
        Self { items: 100_000, bytes: 64 << 20 }
    }
}
