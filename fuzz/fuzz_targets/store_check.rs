//! The check of a data file says of any bytes whether they are whole, and LMDB can be trusted with what it passes.
#![no_main]

use std::ops::ControlFlow;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use repo_map_cache_core::{Fingerprint, Key, Keyspace, StorageBackend, Store, StoreOptions};
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions, check_file};
use repo_map_fuzz::{Scratch, patched};

const SPACE: Keyspace = Keyspace::new("tags");

/// A healthy store with small and large values, and its folder.
static HEALTHY: LazyLock<(Scratch, Vec<u8>)> = LazyLock::new(|| {
    let scratch = Scratch::new("store-check");
    let backend =
        LmdbBackend::open(scratch.path("c"), &LmdbOptions::new(&[SPACE])).expect("a store can be made");
    let store = Store::new(std::sync::Arc::new(backend), &[SPACE], StoreOptions::default()).expect("a store");
    for number in 0..120u8 {
        let length = if number % 20 == 0 { 9000 } else { 100 + usize::from(number) * 5 };
        store.put(SPACE, Key::new([number.wrapping_mul(37); 32]), Fingerprint::new(1), &vec![number; length]);
    }
    store.flush().expect("a store can be written");
    drop(store);
    let bytes = std::fs::read(scratch.path("c/v1/1/data.mdb")).expect("a store has a file");
    (scratch, bytes)
});

fuzz_target!(|input: &[u8]| {
    let (scratch, healthy) = &*HEALTHY;
    let bytes = patched(healthy, input);
    let file = scratch.write("c/v1/1/data.mdb", &bytes);
    if check_file(&file).is_err() {
        return;
    }
    // What passes is opened, read whole and written to.
    let Ok(backend) = LmdbBackend::open(scratch.path("c"), &LmdbOptions::new(&[SPACE])) else { return };
    if let Ok(read) = backend.read() {
        let mut sum = 0u64;
        let _ = read.scan(SPACE, &[], &mut |_, value| {
            sum += value.iter().map(|byte| u64::from(*byte)).sum::<u64>();
            ControlFlow::Continue(())
        });
        std::hint::black_box(sum);
    }
    if let Ok(mut write) = backend.write() {
        let _ = write.put(SPACE, &Key::new([7; 32]), &[1; 64]);
        let _ = write.delete(SPACE, &Key::new([37; 32]));
        let _ = write.commit();
    }
});
