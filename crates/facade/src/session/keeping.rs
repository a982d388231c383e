//! The index of the tree goes to the store, for the next process.

use std::sync::Arc;

use repo_map_cache_core::Key;
use repo_map_model::Interrupt;

use super::Session;
use super::last_look::{KeptIndex, LastLook};
use crate::index::{Table, TreeWords, place};

impl Session {
    /// The index that was kept, as far as its table tells.
    pub(super) fn kept_table(&self) -> Option<Table> {
        Table::read(&self.store, &self.place(), &self.preset)
    }

    /// The words that were kept, or none.
    pub(super) fn kept_words(&self) -> Arc<TreeWords> {
        TreeWords::kept(&self.store, &self.place())
    }

    /// Where the index of this tree is kept.
    fn place(&self) -> Key {
        place(&self.workshop(true, Interrupt::NEVER), &self.scan_options())
    }

    /// Begins with the index that was kept, if it is whole.
    pub(super) fn restore(&self, look: &mut LastLook, table: Option<Table>) {
        let Some(table) = table else { return };
        let parts = table.parts();
        if let Some(index) = table.restore(&self.store) {
            look.unfinished_index = Some(index.into());
            look.kept_index = KeptIndex::restored(parts);
        }
    }

    /// Keeps the index, if the one that is kept is not much like it. Takes about a second for a million names.
    fn keep_index(&self) {
        let tree = self.tree().clone();
        if self.is_broken() || !tree.is_scanned || !tree.trusts_stat || !self.is_durable() {
            return;
        }
        let Some(look) = self.look.take(Interrupt::NEVER) else { return };
        if look.is_behind {
            return;
        }
        match tree.index.is_worth_keeping(look.kept_index.changed()) {
            true => tree.index.keep(&self.store, &self.place(), &self.preset, look.kept_index.parts()),
            false => tree.index.keep_graph(),
        }
        if tree.words.is_of(&tree.index) {
            tree.words.keep(&self.store, &self.place());
        }
    }
}

/// No answer waits for it.
impl Drop for Session {
    fn drop(&mut self) {
        self.keep_index();
    }
}
