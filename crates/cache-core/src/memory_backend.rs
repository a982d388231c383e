use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use crate::memory::policy::{Load, Place, Policy, Verdict};
use crate::{Capabilities, Key, Keyspace, KeyspaceUsage, ReadTxn, Result, StorageBackend, WriteTxn};

/// What an entry takes beside its value, in bytes: its places in the map and in the queue of those that may go.
const OVERHEAD: u64 = 256;

/// Uses that are counted; more make no difference.
const MOST_USES: u8 = 3;

/// The reference backend: sorted maps in memory, gone with the process. It knows every keyspace.
///
/// A snapshot shares the map; a commit while snapshots live copies the map first, O(entries). It
/// serves tests, and as the last tier when no directory can be used.
#[derive(Debug)]
pub struct MemoryBackend {
    committed: RwLock<Arc<Entries>>,
    keeper: Mutex<Keeper>,
}

type Spot = (Keyspace, Key);
type Entries = BTreeMap<Spot, Arc<Entry>>;

#[derive(Debug)]
struct Entry {
    value: Arc<[u8]>,
    stay: u32,
    uses: AtomicU8,
    /// Whether it stays in the main queue. Changed by the writer alone.
    is_main: AtomicBool,
}

/// Who decides what goes.
struct Keeper {
    policy: Policy,
    /// The entry of each stay.
    stays: HashMap<u32, Spot>,
    evictions: BTreeMap<Keyspace, u64>,
}

struct MemoryRead(Arc<Entries>);

struct MemoryWrite<'a> {
    backend: &'a MemoryBackend,
    changes: BTreeMap<Spot, Option<Arc<[u8]>>>,
    keeper: MutexGuard<'a, Keeper>,
}

impl MemoryBackend {
    /// An empty store without a bound.
    pub fn new() -> Self {
        Self::bounded(u64::MAX)
    }

    /// An empty store whose entries take so many bytes together at most, by S3-FIFO eviction at each commit: what was put and not read
    /// since goes first. A value that is larger alone is not kept.
    pub fn bounded(bytes: u64) -> Self {
        let keeper = Keeper {
            policy: Policy::new(Load { items: u64::MAX, bytes }),
            stays: HashMap::new(),
            evictions: BTreeMap::new(),
        };
        Self { committed: RwLock::default(), keeper: Mutex::new(keeper) }
    }

    /// What the entries take, in bytes: their values, and a share each of the tables that hold them.
    pub fn bytes(&self) -> u64 {
        self.keeper().policy.load().bytes
    }

    fn committed(&self) -> Arc<Entries> {
        self.committed.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keeper(&self) -> MutexGuard<'_, Keeper> {
        self.keeper.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryBackend {
    fn default() -> Self {
        Self::new()
    }
}

impl StorageBackend for MemoryBackend {
    fn name(&self) -> &'static str {
        "memory"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new().with_zero_copy(true)
    }

    fn read(&self) -> Result<Box<dyn ReadTxn + '_>> {
        Ok(Box::new(MemoryRead(self.committed())))
    }

    fn write(&self) -> Result<Box<dyn WriteTxn + '_>> {
        Ok(Box::new(MemoryWrite { backend: self, changes: BTreeMap::new(), keeper: self.keeper() }))
    }

    /// Reads the keyspace's whole list of entries.
    fn usage(&self, keyspace: Keyspace) -> Result<Option<KeyspaceUsage>> {
        let evictions = self.keeper().evictions.get(&keyspace).copied().unwrap_or_default();
        let committed = self.committed();
        let entries = committed.range((keyspace, Key::new([0; 32]))..=(keyspace, Key::new([0xff; 32])));
        let (items, bytes) =
            entries.fold((0, 0), |(items, bytes), (_, entry)| (items + 1, bytes + entry.value.len()));
        Ok(Some(KeyspaceUsage::new(items, bytes as u64, evictions)))
    }
}

impl ReadTxn for MemoryRead {
    fn get(&self, keyspace: Keyspace, key: &Key) -> Result<Option<Cow<'_, [u8]>>> {
        let entry = self.0.get(&(keyspace, *key));
        Ok(entry.map(|entry| {
            let uses = entry.uses.load(Ordering::Relaxed);
            if uses < MOST_USES {
                entry.uses.store(uses + 1, Ordering::Relaxed);
            }
            Cow::Borrowed(&*entry.value)
        }))
    }

    fn scan(
        &self,
        keyspace: Keyspace,
        prefix: &[u8],
        visit: &mut dyn FnMut(&Key, &[u8]) -> ControlFlow<()>,
    ) -> Result<()> {
        if prefix.len() > 32 {
            return Ok(());
        }
        let mut first = [0; 32];
        first[..prefix.len()].copy_from_slice(prefix);
        for ((space, key), entry) in self.0.range((keyspace, Key::new(first))..) {
            if *space != keyspace
                || !key.as_bytes().starts_with(prefix)
                || visit(key, &entry.value).is_break()
            {
                break;
            }
        }
        Ok(())
    }
}

