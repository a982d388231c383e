/// What a mapper is doing that may take long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// Finding the files of the tree.
    Scan,
    /// Reading files and finding their tags.
    Parse,
    /// Reading the words of files, where there is a task.
    Words,
    /// Reading the git log.
    Log,
}

impl Stage {
    /// The word for listings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scan => "scan",
            Self::Parse => "parse",
            Self::Words => "words",
            Self::Log => "log",
        }
    }
}

/// Callbacks for the progress of a refresh. Stages follow one another, each on one thread; stages without work are skipped.
///
/// Do not call the mapper from a callback: a call that waits for a refresh would deadlock. A panic in a callback ends the refresh and reaches
/// the caller.
pub trait Progress: Send + Sync {
    /// Called when a stage begins. `total` is the number of its files (of the log: commits), if known.
    fn begin(&self, stage: Stage, total: Option<u64>);

    /// Called with the number of further items that are done.
    fn advance(&self, stage: Stage, done: u64);

    /// Called when the stage ends: done or abandoned.
    fn end(&self, stage: Stage);
}
