use std::collections::BTreeSet;
use std::sync::Arc;

use repo_map_files::{Scanner, StatFingerprint};
use repo_map_model::RepoPath;

use crate::index::{Index, TreeWords};

/// What one look leaves to the next.
#[derive(Default)]
pub(super) struct LastLook {
    pub(super) scanner: Scanner,
    /// The files that the last request named whose look came to its end.
    pub(super) named: Option<BTreeSet<RepoPath>>,
    /// The last look was interrupted: the scanner knows more than the index.
    pub(super) is_behind: bool,
    /// The files of a scan whose content is being read for the first time: until then they are known by their paths.
    pub(super) scanned: Vec<(RepoPath, StatFingerprint)>,
    /// What was interrupted before anybody could see it.
    pub(super) unfinished_index: Option<Arc<Index>>,
    pub(super) unfinished_words: Option<Arc<TreeWords>>,
}
