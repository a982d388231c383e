/// How much of a log is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogOptions {
    pub(crate) commits: usize,
    pub(crate) named_commits: usize,
    pub(crate) message_bytes: usize,
    pub(crate) words_version: u32,
    pub(crate) work: u64,
}

impl Default for LogOptions {
    /// 3,000 commits, the touched names of 400, 600 bytes a message, work of 3 GiB.
    fn default() -> Self {
        Self { commits: 3_000, named_commits: 400, message_bytes: 600, words_version: 0, work: 3 << 30 }
    }
}

impl LogOptions {
    /// The most commits that count; merges are not counted.
    #[must_use]
    pub fn commits(mut self, commits: usize) -> Self {
        self.commits = commits;
        self
    }

    /// Of how many of them, the youngest, the texts are compared to know the names that they touched: the dear part of reading a
    /// log. With 1,500 no more of the definitions that commits of the development set edit are found than with 400.
    #[must_use]
    pub fn named_commits(mut self, commits: usize) -> Self {
        self.named_commits = commits;
        self
    }

    /// The most bytes of a message whose words are kept. Titles say most; the longest messages quote logs.
    #[must_use]
    pub fn message_bytes(mut self, bytes: usize) -> Self {
        self.message_bytes = bytes;
        self
    }

    /// The version of the function that splits messages into words. A log of another version is not extended but read anew.
    #[must_use]
    pub fn words_version(mut self, version: u32) -> Self {
        self.words_version = version;
        self
    }

    /// The most bytes of trees that are compared, and a little for each commit: the backstop against a repository whose history is made to
    /// be dear. Reading stops when the log has so many, and says so in [`Log::end`](crate::Log::end). Three thousand commits
    /// of Linux take a hundredth of the default.
    #[must_use]
    pub fn work(mut self, bytes: u64) -> Self {
        self.work = bytes;
        self
    }
}
