//! What a child does with a store. It ends badly when anything is wrong.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use repo_map_cache_core::{Fingerprint, Lookup, StorageBackend, Store, StoreOptions, open};
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions};

use crate::workload::{Random, SPACES, Workload, key, payload};

pub(crate) fn options() -> LmdbOptions {
    LmdbOptions::new(&SPACES)
}

/// Reads everything by key and by scan, compares it with the truth, then writes and reads again.
pub(crate) fn read(directory: &Path, seed: u64, megabytes: u64) {
    let truth = Workload::new(seed, megabytes).learn();
    let backend = Arc::new(LmdbBackend::open(directory, &options()).expect("a store, old or new"));
    let store = Store::new(backend.clone(), &SPACES, StoreOptions::default()).expect("a thread");
    for ((space, number), version) in &truth {
        let snapshot = store.snapshot();
        if let Lookup::Hit(found) = snapshot.get(SPACES[*space], &key(*number), Fingerprint::new(*version)) {
            assert!(*found == payload(*version), "a wrong value under {number}");
        }
    }
    for space in SPACES {
        let snapshot = backend.read().expect("a snapshot");
        // Damage may be noticed by the engine on the way: an error is an answer.
        let _ = snapshot.scan(space, &[], &mut |key, sealed| {
            let version =
                sealed.get(8..16).map_or(0, |bytes| u64::from_le_bytes(bytes.try_into().expect("8 bytes")));
            if let Ok(found) = open(key, Fingerprint::new(version), sealed) {
                assert!(found == payload(version), "a wrong value under {key}");
            }
            ControlFlow::Continue(())
        });
    }
    for number in 0..300 {
        store.put(SPACES[0], key(number), Fingerprint::new(number), &payload(number));
    }
    let written = store.flush().is_ok();
    drop(store);
    for number in 0..300 {
        let snapshot = backend.read().expect("a snapshot");
        let sealed = snapshot.get(SPACES[0], &key(number)).ok().flatten();
        let is_same = sealed.is_some_and(|sealed| {
            open(&key(number), Fingerprint::new(number), &sealed) == Ok(&payload(number))
        });
        assert!(is_same || !written, "a lost value under {number}");
    }
}

/// Writes without end.
pub(crate) fn write(directory: &Path, seed: u64) {
    let backend = LmdbBackend::open(directory, &options()).expect("a store");
    let mut random = Random::new(seed ^ u64::from(std::process::id()));
    loop {
        let mut write = backend.write().expect("a write");
        for _ in 0..=random.below(60) {
            let (number, version) = (random.below(900), random.next());
            let space = SPACES[random.below(2) as usize];
            if random.below(4) == 0 {
                write.delete(space, &key(number)).expect("room");
            } else {
                write.put(space, &key(number), &crate::workload::value(number, version)).expect("room");
            }
        }
        write.commit().expect("room");
    }
}
