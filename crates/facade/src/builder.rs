use std::path::PathBuf;
use std::sync::Arc;

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
            progress: None,
            workers: None,
            notices: Vec::new(),
        };
        Self { root, queries: None, settings }
    }

    /// Only the files below the given folder, where it lies inside a git repository.
    pub fn subtree_only(mut self, subtree_only: bool) -> Self {
        self.settings.subtree_only = subtree_only;
        self
    }

    /// Further files of ignore rules, in `.gitignore`'s format; they speak of the map and beat every other rule.
    pub fn ignore_files(mut self, files: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        self.settings.ignore_files.extend(files.into_iter().map(Into::into));
        self
    }

    /// Exactly these files, instead of those that are found.
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

    /// Worker threads; 0 takes one a core. No result depends on it.
    pub fn threads(mut self, threads: usize) -> Self {
        self.settings.threads = threads;
        self
    }

    /// The bytes of the tree that may be held between two requests, near enough: by default all. What is over that is forgotten after
    /// each answer, first what the last maps quoted, then the words of the tree, then the tree itself, and had again from the cache when
    /// the next request wants it; a mapper that looks [`Manual`](crate::RefreshMode::Manual)ly looks again then. What the cache holds in
    /// memory has bounds of its own, and no answer depends on any of this. [`RepoMapper::memory`] tells the sum.
    pub fn max_memory(mut self, bytes: u64) -> Self {
        self.settings.max_memory = Some(bytes);
        self
    }

    /// What budgets are counted in.
    pub fn tokenizer(mut self, tokenizer: Tokenizer) -> Self {
        self.settings.tokenizer = tokenizer;
        self
    }

    /// The weights of the ranking.
    pub fn preset(mut self, preset: Preset) -> Self {
        self.settings.preset = preset;
        self
    }

    /// Preset and weights of the ranking, as they were configured. Its notices come with the first map.
    pub fn ranking(mut self, config: RankingConfig) -> Self {
        self.settings.notices.extend(config.notices);
        self.preset(config.preset).weights(config.weights)
    }

    /// What each signal of files and definitions is worth, and each reference.
    pub fn weights(mut self, weights: Weights) -> Self {
        self.settings.weights = weights;
        self
    }

    /// Whether the git log counts, where a request has a task or chat files and the root is a git repository. It does by default.
    pub fn history(mut self, history: bool) -> Self {
        self.settings.history = history;
        self
    }

    /// Whether the messages of the git log count beside what its commits changed. They do by default; [`history`](Self::history)
    /// switches them off too.
    pub fn past_messages(mut self, past_messages: bool) -> Self {
        self.settings.past_messages = past_messages;
        self
    }

    /// Where tags are kept between runs; in memory unless said otherwise. Its notices come with the first map.
    pub fn cache(mut self, cache: CacheConfig) -> Self {
        self.settings.cache = cache;
        self
    }

    /// Keeps tags, words and maps in storage of the caller's own, in place of the folder of [`cache`](Self::cache), whose other settings
    /// hold. See docs/backends.md.
    ///
    /// Mappers and typed caches on the same `Arc` share what is open of it. The child of a `fork` leaves it alone: a mapper keeps everything in
    /// memory there, and says so.
    pub fn backend(mut self, backend: Arc<dyn StorageBackend>) -> Self {
        self.settings.backend = Some(backend);
        self
    }

    /// Hears how long work goes.
    pub fn progress(mut self, progress: Arc<dyn Progress>) -> Self {
        self.settings.progress = Some(progress);
        self
    }

    /// Lets other processes parse, so that no file can take this one down; costs a few percent more CPU time. Without
    /// it files are parsed on the mapper's own threads, and a file that aborts its parser aborts the program.
    pub fn workers(mut self, command: WorkerCommand) -> Self {
        self.settings.workers = Some(command);
        self
    }

    /// A folder with queries of the user's own: `python.scm` adds to the query for Python or, when its first line is
    /// `; replaces`, takes its place.
    pub fn queries(mut self, folder: impl Into<PathBuf>) -> Self {
        self.queries = Some(folder.into());
        self
    }

    /// The mapper. The tree itself is looked at when the first map is asked for.
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
