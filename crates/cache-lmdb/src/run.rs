//! What this process has used and put for the tree that it works on: in memory, so that a run costs the store nothing.

use std::collections::HashSet;

use repo_map_cache_core::Key;

use crate::row::{bit, short_name};

/// Entries noted in one run; what is more is not protected.
const MOST_NOTED: usize = 1 << 20;

/// One tree's work in this process, until another tree is named. Without a tree: what was read since rows were last stamped.
#[derive(Default)]
pub(crate) struct Run {
    tree: Option<Key>,
    /// By [token](crate::row::token).
    used: HashSet<u64>,
    /// The tables that were read from: one bit each.
    tables: u64,
    /// Whether the store knows that the tree is in use.
    pub(crate) is_recorded: bool,
    /// The bytes of entries that had no place.
    pub(crate) refused: u64,
}

impl Run {
    /// Begins a run of a tree, or goes on with that of the same tree.
    pub(crate) fn begin(&mut self, tree: Key) {
        if self.tree != Some(tree) {
            *self = Self { tree: Some(tree), ..Self::default() };
        }
    }

    pub(crate) const fn tree(&self) -> Option<&Key> {
        self.tree.as_ref()
    }

    /// How rows name the tree; 0 without one.
    pub(crate) fn name(&self) -> u64 {
        self.tree.as_ref().map_or(0, short_name)
    }

    pub(crate) fn note(&mut self, tokens: impl IntoIterator<Item = u64>, tables: u64) {
        let left = MOST_NOTED.saturating_sub(self.used.len());
        self.used.extend(tokens.into_iter().take(left));
        self.tables |= tables;
    }

    /// Whether that changes anything.
    pub(crate) fn mark(&mut self, token: u64, is_used: bool) -> bool {
        if is_used {
            self.used.len() < MOST_NOTED && self.used.insert(token)
        } else {
            self.used.remove(&token)
        }
    }

    pub(crate) fn forget(&mut self) {
        self.used.clear();
    }

    pub(crate) fn has_noted(&self) -> bool {
        !self.used.is_empty()
    }

    pub(crate) fn uses(&self, token: u64) -> bool {
        self.used.contains(&token)
    }

    pub(crate) fn has_read_from(&self, table: usize) -> bool {
        self.tables & bit(table) != 0
    }
}
