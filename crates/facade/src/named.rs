use repo_map_model::RepoPath;

/// What a request names that the tree has.
pub(crate) struct Named {
    /// Sorted.
    pub(crate) chat: Vec<RepoPath>,
    /// Sorted.
    pub(crate) mentioned: Vec<RepoPath>,
    /// The folder that is shown alone.
    pub(crate) folder: Option<RepoPath>,
}
