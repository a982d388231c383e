//! Finds the source files of a repository, fingerprints them and says what changed.
//!
//! ```text
//! path ──locate──► Root ──scan──► Scan { files, skipped } ──changes──► added, modified, removed
//!                    │
//!                    └───read──► bytes ──hash──► ContentHash ──tree_digest──► TreeDigest
//! ```
//!
//! ```
//! use repo_map_files::{ScanOptions, changes, hash, locate, read, scan};
//! # let folder = tempfile::tempdir()?;
//! # std::fs::write(folder.path().join("main.rs"), "fn main() {}")?;
//!
//! let root = locate(folder.path())?;
//! let before = scan(&root, &ScanOptions::default())?;
//! assert_eq!(before.files[0].path.as_str(), "main.rs");
//!
//! let (bytes, _stat) = read(&root, &before.files[0].path, 1 << 20).expect("it was there a moment ago");
//! assert_eq!(hash(&bytes), hash(b"fn main() {}"));
//!
//! std::fs::write(folder.path().join("lib.rs"), "")?;
//! let after = scan(&root, &ScanOptions::default())?;
//! assert_eq!(changes(&before.files, &after.files).added[0].path.as_str(), "lib.rs");
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! # Which files
//!
//! | file | is in |
//! |---|---|
//! | tracked by git | always, hidden or ignored by git though it be |
//! | untracked, or no git at all | unless hidden, or named by `.ignore`, or (in a git repository) by `.gitignore` or `.git/info/exclude` |
//! | named by `.aiderignore`, `.repomapignore` or [`ScanOptions::ignore_file`] | never: these speak of the map itself |
//!
//! A rule file speaks of its own directory and those below, as `.gitignore` does. Rules of the map beat `.ignore`, which
//! beats `.gitignore`, which beats `.git/info/exclude`; a `!` line brings back what a weaker rule or a leading dot
//! hides. Rules from outside the root are not read, nor is git's global excludes file: one tree has one list
//! of files, whoever asks.
//!
//! The files of a submodule or of another repository below the root count as untracked, by that repository's own
//! `.gitignore`. Where git's data cannot be read, all files count as untracked and the scan says so.
//!
//! # Invariants
//!
//! - A scan is sorted by path and is the same for any number of threads.
//! - Only the root can make a run fail. Anything odd below it is a [`Skipped`] file with a [`SkipReason`].
//! - Symbolic links are never followed, FIFOs and devices never opened, and nothing outside the root is read, save
//!   the repository's git directory.
//! - Equal [`StatFingerprint`]s mean equal content when the stored one [is settled](StatFingerprint::is_settled).
#![forbid(unsafe_code)]

mod again;
mod changes;
mod digest;
mod error;
mod file_system;
#[cfg(feature = "git")]
mod git;
#[cfg(not(feature = "git"))]
#[path = "no_git.rs"]
mod git;
mod hiding;
mod opened;
mod place;
mod read;
mod root;
mod rules;
mod scan;
mod skipped;
mod stat;
mod tree;
mod walk;
mod watch;

pub use again::Scanner;
pub use changes::{Changes, changes};
pub use digest::{TreeDigest, hash, tree_digest};
pub use error::{Error, ErrorKind};
pub use hiding::{Hiding, hiding};
pub use read::read;
pub use root::{Root, locate};
pub use scan::{Scan, ScanOptions, ScannedFile, scan};
pub use skipped::{SkipReason, Skipped};
pub use stat::StatFingerprint;
