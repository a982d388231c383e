use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use repo_map_cache_core::StorageBackend;
use repo_map_files::locate;
use repo_map_ranking::Weights;
use repo_map_render::Tokenizer;

use crate::config::{CacheConfig, FilesConfig, RankingConfig};
use crate::error::Error;
use crate::extraction::WorkerCommand;
use crate::mapper::RepoMapper;
use crate::preset::Preset;
use crate::progress::Progress;
use crate::queries;
use crate::rerank::{RerankSettings, Reranker};
use crate::settings::{Plan, Settings};
use crate::size_limit;

/// The settings of a [`RepoMapper`]. Only the root is required.
#[derive(Clone, Debug)]
#[must_use = "a builder makes a mapper when `build` is called"]
pub struct RepoMapperBuilder {
    root: PathBuf,
    queries: Option<PathBuf>,
    settings: Settings,
}

impl RepoMapper {
    /// Settings for a mapper of the repository that the folder is in.
    pub fn builder(root: impl Into<PathBuf>) -> RepoMapperBuilder {
        RepoMapperBuilder::new(root.into())
    }
}

impl RepoMapperBuilder {
    fn new(root: PathBuf) -> Self {
        let settings = Settings {
            subtree_only: false,
            ignore_files: Vec::new(),
            files: None,
            max_file_bytes: size_limit::default_bytes(),
            threads: 0,
            max_memory: None,
            tokenizer: Tokenizer::default(),
            preset: Preset::default(),
            weights: Weights::default(),
            history: true,
            past_messages: true,
            cache: CacheConfig::in_memory(),
            backend: None,
            #[cfg(feature = "remote")]
            packs: Vec::new(),
            progress: None,
            workers: None,
            reranker: None,
            notices: Vec::new(),
        };
        Self { root, queries: None, settings }
    }

    /// Maps only the files below the given folder, where it lies inside a git repository.
    pub fn subtree_only(mut self, subtree_only: bool) -> Self {
        self.settings.subtree_only = subtree_only;
        self
    }

    /// Adds files of ignore rules in the format of `.gitignore`. They override all other rules.
    pub fn ignore_files(mut self, files: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        self.settings.ignore_files.extend(files.into_iter().map(Into::into));
        self
    }

    /// Maps exactly these files instead of scanning.
    pub fn files(mut self, files: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.settings.files = Some(files.into_iter().map(Into::into).collect());
        self
    }

    /// The largest file that is read, in bytes, up to 64 MiB; 1 MiB unless set. Larger ones take part by their paths alone, and
    /// [`RepoMap::reading`](crate::RepoMap::reading) counts them.
    pub fn max_file_bytes(mut self, bytes: u64) -> Self {
        self.settings.max_file_bytes = bytes.min(size_limit::MOST_BYTES);
        self
    }

    /// Which files are read, as it was configured. Its notices come with the first map.
    pub fn reading(mut self, config: FilesConfig) -> Self {
        self.settings.notices.extend(config.notices);
        match config.max_bytes {
            Some(bytes) => self.max_file_bytes(bytes),
            None => self,
        }
    }

    /// Sets the number of threads; 0 means one per core. No result depends on it.
    pub fn threads(mut self, threads: usize) -> Self {
        self.settings.threads = threads;
        self
    }

    /// Limits the memory that the mapper keeps between two requests, in bytes, approximately; unlimited by default.
    ///
    /// What exceeds the limit is dropped after each request: first the quoted sources, then the words of the tree, then the tree itself.
    /// The next request loads it from the cache; with [`Manual`](crate::RefreshMode::Manual) it also refreshes. The memory tier of the
    /// cache has its own limits. No answer depends on this. [`RepoMapper::memory`] returns the use.
    pub fn max_memory(mut self, bytes: u64) -> Self {
        self.settings.max_memory = Some(bytes);
        self
    }

    /// Sets the tokenizer that counts budgets.
    pub fn tokenizer(mut self, tokenizer: Tokenizer) -> Self {
        self.settings.tokenizer = tokenizer;
        self
    }

