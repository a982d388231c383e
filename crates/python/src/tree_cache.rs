use pyo3::prelude::*;
use pyo3::types::PyString;
use repo_map_cache::TreeCache;

use crate::handle::{Handle, drop_detached};
use crate::statistics::Stats;
use crate::{argument, call, failure, place};

/// Rendered trees: the text of a file's lines of interest in their context, for the file's content as it is.
///
/// Opened and closed as a `TagCache`.
#[pyclass(frozen, name = "TreeCache", module = "repo_map_cache")]
pub(crate) struct Trees(Handle<TreeCache>);

impl Trees {
    pub(crate) fn of(cache: TreeCache) -> Self {
        Self(Handle::new("TreeCache", cache))
    }
}

#[pymethods]
impl Trees {
    #[new]
    #[pyo3(signature = (cache_dir=None, *, config=None, backend=None))]
    fn new(
        py: Python<'_>,
        cache_dir: Option<&Bound<'_, PyAny>>,
        config: Option<&Bound<'_, PyAny>>,
        backend: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let config = place::of(cache_dir, config)?;
        let backend = place::backend(backend)?;
        let opened = call::detached(py, || match &backend {
            Some(backend) => TreeCache::on(backend, &config),
            None => TreeCache::open(&config),
        });
        opened.map(Self::of).map_err(failure::of)
    }

    /// The tree of a file for a set of lines, or `None`.
    fn get<'py>(
        &self,
        py: Python<'py>,
        path: &Bound<'py, PyAny>,
        lines: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Bound<'py, PyString>>> {
        let (path, lines) = (argument::path("path", path)?, of_lines(lines)?);
        let tree = self.0.with(py, |cache| cache.get(&path, lines))?;
        Ok(tree.map(|tree| PyString::new(py, &tree)))
    }

    /// Keeps the tree of a file for a set of lines. Nothing is kept for a file that cannot be read.
    fn set(
        &self,
        py: Python<'_>,
        path: &Bound<'_, PyAny>,
        lines: &Bound<'_, PyAny>,
        tree: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let (path, lines) = (argument::path("path", path)?, of_lines(lines)?);
        let tree = argument::text("tree", tree)?;
        self.0.with(py, |cache| cache.set(&path, lines, tree))
    }

    /// Drops every tree of a file; tells how many.
    fn invalidate(&self, py: Python<'_>, path: &Bound<'_, PyAny>) -> PyResult<usize> {
        let path = argument::path("path", path)?;
        self.0.with(py, |cache| cache.invalidate(&path))
    }

    /// What was asked, and what the tiers hold and did, since this process opened the place.
    #[getter]
    fn stats(&self, py: Python<'_>) -> PyResult<Stats> {
        self.0.with(py, TreeCache::statistics).map(Stats)
    }

    /// Why nothing is kept on disk although that was asked for; `None` if all is well.
    #[getter]
    fn notice(&self) -> PyResult<Option<String>> {
        Ok(self.0.get()?.notice().map(ToOwned::to_owned))
    }

    /// Changes how many values may be in memory; those that are too many leave it and stay readable.
    fn reduce_l1_size(&self, py: Python<'_>, max_items: &Bound<'_, PyAny>) -> PyResult<()> {
        let items = argument::whole("max_items", max_items)?;
        self.0.with(py, |cache| cache.resize(items))
    }

    /// Takes the values that were used longest ago out of memory until so many are left; they stay readable.
    fn evict_lru(&self, py: Python<'_>, target_items: &Bound<'_, PyAny>) -> PyResult<()> {
        let items = argument::whole("target_items", target_items)?;
        self.0.with(py, |cache| cache.evict_to(items))
    }

    /// Waits until everything that was set is committed.
    fn flush(&self, py: Python<'_>) -> PyResult<()> {
        self.0.with(py, TreeCache::flush)?.map_err(failure::of)
    }

    /// Writes what is pending and gives the cache up. Closing twice is closing once.
    pub(crate) fn close(&self, py: Python<'_>) -> PyResult<()> {
        let Some(cache) = self.0.take() else { return Ok(()) };
        let flushed = call::detached(py, || cache.flush());
        drop_detached(cache);
        flushed.map_err(failure::of)
    }

    fn __enter__(this: Bound<'_, Self>) -> PyResult<Bound<'_, Self>> {
        this.get().0.get()?;
        Ok(this)
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, py: Python<'_>, _exception: &Bound<'_, pyo3::types::PyTuple>) -> PyResult<bool> {
        self.close(py).map(|()| false)
    }

    fn __repr__(&self) -> String {
        self.0.shown()
    }
}

fn of_lines(lines: &Bound<'_, PyAny>) -> PyResult<Vec<u32>> {
    argument::each("lines", Some(lines), |name, line| {
        u32::try_from(argument::whole(name, line)?)
            .map_err(|_| argument::wrong_value(name, line, "no file has so many lines"))
    })
}
