//! Measures a store on LMDB: `cargo run --release -p repo-map-cache-lmdb --example store_throughput [entries]`.
//!
//! Entries are as large as the tags of source files of the Linux kernel: 1.4 kB on average. Reading sums the bytes of each
//! payload, so that every page is touched. Times are the best of five.
#![expect(clippy::print_stdout, reason = "a program that prints figures")]

use std::hint::black_box;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use repo_map_cache_core::{Fingerprint, Key, Keyspace, Lookup, Request, Store, StoreOptions};
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions, check_file};

const SPACE: Keyspace = Keyspace::new("tags");
const VERSION: Fingerprint = Fingerprint::new(1);

fn key(number: u64) -> Key {
    let mut bytes = [0; 32];
    let mut state = number;
    for chunk in bytes.chunks_exact_mut(8) {
        state =
            (state ^ (state >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9).wrapping_add(0x9e37_79b9_7f4a_7c15);
        chunk.copy_from_slice(&(state ^ (state >> 32)).to_le_bytes());
    }
    Key::new(bytes)
}

fn payload(number: u64) -> Vec<u8> {
    let length = match number % 100 {
        0 => 16_000,
        1..20 => 3_000,
        more => 100 + more * 10,
    };
    vec![number as u8; length as usize]
}

/// Milliseconds, the best of five.
fn best(mut work: impl FnMut()) -> f64 {
    let times = (0..5).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed()
    });
    times.min().unwrap_or(Duration::ZERO).as_secs_f64() * 1e3
}

fn open(directory: &std::path::Path) -> Result<Arc<LmdbBackend>, Box<dyn std::error::Error>> {
    Ok(Arc::new(LmdbBackend::open(directory, &LmdbOptions::new(&[SPACE]))?))
}

fn sum(lookup: &Lookup<'_>) -> u64 {
    match lookup {
        Lookup::Hit(payload) => payload.iter().map(|&byte| u64::from(byte)).sum(),
        _ => 0,
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let entries: u64 = std::env::args().nth(1).map_or(Ok(55_000), |text| text.parse())?;
    let directory = tempfile::tempdir()?;

    let start = Instant::now();
    let store = Store::new(open(directory.path())?, &[SPACE], StoreOptions::default())?;
    let mut bytes = 0;
    for number in 0..entries {
        let payload = payload(number);
        bytes += payload.len();
        store.put(SPACE, key(number), VERSION, &payload);
    }
    store.flush()?;
    println!(
        "cold insert    {:8.1} ms for {entries} entries, {:.1} MB",
        start.elapsed().as_secs_f64() * 1e3,
        bytes as f64 / 1e6
    );
    let size = store.backend().size_on_disk()?.unwrap_or(0);
    drop(store);

    let data = directory.path().join("v1/1/data.mdb");
    println!(
        "check          {:8.1} ms for a file of {:.1} MB",
        best(|| drop(black_box(check_file(&data)))),
        size as f64 / 1e6
    );
    println!(
        "open and close {:8.1} ms, the check included",
        best(|| drop(black_box(open(directory.path()))))
    );

    let store = Store::new(open(directory.path())?, &[SPACE], StoreOptions::default())?;
    let requests: Vec<Request> =
        (0..entries).map(|number| Request { key: key(number), fingerprint: VERSION }).collect();
    let all = best(|| {
        let mut total = 0;
        store.get_many(SPACE, &requests, |_, lookup| {
            total += sum(&lookup);
            ControlFlow::Continue(())
        });
        black_box(total);
    });
    println!("warm load      {all:8.1} ms for all, sorted by key, checksums and sums of bytes included");
    let snapshot = store.snapshot();
    let unsorted = best(|| {
        let total: u64 =
            requests.iter().map(|request| sum(&snapshot.get(SPACE, &request.key, VERSION))).sum();
        black_box(total);
    });
    println!("               {unsorted:8.1} ms in the order of the requests");
    let single = best(|| {
        for request in requests.iter().step_by(5) {
            store.get(SPACE, &request.key, VERSION, |lookup| {
                black_box(matches!(lookup, Lookup::Hit(_)));
            });
        }
    });
    println!(
        "single read    {:8.0} ns, a transaction each",
        single * 1e6 / requests.iter().step_by(5).count() as f64
    );
    println!("{:?}", store.statistics(SPACE));
    Ok(())
}
