use repo_map_model::RepoPath;
use repo_map_ranking::Corpus;
use repo_map_render::Source;

/// A tagged tree, as whoever holds it lends it to a look-up.
pub trait Tree {
    /// The tags of all files.
    fn corpus(&self) -> &Corpus;

    /// The text and tags of a file, both of the version that the corpus knows; `None` where it can no longer be had.
    fn source(&self, path: &RepoPath) -> Option<Source>;

    /// Whether nobody waits for the answer any more: it is asked between files, and what was found by then is the answer.
    fn is_due(&self) -> bool {
        false
    }
}
