//! Finds names in a tagged tree, and prints what stands there within a token budget.
//!
//! ```text
//! name  ──► NameQuery ──► occurrences in the Corpus ──► order ──┐
//! place ──► Place ───────────────────────────────────────────┐ │
//!                                                            ▼ ▼
//!                    Tree (text and tags, a file at a time) ──► page ──► Answer
//! ```
//!
//! | asked | function | shown |
//! |---|---|---|
//! | where is it? | [`find`] | the definitions of a name, then its uses, the best first |
//! | who uses it? | [`references`] | the uses alone |
//! | who calls it? | [`callers`] | the definition around each use |
//! | what does it do? | [`show`] | the lines of a definition; its head and members where they do not fit |
//! | what is in it? | [`outline`] | the definitions of a file |
//!
//! ```
//! use repo_map_model::{DefinitionKind, RepoPath};
//! use repo_map_navigation::{NameQuery, Tree, find};
//! use repo_map_ranking::Corpus;
//! use repo_map_render::{Source, Tokenizer};
//! use repo_map_tags::{Language, extract};
//!
//! struct OneFile(Corpus, Source);
//!
//! impl Tree for OneFile {
//!     fn corpus(&self) -> &Corpus {
//!         &self.0
//!     }
//!     fn source(&self, _: &RepoPath) -> Option<Source> {
//!         Some(self.1.clone())
//!     }
//! }
//!
//! let text = "class Engine:\n    def start(self): pass\n\nEngine().start()\n";
//! let path = RepoPath::new("engine.py").unwrap();
//! let python = Language::detect(&path, text.as_bytes()).unwrap();
//! let tags = extract(python, text.as_bytes()).tags;
//! let mut corpus = Corpus::new();
//! corpus.set_tags(&path, &tags);
//!
//! let found = find(&OneFile(corpus, Source::new(text, tags)), &NameQuery::new("start"), 200, &Tokenizer::default());
//! assert_eq!(
//!     found.text,
//!     "start: 1 definition, 1 use in 1 file\n\nengine.py:\n2│    def start(self)\n\nused in:\nengine.py:\n4│Engine().start()\n"
//! );
//! ```
//!
//! # Invariants
//!
//! - [`Answer::text`] never exceeds its budget under the tokenizer, and what had no room is counted in [`Answer::omitted`].
//! - Rows name lines from 1, as `path:line` does everywhere; fields of Rust count from 0, as all tags do.
//! - A file is asked for only while there is room for its rows.
//! - The same tree, query and budget give the same bytes.
#![forbid(unsafe_code)]

mod answer;
mod callers;
mod find;
mod name;
mod order;
mod outline;
mod page;
mod place;
mod secret;
mod show;
mod tree;

pub use answer::{Answer, Omitted, Role, Row};
pub use callers::callers;
pub use find::{best_definition, find, references};
pub use name::NameQuery;
pub use outline::outline;
pub use place::{Place, Point};
pub use secret::holds_secrets;
pub use show::show;
pub use tree::Tree;
