use repo_map_git::ObjectId;

/// A commit as the log holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Commit {
    pub(crate) id: ObjectId,
    /// Seconds since the epoch, by the committer's clock. The walk goes by it, as git's own does.
    pub(crate) time: i64,
    /// As the commit names them; none where a shallow clone was cut.
    pub(crate) parents: Box<[ObjectId]>,
    pub(crate) kind: CommitKind,
    /// A shallow clone was cut here.
    pub(crate) is_border: bool,
    /// What it took to look at: the bytes of the trees that differ from its parent's, and a little. The same however they are stored.
    pub(crate) work: u64,
    /// Indices of paths, ascending: where they are after the commit, or were before it.
    /// None when there are more than [`Log::MAX_FILES`](crate::Log::MAX_FILES), or it is too large to be looked at.
    pub(crate) files: Box<[u32]>,
    /// The names that it touched, each with its file, ascending: see [`crate::touched`]. `None` where nobody looked.
    pub(crate) names: Option<Box<[(u32, u32)]>>,
    /// What it took to compare the texts for them, by their bytes and lines.
    pub(crate) named_work: u64,
    /// From, to.
    pub(crate) moves: Box<[(u32, u32)]>,
    pub(crate) message: Message,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CommitKind {
    /// It counts.
    Change,
    /// A merge or a border: only a step of the walk.
    Step,
    /// Its trees or its message could not be read; tried again when the log is extended.
    Unreadable,
}

/// The words of a message: the upper halves of their hashes, ascending, with the count of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) words: Box<[(u32, u8)]>,
}

impl CommitKind {
    pub(crate) const ALL: [Self; 3] = [Self::Change, Self::Step, Self::Unreadable];
}

impl Message {
    pub(crate) fn length(&self) -> u32 {
        self.words.iter().map(|&(_, count)| u32::from(count)).sum()
    }
}
