//! The risk: the reference backend is not what the contract says.

use std::path::Path;

use repo_map_cache_core::{MemoryBackend, Result};
use repo_map_cache_testkit::{Chaos, ChaosPlan, storage_conformance};

fn open(_directory: &Path) -> Result<MemoryBackend> {
    Ok(MemoryBackend::new())
}

storage_conformance!(open);

/// Without faults the wrapper is what it wraps.
mod wrapped {
    use super::*;

    fn open(_directory: &Path) -> Result<Chaos<MemoryBackend>> {
        Ok(Chaos::new(MemoryBackend::new(), ChaosPlan::new(1)))
    }

    storage_conformance!(open);
}
