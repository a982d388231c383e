//! The conformance suite of a storage backend of the cache, and a wrapper that injects faults.
//!
//! ```text
//! storage_conformance!(open) ──► one #[test] a case: values, transactions, scans, limits, errors,
//!                                concurrency, durability (a child is killed), drop order
//! Chaos::new(backend, plan)  ──► the backend with errors, delays, a full disk and torn values
//! ```
//!
//! In an integration test of a backend's crate:
//!
//! ```no_run
//! # fn main() {}
//! use std::path::Path;
//! use repo_map_cache_core::{MemoryBackend, Result, StorageBackend};
//! use repo_map_cache_testkit::{KEYSPACES, storage_conformance};
//!
//! /// Opens the store of a directory, with the keyspaces `KEYSPACES`.
//! fn open(_directory: &Path) -> Result<MemoryBackend> {
//!     Ok(MemoryBackend::new())
//! }
//!
//! storage_conformance!(open);
//! ```
//!
//! # Invariants
//!
//! - A case tests what the contract of [`StorageBackend`](repo_map_cache_core::StorageBackend) says, or what the backend's
//!   capabilities promise; where they do not, the case says on standard error that it was skipped.
//! - Each case has a directory of its own. The order of cases does not matter.
#![forbid(unsafe_code)]

pub mod cases;
mod chaos;
mod conformance;
mod random;
pub mod servers;

pub use cases::{KEYSPACES, Open};
pub use chaos::{Chaos, ChaosPlan};
#[doc(hidden)]
pub use conformance::boxed;
