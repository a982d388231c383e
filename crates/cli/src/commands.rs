//! One file a command.

pub(crate) mod cache;
pub(crate) mod completions;
mod engine;
pub(crate) mod explain;
#[cfg(feature = "mcp")]
pub(crate) mod hook;
#[cfg(feature = "mcp")]
pub(crate) mod install;
pub(crate) mod languages;
pub(crate) mod man;
pub(crate) mod map;
#[cfg(feature = "mcp")]
pub(crate) mod mcp;
pub(crate) mod navigate;
mod prompt;
pub(crate) mod tags;
pub(crate) mod view;
pub(crate) mod worker;
