//! One file a command.

pub(crate) mod cache;
pub(crate) mod completions;
mod engine;
pub(crate) mod explain;
pub(crate) mod languages;
pub(crate) mod man;
pub(crate) mod map;
pub(crate) mod navigate;
pub(crate) mod tags;
pub(crate) mod worker;
