use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use repo_map_cache::{MapCache, MapCacheKey};

use crate::handle::{Handle, drop_detached};
use crate::map_key::Key;
use crate::statistics::Stats;
use crate::{argument, call, failure, place};

/// Maps under what they were asked for: see `MapCacheKey`. It does not look at the files.
///
/// Opened and closed as a `TagCache`.
#[pyclass(frozen, name = "MapCache", module = "repo_map_cache")]
pub(crate) struct Maps(Handle<MapCache>);

impl Maps {
    pub(crate) fn of(cache: MapCache) -> Self {
        Self(Handle::new("MapCache", cache))
    }
}

#[pymethods]
impl Maps {
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
            Some(backend) => MapCache::on(backend, &config),
            None => MapCache::open(&config),
        });
        opened.map(Self::of).map_err(failure::of)
    }

    /// The map of a key, or `None`.
    fn get<'py>(&self, py: Python<'py>, key: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyString>>> {
        let key = of_key("key", key)?;
        let key = &key.get().key;
        let map = self.0.with(py, |cache| cache.get(key))?;
        Ok(map.map(|map| PyString::new(py, &map)))
    }

    /// The maps of many keys that are there, by key: much cheaper than one by one.
    fn batch_get<'py>(&self, py: Python<'py>, keys: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
        let given = argument::each("keys", Some(keys), of_key)?;
        let keys: Vec<MapCacheKey> = given.iter().map(|key| key.get().key.clone()).collect();
        let found = self.0.with(py, |cache| cache.get_many(&keys))?;
        let dict = PyDict::new(py);
        for (key, map) in given.iter().zip(found) {
            if let Some(map) = map {
                dict.set_item(key, &*map)?;
            }
        }
        Ok(dict)
    }

    /// Keeps a map.
    fn set(&self, py: Python<'_>, key: &Bound<'_, PyAny>, map: &Bound<'_, PyAny>) -> PyResult<()> {
        let (key, map) = (of_key("key", key)?, argument::text("map", map)?);
        let key = &key.get().key;
        self.0.with(py, |cache| cache.set(key, map))
    }

    /// Drops the map of a key.
    fn invalidate(&self, py: Python<'_>, key: &Bound<'_, PyAny>) -> PyResult<()> {
        let key = of_key("key", key)?;
        let key = &key.get().key;
        self.0.with(py, |cache| cache.invalidate(key))
    }

    /// Drops every map whose chat or other files name the file; tells how many.
    fn invalidate_by_file(&self, py: Python<'_>, path: &Bound<'_, PyAny>) -> PyResult<usize> {
        let path = argument::path("path", path)?;
        self.0.with(py, |cache| cache.invalidate_by_file(&path))
    }

    /// What was asked, and what the tiers hold and did, since this process opened the place.
    #[getter]
    fn stats(&self, py: Python<'_>) -> PyResult<Stats> {
        self.0.with(py, MapCache::statistics).map(Stats)
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
        self.0.with(py, MapCache::flush)?.map_err(failure::of)
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

fn of_key<'py>(name: &str, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, Key>> {
    Ok(key.cast::<Key>().map_err(|_| argument::wrong_type(name, "a MapCacheKey", key))?.clone())
}
