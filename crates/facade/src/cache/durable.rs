//! The durable tier: LMDB.

use std::path::Path;
use std::sync::Arc;

use repo_map_cache_core::StorageBackend;
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions, default_max_size};
use repo_map_tags::hold_forks;

use super::keyspaces::{KEYSPACES, LAST_TO_GO};
use crate::config::CacheConfig;

pub(super) use repo_map_cache_lmdb::Recovery;

/// Opens the store of a directory; tells what had to be given up for that. A reason where it cannot be used.
pub(super) fn open(
    directory: &Path,
    config: &CacheConfig,
    always_checks: bool,
) -> Result<(Arc<dyn StorageBackend>, Option<Recovery>), String> {
    let mut options = options(config);
    options.always_checks = always_checks;
    let backend = hold_forks(|| LmdbBackend::open(directory, &options)).map_err(|error| error.to_string())?;
    let recovery = backend.recovery().cloned();
    Ok((Arc::new(backend), recovery))
}

pub(super) fn options(config: &CacheConfig) -> LmdbOptions {
    let mut options = LmdbOptions::new(KEYSPACES);
    options.last_to_go = LAST_TO_GO.to_vec();
    options.max_size = match (config.max_size_mb, &config.cache_dir) {
        (0, Some(directory)) => default_max_size(directory),
        (0, None) => options.max_size,
        (megabytes, _) => megabytes << 20,
    };
    options.trusts_owners = config.trusts_owners;
    options
}
