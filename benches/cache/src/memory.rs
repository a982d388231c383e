//! The memory tier beside quick_cache and moka.

use std::hash::BuildHasher;
use std::sync::Arc;
use std::time::Instant;

use quick_cache::sync::Cache as Quick;
use repo_map_cache_core::{MemoryBounds, MemoryTier};
use rustc_hash::FxBuildHasher;

const CAPACITY: u64 = 50_000;
const OPERATIONS: u64 = 1_000_000;

type Key = [u64; 4];
type Moka = moka::sync::Cache<Key, Arc<u64>, FxBuildHasher>;

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

impl Subject for Quick<Key, Arc<u64>> {
    fn get(&self, key: &Key) -> bool {
        self.get(key).is_some()
    }

    fn put(&self, key: Key, value: Arc<u64>) {
        self.insert(key, value);
    }
}

impl Subject for Moka {
    fn get(&self, key: &Key) -> bool {
        self.get(key).is_some()
    }

    fn put(&self, key: Key, value: Arc<u64>) {
        self.insert(key, value);
    }
}

/// Prints hits and misses with insert a second, and their ratio to each peer's.
pub(crate) fn run(rounds: usize) {
    let keys: Vec<Key> = (0..CAPACITY / 2).map(key).collect();
    let ours = MemoryTier::new(MemoryBounds { items: CAPACITY, bytes: u64::MAX }, |_: &Key, _: &Arc<u64>| 1);
    let quick: Quick<Key, Arc<u64>> = Quick::new(CAPACITY as usize);
    let moka: Moka = moka::sync::Cache::builder().max_capacity(CAPACITY).build_with_hasher(FxBuildHasher);
    let subjects: [(&str, &dyn Subject); 3] =
        [("memory tier", &ours), ("quick_cache", &quick), ("moka", &moka)];
    println!(
        "memory, {CAPACITY} entries, millions a second (the best of {rounds} rounds); a hit's ns in one thread"
    );
    for threads in [1, 2, 4] {
        let mut best = [[0f64; 2]; 3];
        for round in 0..rounds as u64 {
            for (index, (_, subject)) in subjects.iter().enumerate() {
                (0..2).for_each(|_| keys.iter().for_each(|key| subject.put(*key, Arc::new(0))));
                let first = (1 + round + 100 * threads) * 10_000_000;
                // Misses go last: they push the keys of the hits out.
                best[index][0] = best[index][0].max(hits(*subject, &keys, threads));
                best[index][1] = best[index][1].max(misses(*subject, first, threads));
            }
        }
        for ((name, _), [hits, misses]) in subjects.iter().zip(best) {
            println!(
                "  {threads} threads  {name:<12} hits {hits:6.2} ({:5.0} ns)  ours/this {:4.2}   misses with insert {misses:6.2}  ours/this {:4.2}",
                1e3 / hits * threads as f64,
                best[0][0] / hits,
                best[0][1] / misses
            );
        }
    }
}

fn key(number: u64) -> Key {
    [1, 2, 3, 4].map(|part: u64| FxBuildHasher.hash_one(number.wrapping_mul(part) ^ part << 32))
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
    // moka may refuse a few: the share of hits counts, not that it is whole.
    measure(threads, |at| {
        std::hint::black_box(subject.get(&keys[(at * 7919 % (CAPACITY / 2)) as usize]));
    })
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
