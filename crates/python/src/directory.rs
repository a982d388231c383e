use std::ops::ControlFlow;
use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::{PyAny, PyDict, PyTuple};
use repo_map_cache::{CacheConfig, CacheDirectory};

use crate::handle::{Handle, drop_detached};
use crate::{argument, call, failure, place, value};

/// A cache folder as people look at it: what is in it, whether it is whole, how to clear it. `ValueError` where no folder is named or
/// nothing is there.
#[pyclass(frozen, name = "CacheDirectory", module = "repo_map_cache")]
pub(crate) struct Directory {
    directory: Handle<CacheDirectory>,
    config: CacheConfig,
}

#[pymethods]
impl Directory {
    #[new]
    #[pyo3(signature = (cache_dir=None, *, config=None, queries=None))]
    fn new(
        py: Python<'_>,
        cache_dir: Option<&Bound<'_, PyAny>>,
        config: Option<&Bound<'_, PyAny>>,
        queries: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let config = place::of(cache_dir, config)?;
        let queries = queries.filter(|folder| !folder.is_none());
        let queries = queries.map(|folder| argument::path("queries", folder)).transpose()?;
        let opened = call::detached(py, || match (CacheDirectory::open(&config)?, &queries) {
            (Some(directory), Some(folder)) => directory.queries(folder).map(Some),
            (directory, _) => Ok(directory),
        });
        let directory = opened.map_err(failure::of)?.ok_or_else(|| {
            let shown = config.cache_dir.as_ref().map(|folder| folder.display().to_string());
            let shown = shown.unwrap_or_else(|| "None".to_owned());
            pyo3::exceptions::PyValueError::new_err(format!("cache_dir = {shown}: there is no cache"))
        })?;
        Ok(Self { directory: Handle::new("CacheDirectory", directory), config })
    }

    /// The folder.
    #[getter]
    fn path(&self) -> Option<PathBuf> {
        self.config.cache_dir.clone()
    }

    /// What it holds, and what all processes that are done with it did there.
    fn statistics<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        value::dict(py, &self.directory.with(py, CacheDirectory::statistics)?)
    }

    /// Every entry: `table`, `key`, `bytes`, `about`, `is_damaged`.
    fn entries<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let entries = self.directory.with(py, |directory| {
            let mut entries = Vec::new();
            let read = directory.entries(|entry| {
                entries.push(entry);
                ControlFlow::Continue(())
            });
            read.map(|()| entries)
        })?;
        value::plain(py, &entries.map_err(failure::of)?)
    }

    /// Reads everything; damaged entries are removed, and raise `CacheCorruptionError` afterwards where `strict` asks for it.
    #[pyo3(signature = (*, strict=false))]
    fn verify<'py>(&self, py: Python<'py>, strict: bool) -> PyResult<Bound<'py, PyDict>> {
        let found = self.directory.with(py, CacheDirectory::verify)?.map_err(failure::of)?;
        if strict && (found.damaged > 0 || found.recovered.is_some()) {
            let of_store = found.recovered.as_ref().map_or_else(String::new, |line| format!("; {line}"));
            let (damaged, entries) = (found.damaged, found.entries);
            return Err(failure::corrupt(format!("{damaged} of {entries} entries were damaged{of_store}")));
        }
        value::dict(py, &found)
    }

    /// What is known of a file.
    fn inspect<'py>(&self, py: Python<'py>, path: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
        let path = argument::path("path", path)?;
        let found = self.directory.with(py, |directory| directory.inspect(&path))?;
        value::dict(py, &found.map_err(failure::of)?)
    }

    /// Removes the cache, and nothing else that is in the folder; tells how. Closes this view of it.
    fn clear<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        drop_detached(self.directory.take());
        let cleared = call::detached(py, || CacheDirectory::clear(&self.config));
        value::dict(py, &cleared.map_err(failure::of)?)
    }

    /// Gives it up. Closing twice is closing once.
    fn close(&self) {
        drop_detached(self.directory.take());
    }

    fn __enter__(this: Bound<'_, Self>) -> PyResult<Bound<'_, Self>> {
        this.get().directory.get()?;
        Ok(this)
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: &Bound<'_, PyTuple>) -> bool {
        self.close();
        false
    }

    fn __repr__(&self) -> String {
        self.directory.shown()
    }
}
