use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use repo_map_cache::CancellationToken;

/// Cancels the calls that were given it, from any thread: they raise `CancelledError`. Once cancelled it stays so.
// Each call has a token of its own, since a signal or a callback may end a call too. The lock is held for a moment and under the
// interpreter's lock alone, so that no fork finds it locked.
#[pyclass(frozen, name = "CancellationToken", module = "repo_map_cache")]
#[derive(Default)]
pub(crate) struct Token(Mutex<State>);

#[derive(Default)]
struct State {
    is_cancelled: bool,
    calls: Vec<CancellationToken>,
}

impl Token {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token of a call that begins.
    pub(crate) fn of_call(&self) -> CancellationToken {
        let token = CancellationToken::new();
        let mut state = self.state();
        if state.is_cancelled {
            token.cancel();
        } else {
            state.calls.push(token.clone());
        }
        token
    }

    /// Forgets a call that has ended.
    pub(crate) fn forget(&self, token: &CancellationToken) {
        self.state().calls.retain(|other| other != token);
    }
}

#[pymethods]
impl Token {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Ends the calls that have the token, soon. What they have finished is kept.
    fn cancel(&self) {
        let mut state = self.state();
        state.is_cancelled = true;
        state.calls.drain(..).for_each(|token| token.cancel());
    }

    /// Whether it was cancelled.
    #[getter]
    fn cancelled(&self) -> bool {
        self.state().is_cancelled
    }

    fn __repr__(&self) -> String {
        let state = if self.cancelled() { "cancelled" } else { "not cancelled" };
        format!("<repo_map_cache.CancellationToken, {state}>")
    }
}
