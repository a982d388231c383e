//! The risk: compacting loses entries, a store that is in use, or the room that it was to give back.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use repo_map_cache_core::{Fingerprint, Key, Keyspace, Lookup, StorageBackend, Store, StoreOptions};
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions};

const SPACE: Keyspace = Keyspace::new("space");
const VERSION: Fingerprint = Fingerprint::new(1);

fn open(directory: &Path) -> Arc<LmdbBackend> {
    Arc::new(LmdbBackend::open(directory, &LmdbOptions::new(&[SPACE])).expect("the directory is fit"))
}

fn key(number: u32) -> Key {
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&number.wrapping_mul(0x9e37_79b9).to_be_bytes());
    Key::new(bytes)
}

fn fill_and_thin_out(directory: &Path, count: u32) {
    let store = Store::new(open(directory), &[SPACE], StoreOptions::default()).expect("a thread");
    (0..count).for_each(|number| store.put(SPACE, key(number), VERSION, &[number as u8; 3000]));
    store.flush().expect("there is room");
    (0..count).filter(|number| number % 10 != 0).for_each(|number| store.delete(SPACE, key(number)));
    store.flush().expect("there is room");
}

fn expect_tenth(backend: Arc<LmdbBackend>, count: u32) {
    let store = Store::new(backend, &[SPACE], StoreOptions::default()).expect("a thread");
    let snapshot = store.snapshot();
    for number in 0..count {
        match snapshot.get(SPACE, &key(number), VERSION) {
            Lookup::Hit(payload) => assert!(number % 10 == 0 && *payload == [number as u8; 3000]),
            Lookup::Miss => assert!(number % 10 != 0),
            other => panic!("{other:?}"),
        }
    }
}

fn generations(directory: &Path) -> Vec<String> {
    let entries =
        fs::read_dir(directory.join("v1")).expect("it is there").map(|entry| entry.expect("it is readable"));
    let mut names: Vec<String> = entries
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

#[test]
fn a_store_that_is_asked_to_is_compacted_when_it_is_opened_alone() {
    let root = tempfile::tempdir().unwrap();
    fill_and_thin_out(root.path(), 2000);
    let backend = open(root.path());
    let before = backend.size_on_disk().unwrap().unwrap();
    backend.compact().unwrap();
    // A handle beside another one is not alone.
    drop(open(root.path()));
    assert_eq!(generations(root.path()), ["1"]);
    drop(backend);

    let backend = open(root.path());
    assert_eq!((generations(root.path()), backend.recovery()), (vec!["2".to_owned()], None));
    let after = backend.size_on_disk().unwrap().unwrap();
    assert!(after < before / 5, "{before} to {after}");
    expect_tenth(backend, 2000);
    drop(open(root.path()));
    assert_eq!(generations(root.path()), ["2"], "once is enough");
}

#[test]
fn a_store_that_is_mostly_free_is_compacted_unasked() {
    let root = tempfile::tempdir().unwrap();
    fill_and_thin_out(root.path(), 25_000);
    expect_tenth(open(root.path()), 25_000);
    assert_eq!(generations(root.path()), ["2"]);
}

#[test]
fn what_a_crash_in_a_compaction_leaves_is_cleared() {
    let root = tempfile::tempdir().unwrap();
    fill_and_thin_out(root.path(), 100);
    // A copy that was begun, and an old generation whose removal was not; and one without our mark, which is not ours.
    for name in ["new", "0"] {
        fs::create_dir(root.path().join("v1").join(name)).unwrap();
        fs::copy(root.path().join("v1/1/format"), root.path().join("v1").join(name).join("format")).unwrap();
        fs::write(root.path().join("v1").join(name).join("data.mdb"), b"half").unwrap();
    }
    fs::create_dir(root.path().join("v1/00")).unwrap();
    open(root.path()).compact().unwrap();
    expect_tenth(open(root.path()), 100);
    assert_eq!(generations(root.path()), ["00", "2"]);
}
