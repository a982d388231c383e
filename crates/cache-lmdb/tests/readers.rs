//! The risk: a snapshot that is lent again hides a commit, or one that nobody reads keeps freed pages from writers.

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use repo_map_cache_core::{Fingerprint, Key, Keyspace, StorageBackend, Store, StoreOptions};
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions};

const A: Keyspace = Keyspace::new("a");
const B: Keyspace = Keyspace::new("b");
const KEY: Key = Key::new([1; 32]);
/// Small, and large enough that snapshots may wait.
const LIMIT: u64 = 24 << 20;
const ROOMY: u64 = 1 << 30;

fn open(directory: &Path, keyspaces: &[Keyspace]) -> LmdbBackend {
    open_with(directory, keyspaces, ROOMY)
}

fn open_with(directory: &Path, keyspaces: &[Keyspace], limit: u64) -> LmdbBackend {
    let mut options = LmdbOptions::new(keyspaces);
    options.max_size = limit;
    LmdbBackend::open(directory, &options).expect("the directory is fit")
}

fn put(backend: &LmdbBackend, keyspace: Keyspace, value: &[u8]) {
    let mut write = backend.write().expect("the store is writable");
    write.put(keyspace, &KEY, value).expect("there is room");
    write.commit().expect("there is room");
}

fn get(backend: &LmdbBackend, keyspace: Keyspace) -> Option<Vec<u8>> {
    let read = backend.read().expect("the store is readable");
    read.get(keyspace, &KEY).expect("the store is whole").map(std::borrow::Cow::into_owned)
}

/// Another process that does what it is told and says when it is done.
struct Other {
    process: Child,
    orders: ChildStdin,
    reports: Lines<BufReader<ChildStdout>>,
}

impl Other {
    fn start(directory: &Path) -> Self {
        let mut process = Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "the_other_process", "--ignored", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a child starts");
        let orders = process.stdin.take().expect("it is piped");
        let reports = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        let mut other = Self { process, orders, reports };
        other.tell(directory.to_str().expect("a readable path"));
        other
    }

    fn tell(&mut self, order: &str) {
        writeln!(self.orders, "{order}").expect("it listens");
        // The harness prints to the same stream.
        while self.reports.next().expect("it lives").expect("it can be heard") != "done" {}
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        self.process.kill().expect("a child can be killed");
        self.process.wait().expect("a child ends");
    }
}

/// The child of others: its orders come on standard input, a directory first.
#[test]
#[ignore = "the child of other tests"]
fn the_other_process() {
    let mut orders = std::io::stdin().lines().map(|line| line.unwrap());
    let Some(directory) = orders.next().filter(|line| !line.is_empty()) else { return };
    let backend = open(Path::new(&directory), &[A]);
    println!("\ndone");
    let mut held = Vec::new();
    for order in orders {
        match order.split_once(' ') {
            Some(("put", value)) => put(&backend, A, value.as_bytes()),
            Some(("overwrite", times)) => {
                (0..times.parse().unwrap()).for_each(|round: u32| put(&backend, A, &[round as u8; 100_000]));
            }
            _ => held.push(backend.read().unwrap()),
        }
        println!("done");
    }
}

#[test]
fn what_another_process_has_committed_is_seen_by_the_next_read() {
    let root = tempfile::tempdir().unwrap();
    let backend = open(root.path(), &[A]);
    let mut other = Other::start(root.path());
    for number in 0..300 {
        let number = number.to_string();
        other.tell(&format!("put {number}"));
        // The second read may have the snapshot of the first.
        for _ in 0..2 {
            assert_eq!(get(&backend, A).as_deref(), Some(number.as_bytes()));
        }
    }
}

#[test]
fn what_this_process_has_committed_is_seen_by_every_thread() {
    let root = tempfile::tempdir().unwrap();
    let backend = open(root.path(), &[A]);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| (0..5_000).for_each(|_| drop(get(&backend, A))));
        }
        for number in 0..1_000 {
            let number = number.to_string();
            put(&backend, A, number.as_bytes());
            assert_eq!(get(&backend, A).as_deref(), Some(number.as_bytes()));
        }
    });
}

#[test]
fn a_keyspace_that_is_opened_after_a_read_is_known_to_the_next() {
    let root = tempfile::tempdir().unwrap();
    let first = open(root.path(), &[A]);
    put(&first, A, b"1");
    let held = first.read().unwrap();
    assert_eq!(get(&first, A).as_deref(), Some(&b"1"[..]));
    let second = open(root.path(), &[A, B]);
    drop(held);
    assert_eq!(get(&second, B), None);
    put(&second, B, b"2");
    assert_eq!(get(&second, B).as_deref(), Some(&b"2"[..]));
}

#[test]
fn who_has_read_and_rests_holds_no_pages() {
    let root = tempfile::tempdir().unwrap();
    let backend = open(root.path(), &[A]);
    let mut other = Other::start(root.path());
    other.tell("overwrite 20");
    let is_let_go = (0..200).any(|_| {
        assert!(get(&backend, A).is_some());
        std::thread::sleep(Duration::from_millis(20));
        // The first takes new pages while the snapshot is there.
        other.tell("overwrite 3");
        let before = backend.size_on_disk().unwrap();
        other.tell("overwrite 20");
        backend.size_on_disk().unwrap() == before
    });
    assert!(is_let_go, "{:?} bytes for one value", backend.size_on_disk());
}

#[test]
fn who_was_killed_in_the_middle_of_a_read_holds_no_pages_near_the_limit() {
    let root = tempfile::tempdir().unwrap();
    let backend = Arc::new(open_with(root.path(), &[A], LIMIT));
    let store = Store::new(backend.clone(), &[A], StoreOptions::default()).unwrap();
    let key = |number: u32| {
        let mut bytes = [0; 32];
        bytes[..4].copy_from_slice(&number.wrapping_mul(0x9e37_79b9).to_le_bytes());
        Key::new(bytes)
    };
    let fill = |numbers: std::ops::Range<u32>| {
        numbers.for_each(|number| store.put(A, key(number), Fingerprint::new(1), &[1; 1500]));
    };
    fill(0..2_000);
    store.flush().unwrap();
    let mut other = Other::start(root.path());
    other.tell("hold");
    drop(other);
    fill(2_000..40_000);
    store.flush().unwrap();
    assert_eq!(store.statistics(A).dropped, 0);
    let size = backend.size_on_disk().unwrap().unwrap();
    assert!(size <= LIMIT + LIMIT / 10, "{size} bytes");
}
