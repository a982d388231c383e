//! How keys are made: one BLAKE3 over parts that cannot run into each other.

use repo_map_cache_core::{Fingerprint, Key};

/// A hash of parts, each with its length before it. The context keeps kinds of keys apart.
pub(crate) struct KeyHasher(blake3::Hasher);

impl KeyHasher {
    pub(crate) fn new(context: &str) -> Self {
        Self(blake3::Hasher::new_derive_key(context))
    }

    #[must_use]
    pub(crate) fn part(mut self, bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// A list of parts, with their number before them.
    #[must_use]
    pub(crate) fn list<P: AsRef<[u8]>>(self, parts: impl ExactSizeIterator<Item = P>) -> Self {
        let head = self.part((parts.len() as u64).to_le_bytes());
        parts.fold(head, Self::part)
    }

    pub(crate) fn key(&self) -> Key {
        Key::new(*self.0.finalize().as_bytes())
    }

    pub(crate) fn fingerprint(&self) -> Fingerprint {
        let hash = self.0.finalize();
        let first = hash.as_bytes().first_chunk().expect("a BLAKE3 hash has 32 bytes");
        Fingerprint::new(u64::from_le_bytes(*first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        let list = |parts: &[&str]| KeyHasher::new("test").list(parts.iter()).key();
        let keys =
            [list(&[]), list(&[""]), list(&["", ""]), list(&["ab"]), list(&["a", "b"]), list(&["b", "a"])];
        for (index, key) in keys.iter().enumerate() {
            assert_eq!(keys.iter().position(|other| other == key), Some(index));
        }
        assert_ne!(KeyHasher::new("a").key(), KeyHasher::new("b").key());
    }
}
