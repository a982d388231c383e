//! One cache for a team and its continuous integration: records of contents, on an engine that they run already.
//!
//! ```text
//!     memory ─► LMDB ─► RemoteTier ── one batch, one request, within one allowance of time
//!                         │ Trust: seals, signatures, samples
//!                         ├─ Redis, Valkey: one MGET a batch
//!                         ├─ OpenDAL: a folder, S3, WebDAV, the GitHub Actions cache
//!                         └─ Pack: the records of a tree in one file
//! ```
//!
//! It is no `StorageBackend`: that contract promises snapshots and atomic writes, which no shared server gives, and asks for one key at a
//! time, each of which would be a round trip. What is shared are records that never change, found by a hash of all that they depend on; so
//! a batch of them is asked for at once, whatever comes in time is taken, and the rest is made.
//!
//! ```no_run
//! use repo_map_cache_core::Key;
//! use repo_map_cache_remote::{Address, RemoteOptions, RemoteTier};
//!
//! let tier = RemoteTier::open(RemoteOptions::new(Address::parse("redis://cache.example/0")?))?;
//! let records = tier.fetch(&[Key::new([7; 32])]);
//! assert_eq!(records.len(), 1);
//! # Ok::<(), String>(())
//! ```
//!
//! # Invariants
//!
//! - What comes from a server is data, and no value before its seal holds and its taker has checked it against the file that it is of.
//! - A server costs at most one allowance of 400 ms over what it saves, for all threads together, and then is left alone; so does one that answers
//!   more slowly than this machine parses.
//! - Nothing here is an error to whoever asks: what cannot be had is `None`, counted for what it was.
//! - No environment is read (but by the client of the GitHub Actions cache, for the variables of its runner), nothing is printed.
#![forbid(unsafe_code)]

mod address;
mod engine;
mod fault;
mod flights;
mod objects;
mod pack;
mod patience;
mod record;
mod redis_server;
mod runtime;
mod sample;
mod shared;
mod statistics;
mod tier;
mod tls;
mod trust;
mod write_behind;

pub use address::{Address, Credentials, VARIABLES};
pub use pack::{
    Pack, PackHead, PackId, PackWriter, Sealed, Written, fetch_pack, is_replaceable, nearest_pack, store_pack,
};
pub use statistics::RemoteStatistics;
pub use tier::{RemoteOptions, RemoteTier};
pub use trust::Trust;
