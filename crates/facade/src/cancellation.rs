//! Ends requests early: by a token that somebody else holds, or at a moment.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crate::error::{Error, ErrorKind};

/// Cancels the requests that were given it, from any thread. Clones are the same token; once cancelled it stays so.
///
/// ```
/// use repo_map_cache::{CancellationToken, ErrorKind, MapRequest, RepoMapper};
/// # let root = tempfile::tempdir()?;
///
/// let token = CancellationToken::new();
/// token.cancel();
/// let mapper = RepoMapper::builder(root.path()).build()?;
/// let error = mapper.map(&MapRequest::new(1024).cancellation(&token)).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Cancelled);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct CancellationToken(Arc<AtomicBool>);

impl CancellationToken {
    /// A token that is not cancelled.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the requests that have the token, within some milliseconds. What they have finished is kept.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Tokens are equal where cancelling one cancels the other.
impl PartialEq for CancellationToken {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for CancellationToken {}

impl fmt::Debug for CancellationToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CancellationToken").field(&self.is_cancelled()).finish()
    }
}

/// When one call is to end early.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits<'a> {
    pub(crate) token: Option<&'a CancellationToken>,
    pub(crate) deadline: Option<Instant>,
}

impl Limits<'_> {
    /// An error where the caller has cancelled.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self.token {
            Some(token) if token.is_cancelled() => {
                Err(Error::new(ErrorKind::Cancelled, "the request was cancelled"))
            }
            _ => Ok(()),
        }
    }

    /// What a call without a partial answer says.
    pub(crate) fn deadline_exceeded(&self) -> Error {
        Error::new(ErrorKind::DeadlineExceeded, "the deadline came before the answer")
    }

    /// Whether the deadline has passed.
    pub(crate) fn is_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// Whether to end now, for either reason.
    pub(crate) fn is_due(&self) -> bool {
        self.token.is_some_and(CancellationToken::is_cancelled) || self.is_late()
    }
}
