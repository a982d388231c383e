//! What the last maps were made of, by content.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::store::Identity;

/// Values by content, bounded in bytes: the next task is often about the same files. Any of them may go for a new one: prompts want the same
/// files in the same order, and were the oldest to go, a round that is a little too large would find nothing of the one before.
pub(crate) struct Recent<V>(Mutex<Kept<V>>);

struct Kept<V> {
    values: HashMap<Identity, (V, usize)>,
    /// The keys of the values, in no order that means anything.
    identities: Vec<Identity>,
    bytes: usize,
    /// Chooses what goes.
    turn: u64,
}

impl<V: Clone> Recent<V> {
    /// The values that are kept have no more bytes together.
    const MOST_BYTES: usize = 64 << 20;

    /// What a value takes beside its own bytes.
    const OVERHEAD: usize = 512;

    /// The value of a content, if it is kept.
    pub(crate) fn get(&self, identity: Identity) -> Option<V> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.values.get(&identity).map(|(value, _)| value.clone())
    }

    /// Forgets all.
    pub(crate) fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Kept::default();
    }

    /// What the kept values take, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).bytes
    }

    /// Keeps the value of a content, which is so large.
    pub(crate) fn keep(&self, identity: Identity, value: V, bytes: usize) {
        // One file does not drive out all others.
        if bytes > Self::MOST_BYTES / 8 {
            return;
        }
        let bytes = bytes + Self::OVERHEAD;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = kept.values.get(&identity).map_or(0, |(_, bytes)| *bytes);
        while kept.bytes - before + bytes > Self::MOST_BYTES && kept.let_go(identity) {}
        kept.bytes += bytes;
        match kept.values.insert(identity, (value, bytes)) {
            Some((_, before)) => kept.bytes -= before,
            None => kept.identities.push(identity),
        }
    }
}

impl<V> Kept<V> {
    /// Lets one value go, and not that of `staying`; whether there was another.
    fn let_go(&mut self, staying: Identity) -> bool {
        // A step of splitmix64: spread well enough for any number of values.
        self.turn = self.turn.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let spread = (self.turn ^ (self.turn >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let count = self.identities.len();
        let chosen = (spread >> 32) as usize % count.max(1);
        let others = (chosen..count).chain(0..chosen);
        let Some(at) = others.into_iter().find(|&at| self.identities[at] != staying) else { return false };
        let identity = self.identities.swap_remove(at);
        self.bytes -= self.values.remove(&identity).map_or(0, |(_, bytes)| bytes);
        true
    }
}

impl<V> Default for Kept<V> {
    fn default() -> Self {
        Self { values: HashMap::new(), identities: Vec::new(), bytes: 0, turn: 0 }
    }
}

impl<V> Default for Recent<V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

#[cfg(test)]
mod tests {
    use repo_map_files::hash;
    use repo_map_tags::Language;

    use super::*;

    fn identity(at: usize, language: &str) -> Identity {
        Identity { content: hash(at.to_string().as_bytes()), language: Language::by_id(language) }
    }

    const MOST: usize = Recent::<usize>::MOST_BYTES;
    /// Twenty of them, and a small one more.
    const PART: usize = MOST / 20 - Recent::<usize>::OVERHEAD - 64;

    #[test]
    fn the_bound_holds_and_the_last_value_is_there() {
        let recent = Recent::default();
        for at in 0..60 {
            recent.keep(identity(at, "python"), at, PART);
            assert!(recent.bytes() <= MOST && recent.get(identity(at, "python")) == Some(at));
        }
        let kept = |recent: &Recent<usize>| {
            (0..60).filter(|&at| recent.get(identity(at, "python")).is_some()).count()
        };
        assert_eq!(kept(&recent), 20);
        assert_eq!(recent.get(identity(59, "rust")), None, "its tags are of another language");
        recent.keep(identity(59, "python"), 100, PART);
        recent.keep(identity(60, "python"), 60, MOST);
        assert_eq!([59, 60].map(|at| recent.get(identity(at, "python"))), [Some(100), None]);
        assert_eq!(kept(&recent), 20, "the new value of 59 is as large as the one before");
        recent.clear();
        assert_eq!((kept(&recent), recent.bytes()), (0, 0));
    }

    #[test]
    fn a_round_that_is_a_little_too_large_is_not_read_anew_each_time() {
        let recent = Recent::default();
        let (mut found, rounds, values) = (0, 50, 25);
        for _ in 0..rounds {
            for at in 0..values {
                let identity = identity(at, "python");
                match recent.get(identity) {
                    Some(_) => found += 1,
                    None => recent.keep(identity, at, PART),
                }
            }
        }
        assert!(found * 2 > rounds * values, "{found} of {}", rounds * values);
    }
}
