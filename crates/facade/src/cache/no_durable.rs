//! A build without the durable tier.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use repo_map_cache_core::StorageBackend;

use crate::config::CacheConfig;

/// What had to be given up: nothing, here.
#[derive(Clone, Debug)]
pub(crate) struct Recovery {
    pub(crate) reason: String,
    pub(crate) moved_to: PathBuf,
}

/// A store that was opened: never, here.
pub(super) struct Opened {
    pub(super) backend: Arc<dyn StorageBackend>,
    pub(super) recovery: Option<Recovery>,
    pub(super) notice: Option<String>,
}

pub(super) fn open(_: &Path, _: &CacheConfig, _: bool) -> Result<Opened, String> {
    Err("this build has no durable tier: it lacks the feature `lmdb`".to_owned())
}
