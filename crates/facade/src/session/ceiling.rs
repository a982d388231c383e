//! What a session forgets where the caller bounds what it may hold: what is cheapest to have again goes first.

use std::sync::Arc;

use repo_map_model::Interrupt;

use super::Session;
use super::last_look::LastLook;
use crate::snapshot::Tree;

impl Session {
    /// Forgets between two requests what is over the ceiling: what the last maps quoted, then the words, then the tree. Another request that
    /// looks at the tree meanwhile keeps it.
    pub(super) fn keep_within_ceiling(&self) {
        let Some(most) = self.settings().max_memory else { return };
        if self.held() <= most {
            return;
        }
        self.quoted.clear();
        self.words_of_best.clear();
        if self.held() <= most {
            return;
        }
        let Some(mut look) = self.look.take(Interrupt::new(&|| true)) else { return };
        look.unfinished_words = None;
        self.tree().words = Arc::default();
        if self.held() > most {
            *look = LastLook::default();
            *self.tree() = Tree::default();
        }
    }

    /// What is held of the tree, in bytes: what the cache holds has bounds of its own.
    pub(super) fn held(&self) -> u64 {
        let tree = self.tree().clone();
        let of_tree = tree.index.memory() + tree.words.memory();
        (of_tree + self.quoted.bytes() + self.words_of_best.bytes()) as u64
    }
}
