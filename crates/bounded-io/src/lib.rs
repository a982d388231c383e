//! Reads files that somebody else controls: regular files only, never blocking, never more than a bound.
//!
//! A mapped tree, its `.git`, a settings file or a cache folder may hold a FIFO, a device, a link to `/dev/zero` or a file
//! of a terabyte at any path. The standard library waits for the first and fills memory with the others.
//!
//! ```text
//! path ──open──► regular file, opened without blocking ──read──► at most `limit` bytes
//!          │                                              │
//!          └─► NotRegular, Io                             └─► TooLarge, Io
//! ```
//!
//! ```
//! use repo_map_bounded_io::{Links, ReadError, read};
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("settings.toml");
//! # std::fs::write(&path, "[map]\n")?;
//!
//! assert_eq!(read(&path, Links::Refuse, 1024)?, b"[map]\n");
//! assert!(matches!(read(&path, Links::Refuse, 3), Err(ReadError::TooLarge { limit: 3 })));
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! # Invariants
//!
//! - What is no regular file (a FIFO, a socket, a device, a directory) is never opened for reading: it is looked at first.
//! - Files of `/proc` and other kernel file systems are refused: some of them block, and none tells its size.
//! - No read takes more than the bound and one byte, whatever size the file claims, and no buffer is larger than that.
//! - [`read_named`] alone reads what is no regular file: what a program's user names to it, such as a pipe of the shell.
#![forbid(unsafe_code)]

mod error;
mod named;
mod open;
mod read;

pub use error::ReadError;
pub use named::{read_named, read_stream};
pub use open::{Links, open};
pub use read::{read, read_opened, read_text};
