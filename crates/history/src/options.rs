use std::time::Duration;

/// How much of a log is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogOptions {
    pub(crate) commits: usize,
    pub(crate) named_commits: usize,
    pub(crate) message_bytes: usize,
    pub(crate) words_version: u32,
    pub(crate) time_limit: Duration,
}

impl Default for LogOptions {
    /// 3,000 commits, the touched names of 400, 600 bytes a message, ten seconds.
    fn default() -> Self {
        Self {
            commits: 3_000,
            named_commits: 400,
            message_bytes: 600,
            words_version: 0,
            time_limit: Duration::from_secs(10),
        }
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

    /// The last backstop against a repository that answers too slowly: reading stops after so long, says so in
    /// [`Log::end`](crate::Log::end), and goes on where it stopped when the log is extended.
    #[must_use]
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }
}
