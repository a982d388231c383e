//! Which records are parsed again, to find out whether a server lies.

use std::sync::atomic::{AtomicU64, Ordering};

use repo_map_cache_core::Key;
use ring::rand::{SecureRandom as _, SystemRandom};

/// Records of a server that anybody could have made: so many of a thousand, of the first thousand. One lie in a hundred is then found within them
/// in 997 of 1,000 runs.
const EARLY: u64 = 450;
const FIRST: u64 = 1_000;
/// Afterwards, and where seals or signatures already tell who made them.
const LATER: u64 = 16;

pub(crate) struct Sample {
    /// Nobody outside can tell which records are looked at.
    seed: [u8; 32],
    is_wary: bool,
    taken: AtomicU64,
}

impl Sample {
    pub(crate) fn new(is_wary: bool) -> Self {
        let mut seed = [0; 32];
        // Without random numbers every record is looked at.
        let has_seed = SystemRandom::new().fill(&mut seed).is_ok();
        Self { seed, is_wary: is_wary || !has_seed, taken: AtomicU64::default() }
    }

    pub(crate) fn wants(&self, key: &Key) -> bool {
        if self.seed == [0; 32] {
            return true;
        }
        let is_early = self.is_wary && self.taken.fetch_add(1, Ordering::Relaxed) < FIRST;
        let hash = blake3::keyed_hash(&self.seed, key.as_bytes());
        let number = hash.as_bytes().first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        number % 1_000 < if is_early { EARLY } else { LATER }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_lie_in_a_hundred_is_found_within_the_first_thousand() {
        let keys: Vec<Key> =
            (0..1_000u32).map(|at| Key::new(*blake3::hash(&at.to_le_bytes()).as_bytes())).collect();
        let is_found = |_| {
            let sample = Sample::new(true);
            keys.iter().enumerate().filter(|(_, key)| sample.wants(key)).any(|(at, _)| at % 100 == 99)
        };
        let found = (0..1_000).filter(|run| is_found(*run)).count();
        assert!(found >= 980, "{found} of 1,000");
    }

    #[test]
    fn few_are_looked_at_where_seals_tell() {
        let sample = Sample::new(false);
        let wanted = (0..10_000u32)
            .filter(|at| sample.wants(&Key::new(*blake3::hash(&at.to_le_bytes()).as_bytes())))
            .count();
        assert!((50..400).contains(&wanted), "{wanted}");
    }
}
