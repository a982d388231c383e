use std::fmt;

use rkyv::util::AlignedVec;

use super::ending::Ending;

/// The record of a source, or why there is none now: nothing may be concluded of the file, and the next run tries again.
pub(crate) type Parsed = Result<AlignedVec, Unparsed>;

/// Why a source was not parsed, through no fault of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unparsed(pub(super) Ending);

impl Unparsed {
    /// Nobody wanted it any more.
    pub(super) fn unwanted() -> Self {
        Self(Ending::Unwanted)
    }
}

impl fmt::Display for Unparsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
