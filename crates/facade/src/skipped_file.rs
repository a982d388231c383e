use std::fmt;

use repo_map_files::SkipReason as UnreadReason;
use repo_map_tags::SkipReason;

/// A file that was passed over when the tree was last looked at, or is in the map by its path alone.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SkippedFile {
    /// Where it is, from the root, with `/`. Bytes that are not UTF-8 stand as `\u{fffd}`.
    pub path: String,
    /// Why.
    pub cause: SkipCause,
}

/// Why a file has no part in a map, or no definitions in it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SkipCause {
    /// The scan left it out, or it could not be read.
    Unread(UnreadReason),
    /// It was read, and its parser gives no tags.
    Untagged(SkipReason),
    /// Its parser's process was ended from outside: the next refresh tries again. The sentence says how it ended.
    Interrupted(String),
}

/// One sentence.
impl fmt::Display for SkipCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unread(reason) => reason.fmt(f),
            Self::Untagged(reason) => reason.fmt(f),
            Self::Interrupted(how) => f.write_str(how),
        }
    }
}
