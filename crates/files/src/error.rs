use std::io;
use std::path::{Path, PathBuf};

/// Why a run cannot start. Only the root and what the caller named can fail; files below the root are
/// [skipped](crate::Skipped).
#[derive(Debug, thiserror::Error)]
#[error("{}", self.line())]
pub struct Error {
    kind: ErrorKind,
    path: PathBuf,
    source: Option<io::Error>,
}

/// What is wrong with the path of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Nothing is at the path.
    NotFound,
    /// The path names a file.
    NotADirectory,
    /// The directory is there and cannot be read.
    Unreadable,
    /// The directory is git's own: a bare repository, or a `.git`.
    GitDirectory,
    /// A file of ignore rules that the caller named cannot be read.
    IgnoreFile,
    /// The scan was interrupted.
    Interrupted,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, path: &Path) -> Self {
        Self { kind, path: path.to_owned(), source: None }
    }

    pub(crate) fn from_io(path: &Path, source: io::Error) -> Self {
        let kind = match source.kind() {
            io::ErrorKind::NotFound => ErrorKind::NotFound,
            io::ErrorKind::NotADirectory => ErrorKind::NotADirectory,
            _ => ErrorKind::Unreadable,
        };
        Self { kind, path: path.to_owned(), source: Some(source) }
    }

    pub(crate) fn ignore_file(path: &Path, source: io::Error) -> Self {
        Self { kind: ErrorKind::IgnoreFile, path: path.to_owned(), source: Some(source) }
    }

    /// What is wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The path that it is wrong with.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn line(&self) -> String {
        let path = &self.path;
        let cause = self.source.as_ref().map(|source| format!(" ({source})")).unwrap_or_default();
        match self.kind {
            ErrorKind::NotFound => format!("{path:?} does not exist: give the path of an existing directory"),
            ErrorKind::NotADirectory => {
                format!("{path:?} is not a directory: give the directory of the repository, not a file in it")
            }
            ErrorKind::Unreadable => {
                format!("{path:?} cannot be read{cause}: allow reading it or give another directory")
            }
            ErrorKind::GitDirectory => {
                format!(
                    "{path:?} holds git's data and no files: give its work tree, or clone it (git clone) and give the clone"
                )
            }
            ErrorKind::Interrupted => format!("the scan of {path:?} was interrupted"),
            ErrorKind::IgnoreFile => {
                format!("the ignore file {path:?} cannot be read{cause}: correct its path or leave it out")
            }
        }
    }
}
