//! The risk: storage that fails, is full, damaged or panics reaches a reader as an error or a wrong value.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use repo_map_cache_core::{
    Capabilities, Error, ErrorKind, Fingerprint, Key, Keyspace, Lookup, MemoryBackend, ReadTxn, Result,
    StorageBackend, Store, StoreOptions, WriteTxn, seal,
};

const SPACE: Keyspace = Keyspace::new("space");
const VERSION: Fingerprint = Fingerprint::new(1);
const KEY: Key = Key::new([1; 32]);
const OTHER: Key = Key::new([2; 32]);

/// A memory backend whose transactions fail to begin while failures are left.
#[derive(Debug, Default)]
struct Failing {
    inner: MemoryBackend,
    reads: AtomicU32,
    full_writes: AtomicU32,
    panics: AtomicU32,
}

fn spend(left: &AtomicU32) -> bool {
    left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
}

impl StorageBackend for Failing {
    fn name(&self) -> &'static str {
        "failing"
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    fn read(&self) -> Result<Box<dyn ReadTxn + '_>> {
        if spend(&self.reads) {
            return Err(Error::new(ErrorKind::Unavailable, self.name(), "read"));
        }
        self.inner.read()
    }

    fn write(&self) -> Result<Box<dyn WriteTxn + '_>> {
        assert!(!spend(&self.panics), "a backend with a bug");
        if spend(&self.full_writes) {
            return Err(Error::new(ErrorKind::StorageFull, self.name(), "write"));
        }
        self.inner.write()
    }
}

fn store(backend: Failing) -> (Arc<Failing>, Store) {
    let backend = Arc::new(backend);
    (backend.clone(), Store::new(backend, &[SPACE], StoreOptions::default()).expect("a thread starts"))
}

fn is_hit(store: &Store) -> bool {
    store.get(SPACE, &KEY, VERSION, |lookup| matches!(lookup, Lookup::Hit(_)))
}

#[test]
fn a_failed_read_is_no_miss() {
    let (backend, store) = store(Failing::default());
    backend.reads.store(2, Ordering::SeqCst);
    assert!(matches!(store.snapshot().get(SPACE, &KEY, VERSION), Lookup::Unavailable));
    assert!(store.get(SPACE, &KEY, VERSION, |lookup| matches!(lookup, Lookup::Unavailable)));
    assert!(store.get(SPACE, &KEY, VERSION, |lookup| matches!(lookup, Lookup::Miss)));
    let statistics = store.statistics(SPACE);
    assert_eq!((statistics.errors, statistics.misses), (2, 1));
}

#[test]
fn a_full_store_is_tried_once_more_and_then_given_up() {
    let (backend, store) = store(Failing { full_writes: 1.into(), ..Failing::default() });
    store.put(SPACE, KEY, VERSION, b"second try");
    store.flush().unwrap();
    assert!(is_hit(&store));

    backend.full_writes.store(2, Ordering::SeqCst);
    store.delete(SPACE, KEY);
    let error = store.flush().unwrap_err();
    assert_eq!((error.kind(), error.backend()), (ErrorKind::StorageFull, "failing"));
    assert!(!is_hit(&store), "what was deleted stays deleted for this process");
    assert_eq!(store.statistics(SPACE).dropped, 1);

    backend.full_writes.store(2, Ordering::SeqCst);
    store.put(SPACE, OTHER, VERSION, b"given up");
    assert_eq!(store.flush().unwrap_err().kind(), ErrorKind::StorageFull);
    assert!(store.get(SPACE, &OTHER, VERSION, |lookup| matches!(lookup, Lookup::Miss)));
    store.put(SPACE, KEY, VERSION, b"third try");
    store.flush().unwrap();
    assert!(is_hit(&store));
}

#[test]
fn a_panicking_backend_costs_its_batch_only() {
    let (_backend, store) = store(Failing { panics: 1.into(), ..Failing::default() });
    store.put(SPACE, KEY, VERSION, b"lost");
    assert_eq!(store.flush().unwrap_err().kind(), ErrorKind::Other);
    assert!(!is_hit(&store));
    store.put(SPACE, KEY, VERSION, b"kept");
    store.flush().unwrap();
    assert!(is_hit(&store));
}

#[test]
fn a_damaged_value_is_removed_and_a_stale_one_kept() {
    let (backend, store) = store(Failing::default());
    let write = |value: &[u8]| {
        let mut write = backend.write().unwrap();
        write.put(SPACE, &KEY, value).unwrap();
        write.commit().unwrap();
    };
    let mut sealed = seal(&KEY, VERSION, b"value");
    sealed[30] ^= 1;
    write(&sealed);
    let lookup = |version| {
        store.get(SPACE, &KEY, version, |lookup| match lookup {
            Lookup::Hit(_) => "hit",
            Lookup::Miss => "miss",
            Lookup::Stale => "stale",
            Lookup::Corrupt => "corrupt",
            Lookup::Unavailable => "unavailable",
        })
    };
    assert_eq!([lookup(VERSION), lookup(VERSION)], ["corrupt", "miss"]);
    store.flush().unwrap();
    write(&seal(&KEY, VERSION, b"value"));
    assert_eq!([lookup(Fingerprint::new(2)), lookup(VERSION)], ["stale", "hit"]);
    let statistics = store.statistics(SPACE);
    assert_eq!((statistics.corrupt, statistics.stale, statistics.hits), (1, 1, 1));
}
