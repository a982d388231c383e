//! Which files are read, by what their paths and sizes say.

use repo_map_model::RepoPath;
use repo_map_ranking::PathClass;
use repo_map_tags::Language;

/// Larger texts that no grammar reads are data.
pub(super) const MAX_TEXT_BYTES: u64 = 1 << 18;

/// Whether the file may be in a language of ours.
pub(super) fn may_hold_source(path: &RepoPath, size: u64) -> bool {
    match Language::of_path(path) {
        // A file without an extension may be a script: its first line tells.
        None => path.extension().is_none(),
        // Most texts are no documents: lists, data, what tests read.
        Some(language) if language.is_text() && path.extension().is_some() => {
            size <= MAX_TEXT_BYTES && PathClass::of(path) == PathClass::Docs
        }
        Some(_) => true,
    }
}
