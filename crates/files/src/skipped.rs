use std::fmt;
use std::io;

/// A file that a scan left out, or a directory that it could not enter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Skipped {
    /// Where it is, relative to the root, with `/`. Bytes that are not UTF-8 stand as `\u{fffd}`.
    pub path: String,
    /// Why it was left out.
    pub reason: SkipReason,
}

/// Why a file was left out. Files that rules hide are not reported at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SkipReason {
    /// A symbolic link, or a file behind one.
    Symlink,
    /// A FIFO, socket or device; where a file was named, also a directory.
    NotRegular,
    /// The name is not UTF-8, so no path can hold it.
    NonUtf8Name,
    /// The operating system refused to read it.
    Unreadable,
    /// It was named, listed or tracked, and is not there.
    Vanished,
    /// It is longer than the limit.
    TooLarge,
    /// The git repository or its index could not be read, so tracked files are unknown.
    GitUnreadable,
}

impl Skipped {
    pub(crate) fn new(path: impl Into<String>, reason: SkipReason) -> Self {
        Self { path: path.into(), reason }
    }
}

impl SkipReason {
    /// A word for listings and counters; it never changes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Symlink => "symlink",
            Self::NotRegular => "not_regular",
            Self::NonUtf8Name => "non_utf8_name",
            Self::Unreadable => "unreadable",
            Self::Vanished => "vanished",
            Self::TooLarge => "too_large",
            Self::GitUnreadable => "git_unreadable",
        }
    }

    pub(crate) fn of_io(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Vanished,
            _ => Self::Unreadable,
        }
    }
}

/// One sentence, without a full stop.
impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Symlink => "it is a symbolic link or lies behind one, and links are not followed",
            Self::NotRegular => "it is not a regular file",
            Self::NonUtf8Name => "its name is not valid UTF-8",
            Self::Unreadable => "the operating system refused to read it",
            Self::Vanished => "it is not there, or was deleted during the scan",
            Self::TooLarge => "it is larger than the limit",
            Self::GitUnreadable => {
                "git's data cannot be read, so tracked files count like any others and ignore rules apply to them"
            }
        })
    }
}
