//! The rows beside the entries: of when one was used, what it takes, and for which tree it was last used.

use repo_map_cache_core::Key;

/// The row of the clock, in a table of its own. The others there are of trees, under their keys.
pub(crate) const CLOCK: [u8; 32] = [0; 32];

/// A row of 24 bytes; of 16 where it was written before trees were told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// When the entry, or the tree, was last used.
    pub(crate) stamp: u64,
    /// The bytes that an entry takes; of a tree, when the rows of all that it uses were last looked at.
    pub(crate) bytes: u64,
    /// The tree that an entry was last used for; 0 where none was named.
    pub(crate) tree: u64,
}

impl Row {
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let number = |at: usize| {
            bytes.get(at..at + 8).map_or(0, |part| u64::from_le_bytes(part.try_into().expect("8 bytes")))
        };
        Self { stamp: number(0), bytes: number(8), tree: number(16) }
    }

    pub(crate) fn write(&self) -> [u8; 24] {
        let mut row = [0; 24];
        row[..8].copy_from_slice(&self.stamp.to_le_bytes());
        row[8..16].copy_from_slice(&self.bytes.to_le_bytes());
        row[16..].copy_from_slice(&self.tree.to_le_bytes());
        row
    }
}

/// How rows name a tree: by the first bytes of its key.
pub(crate) fn short_name(tree: &Key) -> u64 {
    prefix(tree.as_bytes()).max(1)
}

/// What stands for an entry in memory: two of which it is the same are taken for one, and kept together.
pub(crate) fn token(table: usize, key: &[u8; 32]) -> u64 {
    prefix(key) ^ (table as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A table in a set of tables; one beyond the 64th is in none.
pub(crate) fn bit(table: usize) -> u64 {
    u32::try_from(table).ok().and_then(|table| 1u64.checked_shl(table)).unwrap_or_default()
}

fn prefix(key: &[u8; 32]) -> u64 {
    u64::from_le_bytes(*key.first_chunk().expect("a key has 32 bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_from_before_trees_are_of_none() {
        let row = Row { stamp: 5, bytes: 7, tree: 9 };
        assert_eq!(Row::read(&row.write()), row);
        assert_eq!(Row::read(&row.write()[..16]), Row { tree: 0, ..row });
        assert_eq!(Row::read(&[]), Row { stamp: 0, bytes: 0, tree: 0 });
    }
}
