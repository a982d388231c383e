//! What reading a large store costs in memory: `cargo xtask bench resident`.
//!
//! ```text
//! parent: fills a store ──► child: opens it, reads every entry through a tiered cache, tells its RssAnon
//! ```
//!
//! Pages of the map are the page cache's: only anonymous memory is the process's own.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program that prints figures")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use clap::Parser;
use repo_map_cache_core::{
    Codec, Fingerprint, Key, Keyspace, MemoryBounds, Payload, Request, Store, StoreOptions, TieredCache,
};
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions};

const SPACE: Keyspace = Keyspace::new("tags");
const VERSION: Fingerprint = Fingerprint::new(1);

/// What may be used beside the memory tier's bound, in MiB.
const ALLOWED: u64 = 64;

/// Fills a store and reads it all.
#[derive(Parser)]
struct Arguments {
    /// The store's size, in MiB.
    #[arg(long, default_value_t = 500)]
    megabytes: u64,
    /// The memory tier's bound, in MiB.
    #[arg(long, default_value_t = 64)]
    tier: u64,
    /// The store of the parent (the child's side of the program).
    #[arg(long, hide = true)]
    read: Option<PathBuf>,
}

struct Bytes;

impl Codec<Arc<[u8]>> for Bytes {
    fn encode(&self, value: &Arc<[u8]>) -> Vec<u8> {
        value.to_vec()
    }

    fn decode(&self, payload: &Payload<'_>) -> Option<Arc<[u8]>> {
        Some(Arc::from(&**payload))
    }

    fn weigh(&self, value: &Arc<[u8]>) -> usize {
        value.len()
    }
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    match &arguments.read {
        Some(folder) => read(folder, arguments.tier),
        None => fill(&arguments),
    }
}

fn open(folder: &Path) -> Result<Arc<Store>> {
    let mut options = LmdbOptions::new(&[SPACE]);
    options.max_size = 4 << 30;
    let backend = LmdbBackend::open(folder, &options)?;
    Ok(Arc::new(Store::new(Arc::new(backend), &[SPACE], StoreOptions::default())?))
}

fn key(number: u64) -> Key {
    let mut bytes = [0; 32];
    for (part, chunk) in (1u64..).zip(bytes.chunks_exact_mut(8)) {
        let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31).wrapping_mul(part | 1);
        chunk.copy_from_slice(&mixed.to_be_bytes());
    }
    Key::new(bytes)
}

/// Entries of 200 bytes to 8 kB, until they are so many bytes; their number.
fn entries(megabytes: u64) -> impl Iterator<Item = (Key, usize)> {
    let mut left = (megabytes << 20) as usize;
    (0..).map_while(move |number| {
        let length = 200 + (number as usize * 7919) % 7800;
        left = left.checked_sub(length)?;
        Some((key(number), length))
    })
}

fn fill(arguments: &Arguments) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let store = open(folder.path())?;
    for (key, length) in entries(arguments.megabytes) {
        store.put(SPACE, key, VERSION, &vec![length as u8; length]);
    }
    store.flush()?;
    let size = store.backend().size_on_disk()?.unwrap_or_default();
    drop(store);
    println!("a store of {} MiB on disk", size >> 20);
    let tier = arguments.tier.to_string();
    let mut child = Command::new(std::env::current_exe()?);
    let child = child.arg("--read").arg(folder.path()).args(["--tier", &tier]);
    ensure!(
        child.args(["--megabytes", &arguments.megabytes.to_string()]).status()?.success(),
        "too much memory"
    );
    Ok(())
}

fn read(folder: &Path, tier: u64) -> Result<()> {
    let arguments = Arguments::parse();
    let before = anonymous()?;
    let bounds = MemoryBounds { items: 1_000_000, bytes: tier << 20 };
    let cache = TieredCache::new(open(folder)?, SPACE, Bytes, bounds);
    let (mut count, mut bytes, mut most) = (0u64, 0u64, 0);
    let requests: Vec<Request> =
        entries(arguments.megabytes).map(|(key, _)| Request { key, fingerprint: VERSION }).collect();
    for some in requests.chunks(1024) {
        for value in cache.get_many(some) {
            let value = value.context("an entry is gone")?;
            (count, bytes) = (count + 1, bytes + value.len() as u64);
        }
        most = most.max(anonymous()?);
    }
    let after = anonymous()?;
    let held = cache.statistics().memory.bytes;
    println!(
        "{count} entries of {} MiB read: anonymous memory {} MiB before, {} MiB after, {} MiB at most; the tier holds {} of {tier} MiB",
        bytes >> 20,
        before >> 10,
        after >> 10,
        most >> 10,
        held >> 20
    );
    println!("allowed: {} MiB", ALLOWED + tier);
    ensure!(most >> 10 < ALLOWED + tier, "more anonymous memory than allowed");
    Ok(())
}

/// The process's anonymous memory, in KiB.
fn anonymous() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).context("no RssAnon")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
