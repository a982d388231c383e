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

pub(super) fn open(
    _: &Path,
    _: &CacheConfig,
    _: bool,
) -> Result<(Arc<dyn StorageBackend>, Option<Recovery>), String> {
    Err("this build has no durable tier: it lacks the feature `lmdb`".to_owned())
}
