//! The risk: faults of a backend become wrong values, or the wrapper does not inject them.

use std::sync::Arc;

use repo_map_cache_core::{
    ErrorKind, Fingerprint, Key, Keyspace, Lookup, MemoryBackend, StorageBackend, Store, StoreOptions,
};
use repo_map_cache_testkit::{Chaos, ChaosPlan};

const SPACE: Keyspace = Keyspace::new("space");

#[test]
fn a_store_on_a_failing_backend_gives_right_values_or_none() {
    let mut plan = ChaosPlan::new(7);
    (plan.errors, plan.full, plan.torn) = (50, 1, 100);
    let mut options = StoreOptions::default();
    options.batch_entries = 20;
    let store = Store::new(Arc::new(Chaos::new(MemoryBackend::new(), plan)), &[SPACE], options).unwrap();
    let (mut failed_flushes, mut hits) = (0, 0);
    for round in 0..4000u64 {
        let number = round * 7919 % 200;
        let key = Key::new([number as u8; 32]);
        // The fingerprint says which value must come, so an older one would be wrong.
        let version = Fingerprint::new(round);
        store.put(SPACE, key, version, &round.to_le_bytes());
        if round % 50 == 0 {
            failed_flushes += u32::from(store.flush().is_err());
        }
        let back = round.saturating_sub(200 * (round % 3) / 2);
        let key = Key::new([(back * 7919 % 200) as u8; 32]);
        store.get(SPACE, &key, Fingerprint::new(back), |lookup| {
            if let Lookup::Hit(payload) = lookup {
                assert_eq!(*payload, back.to_le_bytes());
                hits += 1;
            }
        });
    }
    let statistics = store.statistics(SPACE);
    assert!(hits > 1000 && failed_flushes > 0);
    assert!(statistics.dropped > 0 && statistics.corrupt > 0 && statistics.errors > 0, "{statistics:?}");
}

#[test]
fn each_fault_is_of_its_kind() {
    let kind = |errors, full| {
        let mut plan = ChaosPlan::new(1);
        (plan.errors, plan.full) = (errors, full);
        let backend = Chaos::new(MemoryBackend::new(), plan);
        let error =
            backend.write().and_then(|mut write| write.put(SPACE, &Key::new([0; 32]), b"x")).unwrap_err();
        (error.kind(), error.backend())
    };
    assert_eq!(kind(1000, 0), (ErrorKind::Unavailable, "memory"));
    assert_eq!(kind(0, 1000), (ErrorKind::StorageFull, "memory"));
}
