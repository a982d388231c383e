//! A map of a repository whose cache is the example of a storage backend: a directory of files.
//!
//!     cargo run -p repo-map-cache --example mapper_on_a_backend -- FOLDER STORE
//!
//! `docs/backends.md` ends with it.

#![expect(clippy::print_stdout, reason = "an example speaks to whoever runs it")]

#[path = "../../cache-testkit/examples/custom_backend/files_backend.rs"]
mod files_backend;

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use files_backend::FilesBackend;
use repo_map_cache::{CacheConfig, CacheManager, KEYSPACES, MapRequest, RepoMapper, StorageBackend};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(folder), Some(store)) = (arguments.next(), arguments.next()) else {
        return Err("give the folder of a repository and one for the store".into());
    };
    let backend: Arc<dyn StorageBackend> = Arc::new(FilesBackend::open(&store, KEYSPACES)?);

    let mapper = RepoMapper::builder(folder).backend(backend.clone()).build()?;
    let map = mapper.map(&MapRequest::new(1024))?;
    print!("{}", map.text);
    println!("{} files from the store, {} parsed", map.cache.hits, map.cache.misses);

    // The typed caches have the same storage.
    let caches = CacheManager::on(&backend, &CacheConfig::in_memory())?;
    println!("{} requests of the typed caches", caches.statistics().total_requests);
    Ok(())
}
