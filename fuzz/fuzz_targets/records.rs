//! Values of a store with right checksums and any payload: a map of the tree is made all the same.
#![no_main]

use std::ops::ControlFlow;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use repo_map_cache::{CacheConfig, MapRequest, RepoMapper};
use repo_map_cache_core::{Fingerprint, Key, Keyspace, StorageBackend, seal};
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions};
use repo_map_fuzz::{Repository, Scratch, patched};

/// What the product keeps when it makes maps.
const SPACES: [Keyspace; 6] = [
    Keyspace::new("tags"),
    Keyspace::new("files"),
    Keyspace::new("words"),
    Keyspace::new("history"),
    Keyspace::new("maps"),
    Keyspace::new("activity"),
];

struct Original {
    space: Keyspace,
    key: Key,
    fingerprint: Fingerprint,
    payload: Vec<u8>,
}

static STORE: LazyLock<(Scratch, Vec<Original>)> = LazyLock::new(|| {
    let scratch = Scratch::new("records");
    for (name, bytes) in Repository::new().files {
        scratch.write(&format!("r/{name}"), &Repository::stored(&name, &bytes));
    }
    // Files that were just written have no record of their look.
    std::thread::sleep(std::time::Duration::from_millis(2500));
    map(&scratch);
    let backend = open(&scratch);
    let mut originals = Vec::new();
    let read = backend.read().expect("a new store can be read");
    for space in SPACES {
        let _ = read.scan(space, &[], &mut |key, sealed| {
            let number = |at: usize| u64::from_le_bytes(sealed[at..at + 8].try_into().expect("8 bytes"));
            let payload = sealed[24..24 + number(16) as usize].to_vec();
            originals.push(Original { space, key: *key, fingerprint: Fingerprint::new(number(8)), payload });
            ControlFlow::Continue(())
        });
    }
    drop(read);
    assert!(!originals.is_empty(), "nothing was stored");
    (scratch, originals)
});

fn open(scratch: &Scratch) -> LmdbBackend {
    LmdbBackend::open(scratch.path("c"), &LmdbOptions::new(&SPACES)).expect("the store can be opened")
}

fn map(scratch: &Scratch) {
    let cache = CacheConfig::at(scratch.path("c"));
    let mapper = RepoMapper::builder(scratch.path("r")).threads(1).cache(cache).build().expect("a tree");
    let _ = mapper.map(&MapRequest::new(512).task("change one"));
}

fuzz_target!(|input: &[u8]| {
    let (scratch, originals) = &*STORE;
    let Some((first, rest)) = input.split_first() else { return };
    let space = SPACES[usize::from(*first) % SPACES.len()];
    let backend = open(scratch);
    let Ok(mut write) = backend.write() else { return };
    for original in originals {
        let payload =
            if original.space == space { patched(&original.payload, rest) } else { original.payload.clone() };
        // A kept map would answer before anything else is read.
        if original.space == SPACES[4] && space != SPACES[4] {
            let _ = write.delete(original.space, &original.key);
        } else {
            let _ = write.put(
                original.space,
                &original.key,
                &seal(&original.key, original.fingerprint, &payload),
            );
        }
    }
    let _ = write.commit();
    drop(backend);
    map(scratch);
});
