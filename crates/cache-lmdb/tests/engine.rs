//! The risk: the contract of a backend is broken, or values lose the alignment that archives are read by.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use proptest::prelude::*;
use repo_map_cache_core::{
    ErrorKind, Fingerprint, Key, Keyspace, Lookup, ReadTxn, StorageBackend, Store, StoreOptions, seal,
};
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions};

const A: Keyspace = Keyspace::new("a");
const B: Keyspace = Keyspace::new("b");

fn open(directory: &tempfile::TempDir) -> LmdbBackend {
    LmdbBackend::open(directory, &LmdbOptions::new(&[A, B])).expect("the directory is fit")
}

fn key(number: u32) -> Key {
    // The first byte repeats, so that prefixes share keys.
    let mut bytes = [0; 32];
    bytes[0] = number as u8 % 4;
    bytes[28..].copy_from_slice(&number.to_be_bytes());
    Key::new(bytes)
}

fn scan(read: &dyn ReadTxn, keyspace: Keyspace, prefix: &[u8]) -> Vec<(Key, Vec<u8>)> {
    let mut entries = Vec::new();
    read.scan(keyspace, prefix, &mut |key, value| {
        entries.push((*key, value.to_vec()));
        ControlFlow::Continue(())
    })
    .expect("the store is whole");
    entries
}

#[test]
fn a_snapshot_stays_and_a_dropped_write_is_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let backend = open(&directory);
    let before = backend.read().unwrap();
    let mut write = backend.write().unwrap();
    write.put(A, &key(1), b"").unwrap();
    write.commit().unwrap();
    backend.write().unwrap().put(A, &key(2), b"x").unwrap();
    let after = backend.read().unwrap();
    assert_eq!(before.get(A, &key(1)).unwrap(), None);
    assert_eq!(after.get(A, &key(1)).unwrap().as_deref(), Some(&b""[..]));
    assert_eq!(after.get(A, &key(2)).unwrap(), None);
    assert_eq!(after.get(B, &key(1)).unwrap(), None);
}

#[test]
fn an_unnamed_keyspace_is_misconfigured() {
    let directory = tempfile::tempdir().unwrap();
    let backend = open(&directory);
    let error = backend.read().unwrap().get(Keyspace::new("c"), &key(1)).unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Misconfigured, "get"));
}

#[test]
fn a_full_map_refuses_and_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let mut options = LmdbOptions::new(&[A]);
    options.map_size = 1 << 20;
    let backend = LmdbBackend::open(&directory, &options).unwrap();
    let mut write = backend.write().unwrap();
    let error = (0..).find_map(|number| write.put(A, &key(number), &[1; 4000]).err()).unwrap();
    assert_eq!(error.kind(), ErrorKind::StorageFull);
    drop(write);
    let mut write = backend.write().unwrap();
    write.put(A, &key(1), b"fits").unwrap();
    write.commit().unwrap();
    assert_eq!(backend.read().unwrap().get(A, &key(1)).unwrap().as_deref(), Some(&b"fits"[..]));
}

#[test]
fn a_thread_may_hold_several_snapshots() {
    let directory = tempfile::tempdir().unwrap();
    let backend = open(&directory);
    let snapshots: Vec<_> = (0..20).map(|_| backend.read().unwrap()).collect();
    assert!(snapshots.iter().all(|read| read.get(A, &key(1)).unwrap().is_none()));
}

#[test]
fn sealed_values_are_lent_and_aligned_after_any_churn() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::new(Arc::new(open(&directory)), &[A], StoreOptions::default()).unwrap();
    let version = Fingerprint::new(1);
    let mut state = 7u32;
    let mut random = |bound: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % bound
    };
    for round in 0..8 {
        for _ in 0..400 {
            let number = random(600);
            if random(4) == 0 {
                store.delete(A, key(number));
            } else {
                let length = [random(100), random(1900), random(9000)][random(3) as usize];
                store.put(A, key(number), version, &vec![round; length as usize]);
            }
        }
        store.flush().unwrap();
        let snapshot = store.snapshot();
        for number in 0..600 {
            if let Lookup::Hit(payload) = snapshot.get(A, &key(number), version) {
                // A value in pages of its own begins 16 bytes into the first; on a 32-bit machine 12, and readers copy it.
                let is_aligned = payload.is_aligned() || size_of::<usize>() < 8;
                assert!(payload.is_borrowed() && is_aligned, "{number}: {:p}", payload.as_ptr());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn lmdb_is_a_sorted_map(
        batches in prop::collection::vec(
            prop::collection::vec((0..40u32, prop::option::of(0..6000usize)), 1..20), 1..8),
    ) {
        let directory = tempfile::tempdir().unwrap();
        let mut model = BTreeMap::new();
        for (round, batch) in batches.iter().enumerate() {
            // Opened anew each round: what was committed is there again.
            let backend = open(&directory);
            let mut write = backend.write().unwrap();
            for (number, length) in batch {
                let key = key(*number);
                if let Some(length) = length {
                    let value = seal(&key, Fingerprint::new(round as u64), &vec![1; *length]);
                    write.put(A, &key, &value).unwrap();
                    model.insert(key, value);
                } else {
                    prop_assert_eq!(write.delete(A, &key).unwrap(), model.remove(&key).is_some());
                }
            }
            write.commit().unwrap();
            let read = backend.read().unwrap();
            for prefix in [&[][..], &[1], &[3, 0], &[9]] {
                let expected: Vec<_> = model
                    .iter()
                    .filter(|(key, _)| key.as_bytes().starts_with(prefix))
                    .map(|(key, value)| (*key, value.clone()))
                    .collect();
                prop_assert_eq!(scan(&*read, A, prefix), expected);
            }
            prop_assert_eq!(scan(&*read, B, &[]), []);
        }
    }
}
