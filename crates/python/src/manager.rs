use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use repo_map_cache::{CacheConfig, CacheManager};

use crate::handle::{Handle, drop_detached};
use crate::map_cache::Maps;
use crate::statistics::Stats;
use crate::tag_cache::TagLists;
use crate::tree_cache::Trees;
use crate::warming::Warming;
use crate::{argument, call, failure, place, workers};

/// The three caches on one store, with what concerns all of them: warming, changes of files, statistics, memory.
///
/// `workers` says where `warm` parses: `True` lets processes of their own do it, which a file may take down, `False` this process.
#[pyclass(frozen, name = "CacheManager", module = "repo_map_cache")]
pub(crate) struct Manager {
    manager: Handle<CacheManager>,
    tags: Py<TagLists>,
    maps: Py<Maps>,
    trees: Py<Trees>,
}

#[pymethods]
impl Manager {
    #[new]
    #[pyo3(signature = (config=None, *, workers=true, queries=None, backend=None))]
    fn new(
        py: Python<'_>,
        config: Option<&Bound<'_, PyAny>>,
        workers: bool,
        queries: Option<&Bound<'_, PyAny>>,
        backend: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let backend = place::backend(backend)?;
        let config = match config.filter(|config| !config.is_none()) {
            Some(config) => place::configured("config", config)?,
            None => CacheConfig::in_memory(),
        };
        let queries = queries.filter(|folder| !folder.is_none());
        let queries = queries.map(|folder| argument::path("queries", folder)).transpose()?;
        let command = if workers { workers::command(py)? } else { None };
        let manager = call::detached(py, || {
            let mut manager = match &backend {
                Some(backend) => CacheManager::on(backend, &config)?,
                None => CacheManager::open(&config)?,
            };
            if let Some(folder) = &queries {
                manager = manager.queries(folder)?;
            }
            Ok(match command {
                Some(command) => manager.workers(command),
                None => manager,
            })
        });
        let manager = manager.map_err(failure::of)?;
        Ok(Self {
            tags: Py::new(py, TagLists::of(manager.tags().clone()))?,
            maps: Py::new(py, Maps::of(manager.maps().clone()))?,
            trees: Py::new(py, Trees::of(manager.trees().clone()))?,
            manager: Handle::new("CacheManager", manager),
        })
    }

    /// The tags of files: a `TagCache` that closes with the manager.
    #[getter]
    fn tags(&self, py: Python<'_>) -> Py<TagLists> {
        self.tags.clone_ref(py)
    }

    /// The maps of requests: a `MapCache` that closes with the manager.
    #[getter]
    fn maps(&self, py: Python<'_>) -> Py<Maps> {
        self.maps.clone_ref(py)
    }

    /// The rendered trees: a `TreeCache` that closes with the manager.
    #[getter]
    fn trees(&self, py: Python<'_>) -> Py<Trees> {
        self.trees.clone_ref(py)
    }

    /// Drops what the three caches have of a file.
    fn file_changed(&self, py: Python<'_>, path: &Bound<'_, PyAny>) -> PyResult<()> {
        let path = argument::path("path", path)?;
        self.manager.with(py, |manager| manager.file_changed(&path))
    }

    /// Finds the tags of files in the background; `max_workers=None` takes one a core. Files whose tags are there cost a look.
    ///
    /// `progress(completed, total)` hears how it goes, on a thread of its own; what it raises ends the warming and is raised by
    /// `wait`.
    #[pyo3(signature = (files, max_workers=None, progress=None))]
    fn warm(
        &self,
        py: Python<'_>,
        files: &Bound<'_, PyAny>,
        max_workers: Option<&Bound<'_, PyAny>>,
        progress: Option<Bound<'_, PyAny>>,
    ) -> PyResult<Warming> {
        let files = argument::paths("files", Some(files))?;
        let threads = max_workers.filter(|threads| !threads.is_none());
        let threads = threads.map_or(Ok(0), |threads| argument::size("max_workers", threads))?;
        let progress = progress.filter(|progress| !progress.is_none());
        if let Some(progress) = progress.as_ref().filter(|progress| !progress.is_callable()) {
            return Err(argument::wrong_type("progress", "a callable", progress));
        }
        let warming = self.manager.with(py, |manager| manager.warm(files, threads))?;
        Warming::of(warming.map_err(failure::of)?, progress.map(Bound::unbind))
    }

    /// What the caches hold and did since this process opened the place, as plain values.
    fn get_statistics<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        Stats::of_manager(py, &self.manager.with(py, CacheManager::statistics)?)
    }

    /// Asks once whether memory is short, and shrinks or grows the memory tiers by one step; gives the part of their bounds that
    /// is in force now, from 0 to 1. The manager does this every five seconds if it is so configured.
    fn adapt(&self, py: Python<'_>) -> PyResult<f64> {
        self.manager.with(py, CacheManager::adapt)
    }

    /// Why nothing is kept on disk although that was asked for; `None` if all is well.
    #[getter]
    fn notice(&self) -> PyResult<Option<String>> {
        Ok(self.manager.get()?.notice().map(ToOwned::to_owned))
    }

    /// What had to be given up when this process opened the place, and where it is now; `None` if nothing.
    #[getter]
    fn recovered(&self) -> PyResult<Option<String>> {
        Ok(self.manager.get()?.recovered())
    }

    /// Waits until everything that was set is committed.
    fn flush(&self, py: Python<'_>) -> PyResult<()> {
        self.manager.with(py, CacheManager::flush)?.map_err(failure::of)
    }

    /// Writes what is pending and gives the caches up. Closing twice is closing once.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let Some(manager) = self.manager.take() else { return Ok(()) };
        let flushed = call::detached(py, || manager.flush());
        self.tags.get().close(py)?;
        self.maps.get().close(py)?;
        self.trees.get().close(py)?;
        drop_detached(manager);
        flushed.map_err(failure::of)
    }

    fn __enter__(this: Bound<'_, Self>) -> PyResult<Bound<'_, Self>> {
        this.get().manager.get()?;
        Ok(this)
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, py: Python<'_>, _exception: &Bound<'_, PyTuple>) -> PyResult<bool> {
        self.close(py).map(|()| false)
    }

    fn __repr__(&self) -> String {
        self.manager.shown()
    }
}
