//! The Python module `repo_map_cache`: the facade for Python, and nothing that the facade does not decide.
//!
//! ```text
//! python/repo_map_cache/   what is imported: names, exceptions, aider's RepoMap, stubs
//!          │
//!      _native             this crate: argument ──► call (without the interpreter's lock) ──► result
//!          │                           failure: errors as exceptions     journal: events as `logging` records
//!   repo-map-cache
//! ```
//!
//! # Invariants
//!
//! - Whatever takes longer than a microsecond runs without the interpreter's lock, dropping too: a thread that holds it never waits for
//!   one that wants it.
//! - An exception of a callback ends what called it and reaches the caller as that exception.
//! - An argument that makes no sense is a `ValueError` or `TypeError` that names it.
#![deny(unsafe_code)]

mod argument;
mod backend;
mod call;
mod callbacks;
mod cancellation;
mod command_line;
mod config;
mod directory;
mod explanation;
mod extractor;
mod failure;
mod handle;
mod journal;
mod manager;
mod map;
mod map_cache;
mod map_key;
mod mapper;
mod navigation;
mod place;
mod request;
mod statistics;
mod tag;
mod tag_cache;
mod tree_cache;
mod value;
mod warming;
mod workers;

/// What the package `repo_map_cache` is made of; no door of its own.
#[pyo3::pymodule]
mod _native {
    #[pymodule_export]
    use crate::backend::Backend;
    #[pymodule_export]
    use crate::cancellation::Token;
    #[pymodule_export]
    use crate::command_line::run_command_line;
    #[pymodule_export]
    use crate::config::{Config, user_config};
    #[pymodule_export]
    use crate::directory::Directory;
    #[pymodule_export]
    use crate::extractor::{Extractor, Tagged};
    #[pymodule_export]
    use crate::manager::Manager;
    #[pymodule_export]
    use crate::map::Map;
    #[pymodule_export]
    use crate::map_cache::Maps;
    #[pymodule_export]
    use crate::map_key::Key;
    #[pymodule_export]
    use crate::mapper::Mapper;
    #[pymodule_export]
    use crate::navigation::Found;
    #[pymodule_export]
    use crate::statistics::Stats;
    #[pymodule_export]
    use crate::tag::Tag;
    #[pymodule_export]
    use crate::tag_cache::TagLists;
    #[pymodule_export]
    use crate::tree_cache::Trees;
    #[pymodule_export]
    use crate::warming::Warming;
    #[pymodule_export]
    use crate::workers::serve_extraction;

    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "the name that Python gives it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
