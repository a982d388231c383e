use pyo3::prelude::*;
use pyo3::types::{PyAny, PyList};
use repo_map_cache::TagCache;

use crate::handle::{Handle, drop_detached};
use crate::statistics::Stats;
use crate::tag::Tag;
use crate::{argument, call, failure, place};

/// The tags of files, never of a file as it was: an edited file is a miss, a touched but equal one a hit. A path that is no file is
/// a plain key.
///
/// `TagCache(cache_dir)` keeps them in a folder, which all caches, threads and processes may share; `TagCache()` in memory;
/// `TagCache(config=…)` as a `CacheConfig` says. A context manager: it writes what is pending when it ends.
#[pyclass(frozen, name = "TagCache", module = "repo_map_cache")]
pub(crate) struct TagLists(Handle<TagCache>);

impl TagLists {
    pub(crate) fn of(cache: TagCache) -> Self {
        Self(Handle::new("TagCache", cache))
    }
}

#[pymethods]
impl TagLists {
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
            Some(backend) => TagCache::on(backend, &config),
            None => TagCache::open(&config),
        });
        opened.map(Self::of).map_err(failure::of)
    }

    /// The tags of a path as a list of the caller's own, or `None`.
    fn get<'py>(&self, py: Python<'py>, path: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyList>>> {
        let path = argument::path("path", path)?;
        let tags = self.0.with(py, |cache| cache.get(&path))?;
        tags.map(|tags| Tag::list(py, &tags)).transpose()
    }

    /// Keeps the tags of a path; none of them too. Nothing is kept for a file that cannot be read.
    fn set(&self, py: Python<'_>, path: &Bound<'_, PyAny>, tags: &Bound<'_, PyAny>) -> PyResult<()> {
        let path = argument::path("path", path)?;
        let tags = Tag::all_of("tags", tags)?;
        self.0.with(py, |cache| cache.set(&path, &tags))
    }

    /// The tags of a path, computed if they are not there: once, however many threads ask at the same time. What `compute` raises
    /// is raised, and nothing is kept.
    fn get_or_compute<'py>(
        &self,
        py: Python<'py>,
        path: &Bound<'py, PyAny>,
        compute: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyList>> {
        let path = argument::path("path", path)?;
        if !compute.is_callable() {
            return Err(argument::wrong_type("compute", "a callable", compute));
        }
        let compute = compute.clone().unbind();
        let tags = self.0.with(py, move |cache| {
            cache.get_or_compute(&path, || {
                Python::attach(|py| Tag::all_of("what compute returned", &compute.bind(py).call0()?))
            })
        })?;
        Tag::list(py, &tags?)
    }

    /// Drops the tags of a path.
    fn invalidate(&self, py: Python<'_>, path: &Bound<'_, PyAny>) -> PyResult<()> {
        let path = argument::path("path", path)?;
        self.0.with(py, |cache| cache.invalidate(&path))
    }

    /// What was asked, and what the tiers hold and did, since this process opened the place.
    #[getter]
    fn stats(&self, py: Python<'_>) -> PyResult<Stats> {
        self.0.with(py, TagCache::statistics).map(Stats)
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
        self.0.with(py, TagCache::flush)?.map_err(failure::of)
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
