//! The risk: a store that an earlier build wrote is not read, or read wrongly. The golden store is in `fixtures/cache`.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use repo_map_cache_core::{Fingerprint, Key, Keyspace, StorageBackend, open as open_sealed, seal};
use repo_map_cache_lmdb::{FORMAT_VERSION, LmdbBackend, LmdbOptions};

const SPACES: [Keyspace; 2] = [Keyspace::new("letters"), Keyspace::new("numbers")];

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../fixtures/cache/lmdb-v{FORMAT_VERSION}"))
}

fn open(directory: &Path) -> LmdbBackend {
    LmdbBackend::open(directory, &LmdbOptions::new(&SPACES)).expect("the directory is fit")
}

/// What the golden store holds: leaves, a branch, an empty value and an overflow run.
fn entries() -> Vec<(Keyspace, Key, Fingerprint, Vec<u8>)> {
    let key = |number: u8| Key::new([number.wrapping_mul(37); 32]);
    let letters = (0..60u8).map(|number| {
        let letter = b'a' + number % 26;
        (SPACES[0], key(number), Fingerprint::new(number.into()), vec![letter; 3 * usize::from(number)])
    });
    let numbers = [(SPACES[1], key(200), Fingerprint::new(u64::MAX), (0..=255).cycle().take(9001).collect())];
    letters.chain(numbers).collect()
}

#[test]
#[cfg_attr(
    not(all(target_pointer_width = "64", target_endian = "little")),
    ignore = "another kind of machine wrote it"
)]
fn the_golden_store_is_read() {
    let root = tempfile::tempdir().unwrap();
    let generation = root.path().join("v1/1");
    fs::create_dir_all(&generation).unwrap();
    for file in ["format", "data.mdb"] {
        fs::copy(golden().join(file), generation.join(file)).unwrap();
    }
    let backend = open(root.path());
    assert_eq!(backend.recovery(), None);
    let read = backend.read().unwrap();
    for (keyspace, key, fingerprint, payload) in entries() {
        let sealed = read.get(keyspace, &key).unwrap().unwrap();
        assert_eq!(sealed, seal(&key, fingerprint, &payload), "the envelope has changed");
        assert_eq!(open_sealed(&key, fingerprint, &sealed), Ok(&payload[..]));
    }
    let mut count = 0;
    for keyspace in SPACES {
        read.scan(keyspace, &[], &mut |_, _| {
            count += 1;
            ControlFlow::Continue(())
        })
        .unwrap();
    }
    assert_eq!(count, entries().len());
}

/// After a change of the format: raise the version, then run this, and keep the old store beside the new one.
#[test]
#[ignore = "writes the golden store"]
fn write_the_golden_store() {
    let root = tempfile::tempdir().unwrap();
    let backend = open(root.path());
    let mut write = backend.write().unwrap();
    for (keyspace, key, fingerprint, payload) in entries() {
        write.put(keyspace, &key, &seal(&key, fingerprint, &payload)).unwrap();
    }
    write.commit().unwrap();
    let generation = backend.path().to_owned();
    drop(backend);
    fs::create_dir_all(golden()).unwrap();
    for file in ["format", "data.mdb"] {
        fs::copy(generation.join(file), golden().join(file)).unwrap();
    }
}
