//! The layout of a vocabulary: a hash table from the bytes of a token to its rank, made by the build script and read
//! in place. Both include this file.
//!
//! ```text
//! tokens: u32 │ slots: u32 │ slot × slots: u32 │ end × tokens: u32 │ the bytes of the tokens, by rank
//! ```
//!
//! All numbers are little-endian. A slot is 0 where it is empty; else the rank of its token plus one, and above it the
//! highest bits of the hash, by which most strings that are no token are told without a look at the bytes. Collisions
//! go to the next slot.

/// Bits of a slot that hold the rank; what is left holds bits of the hash.
pub(crate) const RANK_BITS: u32 = 18;

/// The hash of a byte string: the rotate, xor and multiply of Firefox's string hash, with its high half folded down.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |hash: u64, word: u64| (hash.rotate_left(26) ^ word).wrapping_mul(FACTOR);
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let hash = words.iter().fold(bytes.len() as u64, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    let hash = mix(hash, u64::from_le_bytes(last));
    hash ^ (hash >> 32)
}

/// What a slot with this hash holds above the rank.
pub(crate) const fn mark(hash: u64) -> u32 {
    (hash >> 32) as u32 & !((1 << RANK_BITS) - 1)
}

/// Where the search for a hash begins in a table whose length is a power of two.
#[expect(clippy::cast_possible_truncation, reason = "the mask keeps what a table has slots for")]
pub(crate) const fn first(hash: u64, slots: usize) -> usize {
    hash as usize & (slots - 1)
}
