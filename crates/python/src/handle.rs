//! What is open until it is closed or forgotten.

use std::sync::{Arc, PoisonError, RwLock};

use pyo3::prelude::*;

use crate::{call, failure};

/// Something of the library that Python holds.
///
/// Its lock is held for a moment and under the interpreter's lock alone, so that no fork finds it locked. What is given up is dropped
/// without the interpreter's lock: that may write and wait for threads which want it.
pub(crate) struct Handle<T: Send + Sync> {
    what: &'static str,
    open: RwLock<Option<Arc<T>>>,
}

impl<T: Send + Sync> Handle<T> {
    pub(crate) fn new(what: &'static str, open: T) -> Self {
        Self { what, open: RwLock::new(Some(Arc::new(open))) }
    }

    /// What is open.
    pub(crate) fn get(&self) -> PyResult<Arc<T>> {
        self.peek().ok_or_else(|| failure::closed(self.what))
    }

    /// What is open, if anything is.
    pub(crate) fn peek(&self) -> Option<Arc<T>> {
        self.open.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes what is open away. Closing twice is closing once.
    pub(crate) fn take(&self) -> Option<Arc<T>> {
        self.open.write().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// How it shows itself.
    pub(crate) fn shown(&self) -> String {
        let state = if self.peek().is_some() { "open" } else { "closed" };
        format!("<repo_map_cache.{}, {state}>", self.what)
    }

    /// Does work with what is open, without the interpreter's lock.
    pub(crate) fn with<R: Send>(&self, py: Python<'_>, work: impl FnOnce(&T) -> R + Send) -> PyResult<R> {
        let open = self.get()?;
        Ok(call::detached(py, move || work(&open)))
    }
}

impl<T: Send + Sync> Drop for Handle<T> {
    fn drop(&mut self) {
        if let Some(open) = self.take() {
            drop_detached(open);
        }
    }
}

/// Drops something without the interpreter's lock. At the interpreter's end there is none to be given up.
pub(crate) fn drop_detached<T: Send>(value: T) {
    let mut value = Some(value);
    let dropped = Python::try_attach(|py| {
        let value = value.take();
        py.detach(move || drop(value));
    });
    if dropped.is_none() {
        drop(value);
    }
}
