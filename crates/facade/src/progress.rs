use repo_map_model::RepoPath;

/// Hears how the extraction of tags goes. Called from one thread at a time; only when there is work.
pub trait Progress: Send + Sync {
    /// So many files will be read.
    fn start(&self, files: usize);

    /// This one is done.
    fn file(&self, path: &RepoPath);

    /// All are done.
    fn finish(&self);
}