    /// Sets the weights of the ranking by name.
    pub fn preset(mut self, preset: Preset) -> Self {
        self.settings.preset = preset;
        self
    }

    /// Sets preset and weights from a configuration. Its notices come with the first map.
    pub fn ranking(mut self, config: RankingConfig) -> Self {
        self.settings.notices.extend(config.notices);
        self.preset(config.preset).weights(config.weights)
    }

    /// Sets the weights of signals and references.
    pub fn weights(mut self, weights: Weights) -> Self {
        self.settings.weights = weights;
        self
    }

    /// Uses the git log as a signal (default: true). It is ignored in overviews and outside of git.
    pub fn history(mut self, history: bool) -> Self {
        self.settings.history = history;
        self
    }

    /// Uses commit messages as a signal (default: true). [`history(false)`](Self::history) disables them too. For a task without them it does
    /// not count either what changes often, only what changed together with chat files.
    pub fn past_messages(mut self, past_messages: bool) -> Self {
        self.settings.past_messages = past_messages;
        self
    }

    /// Sets where tags, words and maps are cached (default: in memory). Its notices come with the first map.
    pub fn cache(mut self, cache: CacheConfig) -> Self {
        self.settings.cache = cache;
        self
    }

    /// Caches in a storage backend of the caller's instead of the folder of [`cache`](Self::cache). The other settings of `cache` apply.
    /// See docs/backends.md.
    ///
    /// Mappers and typed caches on the same `Arc` share one open store. After a `fork` the child does not use it: its mapper caches in
    /// memory and adds a notice.
    pub fn backend(mut self, backend: Arc<dyn StorageBackend>) -> Self {
        self.settings.backend = Some(backend);
        self
    }

    /// Takes records from packs in place of parsing, and in place of the shared cache: the first that has one. They are checked, compared and
    /// given up as those of a shared cache are.
    #[cfg(feature = "remote")]
    pub fn packs(mut self, packs: impl IntoIterator<Item = crate::Pack>) -> Self {
        self.settings.packs.extend(packs);
        self
    }

    /// Asks a reranker about the first candidates of each task, and waits so long for its answer. No configuration sets one. See docs/rerankers.md.
    pub fn reranker(mut self, reranker: Arc<dyn Reranker>, within: Duration) -> Self {
        self.settings.reranker = Some(RerankSettings { reranker, within });
        self
    }

    /// Reports progress of long refreshes.
    pub fn progress(mut self, progress: Arc<dyn Progress>) -> Self {
        self.settings.progress = Some(progress);
        self
    }

    /// Parses in worker processes, so that a crashing grammar cannot end this one. Costs a few percent more CPU time. Without it files are
    /// parsed on the mapper's own threads.
    pub fn workers(mut self, command: WorkerCommand) -> Self {
        self.settings.workers = Some(command);
        self
    }

    /// Loads tree-sitter queries from a folder: `python.scm` extends the query for Python, or replaces it if its first line is
    /// `; replaces`.
    pub fn queries(mut self, folder: impl Into<PathBuf>) -> Self {
        self.queries = Some(folder.into());
        self
    }

    /// Builds the mapper. The tree is scanned by the first request.
    ///
    /// # Errors
    /// [`RootNotFound`](crate::ErrorKind::RootNotFound) and [`RootNotAFolder`](crate::ErrorKind::RootNotAFolder) for the root,
    /// [`Unreadable`](crate::ErrorKind::Unreadable) for a root or queries that cannot be read, and
    /// [`Misconfigured`](crate::ErrorKind::Misconfigured) for a query that does not fit its language, or bounds of the cache that
    /// no machine has.
    pub fn build(self) -> Result<RepoMapper, Error> {
        self.plan().map(RepoMapper::of)
    }

    pub(crate) fn plan(self) -> Result<Plan, Error> {
        let Self { root, queries, settings } = self;
        settings.cache.check()?;
        let root = locate(&root).map_err(Error::of_files)?;
        let languages = match queries {
            Some(folder) => Arc::new(queries::read(&folder)?),
            None => Arc::default(),
        };
        Ok(Plan { root, process: std::process::id(), languages, settings })
    }
}
