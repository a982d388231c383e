//! The risk: the example that others start from does not keep the contract.

#[expect(dead_code, reason = "the example has a main of its own")]
#[path = "../examples/custom_backend.rs"]
mod custom_backend;

use std::path::Path;

use repo_map_cache_core::Result;
use repo_map_cache_testkit::{KEYSPACES, storage_conformance};

use custom_backend::FilesBackend;

fn open(directory: &Path) -> Result<FilesBackend> {
    FilesBackend::open(directory, &KEYSPACES)
}

storage_conformance!(open);
