//! The nouns that the stages of a repository map exchange.
//!
//! ```text
//! files ──► tags ──► ranking ──► render ──► map
//!   RepoPath   FileTags   scores     lines
//!   ContentHash  └ Definition, Reference, Scope
//! ```
//!
//! This crate holds words, not work: no I/O, no serde, no tree-sitter, no hashing. Persisted and
//! printed shapes are separate types of the crates that write them, so a format can move without
//! these types and the other way round.
//!
//! ```
//! use repo_map_model::{Definition, DefinitionKind, FileTags, LineSpan};
//!
//! let mut tags = FileTags::builder();
//! let name = tags.name("Engine");
//! tags.definition(Definition {
//!     name,
//!     kind: DefinitionKind::Class,
//!     declaration: false,
//!     line: 0,
//!     name_start: 6,
//!     signature: LineSpan::new(0, 0),
//!     signature_end: 13,
//!     end_line: 2,
//!     scope: None,
//! });
//! let tags = tags.build();
//! assert_eq!(tags.name(tags.definitions()[0].name), "Engine");
//! ```
//!
//! # Invariants
//!
//! - A [`RepoPath`] is relative, uses `/`, and has no empty, `.` or `..` part: equal files have equal paths.
//! - Lines and byte offsets count from 0; a line ends at `\n`, `\r\n` or a lone `\r`; offsets are in
//!   bytes of the file as it is on disk, less a byte order mark.
//! - In [`FileTags`], definitions, references and scopes are in source order, a scope's parent stands
//!   before it, and every id points into the same value.
#![forbid(unsafe_code)]

mod cancellation;
mod hash;
mod interrupt;
mod kind;
mod lines;
mod path;
mod tags;

pub use cancellation::CancellationToken;
pub use hash::ContentHash;
pub use interrupt::Interrupt;
pub use kind::{DefinitionKind, ReferenceKind, ScopeKind};
pub use lines::{LineIndex, lines};
pub use path::{InvalidPath, RepoPath};
pub use tags::{
    Definition, FileTags, FileTagsBuilder, InvalidTags, LineSpan, NameId, Reference, Scope, ScopeId,
};
