//! The risk: storage that has no room for a value answers with an older one, or what it left out is not counted.

use std::sync::Arc;

use repo_map_cache_core::{
    Capabilities, Fingerprint, Key, Keyspace, Lookup, MemoryBackend, ReadTxn, Result, StorageBackend, Store,
    StoreOptions, WriteTxn,
};

const SPACE: Keyspace = Keyspace::new("space");
const VERSION: Fingerprint = Fingerprint::new(1);
const KEY: Key = Key::new([1; 32]);
const OTHER: Key = Key::new([2; 32]);

/// A memory backend that admits 150 bytes at once, and finds out in the write transaction that it has not even 100 for a new key.
#[derive(Debug, Default)]
struct Bounded(MemoryBackend);

struct Write<'a> {
    backend: &'a MemoryBackend,
    inner: Box<dyn WriteTxn + 'a>,
}

impl StorageBackend for Bounded {
    fn name(&self) -> &'static str {
        "bounded"
    }

    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }

    fn read(&self) -> Result<Box<dyn ReadTxn + '_>> {
        self.0.read()
    }

    fn write(&self) -> Result<Box<dyn WriteTxn + '_>> {
        Ok(Box::new(Write { backend: &self.0, inner: self.0.write()? }))
    }

    fn admits(&self, _keyspace: Keyspace, bytes: usize) -> bool {
        bytes <= 150
    }
}

impl WriteTxn for Write<'_> {
    fn put(&mut self, keyspace: Keyspace, key: &Key, value: &[u8]) -> Result<()> {
        self.inner.put(keyspace, key, value)
    }

    fn offer(&mut self, keyspace: Keyspace, key: &Key, value: &[u8]) -> Result<bool> {
        let has_room = value.len() <= 100 || self.backend.read()?.get(keyspace, key)?.is_some();
        if has_room { self.put(keyspace, key, value).map(|()| true) } else { Ok(false) }
    }

    fn delete(&mut self, keyspace: Keyspace, key: &Key) -> Result<bool> {
        self.inner.delete(keyspace, key)
    }

    fn commit(self: Box<Self>) -> Result<()> {
        self.inner.commit()
    }
}

fn found(store: &Store, key: &Key) -> Option<usize> {
    store.get(SPACE, key, VERSION, |lookup| match lookup {
        Lookup::Hit(payload) => Some(payload.len()),
        Lookup::Miss => None,
        other => panic!("{other:?}"),
    })
}

fn store() -> Store {
    Store::new(Arc::new(Bounded::default()), &[SPACE], StoreOptions::default()).expect("a thread starts")
}

#[test]
fn what_is_not_admitted_is_a_miss_at_once_and_counts_as_dropped() {
    let store = store();
    assert!(!store.offer(SPACE, KEY, VERSION, &[1; 200]));
    assert_eq!(found(&store, &KEY), None);
    let statistics = store.statistics(SPACE);
    assert_eq!((statistics.writes, statistics.dropped), (1, 1));
}

#[test]
fn what_the_transaction_leaves_out_is_a_miss_after_the_commit_and_the_rest_of_the_batch_stays() {
    let store = store();
    assert!(store.offer(SPACE, KEY, VERSION, &[1; 90]));
    assert!(store.offer(SPACE, OTHER, VERSION, &[1; 10]));
    store.flush().unwrap();
    assert_eq!((found(&store, &KEY), found(&store, &OTHER)), (None, Some(10)));
    assert_eq!(store.statistics(SPACE).dropped, 1);
}

#[test]
fn a_value_that_replaces_another_is_stored_however_full_the_storage_is() {
    let store = store();
    store.put(SPACE, KEY, VERSION, &[1; 20]);
    store.flush().unwrap();
    assert!(store.offer(SPACE, KEY, VERSION, &[1; 300]));
    store.flush().unwrap();
    assert_eq!(found(&store, &KEY), Some(300));
}
