use std::fmt;

/// A word as records and the index hold it: 32 bits of its hash.
///
/// Records without the words' letters are a third of the size and need no dictionary to be merged. A repository
/// of the size of Linux has some five million different words, so one of a task's fifty collides with any of them
/// once in seventeen tasks; the price is one rare word counted for another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Term(u32);

impl Term {
    /// The term of a word as `words` gives it.
    ///
    /// FNV-1a (64 bits; Fowler, Noll, Vo) with the finalizer of MurmurHash3 (Appleby), upper half: stable across
    /// versions and machines, with the even upper bits that the index is partitioned by.
    pub(crate) fn new(word: &str) -> Self {
        Self(finish(feed(0xcbf2_9ce4_8422_2325, word)))
    }

    /// The term of a name as it is written, apart from all words: equal only for equal names.
    pub(crate) fn exact(name: &str) -> Self {
        // The seed is the state after a byte that no word can hold.
        Self(finish(feed(feed(0xcbf2_9ce4_8422_2325, "="), name)))
    }

    pub(crate) const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    pub(crate) const fn bits(self) -> u32 {
        self.0
    }
}

impl fmt::Debug for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Term({:08x})", self.0)
    }
}

fn feed(state: u64, text: &str) -> u64 {
    text.bytes().fold(state, |state, byte| (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

const fn finish(state: u64) -> u32 {
    let state = (state ^ (state >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let state = (state ^ (state >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    ((state ^ (state >> 33)) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_terms_keep_their_values() {
        let terms = [Term::new("cach"), Term::new("größe"), Term::exact("Cache")];
        assert_eq!(format!("{terms:?}"), "[Term(6d72830e), Term(2eb895f5), Term(79c3c1a2)]");
        assert_ne!(Term::new("cache"), Term::exact("cache"));
    }
}
