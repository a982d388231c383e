//! The risk: a process that was stopped in the middle of something (Ctrl-Z, a debugger, a frozen container) stops all others.
#![cfg(unix)]

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use repo_map_cache_core::{ErrorKind, Key, Keyspace, StorageBackend};
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions};

const A: Keyspace = Keyspace::new("a");

fn key(byte: u8) -> Key {
    Key::new([byte; 32])
}

fn open(directory: &Path) -> repo_map_cache_core::Result<LmdbBackend> {
    LmdbBackend::open(directory, &LmdbOptions::new(&[A]))
}

fn put(backend: &LmdbBackend, byte: u8) -> Result<(), ErrorKind> {
    let mut write = backend.write().map_err(|error| error.kind())?;
    write.put(A, &key(byte), b"value").map_err(|error| error.kind())?;
    write.commit().map_err(|error| error.kind())
}

fn has(backend: &LmdbBackend, byte: u8) -> bool {
    let read = backend.read().expect("the store is readable");
    read.get(A, &key(byte)).expect("the store is whole").is_some()
}

/// heed has one table of environments a process: a test does not fork while another has it locked.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A child that was stopped where it stood; it is killed when this is dropped.
struct Stopped(libc::pid_t);

impl Stopped {
    /// Forks a child that does `work`, says so by a byte, keeps what it has made, and is stopped then.
    fn after<R>(work: impl FnOnce() -> Option<R>) -> Self {
        let (mut ours, mut theirs) = UnixStream::pair().expect("there are sockets");
        // SAFETY: the child goes on with this thread alone. It takes locks that no other thread of this program holds: each test
        // has a directory of its own, and what the crate keeps for all directories is made anew after a fork.
        let child = unsafe { libc::fork() };
        if child == 0 {
            let made = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).ok().flatten();
            let _ = theirs.write_all(&[u8::from(made.is_some())]);
            loop {
                // SAFETY: it waits for a signal, and has no argument.
                unsafe { libc::pause() };
            }
        }
        assert!(child > 0);
        let this = Self(child);
        let mut byte = [0];
        ours.read_exact(&mut byte).expect("the child says what it did");
        assert_eq!(byte, [1], "the child did its work");
        // SAFETY: the signal goes to a child that was not waited for, so its number is its own.
        unsafe { libc::kill(child, libc::SIGSTOP) };
        this
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        // SAFETY: as in `after`.
        unsafe { libc::kill(self.0, libc::SIGKILL) };
        // SAFETY: a null pointer asks for no status.
        unsafe { libc::waitpid(self.0, std::ptr::null_mut(), 0) };
    }
}

#[test]
fn a_process_that_is_stopped_while_it_writes_costs_others_their_writes_alone() {
    let _alone = alone();
    let root = tempfile::tempdir().unwrap();
    put(&open(root.path()).unwrap(), 1).unwrap();
    let stopped = Stopped::after(|| {
        let backend: &'static LmdbBackend = Box::leak(Box::new(open(root.path()).ok()?));
        let mut write = backend.write().ok()?;
        write.put(A, &key(2), b"value").ok()?;
        Some(std::mem::ManuallyDrop::new(write))
    });
    let backend = open(root.path()).unwrap();
    // The second does not wait any more.
    for _ in 0..50 {
        assert_eq!(put(&backend, 3), Err(ErrorKind::Unavailable));
    }
    assert!(has(&backend, 1) && !has(&backend, 2) && !has(&backend, 3));
    drop(stopped);
    put(&backend, 4).unwrap();
    assert!(has(&backend, 4) && !has(&backend, 2), "what was not committed is not there");
}

#[test]
fn a_process_that_is_stopped_while_it_opens_a_store_costs_others_the_store_alone() {
    let _alone = alone();
    let root = tempfile::tempdir().unwrap();
    drop(open(root.path()).unwrap());
    let lock = root.path().join("v1/open.lock");
    let stopped = Stopped::after(|| {
        let file = std::fs::File::options().write(true).open(&lock).ok()?;
        file.lock().ok()?;
        Some(std::mem::ManuallyDrop::new(file))
    });
    assert_eq!(open(root.path()).unwrap_err().kind(), ErrorKind::Unavailable);
    drop(stopped);
    put(&open(root.path()).unwrap(), 1).unwrap();
}

#[test]
fn threads_of_one_process_write_one_after_the_other() {
    let _alone = alone();
    let root = tempfile::tempdir().unwrap();
    let backend = open(root.path()).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let backend = &backend;
            scope.spawn(move || (0..20).for_each(|at| put(backend, thread * 20 + at).unwrap()));
        }
    });
    assert!((0..160).all(|byte| has(&backend, byte)));
}

#[test]
fn a_fork_opens_an_environment_of_its_own_beside_its_parents() {
    let _alone = alone();
    let root = tempfile::tempdir().unwrap();
    let backend = open(root.path()).unwrap();
    put(&backend, 1).unwrap();
    let snapshot = backend.read().unwrap();
    let child = Stopped::after(|| {
        let own = open(root.path()).ok()?;
        put(&own, 2).ok()?;
        let read = own.read().ok()?;
        let is_there = |byte| read.get(A, &key(byte)).is_ok_and(|value| value.is_some());
        (is_there(1) && is_there(2)).then_some(())
    });
    assert_eq!(snapshot.get(A, &key(2)).unwrap(), None, "it is older");
    assert!(has(&backend, 2));
    put(&backend, 3).unwrap();
    drop(child);
    let names: Vec<_> =
        std::fs::read_dir(backend.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().starts_with("fork-")), "{names:?}");
    drop(snapshot);
    drop(backend);
    assert!(has(&open(root.path()).unwrap(), 3));
}
