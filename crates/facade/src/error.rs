use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use repo_map_render::{escaped_path, visible};

/// Why a request could not be answered. Odd files and a failing cache are no errors: they are reasons and notices.
///
/// The line that it displays is complete; [`source`](std::error::Error::source) has the error of the layer below, for code that
/// tells one cause from another.
#[derive(Clone, Debug)]
pub struct Error {
    kind: ErrorKind,
    line: String,
    path: Option<PathBuf>,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
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
    /// No file, folder or definition of the repository has the name that was asked for.
    NotFound,
    /// The path leads out of the repository.
    OutsideRoot,
    /// The file is there, and a rule or its nature keeps it out of every map; the line names it.
    Hidden,
    /// The file is one of keys or passwords by its name, and its lines are not shown.
    Withheld,
    /// The machine refused a resource, such as threads.
    Resources,
    /// A setting makes no sense; the message names it, its value and where it came from.
    Misconfigured,
    /// The cache's storage refused something.
    Storage,
    /// The caller cancelled the request. What was finished is kept.
    Cancelled,
    /// The deadline of a call that has no partial answer has passed. What was finished is kept.
    DeadlineExceeded,
}

impl Error {
    /// What the line names may be hostile: it is told visibly, and on one line.
    pub(crate) fn new(kind: ErrorKind, line: impl Into<String>) -> Self {
        Self { kind, line: visible(&line.into()).into_owned(), path: None, source: None }
    }

    pub(crate) fn of_files(error: repo_map_files::Error) -> Self {
        let kind = match error.kind() {
            repo_map_files::ErrorKind::NotFound => ErrorKind::RootNotFound,
            repo_map_files::ErrorKind::NotADirectory => ErrorKind::RootNotAFolder,
            _ => ErrorKind::Unreadable,
        };
        Self::new(kind, error.to_string()).at(error.path().to_owned()).caused_by(error)
    }

    pub(crate) fn unreadable(path: &Path, error: impl std::error::Error + Send + Sync + 'static) -> Self {
        let line = format!("cannot read {}: {error}", escaped_path(path));
        Self::new(ErrorKind::Unreadable, line).at(path).caused_by(error)
    }

    pub(crate) fn of_thread(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::new(ErrorKind::Resources, format!("cannot start a thread: {error}")).caused_by(error)
    }

    pub(crate) fn of_storage(error: repo_map_cache_core::Error) -> Self {
        Self::new(ErrorKind::Storage, format!("the cache refused: {error}")).caused_by(error)
    }

    /// The same with the file or folder that it is about.
    pub(crate) fn at(mut self, path: impl Into<PathBuf>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// The same with the error of the layer below.
    pub(crate) fn caused_by(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// The kind, for code.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The file or folder that it is about, where there is one.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }
}

impl fmt::Display for Error {
    /// One line that names the cause and the cure, for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
