//! What may go wrong with a log, one module a risk. Real repositories, made by git.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test ends where its setting fails")]

mod changes;
mod damaged_records;
mod extension;
mod forge;
mod hostile_files;
mod hostile_objects;
mod layouts;
mod meaning;
mod repository;
mod same_as_git;
