use std::fmt;

use repo_map_cache::{Error, ErrorKind, visible};

/// Why a call has no answer, in a sentence for whoever called.
#[derive(Debug)]
pub(crate) struct Refusal(String);

impl Refusal {
    pub(crate) fn new(sentence: impl AsRef<str>) -> Self {
        Self(visible(sentence.as_ref()).into_owned())
    }

    pub(crate) fn into_sentence(self) -> String {
        self.0
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error.kind() {
            ErrorKind::Cancelled => Self::new("the call was cancelled; what was read until then is kept"),
            _ => Self::new(error.to_string()),
        }
    }
}

/// Why a server cannot start, or has ended.
#[derive(Debug)]
pub struct ServeError(String);

impl ServeError {
    pub(crate) fn new(line: impl AsRef<str>) -> Self {
        Self(visible(line.as_ref()).into_owned())
    }
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ServeError {}
