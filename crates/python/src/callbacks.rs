//! What the library calls of the caller's: a tokenizer, a listener of progress. What one raises ends every request that was under
//! way, and is raised by each.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use pyo3::prelude::*;
use pyo3::sync::MutexExt as _;
use repo_map_cache::{CancellationToken, Progress, Stage, TokenCounter};

/// How often progress is told, beside where a stage begins and ends.
const INTERVAL: Duration = Duration::from_millis(20);

/// The requests of a mapper that are under way, and what was raised in them.
#[derive(Default)]
pub(crate) struct Calls(Mutex<State>);

#[derive(Default)]
struct State {
    under_way: Vec<CancellationToken>,
    raised: u64,
    last: Option<PyErr>,
}

impl Calls {
    /// Says that a request begins; gives what [`end`](Self::end) wants to know.
    pub(crate) fn begin(&self, token: &CancellationToken) -> u64 {
        let mut state = self.state();
        state.under_way.push(token.clone());
        state.raised
    }

    /// Says that it has ended; gives what was raised meanwhile.
    pub(crate) fn end(&self, token: &CancellationToken, raised_before: u64, py: Python<'_>) -> Option<PyErr> {
        let mut state = self.0.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner);
        state.under_way.retain(|other| other != token);
        let last = state.last.as_ref().filter(|_| state.raised != raised_before);
        let last = last.map(|error| error.clone_ref(py));
        if state.under_way.is_empty() {
            state.last = None;
        }
        last
    }

    /// Takes what a callback raised.
    fn raise(&self, error: PyErr) {
        let mut state = self.state();
        state.under_way.iter().for_each(CancellationToken::cancel);
        state.raised += 1;
        state.last = Some(error);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A tokenizer of the caller's: what counts the tokens of a text.
pub(crate) struct Counter {
    pub(crate) name: String,
    pub(crate) count: Py<PyAny>,
    pub(crate) calls: Arc<Calls>,
}

impl TokenCounter for Counter {
    fn name(&self) -> &str {
        &self.name
    }

    /// More than any budget where it raised: the request has ended by then.
    fn count(&self, text: &str) -> usize {
        let counted = Python::attach(|py| self.count.call1(py, (text,))?.extract::<f64>(py));
        match counted {
            Ok(count) if count.is_finite() && count >= 0.0 => count.ceil() as usize,
            Ok(count) => {
                let line = format!("tokenizer: it counted {count} tokens");
                self.calls.raise(pyo3::exceptions::PyValueError::new_err(line));
                u32::MAX as usize
            }
            Err(error) => {
                self.calls.raise(error);
                u32::MAX as usize
            }
        }
    }
}

/// Tells a callable of the caller's what is being done, how much of it is and of how much.
pub(crate) struct Listener {
    callback: Py<PyAny>,
    calls: Arc<Calls>,
    at: Mutex<At>,
}

#[derive(Clone, Copy)]
struct At {
    done: u64,
    total: Option<u64>,
    told: Instant,
}

impl Listener {
    pub(crate) fn new(callback: Py<PyAny>, calls: Arc<Calls>) -> Self {
        Self { callback, calls, at: Mutex::new(At { done: 0, total: None, told: Instant::now() }) }
    }

    /// Not under the lock: a callback may take its time.
    fn tell(&self, stage: Stage, At { done, total, .. }: At) {
        let told = Python::attach(|py| self.callback.call1(py, (stage.as_str(), done, total)).map(drop));
        if let Err(error) = told {
            self.calls.raise(error);
        }
    }

    fn change(&self, change: impl FnOnce(&mut At) -> bool) -> Option<At> {
        let mut at = self.at.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut at).then_some(*at)
    }
}

impl Progress for Listener {
    fn begin(&self, stage: Stage, total: Option<u64>) {
        let at = self.change(|at| {
            *at = At { done: 0, total, told: Instant::now() };
            true
        });
        at.inspect(|at| self.tell(stage, *at));
    }

    fn advance(&self, stage: Stage, done: u64) {
        let at = self.change(|at| {
            at.done += done;
            let is_time = at.told.elapsed() >= INTERVAL;
            if is_time {
                at.told = Instant::now();
            }
            is_time
        });
        at.inspect(|at| self.tell(stage, *at));
    }

    fn end(&self, stage: Stage) {
        let at = self.change(|_| true);
        at.inspect(|at| self.tell(stage, *at));
    }
}
