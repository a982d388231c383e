//! The memory tier: a concurrent map that keeps what is used, within bounds.

mod ghost;
pub(crate) mod policy;

use std::fmt;
use std::hash::{BuildHasher, Hash};
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use dashmap::{DashMap, SharedValue};
use rustc_hash::FxBuildHasher;

use policy::{Load, Place, Policy, Verdict};

/// Uses that are counted; more make no difference.
const MOST_USES: u8 = 3;

/// Entries that a shard should have, so that the shards' bounds are near enough to those of the whole.
const ENTRIES_A_SHARD: u64 = 1024;

/// Bytes that a shard should have, so that a large value fits into one.
const BYTES_A_SHARD: u64 = 4 << 20;

const MOST_SHARDS: u64 = 64;

/// Values in memory, bounded by items and by bytes, by S3-FIFO eviction.
///
/// A hit takes a shared lock of one part of the map and no other; a value that is new takes that lock and its shard's once,
/// also for what goes in its place. Values are cloned out, so they are best an
/// `Arc`. An entry heavier than a shard's part of the bounds, 1/64 of them in a large tier, is not kept.
pub struct MemoryTier<K, V> {
    map: DashMap<K, Entry<V>, FxBuildHasher>,
    shards: Box<[Shard]>,
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
struct Shard {
    policy: Mutex<Policy>,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// Where an entry is: its hash, the part of the map, and the shard.
#[derive(Clone, Copy)]
struct Spot {
    hash: u64,
    part: usize,
    shard: usize,
}

impl<K: Clone + Eq + Hash, V: Clone> MemoryTier<K, V> {
    /// An empty tier. `weigh` tells the bytes of an entry.
    pub fn new(bounds: MemoryBounds, weigh: impl Fn(&K, &V) -> u64 + Send + Sync + 'static) -> Self {
        let count = (bounds.items / ENTRIES_A_SHARD).min(bounds.bytes / BYTES_A_SHARD).clamp(1, MOST_SHARDS);
        let count = 1 << count.ilog2();
        let share = share(bounds, count);
        // A shard is whole parts of the map: where it is one, its new entry and the one that goes share a lock.
        let parts = (count as usize).max(4 * std::thread::available_parallelism().map_or(1, usize::from));
        Self {
            map: DashMap::with_hasher_and_shard_amount(FxBuildHasher, parts.next_power_of_two()),
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
        let spot = self.spot(self.hash(key));
        let shard = &self.shards[spot.shard];
        let part = self.map.shards()[spot.part].read();
        let Some((_, entry)) = part.get(spot.hash, |(other, _)| other == key) else {
            drop(part);
            shard.misses.fetch_add(1, Ordering::Relaxed);
            return None;
        };
        let entry = entry.get();
        let uses = entry.uses.load(Ordering::Relaxed);
        if uses < MOST_USES {
            entry.uses.store(uses + 1, Ordering::Relaxed);
        }
        let value = entry.value.clone();
        drop(part);
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
        let spot = self.spot(self.hash(&key));
        let bytes = (self.weigh)(&key, &value);
        let mut policy = self.shards[spot.shard].lock();
        if !is_wanted() {
            return;
        }
        if !Load::default().plus(bytes).fits(policy.bounds()) {
            self.remove_from(&mut policy, spot, &key);
            return;
        }
        self.settle(policy, Some((spot, bytes, key, value)), 0);
    }

    /// Removes an entry; tells whether it was there.
    pub fn remove(&self, key: &K) -> bool {
        let spot = self.spot(self.hash(key));
        let mut policy = self.shards[spot.shard].lock();
        let removed = self.remove_from(&mut policy, spot, key);
        drop(policy);
        removed.is_some()
    }

    /// Removes all entries.
    pub fn clear(&self) {
        for shard in &self.shards {
            let mut policy = shard.lock();
            while let Some((_, slot)) = policy.next() {
                let part = self.spot(slot.hash).part;
                let mut part = self.map.shards()[part].write();
                let gone = part.remove_entry(slot.hash, |(_, entry)| entry.get().stay == slot.stay);
                drop(part);
                drop(gone);
            }
            policy.clear();
        }
    }

    /// Changes the bounds, and evicts what is too much for them. The number of shards stays.
    pub fn resize(&self, bounds: MemoryBounds) {
        let share = share(bounds, self.shards.len() as u64);
        for shard in &self.shards {
            let mut policy = shard.lock();
            policy.set_bounds(share);
            self.settle(policy, None, 0);
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
                left -= self.settle(shard.lock(), None, part.min(left));
            }
        }
    }

