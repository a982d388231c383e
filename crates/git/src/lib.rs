//! Reads git's own data under bounds: where a repository is, what `HEAD` stands for, which files it tracks, its objects.
//!
//! Whoever made a repository chose every byte of it: sizes that are claimed, chains of deltas, trees that hold themselves,
//! a FIFO where a file is expected. So nothing here trusts a number before it is checked.
//!
//! ```text
//!           ┌─ head ──► the commit
//! .git ──open──► Repository ─┼─ resolve ─► the commit that a revision names
//!                           ├─ index ─► Index: the tracked paths
//!           └─ Objects::open ──► read, prefix ──► commits, trees, texts
//! ```
//!
//! ```
//! use repo_map_git::{Error, Repository};
//! # let folder = tempfile::tempdir()?;
//!
//! let none = Repository::open(&folder.path().join(".git"));
//! assert!(matches!(none, Err(Error::Unreadable { .. })));
//! # Ok::<_, std::io::Error>(())
//! ```
//!
//! # Invariants
//!
//! - Only regular files are opened, without waiting, and none is read beyond a bound of its kind.
//! - No size that a file claims is reserved before as many bytes are there, save up to [`Objects::MAX_BYTES`].
//! - No recursion: chains of deltas, references, alternates and the extensions of an index are walked in loops with an end.
//! - [`Objects::work`] counts what was decoded, so that callers may end by work and not by a clock.
//! - Neither environment nor configuration of a user is read, no `include` is followed, nothing is run or written.
#![forbid(unsafe_code)]

mod bitmap;
mod commit;
mod config;
mod error;
mod index;
mod objects;
mod references;
mod repository;
mod revision;
mod tree;

pub use commit::Commit;
pub use error::Error;
pub use gix_hash::{Kind as HashKind, ObjectId};
pub use index::{Entry, Index};
pub use objects::{Kind, Object, ObjectError, Objects, blob_id};
pub use repository::{Repository, is_git_directory};
pub use revision::RevisionError;
pub use tree::{TreeEntries, TreeEntry};
