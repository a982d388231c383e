//! Keeps values that are costly to make and cheap to check: the contract of a storage engine, the
//! envelope around each value, the store that reads and writes behind, and the tiers over it.
//!
//! ```text
//!     TieredCache ── typed values, one computation for all who ask, invalidation by tag
//!       │  MemoryTier: what is used, within bounds
//!       ▼
//!          Store ── lookups: hit, miss, stale, corrupt, unavailable
//!   put ──►  │ pending, visible at once
//!            │ channel ──► one writer thread: sorted batches, one commit each
//!            ▼
//!     StorageBackend ── read() snapshots, write() transactions
//!   MemoryBackend, or an engine of your own
//! ```
//!
//! ```
//! use std::sync::Arc;
//! use repo_map_cache_core::{Fingerprint, Key, Keyspace, Lookup, MemoryBackend, Store, StoreOptions};
//!
//! const SQUARES: Keyspace = Keyspace::new("squares");
//! let store = Store::new(Arc::new(MemoryBackend::new()), &[SQUARES], StoreOptions::default())?;
//! let (key, version) = (Key::new([7; 32]), Fingerprint::new(1));
//! store.put(SQUARES, key, version, b"49");
//!
//! let snapshot = store.snapshot();
//! match snapshot.get(SQUARES, &key, version) {
//!     Lookup::Hit(payload) => assert_eq!(&*payload, b"49"),
//!     other => panic!("{other:?}"),
//! }
//! assert!(matches!(snapshot.get(SQUARES, &key, Fingerprint::new(2)), Lookup::Stale));
//! store.flush()?;
//! # Ok::<(), repo_map_cache_core::Error>(())
//! ```
//!
//! # Invariants
//!
//! - Bytes of a backend are trusted only after their checksum, which is bound to the key, and their
//!   fingerprint have been compared: what fails is [`Lookup::Corrupt`] or [`Lookup::Stale`], never a value.
//! - A reader never sees an error: storage that fails is [`Lookup::Unavailable`], counted, and warned of once.
//! - What was put before a lookup began, in the same process, is seen by it, committed or not; but
//!   a new value that has no room in a bounded storage is dropped: a miss, never an older value.
//! - The payload of a hit begins at a multiple of 8 within its envelope, and an envelope is a multiple
//!   of 8 long, so an engine that aligns its values gives archives that are read in place.
#![forbid(unsafe_code)]

mod archived;
mod backend;
mod capabilities;
mod durations;
mod envelope;
mod error;
mod key;
mod memory;
mod memory_backend;
mod payload;
mod pending;
mod per_process;
mod snapshot;
mod start_thread;
mod statistics;
mod store;
mod tiered;
mod writer;

pub use archived::ReadTxnExt;
pub use backend::{KeyspaceUsage, ReadTxn, Shortage, StorageBackend, WriteTxn};
pub use capabilities::Capabilities;
pub use durations::Durations;
pub use envelope::{ENVELOPE_HEADER, Rejected, open, seal};
pub use error::{Error, ErrorKind, Result};
pub use key::{Fingerprint, Key, Keyspace};
pub use memory::{MemoryBounds, MemoryStatistics, MemoryTier};
pub use memory_backend::MemoryBackend;
pub use payload::Payload;
pub use per_process::PerProcess;
pub use snapshot::Snapshot;
pub use start_thread::StartThread;
pub use statistics::Statistics;
pub use store::{Lookup, Request, Store, StoreOptions};
pub use tiered::{Codec, Tag, TieredCache, TieredStatistics};
