//! The durable tier: LMDB.

use std::path::Path;
use std::sync::Arc;

use repo_map_cache_core::StorageBackend;
#[cfg(unix)]
use repo_map_cache_lmdb::LmdbReader;
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions, default_max_size};
use repo_map_render::escaped_path;
use repo_map_tags::hold_forks;

use super::keyspaces::{KEYSPACES, LAST_TO_GO};
use crate::config::CacheConfig;
use crate::threads;

pub(super) use repo_map_cache_lmdb::Recovery;

/// A store that was opened.
pub(super) struct Opened {
    pub(super) backend: Arc<dyn StorageBackend>,
    /// What had to be given up for that.
    pub(super) recovery: Option<Recovery>,
    /// What the user should know of it.
    pub(super) notice: Option<String>,
}

/// Opens the store of a directory; for reading alone where its file system is read-only. A reason where it cannot be used.
pub(super) fn open(directory: &Path, config: &CacheConfig, always_checks: bool) -> Result<Opened, String> {
    let mut options = options(config);
    options.always_checks = always_checks;
    let failed = match hold_forks(|| LmdbBackend::open(directory, &options)) {
        Ok(backend) => {
            let recovery = backend.recovery().cloned();
            return Ok(Opened { backend: Arc::new(backend), recovery, notice: None });
        }
        Err(error) => error.to_string(),
    };
    let backend = read_only(directory, &options).ok_or(failed)?;
    let notice = format!(
        "the cache in {} lies on a read-only file system: it is read, and nothing new is kept",
        escaped_path(directory)
    );
    Ok(Opened { backend, recovery: None, notice: Some(notice) })
}

#[cfg(unix)]
fn read_only(directory: &Path, options: &LmdbOptions) -> Option<Arc<dyn StorageBackend>> {
    let reader = hold_forks(|| LmdbReader::open(directory, KEYSPACES, options.trusts_owners));
    reader.ok().map(|reader| Arc::new(reader) as _)
}

#[cfg(not(unix))]
fn read_only(_: &Path, _: &LmdbOptions) -> Option<Arc<dyn StorageBackend>> {
    None
}

pub(super) fn options(config: &CacheConfig) -> LmdbOptions {
    let mut options = LmdbOptions::new(KEYSPACES);
    options.start_thread = threads::START;
    options.last_to_go = LAST_TO_GO.to_vec();
    options.max_size = match (config.max_size_mb, &config.cache_dir) {
        (0, Some(directory)) => default_max_size(directory),
        (0, None) => options.max_size,
        (megabytes, _) => megabytes << 20,
    };
    options.trusts_owners = config.trusts_owners;
    options
}
