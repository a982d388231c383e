//! Measures the whole product: whether a map shows what the next commit edits.
//!
//! ```text
//! git repository ──cases──► (parent tree, message, what was edited) ──tools──► pages ──score──► rows ──report──► tables
//! ```
//!
//! `cargo xtask quality` runs it; `docs/quality.md` says what the figures mean.
#![forbid(unsafe_code)]

mod dice;
pub mod quality;

pub use dice::Dice;
