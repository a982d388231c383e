//! The files of a tree whose content nobody has read yet: until then they are known by their paths, also to who cannot wait for the look.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use repo_map_files::{Scan, StatFingerprint};
use repo_map_model::RepoPath;

use crate::snapshot::Tree;

/// Locked for a moment.
#[derive(Default)]
pub(super) struct Unread(Mutex<Arc<[UnreadFile]>>);

pub(super) type UnreadFile = (RepoPath, StatFingerprint);

impl Unread {
    /// The files of a scan that is being read for the first time.
    pub(super) fn set(&self, scan: &Scan) {
        *self.lock() = scan.files.iter().map(|file| (file.path.clone(), file.stat)).collect();
    }

    /// They are read.
    pub(super) fn clear(&self) {
        *self.lock() = Arc::default();
    }

    pub(super) fn get(&self) -> Arc<[UnreadFile]> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Arc<[UnreadFile]>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tree {
    /// Lets files that are not read yet take part: a path tells something too.
    pub(super) fn add_paths(&mut self, unread: &[UnreadFile]) {
        if !unread.is_empty() {
            Arc::make_mut(&mut self.index).add_paths(unread);
            Arc::make_mut(&mut self.words).add_paths(&self.index);
        }
    }
}
