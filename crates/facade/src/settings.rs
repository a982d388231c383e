use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use repo_map_cache_core::StorageBackend;
use repo_map_files::Root;
use repo_map_ranking::Weights;
use repo_map_render::{TokenCounter as _, Tokenizer};
use repo_map_tags::LanguageSet;

use crate::config::CacheConfig;
use crate::extraction::WorkerCommand;
use crate::preset::Preset;
use crate::progress::Progress;
use crate::rerank::RerankSettings;

/// What a mapper works by.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) subtree_only: bool,
    pub(crate) ignore_files: Vec<PathBuf>,
    pub(crate) files: Option<Vec<String>>,
    pub(crate) max_file_bytes: u64,
    pub(crate) threads: usize,
    pub(crate) max_memory: Option<u64>,
    pub(crate) tokenizer: Tokenizer,
    pub(crate) preset: Preset,
    pub(crate) weights: Weights,
    pub(crate) history: bool,
    pub(crate) past_messages: bool,
    pub(crate) cache: CacheConfig,
    pub(crate) backend: Option<Arc<dyn StorageBackend>>,
    #[cfg(feature = "remote")]
    pub(crate) packs: Vec<crate::pack::Pack>,
    pub(crate) progress: Option<Arc<dyn Progress>>,
    pub(crate) workers: Option<WorkerCommand>,
    pub(crate) reranker: Option<RerankSettings>,
    /// Of the configuration of the ranking and the files; the cache's has its own.
    pub(crate) notices: Vec<String>,
}

/// The settings with what they name, found and read.
pub(crate) struct Plan {
    pub(crate) root: Root,
    /// That made it.
    pub(crate) process: u32,
    pub(crate) languages: Arc<LanguageSet>,
    pub(crate) settings: Settings,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("tokenizer", &self.tokenizer.name())
            .field("preset", &self.preset)
            .field("cache", &self.cache)
            .field("backend", &self.backend.as_ref().map(|backend| backend.name()))
            .field("workers", &self.workers)
            .finish_non_exhaustive()
    }
}
