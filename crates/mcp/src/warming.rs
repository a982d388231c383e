//! What is cold is read on after the first answers, by a thread that steps aside for each call.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use repo_map_cache::{CancellationToken, ErrorKind, MapRequest, RepoMapper};

/// Whether a tree was read, and who is at it.
#[derive(Default)]
pub(crate) struct Warming {
    state: Mutex<State>,
    calmer: Condvar,
}

#[derive(Default)]
struct State {
    /// Calls that are being answered.
    calls: usize,
    /// Ends the round of the thread that reads on.
    round: CancellationToken,
    is_running: bool,
    is_warm: bool,
    /// Nobody will ask again.
    is_over: bool,
}

impl Warming {
    pub(crate) fn is_warm(&self) -> bool {
        self.lock().is_warm
    }

    /// A call begins: it has the machine for itself until the guard is dropped.
    pub(crate) fn step_aside(&self) -> Call<'_> {
        let mut state = self.lock();
        state.calls += 1;
        state.round.cancel();
        Call(self)
    }

    /// Whether the caller is to read on: nobody does, and there is something to read.
    pub(crate) fn begin(&self) -> bool {
        let mut state = self.lock();
        let begins = !state.is_running && !state.is_warm && !state.is_over;
        state.is_running |= begins;
        begins
    }

    /// Ends it for good.
    pub(crate) fn end(&self) {
        let mut state = self.lock();
        state.is_over = true;
        state.round.cancel();
        self.calmer.notify_all();
    }

    /// Reads tags, words and log to the end, in rounds between calls.
    pub(crate) fn read_on(&self, mapper: &RepoMapper) {
        // Anything with words wants all that a task needs.
        let request = MapRequest::new(1).task("warm");
        while let Some(round) = self.next_round() {
            match mapper.map(&request.clone().cancellation(&round)) {
                Ok(_) => self.lock().is_warm = true,
                Err(error) if error.kind() == ErrorKind::Cancelled => continue,
                // The next call tells what is wrong.
                Err(error) => tracing::debug!(%error, "the tree was not read on"),
            }
            break;
        }
        self.lock().is_running = false;
    }

    /// Waits until no call is answered; `None` at the end.
    fn next_round(&self) -> Option<CancellationToken> {
        let mut state = self.lock();
        while state.calls > 0 && !state.is_over {
            state = self.calmer.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.is_over {
            return None;
        }
        state.round = CancellationToken::new();
        Some(state.round.clone())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that is being answered.
pub(crate) struct Call<'a>(&'a Warming);

impl Drop for Call<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.calls -= 1;
        if state.calls == 0 {
            self.0.calmer.notify_all();
        }
    }
}
