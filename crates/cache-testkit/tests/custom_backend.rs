//! The risk: the example that others start from does not keep the contract.

#[path = "../examples/custom_backend/files_backend.rs"]
mod files_backend;

use std::path::Path;

use repo_map_cache_core::Result;
use repo_map_cache_testkit::{KEYSPACES, storage_conformance};

use files_backend::FilesBackend;

fn open(directory: &Path) -> Result<FilesBackend> {
    FilesBackend::open(directory, &KEYSPACES)
}

storage_conformance!(open);
