//! The durable tier of the cache: LMDB through heed, values lent from the memory map.
//!
//! ```text
//! LmdbBackend ──┐                      <dir>/CACHEDIR.TAG, .gitignore
//! LmdbBackend ──┴─ one environment ──► <dir>/v1/<generation>/data.mdb
//!  (handles)       a process               ▲ other processes
//! ```
//!
//! ```
//! use repo_map_cache_core::{Key, Keyspace, StorageBackend};
//! use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions};
//!
//! const NOTES: Keyspace = Keyspace::new("notes");
//! # let directory = tempfile::tempdir()?;
//! let backend = LmdbBackend::open(directory.path(), &LmdbOptions::new(&[NOTES]))?;
//! let mut write = backend.write()?;
//! write.put(NOTES, &Key::new([1; 32]), b"eight by")?;
//! write.commit()?;
//! let read = backend.read()?;
//! assert_eq!(read.get(NOTES, &Key::new([1; 32]))?.as_deref(), Some(&b"eight by"[..]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Invariants
//!
//! - One environment a canonical directory a process; the data file is replaced or moved only by a process that
//!   has the generation alone; the map is never resized. These three are what makes the map sound.
//! - Commits are not synced, so a failure of the machine can leave a file whose pages do not fit each other. The first
//!   process to open a store has its structure checked before it is mapped, unless the last one has closed it since the machine was
//!   started and nothing has changed since; a store that fails is moved aside, see
//!   [`LmdbBackend::recovery`]. What is left: a file that is cut or rots while it is mapped.
//! - What has no mark of this crate is never written, moved or removed; nothing in the directory is reached through a link.
//! - The data file keeps to [`LmdbOptions::max_size`]: when it is full, what other trees used longest ago is deleted after a commit, and
//!   what has no place beside the entries of the run is refused.
//! - With 32-byte keys and values whose lengths are multiples of 8, every value lies on an 8-byte boundary.
//! - A transaction that a fork inherits is neither used nor ended in the child.
#![deny(unsafe_code)]

mod backend;
mod bound;
mod checker;
mod clear;
mod decision;
mod directory;
#[expect(unsafe_code, reason = "that nobody changes a mapped file cannot be proved to the compiler")]
mod environment;
mod error;
mod eviction;
mod file_length;
mod file_system;
mod folder;
#[cfg_attr(unix, expect(unsafe_code, reason = "the C library tells of forks through a handler"))]
mod fork;
mod generation;
mod key_order;
mod lock;
mod marks;
mod options;
mod parked;
#[cfg_attr(target_arch = "x86_64", expect(unsafe_code, reason = "a hint to the processor is an intrinsic"))]
mod prefetch;
#[cfg(unix)]
mod read_only;
mod registry;
mod row;
mod run;
mod sign;
mod transaction;
mod usage;
mod way;
mod write_lock;

pub use backend::LmdbBackend;
pub use bound::default_max_size;
pub use checker::check_file;
pub use clear::{Cleared, clear, clear_with};
pub use directory::{DirectoryProblem, FORMAT_VERSION};
pub use generation::Recovery;
pub use options::LmdbOptions;
#[cfg(unix)]
pub use read_only::LmdbReader;
