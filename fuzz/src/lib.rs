//! What the fuzz targets share: folders in memory, bytes that an input changes, a repository made without git.
#![forbid(unsafe_code)]

mod patch;
mod repository;
mod scratch;

pub use patch::patched;
pub use repository::Repository;
pub use scratch::Scratch;