impl WriteTxn for MemoryWrite<'_> {
    fn put(&mut self, keyspace: Keyspace, key: &Key, value: &[u8]) -> Result<()> {
        self.changes.insert((keyspace, *key), Some(value.into()));
        Ok(())
    }

    fn delete(&mut self, keyspace: Keyspace, key: &Key) -> Result<bool> {
        let earlier = self.changes.insert((keyspace, *key), None);
        Ok(earlier.map_or_else(
            || self.backend.committed().contains_key(&(keyspace, *key)),
            |change| change.is_some(),
        ))
    }

    fn commit(mut self: Box<Self>) -> Result<()> {
        let mut committed = self.backend.committed.write().unwrap_or_else(PoisonError::into_inner);
        let entries = Arc::make_mut(&mut committed);
        for (spot, change) in std::mem::take(&mut self.changes) {
            self.keeper.change(entries, spot, change);
        }
        self.keeper.evict(entries);
        Ok(())
    }
}

impl Keeper {
    fn change(&mut self, entries: &mut Entries, spot: Spot, value: Option<Arc<[u8]>>) {
        let known = entries.get(&spot);
        let value = value.filter(|value| Load::default().plus(weight(value)).fits(self.policy.bounds()));
        match (value, known) {
            (Some(value), Some(known)) => {
                self.policy.reweigh(known.place(), weight(&known.value), weight(&value));
                let entry = Entry {
                    value,
                    stay: known.stay,
                    uses: AtomicU8::new(known.uses.load(Ordering::Relaxed)),
                    is_main: AtomicBool::new(known.place() == Place::Main),
                };
                entries.insert(spot, Arc::new(entry));
            }
            (Some(value), None) => {
                let (place, stay) = self.policy.admit(hash(&spot), weight(&value));
                let is_main = AtomicBool::new(place == Place::Main);
                self.stays.insert(stay, spot);
                entries.insert(spot, Arc::new(Entry { value, stay, uses: AtomicU8::new(0), is_main }));
            }
            (None, Some(known)) => {
                self.policy.remove(known.place(), weight(&known.value));
                self.stays.remove(&known.stay);
                entries.remove(&spot);
                let stays = &self.stays;
                self.policy.tidy(|slot| stays.contains_key(&slot.stay));
            }
            (None, None) => {}
        }
    }

    fn evict(&mut self, entries: &mut Entries) {
        while self.policy.is_over() {
            let Some((place, slot)) = self.policy.next() else { break };
            let spot = self.stays.get(&slot.stay).copied();
            let known = spot.and_then(|spot| Some((spot, entries.get(&spot)?)));
            let (mut bytes, mut verdict) = (0, Verdict::Missing);
            if let Some((spot, entry)) = known {
                bytes = weight(&entry.value);
                let uses = entry.uses.load(Ordering::Relaxed);
                if uses > 0 || (place == Place::Small && self.policy.has_room(bytes)) {
                    // What comes from the small queue has to be used again; what goes round loses one use.
                    entry.uses.store(if place == Place::Main { uses - 1 } else { 0 }, Ordering::Relaxed);
                    entry.is_main.store(true, Ordering::Relaxed);
                    verdict = Verdict::Stays;
                } else {
                    verdict = Verdict::Gone;
                    self.stays.remove(&slot.stay);
                    *self.evictions.entry(spot.0).or_default() += 1;
                    entries.remove(&spot);
                }
            }
            self.policy.settle(place, slot, bytes, verdict);
        }
    }
}

impl Entry {
    fn place(&self) -> Place {
        if self.is_main.load(Ordering::Relaxed) { Place::Main } else { Place::Small }
    }
}

fn weight(value: &[u8]) -> u64 {
    value.len() as u64 + OVERHEAD
}

/// What is remembered of an entry that went. Keys are hashes in practice.
fn hash((_, key): &Spot) -> u64 {
    key.as_bytes().first_chunk().map_or(0, |first| u64::from_le_bytes(*first))
}

