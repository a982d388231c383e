//! Standard output: the result and nothing else. A reader that goes away ends the command quietly.

use std::io::{self, Write as _};

use crate::failure::Failure;

/// Writes the whole result.
pub(crate) fn print(result: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(result.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Failure::ClosedPipe),
        Err(error) => Err(Failure::Unreadable(format!("cannot write to standard output: {error}"))),
    }
}
