//! What a handle has open, in its own process and in forks of it.

use std::sync::{Arc, OnceLock};

use repo_map_cache_core::{PerProcess, StorageBackend};

use super::open::OpenCache;
use crate::config::CacheConfig;
use crate::error::Error;

/// What is open of a place. The child of a `fork` opens the place anew at its first use: it has an environment, a writer and memory
/// tiers of its own. Storage of the caller's own is not used there; the child keeps values in memory.
#[derive(Clone)]
pub(super) struct Handle {
    /// Of each process its own. What a child inherits is neither used nor freed there.
    opened: Arc<PerProcess<OnceLock<Arc<OpenCache>>>>,
    config: Arc<CacheConfig>,
    has_own_storage: bool,
}

impl Handle {
    /// What is configured.
    pub(super) fn open(config: &CacheConfig) -> Result<Self, Error> {
        Ok(Self::of(OpenCache::open(config)?.with_bounds_of(config)?, config, false))
    }

    /// What is kept in storage of the caller's own.
    pub(super) fn over(backend: &Arc<dyn StorageBackend>, config: &CacheConfig) -> Result<Self, Error> {
        Ok(Self::of(OpenCache::over(backend, config)?.with_bounds_of(config)?, config, true))
    }

    fn of(open: Arc<OpenCache>, config: &CacheConfig, has_own_storage: bool) -> Self {
        let opened = Arc::new(PerProcess::new());
        opened.get(OnceLock::new).get_or_init(|| open);
        Self { opened, config: Arc::new(config.clone()), has_own_storage }
    }

    /// What this process has open.
    pub(super) fn get(&self) -> &Arc<OpenCache> {
        self.opened.get(OnceLock::new).get_or_init(|| self.anew())
    }

    fn anew(&self) -> Arc<OpenCache> {
        let opened = match self.has_own_storage {
            true => OpenCache::in_memory(&self.config),
            false => OpenCache::open(&self.config),
        };
        // A child that gets no thread to write with still has its memory tiers.
        opened.unwrap_or_else(|_| Arc::new(OpenCache::without_store(&self.config)))
    }
}
