//! How work of the library is called: without the interpreter's lock, and so that Ctrl-C ends it.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use pyo3::prelude::*;
use repo_map_cache::CancellationToken;

use crate::{failure, journal};

/// How long a signal may wait for its handler.
const SIGNALS: Duration = Duration::from_millis(50);

/// Deep trees are walked recursively.
const STACK: usize = 16 << 20;

/// Runs work without the interpreter's lock. Events of it are logged before the call ends.
pub(crate) fn detached<R: Send>(py: Python<'_>, work: impl FnOnce() -> R + Send) -> R {
    journal::tune(py);
    let done = py.detach(work);
    journal::deliver(py);
    done
}

/// Runs work that may take long on a thread of its own, while this one lets Python handle signals: an exception of a handler, such
/// as `KeyboardInterrupt`, cancels the work, and is raised when that has ended.
pub(crate) fn interruptible<R: Send>(
    py: Python<'_>,
    token: &CancellationToken,
    work: impl FnOnce() -> R + Send,
) -> PyResult<R> {
    let (told, end) = channel();
    let done = detached(py, move || {
        std::thread::scope(|scope| {
            let work = move || {
                let done = work();
                // Who waited may have gone with a panic.
                let _ = told.send(());
                done
            };
            let thread = std::thread::Builder::new().name("repo-map-call".to_owned()).stack_size(STACK);
            let thread = thread.spawn_scoped(scope, work).map_err(failure::of_thread)?;
            let mut raised = None;
            while let Err(RecvTimeoutError::Timeout) = end.recv_timeout(SIGNALS) {
                if raised.is_none() {
                    raised = Python::attach(|py| {
                        journal::deliver(py);
                        py.check_signals().err()
                    });
                    if raised.is_some() {
                        token.cancel();
                    }
                }
            }
            let done = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            raised.map_or(Ok(done), Err)
        })
    });
    // A handler that has to run is not left to the next call.
    py.check_signals()?;
    done
}
