//! The risk: LMDB behind the contract is not what the contract says.

use std::path::Path;

use repo_map_cache_core::Result;
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions};
use repo_map_cache_testkit::{KEYSPACES, storage_conformance};

fn open(directory: &Path) -> Result<LmdbBackend> {
    LmdbBackend::open(directory, &LmdbOptions::new(&KEYSPACES))
}

storage_conformance!(open);
