//! A history of a store that a number determines, so that a child knows the truth without being told.

use std::collections::BTreeMap;

use repo_map_cache_core::{Fingerprint, Key, Keyspace, StorageBackend, seal};

pub(crate) const SPACES: [Keyspace; 2] = [Keyspace::new("values"), Keyspace::new("others")];

/// SplitMix64.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

pub(crate) struct Workload {
    random: Random,
    entries: u64,
    rounds: u64,
    /// What is stored at the end: the version of each entry, which is its fingerprint too.
    pub(crate) truth: BTreeMap<(usize, u64), u64>,
}

enum Change {
    Put(u64),
    Delete,
}

impl Workload {
    pub(crate) fn new(seed: u64, megabytes: u64) -> Self {
        Self { random: Random::new(seed), entries: megabytes * 400, rounds: 12, truth: BTreeMap::new() }
    }

    pub(crate) fn rounds(&self) -> u64 {
        self.rounds
    }

    /// Writes the history, and calls after each commit with its number.
    pub(crate) fn run(mut self, backend: &dyn StorageBackend, mut after: impl FnMut(u64)) {
        for round in 0..self.rounds {
            // Snapshots that are held for a while keep pages from being reused.
            let _held = (round % 3 == 1).then(|| backend.read().expect("a snapshot"));
            let changes = self.changes(round);
            let mut write = backend.write().expect("a write");
            for ((space, number), change) in changes {
                let key = key(number);
                match change {
                    Change::Put(version) => {
                        write.put(SPACES[space], &key, &value(number, version)).expect("room");
                    }
                    Change::Delete => {
                        write.delete(SPACES[space], &key).expect("room");
                    }
                }
            }
            write.commit().expect("room");
            after(round);
        }
    }

    /// Only learns what would be stored.
    pub(crate) fn learn(mut self) -> BTreeMap<(usize, u64), u64> {
        for round in 0..self.rounds {
            self.changes(round);
        }
        self.truth
    }

    fn changes(&mut self, round: u64) -> BTreeMap<(usize, u64), Change> {
        let mut changes = BTreeMap::new();
        // The first rounds fill, the later ones churn.
        let count = if round < 3 { self.entries / 3 } else { 1 + self.random.below(1 + self.entries / 8) };
        for _ in 0..count {
            let place = ((self.random.below(8) == 0) as usize, self.random.below(self.entries.max(1)));
            if round > 2 && self.random.below(3) == 0 {
                self.truth.remove(&place);
                changes.insert(place, Change::Delete);
            } else {
                let version = self.random.next();
                self.truth.insert(place, version);
                changes.insert(place, Change::Put(version));
            }
        }
        changes
    }
}

pub(crate) fn key(number: u64) -> Key {
    let mut random = Random::new(number);
    let mut bytes = [0; 32];
    bytes.chunks_exact_mut(8).for_each(|chunk| chunk.copy_from_slice(&random.next().to_le_bytes()));
    Key::new(bytes)
}

/// From nothing to three pages, mostly within one.
pub(crate) fn payload(version: u64) -> Vec<u8> {
    let mut random = Random::new(version);
    let length = match random.below(10) {
        0 => random.below(40),
        1..7 => random.below(1900),
        _ => random.below(12_000),
    };
    let mut bytes = Vec::with_capacity(length as usize + 8);
    while bytes.len() < length as usize {
        bytes.extend_from_slice(&random.next().to_le_bytes());
    }
    bytes.truncate(length as usize);
    bytes
}

pub(crate) fn value(number: u64, version: u64) -> Vec<u8> {
    seal(&key(number), Fingerprint::new(version), &payload(version))
}
