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

/// Hears how the work of a refresh goes: stages come one after the other, each from one thread, and those with nothing to do are left
/// out.
///
/// It is called in the middle of a refresh: a call of the mapper that waits for a refresh, from here, waits for itself. A panic in it ends the
/// refresh and reaches the caller.
pub trait Progress: Send + Sync {
    /// A stage begins. `total` counts its files (of the log: commits), where that is known.
    fn begin(&self, stage: Stage, total: Option<u64>);

    /// So many more are done.
    fn advance(&self, stage: Stage, done: u64);

    /// The stage is over: done, or given up.
    fn end(&self, stage: Stage);
}
