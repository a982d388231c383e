use std::path::{Path, PathBuf};

use repo_map_bounded_io::ReadError;

/// Why a repository, or a file of it, cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file cannot be read, or is none that is read.
    #[error("{path:?} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ReadError,
    },
    /// What is there is not what git writes.
    #[error("{path:?} is damaged: {what}")]
    Damaged {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        what: &'static str,
    },
}

impl Error {
    pub(crate) fn damaged(path: &Path, what: &'static str) -> Self {
        Self::Damaged { path: path.to_owned(), what }
    }

    pub(crate) fn unreadable(path: &Path, source: ReadError) -> Self {
        Self::Unreadable { path: path.to_owned(), source }
    }
}
