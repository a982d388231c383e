//! The risk: what is no file in the place of one of the store's hangs its user, fills its memory, or is opened.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use repo_map_cache_core::{ErrorKind, Key, Keyspace, StorageBackend};
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions, check_file, clear};

const A: Keyspace = Keyspace::new("a");

/// Longer than this is a hang.
const PATIENCE: Duration = Duration::from_secs(60);

/// Puts something at a path.
type Put = fn(&Path);

const ODD: [(&str, Put); 6] = [
    ("FIFO", fifo),
    ("socket", |path| drop(UnixListener::bind(path).unwrap())),
    ("link to a device", |path| symlink("/dev/zero", path).unwrap()),
    ("link to nowhere", |path| symlink("/nowhere/at/all", path).unwrap()),
    ("folder", |path| fs::create_dir(path).unwrap()),
    ("sparse file of 8 TiB", |path| fs::File::create(path).unwrap().set_len(8 << 40).unwrap()),
];

/// By the program: macOS has no `mknodat`.
fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// What a store is opened as: the generation, and whether something was moved aside.
fn open(directory: &Path) -> Result<(String, bool), ErrorKind> {
    let (sender, receiver) = mpsc::channel();
    let place = directory.to_owned();
    std::thread::spawn(move || {
        let outcome = LmdbBackend::open(&place, &LmdbOptions::new(&[A])).map_err(|error| error.kind());
        let outcome = outcome.map(|backend| {
            let mut write = backend.write().unwrap();
            write.put(A, &Key::new([1; 32]), b"eight by").unwrap();
            write.commit().unwrap();
            let name = backend.path().file_name().unwrap().to_string_lossy().into_owned();
            (name, backend.recovery().is_some())
        });
        sender.send(outcome).unwrap();
    });
    receiver.recv_timeout(PATIENCE).expect("it does not hang")
}

/// A store with something odd at a place.
fn scene(place: &str, put: Put) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    open(root.path()).unwrap();
    let path = root.path().join(place);
    let _ = fs::remove_file(&path);
    put(&path);
    root
}

#[test]
fn a_data_file_that_is_none_is_moved_aside() {
    for (what, put) in ODD {
        let root = scene("v1/1/data.mdb", put);
        assert_eq!(open(root.path()), Ok(("2".to_owned(), true)), "{what}");
        clear(root.path()).unwrap();
        let left = root.path().join("v1/quarantine-1/data.mdb");
        assert_eq!(left.exists(), what == "folder", "{what}");
    }
}

#[test]
fn a_generation_whose_mark_is_none_is_passed_over() {
    for (what, put) in ODD {
        let root = scene("v1/1/format", put);
        assert_eq!(open(root.path()), Ok(("2".to_owned(), false)), "{what}");
        clear(root.path()).unwrap();
        assert!(fs::symlink_metadata(root.path().join("v1/1/format")).is_ok(), "{what}");
    }
}

#[test]
fn a_lock_of_users_that_is_none_moves_the_store_aside() {
    for (what, put) in &ODD[..5] {
        let root = scene("v1/1/users.lock", *put);
        assert_eq!(open(root.path()), Ok(("2".to_owned(), true)), "{what}");
    }
}

#[test]
fn files_that_are_worth_nothing_between_uses_are_replaced() {
    for (what, put) in ODD {
        for place in ["v1/1/lock.mdb", "v1/1/closed"] {
            let root = scene(place, put);
            let expected = if what == "folder" { ("2".to_owned(), true) } else { ("1".to_owned(), false) };
            assert_eq!(open(root.path()), Ok(expected), "{place}: {what}");
        }
    }
}

#[test]
fn a_lock_of_the_folder_that_is_none_is_refused() {
    for (what, put) in &ODD[..5] {
        let root = scene("v1/open.lock", *put);
        assert_eq!(open(root.path()), Err(ErrorKind::Misconfigured), "{what}");
    }
}

#[test]
fn a_mark_that_is_none_is_no_mark() {
    for (what, put) in ODD {
        let root = scene("CACHEDIR.TAG", put);
        assert_eq!(open(root.path()), Err(ErrorKind::Misconfigured), "{what}");
        let root = scene(".gitignore", put);
        assert_eq!(open(root.path()), Ok(("1".to_owned(), false)), "{what}");
    }
}

#[test]
fn a_file_that_claims_endless_pages_is_refused_in_little_memory() {
    let root = tempfile::tempdir().unwrap();
    open(root.path()).unwrap();
    let data = root.path().join("v1/1/data.mdb");
    let whole = fs::read(&data).unwrap();
    // Where a meta page says which page is the last, and how deep its main table is.
    for (at, value) in [(16 + 120, (1u64 << 36).to_ne_bytes()), (16 + 72 + 6, [33, 0, 0, 0, 0, 0, 0, 0])] {
        let mut bytes = whole.clone();
        for page in [0, 4096] {
            bytes[page + at..page + at + 2].copy_from_slice(&value[..2]);
            if value[4] != 0 {
                bytes[page + at..page + at + 8].copy_from_slice(&value);
            }
        }
        fs::write(&data, &bytes).unwrap();
        fs::File::options().write(true).open(&data).unwrap().set_len(1 << 39).unwrap();
        assert_eq!(check_file(&data).unwrap_err().kind(), ErrorKind::Corrupt);
    }
}