    /// What it holds and did.
    pub fn statistics(&self) -> MemoryStatistics {
        self.shards.iter().fold(MemoryStatistics::default(), |sum, shard| {
            let policy = shard.lock();
            let (load, evictions) = (policy.load(), policy.evictions());
            drop(policy);
            MemoryStatistics {
                hits: sum.hits + shard.hits.load(Ordering::Relaxed),
                misses: sum.misses + shard.misses.load(Ordering::Relaxed),
                evictions: sum.evictions + evictions,
                items: sum.items + load.items,
                bytes: sum.bytes + load.bytes,
            }
        })
    }

    /// Takes a new entry in, if there is one, and evicts until the shard is within its bounds and at least `least` entries are
    /// gone; gives their number. No value is dropped under a lock: what that runs may be somebody's code.
    fn settle(&self, mut policy: MutexGuard<'_, Policy>, new: Option<(Spot, u64, K, V)>, least: u64) -> u64 {
        let (mut count, mut replaced, mut gone, mut others) = (0, None, None, Vec::new());
        // The part of the map that is locked: one at a time.
        let mut locked = None;
        if let Some((spot, bytes, key, value)) = new {
            let mut part = self.map.shards()[spot.part].write();
            if let Some((_, entry)) = part.get_mut(spot.hash, |(other, _)| *other == key) {
                let entry = entry.get_mut();
                policy.reweigh(entry.place(), entry.bytes, bytes);
                entry.bytes = bytes;
                replaced = Some(std::mem::replace(&mut entry.value, value));
            } else {
                let (place, stay) = policy.admit(spot.hash, bytes);
                let is_main = AtomicU8::new(u8::from(place == Place::Main));
                let entry = Entry { value, bytes, stay, uses: AtomicU8::new(0), is_main };
                part.insert(spot.hash, (key, SharedValue::new(entry)), |(key, _)| self.hash(key));
            }
            locked = Some((spot.part, part));
        }
        while policy.is_over() || count < least {
            let Some((place, slot)) = policy.next() else { break };
            let wanted = self.spot(slot.hash).part;
            if locked.as_ref().is_none_or(|(index, _)| *index != wanted) {
                drop(locked.take());
            }
            let (_, part) = locked.get_or_insert_with(|| (wanted, self.map.shards()[wanted].write()));
            let is_it = |(_, entry): &(K, SharedValue<Entry<V>>)| entry.get().stay == slot.stay;
            let (mut bytes, mut verdict) = (0, Verdict::Missing);
            if let Some((_, entry)) = part.get_mut(slot.hash, is_it) {
                let entry = entry.get_mut();
                bytes = entry.bytes;
                let uses = *entry.uses.get_mut();
                if uses > 0 || (place == Place::Small && policy.has_room(bytes)) {
                    // What comes from the small queue has to be used again; what goes round loses one use.
                    *entry.uses.get_mut() = if place == Place::Main { uses - 1 } else { 0 };
                    *entry.is_main.get_mut() = 1;
                    verdict = Verdict::Stays;
                } else {
                    verdict = Verdict::Gone;
                    count += 1;
                    let entry = part.remove_entry(slot.hash, is_it);
                    // One goes for one that comes: that needs no vector.
                    if gone.is_none() { gone = entry } else { others.extend(entry) }
                }
            }
            policy.settle(place, slot, bytes, verdict);
        }
        drop(locked);
        drop(policy);
        if let Some(listener) = &self.listener {
            gone.iter().chain(&others).for_each(|(key, entry)| listener(key, &entry.get().value));
        }
        drop(replaced);
        count
    }

    fn remove_from(&self, policy: &mut Policy, spot: Spot, key: &K) -> Option<(K, SharedValue<Entry<V>>)> {
        let mut part = self.map.shards()[spot.part].write();
        let removed = part.remove_entry(spot.hash, |(other, _)| other == key);
        drop(part);
        let entry = removed.as_ref()?.1.get();
        policy.remove(entry.place(), entry.bytes);
        policy.tidy(|slot| {
            let part = self.map.shards()[self.spot(slot.hash).part].read();
            part.get(slot.hash, |(_, entry)| entry.get().stay == slot.stay).is_some()
        });
        removed
    }

    fn hash(&self, key: &K) -> u64 {
        self.map.hasher().hash_one(key)
    }

    fn spot(&self, hash: u64) -> Spot {
        // The map takes its parts from the highest bits, the ghosts theirs from the lowest.
        let part = self.map.determine_shard(hash as usize);
        Spot { hash, part, shard: part & (self.shards.len() - 1) }
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

impl Shard {
    fn new(bounds: Load) -> Self {
        Self { policy: Mutex::new(Policy::new(bounds)), hits: AtomicU64::new(0), misses: AtomicU64::new(0) }
    }

    fn lock(&self) -> MutexGuard<'_, Policy> {
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
