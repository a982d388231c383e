//! Bad input gets one line that names the cause and the cure, and the right exit code.

use crate::exit_code::ExitCode;
use std::io::{self, Write as _};

use repo_map_cache::{Error, visible};

/// Done, and there is nothing to show.
pub(crate) const NOTHING: u8 = 1;
pub(crate) const USAGE: u8 = 2;
const UNREADABLE: u8 = 4;

/// Why a command ended early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The arguments make no sense together or name something unknown.
    Usage(String),
    /// The tree, a list or a file cannot be read.
    Unreadable(String),
    /// The reader of standard output went away: not an error of ours.
    ClosedPipe,
}

impl Failure {
    /// Prints the line and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        match self {
            Self::Usage(line) => {
                tell(line);
                ExitCode::from(USAGE)
            }
            Self::Unreadable(line) => {
                tell(line);
                ExitCode::from(UNREADABLE)
            }
            Self::ClosedPipe => ExitCode::SUCCESS,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error.kind() {
            repo_map_cache::ErrorKind::Misconfigured => Self::Usage(error.to_string()),
            _ => Self::Unreadable(error.to_string()),
        }
    }
}

/// Tells what the user should know and need not act on.
pub(crate) fn warn(line: &str) {
    tell(&format!("warning: {line}"));
}

/// Tells what the user asked for and is no result.
#[cfg(feature = "mcp")]
pub(crate) fn note(line: &str) {
    tell(line);
}

/// Writes one line on standard error: the one door for messages. What a terminal would obey is written out, whoever put it
/// there. A standard error that takes nothing changes nothing.
pub(crate) fn tell(line: &str) {
    let line = format!("repo-map: {}\n", visible(line));
    let _ = io::stderr().lock().write_all(line.as_bytes());
}
