use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use repo_map_cache::{Error, RepoMapperBuilder, Tokenizer};

/// What a front end decides of a server.
#[derive(Clone)]
#[non_exhaustive]
pub struct ServerConfig {
    /// The folders that may be asked for, and what is below them; the first is meant where a call names none.
    pub roots: Vec<PathBuf>,
    /// How a mapper of a folder is made. Tokenizer, progress and the bounds of a root are the server's.
    pub builder: Arc<Builder>,
    /// What budgets are counted in.
    pub tokenizer: Tokenizer,
    /// The budget of a call that names none.
    pub token_budget: usize,
    /// How long a call waits for a tree that was not read yet; it answers in part then.
    pub patience: Duration,
    /// Repositories that are kept open at most.
    pub most_open: usize,
    /// What repositories that no call is in may hold together, in bytes.
    pub most_memory: u64,
    /// How long a repository stays open that nobody asks for.
    pub idle: Duration,
}

/// How a mapper of a folder is made.
pub(crate) type Builder = dyn Fn(&Path) -> Result<RepoMapperBuilder, Error> + Send + Sync;

impl ServerConfig {
    /// A server of these folders.
    pub fn new(
        roots: impl IntoIterator<Item = impl Into<PathBuf>>,
        builder: impl Fn(&Path) -> Result<RepoMapperBuilder, Error> + Send + Sync + 'static,
    ) -> Self {
        Self {
            roots: roots.into_iter().map(Into::into).collect(),
            builder: Arc::new(builder),
            tokenizer: Tokenizer::default(),
            token_budget: 2048,
            patience: Duration::from_millis(250),
            most_open: 6,
            most_memory: 96 << 20,
            idle: Duration::from_secs(600),
        }
    }
}

impl fmt::Debug for ServerConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerConfig")
            .field("roots", &self.roots)
            .field("tokenizer", &self.tokenizer)
            .field("token_budget", &self.token_budget)
            .finish_non_exhaustive()
    }
}
