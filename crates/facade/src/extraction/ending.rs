//! How a worker's process came to its end, and whose doing that was.
//!
//! A file is blamed, for good, only for what no other cause explains: its parser crashed, aborted or computed without
//! end. Who was killed, stopped or starved, or exited by itself, says nothing of the file that it had.

use std::fmt;
use std::process::ExitStatus;

/// The end of a worker in the middle of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// The parser's own doing. An end by `kill -SEGV` looks the same.
    Own,
    /// It neither answered nor worked, or was not let to: it was stopped, frozen or starved.
    Stalled,
    /// It ended by itself, with this code.
    Exited(Option<i32>),
    /// Somebody killed it: the signal.
    #[cfg_attr(not(unix), expect(dead_code, reason = "only where there are signals"))]
    Killed(i32),
    /// It ended as parsers do, where memory is so short that this may be all that it died of.
    #[cfg_attr(not(unix), expect(dead_code, reason = "only where limits are asked"))]
    Cramped,
    /// Whoever asked for the file no longer wants it.
    Unwanted,
}

impl Ending {
    pub(super) fn of(status: ExitStatus) -> Self {
        #[cfg(unix)]
        if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
            return match is_own(signal) {
                true if is_cramped() => Self::Cramped,
                true => Self::Own,
                false => Self::Killed(signal),
            };
        }
        #[cfg(windows)]
        if status.code().is_some_and(|code| OWN.contains(&(code as u32))) {
            return Self::Own;
        }
        Self::Exited(status.code())
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own => f.write_str("its parser died of it"),
            Self::Stalled => f.write_str("its parser's process was stopped, frozen or starved"),
            Self::Exited(Some(code)) => write!(f, "its parser's process exited with code {code}"),
            Self::Exited(None) => f.write_str("its parser's process ended"),
            Self::Killed(signal) => write!(f, "its parser's process was killed by signal {signal}"),
            Self::Unwanted => f.write_str("it is no longer wanted"),
            Self::Cramped => f.write_str("its parser's process died where little memory is allowed"),
        }
    }
}

/// The signals that a process sends itself, or gets for what it did.
#[cfg(unix)]
fn is_own(signal: i32) -> bool {
    use rustix::process::Signal;

    let own = [Signal::ABORT, Signal::SEGV, Signal::BUS, Signal::ILL, Signal::FPE];
    own.iter().any(|own| own.as_raw() == signal)
}

/// The codes with which Windows ends a process for what it did: access violation, stack overflow, illegal
/// instruction, in-page error, division by zero of two kinds, heap corruption, fail-fast (`abort`); and 3, which `abort` of
/// the older C runtime gives.
#[cfg(windows)]
const OWN: [u32; 9] = [
    0xC000_0005,
    0xC000_00FD,
    0xC000_001D,
    0xC000_0006,
    0xC000_0094,
    0xC000_008E,
    0xC000_0374,
    0xC000_0409,
    3,
];

/// Whether workers may have so little memory that an honest file takes more. Who gets no memory aborts, as a broken parser
/// does. A worker has no bound of its own, only that of whoever started us; a file of the largest size takes 200 MB.
#[cfg(unix)]
fn is_cramped() -> bool {
    use rustix::process::{Resource, getrlimit};

    const AMPLE: u64 = 1 << 30;
    let limits = [Resource::As, Resource::Data].map(|resource| getrlimit(resource).current);
    limits.into_iter().flatten().any(|limit| limit < AMPLE)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;

    use super::*;

    #[test]
    fn only_what_a_process_does_to_itself_is_its_own_doing() {
        let by_signal = |signal: i32| Ending::of(ExitStatus::from_raw(signal));
        for own in [4, 6, 8, 11] {
            assert_eq!(by_signal(own), Ending::Own, "{own}");
        }
        // Hangup, interrupt, kill, terminate, CPU time.
        for other in [1, 2, 9, 15, 24] {
            assert_eq!(by_signal(other), Ending::Killed(other));
        }
        assert_eq!(Ending::of(ExitStatus::from_raw(7 << 8)), Ending::Exited(Some(7)));
    }
}
