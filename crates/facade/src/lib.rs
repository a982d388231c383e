//! Repository maps for coding agents: the stages and the cache put together.
//!
//! ```text
//! RepoMapper ── MapRequest ──► files ──► tags ──► ranking ──► render ──► RepoMap
//!                                │         │        ▲
//!                                │         └─ words ┤  of files, where there is a task
//!                                │         history ─┘  where there is a task or a chat file
//!                                └─ cache: tags and words by content, files by stat, the log by its head
//! ```
//!
//! ```
//! use repo_map_cache::{MapRequest, RepoMapper};
//! # let root = tempfile::tempdir()?;
//! # std::fs::write(root.path().join("core.py"), "class Engine:\n    def start(self):\n        return 1\n")?;
//! # std::fs::write(root.path().join("app.py"), "from core import Engine\n\ndef main():\n    Engine().start()\n")?;
//!
//! let mapper = RepoMapper::builder(root.path()).build()?;
//! let map = mapper.map(&MapRequest::new(1024).chat_files(["app.py"]))?;
//!
//! assert_eq!(map.text, "core.py:\n│class Engine\n│    def start(self)\n");
//! assert!(map.tokens_used <= 1024);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Invariants
//!
//! - The same tree, request and options give the same bytes: on any number of threads, cold or warm. What is marked
//!   [partial](RepoMap::is_partial) is outside of this.
//! - [`RepoMap::tokens_used`] never exceeds [`MapRequest::token_budget`]; a budget of 0 touches no file.
//! - A map is ranked for its own request. The cache holds tags, words and log, and whole maps of equal requests on an equal tree.
//! - Neither a file nor the cache can fail a request: both become reasons and notices.
//! - Nothing is printed, and the environment is read by [`CacheConfig::load`], [`CacheConfig::from_env`], [`RankingConfig::load`], [`MapConfig::load`] and [`user_queries`] alone.
//! - A tree is data: its `repo-map.toml` may change a map, never where anything is written or what runs.
//! - Maps, errors and notices hold no invisible or control characters ([`is_hidden`]). Data such as [`MappedFile::path`] may: print it with
//!   [`escaped`].
#![forbid(unsafe_code)]

mod builder;
mod cache;
mod clock;
mod confidence;
mod config;
mod dress;
mod error;
mod evidence;
#[cfg(feature = "remote")]
mod exchange;
mod explain;
mod extraction;
#[cfg(feature = "git")]
mod history;
#[cfg(not(feature = "git"))]
#[path = "no_history.rs"]
mod history;
mod index;
mod kept_map;
mod limits;
mod map;
mod map_session;
mod mapper;
mod named;
mod navigation;
mod order;
#[cfg(feature = "remote")]
mod pack;
mod pointed;
mod preset;
mod progress;
mod queries;
mod reading;
mod recent;
mod records;
mod request;
mod rerank;
mod session;
mod settings;
mod shape;
#[cfg(feature = "remote")]
mod shared;
#[cfg(not(feature = "remote"))]
#[path = "no_shared.rs"]
mod shared;
mod shared_activity;
mod size_limit;
mod skipped_file;
mod snapshot;
mod store;
mod tagged_file;
mod threads;
mod view;

pub use builder::RepoMapperBuilder;
#[cfg(feature = "lmdb")]
pub use cache::{
    AGES, CacheDirectory, Clearing, DirectoryStatistics, Inspection, StoredEntry, StoredTags,
    TableStatistics, Verification,
};
pub use cache::{
    CacheManager, CacheStatistics, KEYSPACES, ManagerStatistics, MapCache, MapCacheKey, MemoryPressure,
    OperationDurations, ParseFailures, Pressure, SystemPressure, Tag, TagCache, TagKind, Tags, TierActivity,
    TierStatistics, TreeCache, Warming,
};
pub use confidence::Confidence;
pub use config::{
    CacheConfig, FilesConfig, MapConfig, RankingConfig, RemoteConfig, user_pages, user_queries,
};
pub use error::{Error, ErrorKind};
pub use explain::{ExplainedDefinition, ExplainedFile, Explanation, Target, Verdict, WeighedSignal};
pub use extraction::{Extractor, WorkerCommand, serve_extraction};
pub use map::{CacheReport, Freshness, MappedDefinition, MappedFile, Omitted, RankedPath, RepoMap, Timings};
pub use map_session::{LEAST_BASE, MapSession};
pub use mapper::RepoMapper;
pub use navigation::{Navigation, NavigationRequest};
#[cfg(feature = "remote")]
pub use pack::{NearestPacks, Pack, PackReport};
pub use preset::Preset;
pub use progress::{Progress, Stage};
pub use reading::{Extent, Reading};
pub use request::{MapRequest, RefreshMode};
pub use rerank::{Candidate, CandidateDefinition, Reranker, Reranking};
pub use shared_activity::SharedActivity;
pub use skipped_file::{SkipCause, SkippedFile};
pub use tagged_file::{TaggedFile, files_below};
pub use view::{View, ViewedFile, ViewedLine, ViewedPage};

pub use repo_map_cache_core::{Keyspace, StorageBackend};
pub use repo_map_files::{SkipReason as UnreadReason, TreeDigest};
#[cfg(feature = "git")]
pub use repo_map_history::Changes;
pub use repo_map_model::{
    CancellationToken, ContentHash, Definition, DefinitionKind, FileTags, LineSpan, Reference, ReferenceKind,
    RepoPath, ScopeKind,
};
pub use repo_map_navigation::{
    Omitted as NavigationOmitted, Place, Point, Role as RowRole, Row as NavigationRow, holds_secrets,
};
pub use repo_map_ranking::{InvalidWeight, InvalidWeights, Signal, Weights};
pub use repo_map_render::{
    Format, Style, TokenCounter, Tokenizer, UnknownTokenizer, escaped, escaped_path, is_hidden, path_line,
    visible,
};
#[cfg(feature = "mimalloc")]
pub use repo_map_tags::use_mimalloc;
pub use repo_map_tags::{Language, Outcome, SkipReason};

/// The examples of the documents run as tests: of the crate, and of the repository where this is not a package of its own.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../README.md")]
    struct OfTheCrate;

    #[cfg(in_workspace)]
    #[doc = include_str!("../../../README.md")]
    struct OfTheRepository;

    #[cfg(in_workspace)]
    #[doc = include_str!("../../../docs/guide.md")]
    struct Guide;
}
