use std::collections::{BTreeSet, HashSet};
use std::mem;
use std::sync::Arc;

use repo_map_cache_core::Key;
use repo_map_files::Scanner;
use repo_map_model::RepoPath;

use crate::index::{Index, TreeWords};
use crate::map::CacheReport;

/// What one look leaves to the next.
#[derive(Default)]
pub(super) struct LastLook {
    pub(super) scanner: Scanner,
    /// The files that the last request named whose look came to its end.
    pub(super) named: Option<BTreeSet<RepoPath>>,
    /// The last look was interrupted: the scanner knows more than the index.
    pub(super) is_behind: bool,
    /// What the store has of the index.
    pub(super) kept_index: KeptIndex,
    /// What was interrupted before anybody could see it.
    pub(super) unfinished_index: Option<Arc<Index>>,
    pub(super) unfinished_words: Option<Arc<TreeWords>>,
}

/// What is known of the index that is kept.
#[derive(Default)]
pub(super) struct KeptIndex {
    /// The parts of the one that this session began with.
    parts: HashSet<Key>,
    /// How many files are other than in it.
    changed: usize,
    /// It was restored for the look that is under way.
    is_restored: bool,
}

impl KeptIndex {
    /// Of these parts, for the look that is under way.
    pub(super) fn restored(parts: HashSet<Key>) -> Self {
        Self { parts, changed: 0, is_restored: true }
    }

    pub(super) fn parts(&self) -> &HashSet<Key> {
        &self.parts
    }

    pub(super) fn changed(&self) -> usize {
        self.changed
    }

    /// Counts what a look found. Of an index that was restored, what was kept came from the store.
    pub(super) fn count(&mut self, report: &mut CacheReport) {
        self.changed += report.hits + report.misses;
        if mem::take(&mut self.is_restored) {
            report.hits += report.kept;
            report.kept = 0;
        }
    }
}
