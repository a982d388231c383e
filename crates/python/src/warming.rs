use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use pyo3::prelude::*;

use crate::{argument, call, failure, handle};

/// How often somebody is told how far it is, and signals are handled while somebody waits.
const INTERVAL: Duration = Duration::from_millis(50);

/// Work in the background that fills a cache: how far it is, and how to end it. Forgetting it lets the work go on.
#[pyclass(frozen, name = "Warming", module = "repo_map_cache")]
pub(crate) struct Warming {
    /// Taken by the drop alone.
    warming: Option<Arc<repo_map_cache::Warming>>,
    teller: Option<Arc<Teller>>,
}

/// Tells a callback of Python how far it is.
struct Teller {
    callback: Py<PyAny>,
    is_done: Mutex<bool>,
    raised: Mutex<Option<PyErr>>,
}

impl Warming {
    pub(crate) fn of(warming: repo_map_cache::Warming, progress: Option<Py<PyAny>>) -> PyResult<Self> {
        let warming = Arc::new(warming);
        let teller = progress.map(|callback| {
            Arc::new(Teller { callback, is_done: Mutex::default(), raised: Mutex::default() })
        });
        if let Some(teller) = teller.clone() {
            let warming = warming.clone();
            let tell = move || teller.tell(&warming);
            let thread = std::thread::Builder::new().name("cache-warming-told".to_owned());
            thread.spawn(tell).map_err(failure::of_thread)?;
        }
        Ok(Self { warming: Some(warming), teller })
    }

    fn get(&self) -> &Arc<repo_map_cache::Warming> {
        self.warming.as_ref().expect("only the drop takes it")
    }

    fn has_ended(&self) -> bool {
        self.get().is_done() && self.teller.as_ref().is_none_or(|teller| teller.is_done())
    }
}

impl Teller {
    fn tell(&self, warming: &repo_map_cache::Warming) {
        let mut told = None;
        loop {
            let has_ended = warming.wait(Some(INTERVAL));
            let completed = warming.completed();
            if told != Some(completed) {
                told = Some(completed);
                let call = |py: Python<'_>| self.callback.call1(py, (completed, warming.total())).err();
                // Without an interpreter there is nobody to tell.
                if let Some(Some(error)) = Python::try_attach(call) {
                    warming.cancel();
                    *self.raised.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    break;
                }
            }
            if has_ended {
                break;
            }
        }
        *self.is_done.lock().unwrap_or_else(PoisonError::into_inner) = true;
    }

    fn is_done(&self) -> bool {
        *self.is_done.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl Warming {
    /// The files that were asked for.
    #[getter]
    fn total(&self) -> usize {
        self.get().total()
    }

    /// The files that are done with, those without result included.
    #[getter]
    fn completed(&self) -> usize {
        self.get().completed()
    }

    /// The files that could not be read or are in no known language.
    #[getter]
    fn failed(&self) -> usize {
        self.get().failed()
    }

    /// Whether the work has ended: done or cancelled.
    #[getter]
    fn done(&self) -> bool {
        self.has_ended()
    }

    /// Ends the work after the files that are being read. What is done stays.
    fn cancel(&self) {
        self.get().cancel();
    }

    /// Waits for the end, at most so many seconds; tells whether it has come. Raises what the progress callback raised.
    #[pyo3(signature = (timeout=None))]
    fn wait(&self, py: Python<'_>, timeout: Option<&Bound<'_, PyAny>>) -> PyResult<bool> {
        let timeout = argument::seconds("timeout", timeout)?;
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        loop {
            let left = deadline.map_or(INTERVAL, |end| end.saturating_duration_since(Instant::now()));
            let warming = self.get();
            call::detached(py, || {
                if !warming.wait(Some(left.min(INTERVAL))) || self.has_ended() {
                    return;
                }
                // The last word of the progress is on its way.
                std::thread::sleep(Duration::from_millis(1).min(left));
            });
            py.check_signals()?;
            if self.has_ended() {
                break;
            }
            if left.is_zero() {
                return Ok(false);
            }
        }
        let raised = self
            .teller
            .as_ref()
            .and_then(|teller| teller.raised.lock().unwrap_or_else(PoisonError::into_inner).take());
        raised.map_or(Ok(true), Err)
    }

    fn __repr__(&self) -> String {
        format!("<repo_map_cache.Warming, {} of {} files>", self.completed(), self.total())
    }
}

impl Drop for Warming {
    fn drop(&mut self) {
        handle::drop_detached(self.warming.take());
    }
}
