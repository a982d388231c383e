//! The risk: a child of a fork waits for threads that it has not, or shares a reader's slot with its parent.
#![cfg(unix)]

use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use repo_map_cache_core::{Key, Keyspace, Result, StorageBackend};
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions};

const A: Keyspace = Keyspace::new("a");

fn open(directory: &Path) -> Result<LmdbBackend> {
    LmdbBackend::open(directory, &LmdbOptions::new(&[A]))
}

fn put(backend: &LmdbBackend, key: u8) -> Result<()> {
    let mut write = backend.write()?;
    write.put(A, &Key::new([key; 32]), b"eight by")?;
    write.commit()
}

fn has(backend: &LmdbBackend, key: u8) -> Result<bool> {
    Ok(backend.read()?.get(A, &Key::new([key; 32]))?.is_some())
}

#[test]
fn a_child_opens_an_environment_of_its_own_while_its_parent_has_one() {
    let root = tempfile::tempdir().unwrap();
    let backend = open(root.path()).unwrap();
    put(&backend, 1).unwrap();
    let place = root.path().to_owned();
    let in_child = move || {
        // Twice: what was closed can be opened again.
        for round in 0..2 {
            let own = open(&place).map_err(io::Error::other)?;
            let beside = open(&place).map_err(io::Error::other)?;
            put(&own, 2 + round).map_err(io::Error::other)?;
            let sees_all = has(&beside, 1).and_then(|first| Ok(first && has(&own, 2 + round)?));
            if !sees_all.map_err(io::Error::other)? {
                return Err(io::ErrorKind::NotFound.into());
            }
        }
        Ok(())
    };
    let mut child = Command::new("true");
    // SAFETY: the closure runs in the forked child, where only this thread goes on. No other thread of this test holds
    // a lock that it takes, and the C library keeps allocation safe across a fork.
    unsafe { child.pre_exec(in_child) };
    assert!(child.status().unwrap().success());
    assert!(has(&backend, 2).unwrap() && has(&backend, 3).unwrap(), "the parent sees what the child has put");
    put(&backend, 4).unwrap();
    drop(backend);
    assert!(open(root.path()).unwrap().recovery().is_none());
    let names: Vec<_> =
        root.path().join("v1").read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "the lock and one generation: {names:?}");
}
