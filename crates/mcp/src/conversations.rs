//! What callers were shown before, by the names that they give their conversations.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use repo_map_cache::MapSession;

/// Conversations that are remembered at most; the one that was asked in last stays longest.
const MOST: usize = 64;

/// A longer prompt is no prompt: such a conversation begins anew.
const LONGEST: usize = 1 << 20;

/// Conversations of each root.
#[derive(Default)]
pub(crate) struct Conversations(Mutex<Vec<Entry>>);

struct Entry {
    root: PathBuf,
    name: String,
    session: MapSession,
}

impl Conversations {
    /// What a conversation was shown so far.
    pub(crate) fn of(&self, root: &Path, name: &str) -> MapSession {
        let entries = self.lock();
        let found = entries.iter().find(|entry| entry.root == root && entry.name == name);
        found.map_or_else(MapSession::default, |entry| entry.session.clone())
    }

    /// Remembers what was shown just now.
    pub(crate) fn keep(&self, root: &Path, name: &str, turn: &str) {
        let mut entries = self.lock();
        let at = entries.iter().position(|entry| entry.root == root && entry.name == name);
        let mut session = at.map_or_else(MapSession::default, |at| entries.remove(at).session);
        session.keep(turn);
        if session.prompt().len() <= LONGEST {
            entries.push(Entry { root: root.to_owned(), name: name.to_owned(), session });
        }
        if entries.len() > MOST {
            entries.remove(0);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
