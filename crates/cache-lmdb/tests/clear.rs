//! The risk: a file that is not ours is deleted, or a store is taken away from who uses it.

use std::fs;
use std::path::Path;

use repo_map_cache_core::{Key, Keyspace, StorageBackend};
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions, clear};

const SPACE: Keyspace = Keyspace::new("space");

fn fill(directory: &Path) -> LmdbBackend {
    let backend = LmdbBackend::open(directory, &LmdbOptions::new(&[SPACE])).expect("the directory is fit");
    let mut write = backend.write().expect("a transaction");
    write.put(SPACE, &Key::new([1; 32]), b"eight by").expect("room");
    write.commit().expect("a commit");
    backend
}

#[test]
fn a_directory_of_ours_goes_whole() {
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("cache");
    drop(fill(&directory));
    assert!(clear(&directory).unwrap().bytes > 0);
    assert!(!directory.exists());
    assert_eq!(clear(&directory).unwrap().bytes, 0, "nothing is there");
}

#[test]
fn what_is_not_ours_stays() {
    let directory = tempfile::tempdir().unwrap();
    drop(fill(directory.path()));
    fs::write(directory.path().join("thesis.txt"), "years of work").unwrap();
    fs::write(directory.path().join(".gitignore"), "*\n!thesis.txt\n").unwrap();
    fs::create_dir_all(directory.path().join("v1/drafts")).unwrap();
    fs::create_dir_all(directory.path().join("1")).unwrap();
    clear(directory.path()).unwrap();
    let mut left: Vec<_> =
        fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, [".gitignore", "1", "thesis.txt", "v1"]);
    assert!(directory.path().join("v1/drafts").is_dir() && !directory.path().join("v1/1").exists());
    assert!(clear(&directory.path().join("1")).unwrap().bytes == 0 && directory.path().join("1").is_dir());
}

#[test]
fn a_store_in_use_stays_and_can_still_be_read() {
    let directory = tempfile::tempdir().unwrap();
    let backend = fill(directory.path());
    assert!(clear(directory.path()).unwrap().is_in_use);
    let read = backend.read().unwrap();
    assert_eq!(read.get(SPACE, &Key::new([1; 32])).unwrap().as_deref(), Some(&b"eight by"[..]));
}