impl std::fmt::Debug for Keeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keeper").field("load", &self.policy.load()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Keyspace = Keyspace::new("a");
    const B: Keyspace = Keyspace::new("b");

    fn key(first: u8, second: u8) -> Key {
        let mut bytes = [0; 32];
        bytes[..2].copy_from_slice(&[first, second]);
        Key::new(bytes)
    }

    #[test]
    fn a_snapshot_stays_while_others_commit() {
        let backend = MemoryBackend::new();
        let before = backend.read().unwrap();
        let mut write = backend.write().unwrap();
        write.put(A, &key(1, 1), b"").unwrap();
        assert_eq!(backend.read().unwrap().get(A, &key(1, 1)).unwrap(), None, "uncommitted");
        write.commit().unwrap();
        assert_eq!(before.get(A, &key(1, 1)).unwrap(), None);
        assert_eq!(backend.read().unwrap().get(A, &key(1, 1)).unwrap().as_deref(), Some(&b""[..]));
    }

    fn put(backend: &MemoryBackend, at: u32, bytes: usize) {
        let mut key = [0; 32];
        key[..4].copy_from_slice(&at.wrapping_mul(0x9e37_79b9).to_le_bytes());
        let mut write = backend.write().unwrap();
        write.put(A, &Key::new(key), &vec![0; bytes]).unwrap();
        write.commit().unwrap();
    }

    fn is_there(backend: &MemoryBackend, at: u32) -> bool {
        let mut key = [0; 32];
        key[..4].copy_from_slice(&at.wrapping_mul(0x9e37_79b9).to_le_bytes());
        backend.read().unwrap().get(A, &Key::new(key)).unwrap().is_some()
    }

    #[test]
    fn the_bound_holds_after_each_commit_and_what_is_read_stays() {
        const BOUND: u64 = 100_000;
        let backend = MemoryBackend::bounded(BOUND);
        (0..20).for_each(|at| put(&backend, at, 1_000));
        for at in 20..2_000 {
            assert!((0..20).all(|used| is_there(&backend, used)), "{at}");
            put(&backend, at, 1_000);
            assert!(backend.bytes() <= BOUND);
        }
        let usage = backend.usage(A).unwrap().unwrap();
        let kept = (0..2_000).filter(|&at| is_there(&backend, at)).count() as u64;
        assert_eq!((usage.items, usage.items * (1_000 + OVERHEAD)), (kept, backend.bytes()));
        assert_eq!(usage.evictions, 2_000 - kept);
        assert!(backend.bytes() > BOUND / 2, "it is made use of");
    }

    #[test]
    fn values_that_change_or_go_are_counted_as_they_are() {
        let backend = MemoryBackend::bounded(100_000);
        for round in 0..3_000_u32 {
            put(&backend, round % 7, (round % 11) as usize * 100);
            let mut write = backend.write().unwrap();
            write.delete(A, &key(0, 0)).unwrap();
            write.commit().unwrap();
        }
        let bytes: u64 = (2_993_u32..3_000).map(|round| u64::from(round % 11) * 100 + OVERHEAD).sum();
        // The first key is the one that is deleted.
        let first = (2_993_u32..3_000).find(|round| round % 7 == 0).unwrap();
        assert_eq!(backend.bytes(), bytes - u64::from(first % 11) * 100 - OVERHEAD);
        assert!(backend.keeper().stays.len() == 6);
        put(&backend, 1, 100_000);
        assert!(!is_there(&backend, 1), "it is larger than the whole");
    }

    #[test]
    fn dropping_a_write_rolls_back() {
        let backend = MemoryBackend::new();
        backend.write().unwrap().put(A, &key(1, 1), b"x").unwrap();
        assert_eq!(backend.read().unwrap().get(A, &key(1, 1)).unwrap(), None);
    }

    #[test]
    fn a_delete_tells_what_was_there() {
        let backend = MemoryBackend::new();
        let mut write = backend.write().unwrap();
        write.put(A, &key(1, 1), b"x").unwrap();
        assert!(write.delete(A, &key(1, 1)).unwrap());
        assert!(!write.delete(A, &key(1, 1)).unwrap());
        assert!(!write.delete(B, &key(1, 1)).unwrap());
    }

    #[test]
    fn the_usage_is_that_of_the_keyspace_alone() {
        let backend = MemoryBackend::new();
        let mut write = backend.write().unwrap();
        for (space, key) in [(A, key(0, 0)), (A, Key::new([0xff; 32])), (B, key(0, 0))] {
            write.put(space, &key, b"four").unwrap();
        }
        write.commit().unwrap();
        assert_eq!(backend.usage(A).unwrap(), Some(KeyspaceUsage::new(2, 8, 0)));
    }

    #[test]
    fn a_scan_stays_in_its_keyspace_and_prefix() {
        let backend = MemoryBackend::new();
        let mut write = backend.write().unwrap();
        for (space, key) in [(A, key(2, 1)), (A, key(1, 9)), (A, key(1, 2)), (B, key(1, 3)), (A, key(0, 0))] {
            write.put(space, &key, b"x").unwrap();
        }
        write.commit().unwrap();
        let read = backend.read().unwrap();
        let scan = |prefix: &[u8], limit: usize| {
            let mut seen = Vec::new();
            read.scan(A, prefix, &mut |key, _| {
                seen.push((key.as_bytes()[0], key.as_bytes()[1]));
                if seen.len() == limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })
            .unwrap();
            seen
        };
        assert_eq!(scan(&[1], 9), [(1, 2), (1, 9)]);
        assert_eq!(scan(&[], 9), [(0, 0), (1, 2), (1, 9), (2, 1)]);
        assert_eq!(scan(&[], 2), [(0, 0), (1, 2)]);
        assert_eq!(scan(&[0; 33], 9), []);
    }
}
