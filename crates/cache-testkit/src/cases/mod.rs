//! The cases of the suite: one function each, which panics where the backend is at fault.
//!
//! [`storage_conformance`](crate::storage_conformance) makes tests of them; they can be called by hand too.

pub mod concurrency;
pub mod durability;
pub mod errors;
pub mod limits;
pub mod model;
pub mod scans;
pub mod transactions;
pub mod values;

use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::Path;

use repo_map_cache_core::{Key, Keyspace, ReadTxn, Result, StorageBackend};
use tempfile::TempDir;

use crate::random::Random;

/// The keyspaces that the suite uses.
pub const KEYSPACES: [Keyspace; 2] = [Keyspace::new("conformance-a"), Keyspace::new("conformance-b")];

const A: Keyspace = KEYSPACES[0];
const B: Keyspace = KEYSPACES[1];

/// Opens the store of a directory, new or not.
pub type Open<'a> = &'a (dyn Fn(&Path) -> Result<Box<dyn StorageBackend>> + Sync);

/// A new store in a directory of its own, which goes after it.
fn new(open: Open<'_>) -> (Box<dyn StorageBackend>, TempDir) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    (reopen(open, &directory), directory)
}

fn reopen(open: Open<'_>, directory: &TempDir) -> Box<dyn StorageBackend> {
    open(directory.path()).unwrap_or_else(|error| panic!("the backend does not open: {error}"))
}

fn key(number: u64) -> Key {
    let mut random = Random::new(number);
    let mut bytes = [0; 32];
    bytes.chunks_exact_mut(8).for_each(|chunk| chunk.copy_from_slice(&random.next().to_le_bytes()));
    Key::new(bytes)
}

/// Bytes of any content, that many.
fn bytes(seed: u64, length: usize) -> Vec<u8> {
    let mut random = Random::new(seed);
    (0..length).map(|_| random.next() as u8).collect()
}

fn put(backend: &dyn StorageBackend, entries: &[(Keyspace, Key, &[u8])]) {
    let mut write = backend.write().expect("a write begins");
    for (keyspace, key, value) in entries {
        write.put(*keyspace, key, value).expect("a put fits");
    }
    write.commit().expect("a commit succeeds");
}

fn get(backend: &dyn StorageBackend, keyspace: Keyspace, key: &Key) -> Option<Vec<u8>> {
    get_in(&*backend.read().expect("a snapshot begins"), keyspace, key)
}

fn get_in(read: &dyn ReadTxn, keyspace: Keyspace, key: &Key) -> Option<Vec<u8>> {
    read.get(keyspace, key).expect("a get succeeds").map(std::borrow::Cow::into_owned)
}

fn scan(read: &dyn ReadTxn, keyspace: Keyspace, prefix: &[u8], most: usize) -> Vec<(Key, Vec<u8>)> {
    let mut entries = Vec::new();
    let outcome = read.scan(keyspace, prefix, &mut |key, value| {
        entries.push((*key, value.to_vec()));
        if entries.len() == most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    outcome.expect("a scan succeeds");
    entries
}

/// Says so past the test harness, which shows what a test prints only if it fails: a skipped case must not look like one
/// that passed.
fn skip(backend: &dyn StorageBackend, why: &str) {
    let thread = std::thread::current();
    let case = thread.name().unwrap_or("a case");
    // Whoever closed the stream does not want to know.
    let _ = writeln!(std::io::stderr(), "{case}: skipped for {}: {why}", backend.name());
}
