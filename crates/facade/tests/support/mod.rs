//! Mappers for tests that hold on any storage. `REPO_MAP_TEST_BACKEND` says on which: `memory`, `redb` or `files`; without it they
//! are in memory, or in the folder of a cache where the test names one.
#![allow(dead_code, reason = "no test program needs all of it")]
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

#[path = "../../../cache-testkit/examples/custom_backend/files_backend.rs"]
mod files_backend;
#[path = "../../../../examples/host/src/redb_backend.rs"]
mod redb_backend;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, Weak};

use repo_map_cache::{CacheConfig, KEYSPACES, RepoMapper, RepoMapperBuilder, StorageBackend};
use repo_map_cache_core::MemoryBackend;

/// The settings of a mapper whose cache nobody shares.
pub(crate) fn builder(root: impl Into<PathBuf>) -> RepoMapperBuilder {
    let builder = RepoMapper::builder(root);
    match name() {
        Some(name) => {
            // It is in use as long as the process: no test asks for what is on disk.
            let folder = tempfile::tempdir().unwrap().keep();
            builder.backend(open(&name, &folder))
        }
        None => builder,
    }
}

/// A cache that outlives the mapper.
pub(crate) trait Stored {
    /// Keeps everything in a folder.
    fn stored_in(self, folder: &Path) -> Self;
}

impl Stored for RepoMapperBuilder {
    fn stored_in(self, folder: &Path) -> Self {
        match name() {
            Some(name) => self.backend(shared(&name, folder)),
            None => self.cache(CacheConfig::at(folder)),
        }
    }
}

/// A storage that outlives its mappers, whose records a test can change.
pub(crate) fn durable(folder: &Path) -> Arc<dyn StorageBackend> {
    open("redb", folder)
}

#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says where they run")]
fn name() -> Option<String> {
    std::env::var("REPO_MAP_TEST_BACKEND").ok().filter(|name| !name.is_empty())
}

fn open(name: &str, folder: &Path) -> Arc<dyn StorageBackend> {
    match name {
        "memory" => Arc::new(MemoryBackend::new()),
        "redb" => Arc::new(redb_backend::RedbBackend::open(folder).unwrap()),
        "files" => Arc::new(files_backend::FilesBackend::open(folder, KEYSPACES).unwrap()),
        name => panic!("REPO_MAP_TEST_BACKEND = {name}: known are memory, redb and files"),
    }
}

/// What is open of a folder, or what opens it: engines let one process have a folder once.
fn shared(name: &str, folder: &Path) -> Arc<dyn StorageBackend> {
    type Opened = HashMap<PathBuf, (Weak<dyn StorageBackend>, Option<Arc<dyn StorageBackend>>)>;
    static OPENED: LazyLock<Mutex<Opened>> = LazyLock::new(Mutex::default);
    let mut opened = OPENED.lock().unwrap();
    if let Some(backend) = opened.get(folder).and_then(|(weak, _)| weak.upgrade()) {
        return backend;
    }
    let backend = open(name, folder);
    // Memory has nothing else to outlive its mapper in.
    let held = (name == "memory").then(|| backend.clone());
    opened.insert(folder.to_owned(), (Arc::downgrade(&backend), held));
    backend
}
