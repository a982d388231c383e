//! The command line `repo-map`: a ranked, token-budgeted map of any repository.
//!
//! ```text
//! arguments ──► commands/{map, tags, languages, …} ──► output (standard output: the result, nothing else)
//!     lists        progress, log (standard error)          failure (one line, one exit code)
//! ```
//!
//! A front end: it alone reads the environment, prints, and decides on exit codes. Everything else is the
//! library's (`repo-map-cache`).
//!
//! The program `repo-map` is this library in a process of its own; the Python module has it too.
#![forbid(unsafe_code)]

mod account;
#[cfg(feature = "mcp")]
mod agents;
mod arguments;
mod clipboard;
mod command_line;
mod commands;
mod default_command;
mod exit_code;
mod failure;
mod json;
mod lists;
mod log;
mod output;
mod paths;
mod program;
mod progress;
mod rerank;
mod usage;
mod view;

pub use command_line::run;
pub use commands::worker::NAME as WORKER;
pub use program::Program;
