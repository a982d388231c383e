//! The risk: the contract fits LMDB alone. A second real engine behind it, redb, passes the suite.

#[path = "../../../examples/host/src/redb_backend.rs"]
mod redb_backend;

use redb_backend::RedbBackend;
use repo_map_cache_testkit::storage_conformance;

storage_conformance!(RedbBackend::open);
