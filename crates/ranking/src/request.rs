use repo_map_model::RepoPath;

/// For whom the files are ranked. Unknown paths and names are ignored, duplicates count once.
///
/// ```
/// let mentioned = ["Engine".to_owned()];
/// let mut request = repo_map_ranking::RankRequest::default();
/// request.mentioned_idents = &mentioned;
/// request.limit = 50;
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct RankRequest<'a> {
    /// Files that the reader has before them: the walk restarts there, their references count more, their
    /// definitions are not listed.
    pub chat_files: &'a [RepoPath],
    /// Files that the conversation mentions: the walk restarts there.
    pub mentioned_files: &'a [RepoPath],
    /// Identifiers that the conversation mentions: references to them count more, and the walk restarts in files
    /// with such a folder, file name or stem.
    pub mentioned_idents: &'a [String],
    /// An overview is of this folder alone; the files outside of it count as users.
    pub folder: Option<&'a RepoPath>,
    /// The most definitions to list; all files are listed in any case.
    pub limit: usize,
}

impl Default for RankRequest<'_> {
    /// No files, no names, 1,000 definitions.
    fn default() -> Self {
        Self { chat_files: &[], mentioned_files: &[], mentioned_idents: &[], folder: None, limit: 1_000 }
    }
}
