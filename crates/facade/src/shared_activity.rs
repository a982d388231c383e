//! What was asked of a cache that machines share, by all processes that used a directory.

use rkyv::{Archive, Deserialize, Serialize};

/// What was asked of a shared cache. An error is no miss, and neither is a refusal.
#[derive(Archive, Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct SharedActivity {
    /// Records that were found and taken.
    pub hits: u64,
    /// Records that it has not.
    pub misses: u64,
    /// Records that were found and not taken: damaged, of another version or team, unsigned, or not of the file.
    pub refused: u64,
    /// Records that a fault or a deadline kept back.
    pub errors: u64,
    /// Bytes of the records that came.
    pub bytes_received: u64,
    /// Records that were stored.
    pub stored: u64,
    /// Records that were to be stored and were not.
    pub dropped: u64,
    /// Bytes of the records that were stored.
    pub bytes_sent: u64,
    /// Records that were taken and parsed again, to compare.
    pub sampled: u64,
}

impl SharedActivity {
    pub(crate) fn plus(&self, other: &Self) -> Self {
        Self {
            hits: self.hits + other.hits,
            misses: self.misses + other.misses,
            refused: self.refused + other.refused,
            errors: self.errors + other.errors,
            bytes_received: self.bytes_received + other.bytes_received,
            stored: self.stored + other.stored,
            dropped: self.dropped + other.dropped,
            bytes_sent: self.bytes_sent + other.bytes_sent,
            sampled: self.sampled + other.sampled,
        }
    }

    pub(crate) fn is_none(&self) -> bool {
        *self == Self::default()
    }
}
