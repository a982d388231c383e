use std::error::Error as StdError;
use std::fmt;

/// What went wrong, as far as a caller can act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The storage cannot be reached now: no permission, an I/O error, a lock held, a forked process.
    Unavailable,
    /// What is stored is damaged.
    Corrupt,
    /// What is stored was written by another format version, byte order or word size.
    Incompatible,
    /// No room is left: the disk, the quota or the reserved map is full.
    StorageFull,
    /// The value is larger than the backend takes.
    TooLarge,
    /// The backend or the place it was given cannot do this at all.
    Unsupported,
    /// The caller's set-up is at fault: an unknown keyspace, an option out of range.
    Misconfigured,
    /// Anything else.
    Other,
}

/// What a storage operation returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A storage operation failed: its kind, where, and what caused it.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    backend: &'static str,
    operation: &'static str,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of `backend` (its [name](crate::StorageBackend::name)) in `operation`, one or two words such as `commit`.
    pub const fn new(kind: ErrorKind, backend: &'static str, operation: &'static str) -> Self {
        Self { kind, backend, operation, source: None }
    }

    /// The same error with its cause: an error, or a text.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What a caller can act on.
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The name of the backend that failed.
    pub const fn backend(&self) -> &'static str {
        self.backend
    }

    /// What it was doing.
    pub const fn operation(&self) -> &'static str {
        self.operation
    }
}

impl ErrorKind {
    /// The kind in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unavailable => "unavailable",
            Self::Corrupt => "corrupt",
            Self::Incompatible => "incompatible",
            Self::StorageFull => "storage full",
            Self::TooLarge => "too large",
            Self::Unsupported => "unsupported",
            Self::Misconfigured => "misconfigured",
            Self::Other => "failed",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Error {
    /// One line, the cause included: it is what the one warning of a degraded store says.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.backend, self.operation, self.kind)?;
        self.source.as_ref().map_or(Ok(()), |source| write!(f, ": {source}"))
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_says_where_and_why() {
        let error =
            Error::new(ErrorKind::StorageFull, "lmdb", "commit").with_source("no space left on device");
        assert_eq!(error.to_string(), "lmdb commit: storage full: no space left on device");
        assert_eq!(error.source().map(ToString::to_string), Some("no space left on device".to_owned()));
    }
}
