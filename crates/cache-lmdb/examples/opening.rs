//! What it costs to open a store: after a clean close, and with a look at all of it.
//!
//! ```text
//! cargo run --release -p repo-map-cache-lmdb --example opening -- 1000
//! ```
#![expect(clippy::print_stdout, reason = "a program for people")]

use std::path::Path;
use std::time::{Duration, Instant};

use repo_map_cache_core::{Key, Keyspace, Result, StorageBackend};
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions};

const SPACE: Keyspace = Keyspace::new("space");
const ROUNDS: usize = 9;

fn main() -> Result<()> {
    let megabytes: u64 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(100);
    let directory = tempfile::tempdir().expect("a temporary directory");
    let mut options = LmdbOptions::new(&[SPACE]);
    options.max_size = 64 << 30;
    fill(directory.path(), &options, megabytes)?;
    for always_checks in [true, false] {
        options.always_checks = always_checks;
        let mut opens = Vec::new();
        for _ in 0..ROUNDS {
            let start = Instant::now();
            let backend = LmdbBackend::open(&directory, &options)?;
            let opened = start.elapsed();
            let start = Instant::now();
            drop(backend);
            opens.push((opened, start.elapsed()));
        }
        opens.sort_unstable();
        let (open, close): (Duration, Duration) = opens[ROUNDS / 2];
        let how = if always_checks { "looked at as a whole" } else { "after a clean close" };
        println!("{megabytes} MB, {how}: {open:.2?} to open, {close:.2?} to close (median of {ROUNDS})");
    }
    Ok(())
}

/// Values of 2 kB, 2,000 a commit.
fn fill(directory: &Path, options: &LmdbOptions, megabytes: u64) -> Result<()> {
    let backend = LmdbBackend::open(directory, options)?;
    let value = vec![1; 2000];
    for first in (0..megabytes * 400).step_by(2000) {
        let mut write = backend.write()?;
        for number in first..first + 2000 {
            let mut key = [0; 32];
            key[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
            write.put(SPACE, &Key::new(key), &value)?;
        }
        write.commit()?;
    }
    Ok(())
}
