//! Storage that is written in Python.

use std::borrow::Cow;
use std::fmt;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyIterator};
use repo_map_cache::{Keyspace, StorageBackend};
use repo_map_cache_core::{Capabilities, Error, ErrorKind, Key, ReadTxn, Result, WriteTxn};

/// Storage of the caller's own for caches and mappers: an object with `read()` and `write()`, which begin transactions.
///
/// A read transaction sees what was committed when it began: `get(table, key)` gives bytes or `None`, `scan(table, prefix)` pairs of
/// key and value in the order of the keys. A write transaction, one at a time, has `put(table, key, value)`, `delete(table, key)`,
/// which tells whether it was there, and `commit()`; `rollback()` is called where there is one and nothing was committed. Tables are
/// named by a `str`, keys have 32 bytes. `durable=True` promises that what was committed outlives the process.
///
/// What the object raises costs the caches time and never an answer; `flush` raises a `StorageError` with it as its cause.
#[pyclass(frozen, name = "Backend", module = "repo_map_cache")]
pub(crate) struct Backend(pub(crate) Arc<dyn StorageBackend>);

#[pymethods]
impl Backend {
    #[new]
    #[pyo3(signature = (implementation, *, durable=false))]
    fn new(implementation: &Bound<'_, PyAny>, durable: bool) -> PyResult<Self> {
        for method in ["read", "write"] {
            if !implementation.getattr_opt(method)?.is_some_and(|method| method.is_callable()) {
                return Err(PyTypeError::new_err(format!("implementation: it has no method {method}")));
            }
        }
        let object = implementation.clone().unbind();
        Ok(Self(Arc::new(OfPython { object, durable, writing: Mutex::default() })))
    }
}

struct OfPython {
    object: Py<PyAny>,
    durable: bool,
    /// Who writes has it.
    writing: Mutex<()>,
}

struct Reading(Py<PyAny>);

struct Writing<'a> {
    transaction: Py<PyAny>,
    is_committed: bool,
    _alone: MutexGuard<'a, ()>,
}

const NAME: &str = "python";

impl StorageBackend for OfPython {
    fn name(&self) -> &'static str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new().with_durable(self.durable)
    }

    fn read(&self) -> Result<Box<dyn ReadTxn + '_>> {
        let begun = call("read", |py| self.object.call_method0(py, "read"))?;
        Ok(Box::new(Reading(begun)))
    }

    fn write(&self) -> Result<Box<dyn WriteTxn + '_>> {
        let alone = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = call("write", |py| self.object.call_method0(py, "write"))?;
        Ok(Box::new(Writing { transaction, is_committed: false, _alone: alone }))
    }
}

impl fmt::Debug for OfPython {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OfPython").field("durable", &self.durable).finish_non_exhaustive()
    }
}

impl ReadTxn for Reading {
    fn get(&self, keyspace: Keyspace, key: &Key) -> Result<Option<Cow<'_, [u8]>>> {
        let value = call("get", |py| {
            let key = PyBytes::new(py, key.as_bytes());
            self.0.call_method1(py, "get", (keyspace.name(), key))?.extract::<Option<Vec<u8>>>(py)
        })?;
        Ok(value.map(Cow::Owned))
    }

    /// The visitor may wait for others, so it is called without the interpreter's lock.
    fn scan(
        &self,
        keyspace: Keyspace,
        prefix: &[u8],
        visit: &mut dyn FnMut(&Key, &[u8]) -> ControlFlow<()>,
    ) -> Result<()> {
        let entries: Py<PyIterator> = call("scan", |py| {
            let prefix = PyBytes::new(py, prefix);
            let entries = self.0.bind(py).call_method1("scan", (keyspace.name(), prefix))?;
            Ok(entries.try_iter()?.unbind())
        })?;
        loop {
            let next = call("scan", |py| {
                let next = entries.bind(py).clone().next().transpose()?;
                next.map(|entry| entry.extract::<([u8; 32], Vec<u8>)>()).transpose()
            })?;
            let Some((key, value)) = next else { return Ok(()) };
            if visit(&Key::new(key), &value).is_break() {
                return Ok(());
            }
        }
    }
}

impl WriteTxn for Writing<'_> {
    fn put(&mut self, keyspace: Keyspace, key: &Key, value: &[u8]) -> Result<()> {
        call("put", |py| {
            let of = (keyspace.name(), PyBytes::new(py, key.as_bytes()), PyBytes::new(py, value));
            self.transaction.call_method1(py, "put", of).map(drop)
        })
    }

    fn delete(&mut self, keyspace: Keyspace, key: &Key) -> Result<bool> {
        call("delete", |py| {
            let of = (keyspace.name(), PyBytes::new(py, key.as_bytes()));
            self.transaction.call_method1(py, "delete", of)?.bind(py).is_truthy()
        })
    }

    fn commit(mut self: Box<Self>) -> Result<()> {
        call("commit", |py| self.transaction.call_method0(py, "commit").map(drop))?;
        self.is_committed = true;
        Ok(())
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        if self.is_committed {
            return;
        }
        // What it was dropped for has been told, and what was not committed does not count.
        let _ = call("rollback", |py| match self.transaction.bind(py).getattr_opt("rollback")? {
            Some(rollback) => rollback.call0().map(drop),
            None => Ok(()),
        });
    }
}

/// Calls Python. What it raises, and that there is no interpreter any more, is a failing storage.
fn call<R>(operation: &'static str, work: impl FnOnce(Python<'_>) -> PyResult<R>) -> Result<R> {
    let failed = Error::new(ErrorKind::Unavailable, NAME, operation);
    match Python::try_attach(work) {
        Some(done) => done.map_err(|error| failed.with_source(error)),
        None => Err(failed),
    }
}
