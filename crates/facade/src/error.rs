use std::fmt;

use repo_map_render::visible;

/// Why a request could not be answered. Odd files and a failing cache are no errors: they are reasons and notices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    line: String,
}

/// What went wrong, in kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// There is no such folder.
    RootNotFound,
    /// The root is a file.
    RootNotAFolder,
    /// A file or folder cannot be read.
    Unreadable,
    /// No language of this build fits the file.
    UnknownLanguage,
    /// The machine refused a resource, such as threads.
    Resources,
    /// A setting makes no sense; the message names it, its value and where it came from.
    Misconfigured,
    /// The cache's storage refused something.
    Storage,
}

impl Error {
    /// What the line names may be hostile: it is told visibly, and on one line.
    pub(crate) fn new(kind: ErrorKind, line: impl Into<String>) -> Self {
        Self { kind, line: visible(&line.into()).into_owned() }
    }

    pub(crate) fn of_files(error: &repo_map_files::Error) -> Self {
        let kind = match error.kind() {
            repo_map_files::ErrorKind::NotFound => ErrorKind::RootNotFound,
            repo_map_files::ErrorKind::NotADirectory => ErrorKind::RootNotAFolder,
            _ => ErrorKind::Unreadable,
        };
        Self::new(kind, error.to_string())
    }

    pub(crate) fn of_storage(error: &repo_map_cache_core::Error) -> Self {
        Self::new(ErrorKind::Storage, format!("the cache refused: {error}"))
    }

    /// The kind, for code.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for Error {
    /// One line that names the cause and the cure, for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line)
    }
}

impl std::error::Error for Error {}
