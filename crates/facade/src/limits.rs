//! When one call ends early: by a token that somebody else holds, or at a moment.

use std::time::Instant;

use repo_map_model::CancellationToken;

use crate::error::{Error, ErrorKind};

/// The work was given up before it was done. The store has what was finished.
#[derive(Debug)]
pub(crate) struct Interrupted;

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
