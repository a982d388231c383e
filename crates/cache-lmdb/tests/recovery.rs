//! The risk: a store that cannot be used stops its user, is lost without a word, or piles up.

use std::fs;
use std::path::Path;

use repo_map_cache_core::{ErrorKind, Key, Keyspace, StorageBackend};
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions, check_file};

const A: Keyspace = Keyspace::new("a");
const KEY: Key = Key::new([1; 32]);

fn open(directory: &Path) -> LmdbBackend {
    LmdbBackend::open(directory, &LmdbOptions::new(&[A])).expect("the directory is fit")
}

fn put(backend: &LmdbBackend, value: &[u8]) {
    let mut write = backend.write().expect("the store is writable");
    write.put(A, &KEY, value).expect("there is room");
    write.commit().expect("there is room");
}

fn get(backend: &LmdbBackend) -> Option<Vec<u8>> {
    let read = backend.read().expect("the store is readable");
    read.get(A, &KEY).expect("the store is whole").map(std::borrow::Cow::into_owned)
}

#[test]
fn a_damaged_store_is_moved_aside_reported_and_begun_anew() {
    let root = tempfile::tempdir().unwrap();
    for round in 1..=5 {
        let backend = open(root.path());
        put(&backend, b"value");
        let generation = backend.path().to_owned();
        assert_eq!(generation, root.path().canonicalize().unwrap().join(format!("v1/{round}")));
        drop(backend);
        let data = generation.join("data.mdb");
        fs::write(&data, vec![round; 20_000]).unwrap();
        assert_eq!(check_file(&data).unwrap_err().kind(), ErrorKind::Corrupt);

        let backend = open(root.path());
        let recovery = backend.recovery().unwrap();
        assert_eq!(recovery.reason, "page 0: it is no meta page");
        assert_eq!(fs::read(recovery.moved_to.join("data.mdb")).unwrap(), [round; 20_000]);
        assert_eq!(get(&backend), None);
        put(&backend, b"again");
        drop(backend);
        let backend = open(root.path());
        assert_eq!((backend.recovery(), get(&backend).as_deref()), (None, Some(&b"again"[..])));
    }
    let kept: Vec<_> =
        (1..=5).filter(|round| root.path().join(format!("v1/quarantine-{round}")).exists()).collect();
    assert_eq!(kept, [3, 4, 5]);
}

#[test]
fn a_store_of_another_kind_of_machine_is_moved_aside() {
    let root = tempfile::tempdir().unwrap();
    put(&open(root.path()), b"value");
    fs::write(root.path().join("v1/1/format"), "lmdb cache format 1, 64-bit, middle-endian\n").unwrap();
    let backend = open(root.path());
    assert!(backend.recovery().unwrap().reason.contains("middle-endian"));
    assert_eq!(get(&backend), None);
}

#[test]
fn a_lock_file_of_garbage_does_no_harm() {
    let root = tempfile::tempdir().unwrap();
    put(&open(root.path()), b"value");
    fs::write(root.path().join("v1/1/lock.mdb"), [0xa5; 70_000]).unwrap();
    assert_eq!(get(&open(root.path())).as_deref(), Some(&b"value"[..]));
}

#[test]
fn what_is_missing_is_made_again() {
    let root = tempfile::tempdir().unwrap();
    put(&open(root.path()), b"value");
    fs::remove_file(root.path().join("v1/open.lock")).unwrap();
    fs::remove_file(root.path().join("v1/1/users.lock")).unwrap();
    assert_eq!(get(&open(root.path())).as_deref(), Some(&b"value"[..]));
    fs::remove_file(root.path().join("v1/1/data.mdb")).unwrap();
    let backend = open(root.path());
    assert_eq!((backend.recovery(), get(&backend)), (None, None));
}

#[test]
fn a_store_whose_directory_is_removed_goes_on_in_its_own_process() {
    let root = tempfile::tempdir().unwrap();
    let backend = open(root.path());
    put(&backend, b"before");
    fs::remove_dir_all(root.path().join("v1")).unwrap();
    put(&backend, b"after");
    assert_eq!(get(&backend).as_deref(), Some(&b"after"[..]));
    assert_eq!(backend.size_on_disk().unwrap_err().kind(), ErrorKind::Unavailable);
}

#[cfg(unix)]
#[test]
fn a_fork_is_refused_and_leaves_the_parent_alone() {
    use std::io;
    use std::os::unix::process::CommandExt;
    use std::process::Command;
    use std::sync::Mutex;

    let root = tempfile::tempdir().unwrap();
    let backend = open(root.path());
    put(&backend, b"value");
    // Handles and a snapshot that the child inherits, uses and drops.
    let inherited = Mutex::new(Some(open(root.path())));
    let in_child = move || {
        let backend =
            inherited.lock().map_err(|_| io::ErrorKind::Other)?.take().ok_or(io::ErrorKind::Other)?;
        let refused = |kind: Option<ErrorKind>| kind == Some(ErrorKind::Unavailable);
        let is_refused = refused(backend.read().err().map(|error| error.kind()))
            && refused(backend.write().err().map(|error| error.kind()));
        drop(backend);
        if is_refused { Ok(()) } else { Err(io::ErrorKind::Other.into()) }
    };
    let mut command = Command::new("true");
    // SAFETY: the closure runs in the forked child, where only this thread goes on. It takes locks that no other thread
    // of this test holds, and allocates, which the C library keeps safe across a fork.
    unsafe { command.pre_exec(in_child) };
    let snapshot = backend.read().unwrap();
    assert!(command.status().unwrap().success());
    assert_eq!(snapshot.get(A, &KEY).unwrap().as_deref(), Some(&b"value"[..]));
    put(&backend, b"later");
    assert_eq!(get(&backend).as_deref(), Some(&b"later"[..]));
    assert_eq!(snapshot.get(A, &KEY).unwrap().as_deref(), Some(&b"value"[..]));
}
