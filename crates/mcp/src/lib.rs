//! The Model Context Protocol server of `repo-map-cache`: maps that keep the budget their caller names, envelope and all.
//!
//! ```text
//! stdio.rs, http.rs ──► Server (rmcp's handler) ──► tools/ ──► Places ──► RepoMapper, one a root
//!                         │ cancellation, progress     │          │ roots.rs: what may be asked for
//!                         └ instructions, schemas      └► Reply   └ warming.rs: what is cold is read on
//! ```
//!
//! A front end says which [folders](ServerConfig::roots) may be asked for and how a mapper of one is [made](ServerConfig::builder); the
//! server keeps one mapper a repository, as long as it is used and memory lasts.
//!
//! # Invariants
//!
//! - No reply to a call has more tokens than its `token_budget`, the whole JSON of the message counted.
//! - The same tree and call give the same bytes, once the tree is read; until then replies say that they are partial.
//! - Nothing outside of the roots is read for a caller, and nothing is written.
//! - No character that people do not see, or that a terminal obeys, is in a reply as it is.
//! - Standard output carries the protocol alone.
#![forbid(unsafe_code)]

mod arguments;
mod config;
mod conversations;
mod counting;
mod http;
mod instructions;
mod place;
mod places;
mod progress;
mod refusal;
mod reply;
mod roots;
mod server;
mod stdio;
mod tools;
mod warming;

pub use config::ServerConfig;
pub use http::{HttpConfig, serve_http};
pub use refusal::ServeError;
pub use server::Server;
pub use stdio::serve_stdio;
