//! Measures the memory tier beside quick_cache: `cargo run --release -p repo-map-cache-core --example memory_tier`.
//!
//! The two take turns, five rounds, and the best of each is printed, so a busy machine hurts both alike.
#![expect(clippy::print_stdout, reason = "a program that prints figures")]

use std::hash::BuildHasher;
use std::sync::Arc;
use std::time::Instant;

use quick_cache::sync::Cache;
use repo_map_cache_core::{MemoryBounds, MemoryTier};
use rustc_hash::FxBuildHasher;

const CAPACITY: u64 = 50_000;
const OPERATIONS: u64 = 2_000_000;

type Key = [u64; 4];

fn key(number: u64) -> Key {
    [1, 2, 3, 4].map(|part: u64| FxBuildHasher.hash_one(number.wrapping_mul(part) ^ part << 32))
}

trait Subject: Sync {
    fn get(&self, key: &Key) -> bool;
    fn put(&self, key: Key, value: Arc<u64>);
}

impl Subject for MemoryTier<Key, Arc<u64>> {
    fn get(&self, key: &Key) -> bool {
        self.get(key).is_some()
    }

    fn put(&self, key: Key, value: Arc<u64>) {
        self.put(key, value);
    }
}

impl Subject for Cache<Key, Arc<u64>> {
    fn get(&self, key: &Key) -> bool {
        self.get(key).is_some()
    }

    fn put(&self, key: Key, value: Arc<u64>) {
        self.insert(key, value);
    }
}

/// Millions of operations a second by so many threads.
fn measure(threads: u64, operation: impl Fn(u64) + Sync) -> f64 {
    let start = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let operation = &operation;
            scope.spawn(move || (0..OPERATIONS / threads).for_each(|at| operation(at * threads + thread)));
        }
    });
    OPERATIONS as f64 / start.elapsed().as_secs_f64() / 1e6
}

fn hits(subject: &dyn Subject, keys: &[Key], threads: u64) -> f64 {
    measure(threads, |at| assert!(subject.get(&keys[(at * 7919 % (CAPACITY / 2)) as usize])))
}

fn misses(subject: &dyn Subject, first: u64, threads: u64) -> f64 {
    let value = Arc::new(1);
    measure(threads, |at| {
        let key = key(first + at);
        if !subject.get(&key) {
            subject.put(key, value.clone());
        }
    })
}

fn main() {
    let keys: Vec<Key> = (0..CAPACITY / 2).map(key).collect();
    let ours = MemoryTier::new(MemoryBounds { items: CAPACITY, bytes: u64::MAX }, |_: &Key, _: &Arc<u64>| 1);
    let peer = Cache::new(CAPACITY as usize);
    let subjects: [(&str, &dyn Subject); 2] = [("memory tier", &ours), ("quick_cache", &peer)];
    for threads in [1, 2, 4] {
        let mut best = [[0f64; 2]; 2];
        for round in 0..5 {
            for (index, (_, subject)) in subjects.iter().enumerate() {
                keys.iter().for_each(|key| subject.put(*key, Arc::new(0)));
                keys.iter().for_each(|key| subject.put(*key, Arc::new(0)));
                let first = (1 + round + 5 * threads) * 10_000_000;
                // Misses go last: they push the keys of the hits out.
                best[index][0] = best[index][0].max(hits(*subject, &keys, threads));
                best[index][1] = best[index][1].max(misses(*subject, first, threads));
            }
        }
        for ((name, _), [hits, misses]) in subjects.iter().zip(best) {
            println!("{threads} threads  {name}  hits {hits:6.2} M/s  misses with insert {misses:6.2} M/s");
        }
    }
}
