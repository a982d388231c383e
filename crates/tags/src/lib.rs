//! Turns the text of one source file into definitions, references and scopes, with tree-sitter.
//!
//! ```text
//! path, bytes ──► Language ──► screen ──► parse ──► query ──► nest ──► FileTags
//!                  one row      │          │         │                 + Outcome
//!                  a language   └──────────┴─────────┴─► Skipped(reason)
//! ```
//!
//! A language is one row of a table: its file names, its grammar, our own query and the roles that
//! the query claims. The query says what a node is; nesting, methods and locals are then told apart
//! from the byte ranges alone, the same way for every language. Names that documents and comments write as code are read beside it,
//! without a tree, as references of kind [`Mention`](repo_map_model::ReferenceKind::Mention), and so is the first sentence of either.
//!
//! ```
//! use repo_map_model::RepoPath;
//! use repo_map_tags::{Language, Outcome, extract};
//!
//! # #[cfg(feature = "lang-python")] {
//! let path = RepoPath::new("engine.py").expect("a relative path");
//! let language = Language::of_path(&path).expect("Python is compiled in");
//! let extraction = extract(language, b"class Engine:\n    def start(self): ...\n");
//! assert_eq!(extraction.outcome, Outcome::Complete);
//! let names: Vec<_> = extraction.tags.names().iter().map(|name| &**name).collect();
//! assert_eq!(names, ["Engine", "start"]);
//! # }
//! ```
//!
//! # Invariants
//!
//! - [`extract`] never fails and never panics: whatever the bytes, it returns tags (perhaps none) and an [`Outcome`].
//! - The same bytes give the same tags, on any machine and under any load: budgets count work, not time.
//!   Allocations tell of the work: a counter stands before the heap that tree-sitter has, whichever that is.
//! - [`Language::fingerprint`] changes whenever the tags of a language may change.
//! - One tag a name and role: a definition's own name is no reference, and locals are no definitions.
#![deny(unsafe_code)]

mod allocator;
mod arena;
mod budget;
mod c_names;
mod children;
mod commands;
mod cython;
mod declarator;
mod decode;
mod detect;
mod embedded;
mod extract;
#[cfg_attr(unix, expect(unsafe_code, reason = "the C library tells of forks through handlers"))]
mod fork_gate;
mod found;
mod generated;
mod language;
mod misfit;
mod names;
mod nesting;
mod notebook;
mod open_elements;
mod options;
mod outcome;
mod parse;
mod pattern;
mod pointer;
mod preprocessor;
mod prose;
mod query;
mod read;
mod rewrite;
mod rows;
mod screen;
mod set;
mod statements;
mod text;
mod walk;
mod words;
mod wrappers;

#[cfg(feature = "mimalloc")]
pub use allocator::use_mimalloc;
pub use decode::decode;
pub use extract::{extract, extract_with, text_and_summary};
pub use fork_gate::{hold_forks, start_scoped_thread, start_thread};
pub use language::Language;
pub use notebook::page;
pub use options::ExtractOptions;
pub use outcome::{Extraction, Outcome, SkipReason};
pub use set::{LanguageSet, QueryError};
