//! The risk: a value that could be read in place is copied on its way. A counting allocator tells.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Arc;

use repo_map_cache_core::{
    Codec, Fingerprint, Key, Keyspace, Lookup, MemoryBackend, MemoryBounds, MemoryTier, Payload, Store,
    StoreOptions, TieredCache,
};
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions};

/// The system's allocator, which counts the allocations of each thread.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: every call goes to the system's allocator as it came; the counter is a plain cell without a destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller keeps the contract of `alloc`, which is the same here.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: `pointer` is of `System.alloc` with this layout, as the caller's contract says.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(work: impl FnOnce()) -> u64 {
    let before = ALLOCATIONS.with(Cell::get);
    work();
    ALLOCATIONS.with(Cell::get) - before
}

const SPACE: Keyspace = Keyspace::new("space");
const VERSION: Fingerprint = Fingerprint::new(1);

fn key(number: u8) -> Key {
    Key::new([number; 32])
}

#[test]
fn a_hit_on_disk_allocates_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let backend = Arc::new(LmdbBackend::open(&directory, &LmdbOptions::new(&[SPACE])).unwrap());
    let store = Store::new(backend, &[SPACE], StoreOptions::default()).unwrap();
    (0..200)
        .for_each(|number| store.put(SPACE, key(number), VERSION, &vec![number; 30 * usize::from(number)]));
    store.flush().unwrap();
    let snapshot = store.snapshot();
    let count = allocations(|| {
        for number in 0..200 {
            match snapshot.get(SPACE, &key(number), VERSION) {
                Lookup::Hit(payload) => {
                    assert!(payload.is_borrowed() && payload.iter().all(|&byte| byte == number));
                }
                other => panic!("{other:?}"),
            }
        }
    });
    assert_eq!(count, 0);
    drop(snapshot);
    // So does a lookup by itself; the first starts the thread that looks after its snapshot.
    let hit = || store.get(SPACE, &key(9), VERSION, |lookup| assert!(matches!(lookup, Lookup::Hit(_))));
    hit();
    assert_eq!(allocations(|| (0..100).for_each(|_| hit())), 0);
}

#[test]
fn a_hit_in_memory_allocates_nothing() {
    let tier = MemoryTier::new(MemoryBounds::default(), |_: &Key, value: &Arc<[u8]>| value.len() as u64);
    tier.put(key(1), Arc::from(&b"value"[..]));
    assert_eq!(allocations(|| assert_eq!(tier.get(&key(1)).as_deref(), Some(&b"value"[..]))), 0);
}

struct Bytes;

impl Codec<Arc<[u8]>> for Bytes {
    fn encode(&self, value: &Arc<[u8]>) -> Vec<u8> {
        value.to_vec()
    }

    fn decode(&self, payload: &Payload<'_>) -> Option<Arc<[u8]>> {
        Some(Arc::from(&payload[..]))
    }

    fn weigh(&self, value: &Arc<[u8]>) -> usize {
        value.len()
    }
}

#[test]
fn a_hit_in_the_first_tier_of_a_cache_allocates_nothing() {
    let store = Store::new(Arc::new(MemoryBackend::new()), &[SPACE], StoreOptions::default()).unwrap();
    let cache = TieredCache::new(Arc::new(store), SPACE, Bytes, MemoryBounds::default());
    cache.put(key(1), VERSION, Arc::from(&b"value"[..]), &[]);
    let hit = || assert_eq!(cache.get(&key(1), VERSION).as_deref(), Some(&b"value"[..]));
    assert_eq!(allocations(hit), 0);
    let known = || assert!(cache.get_or_compute(&key(1), VERSION, &[], || Err(())).is_ok());
    assert_eq!(allocations(known), 0);
}
