//! Where a cache of the caller's is.

use std::sync::Arc;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use repo_map_cache::{CacheConfig, StorageBackend};

use crate::argument;
use crate::backend::Backend;
use crate::config::Config;

/// The configuration that a constructor was given: a folder, or a `CacheConfig` in its place or by its name.
pub(crate) fn of(
    cache_dir: Option<&Bound<'_, PyAny>>,
    config: Option<&Bound<'_, PyAny>>,
) -> PyResult<CacheConfig> {
    let given = |value: &&Bound<'_, PyAny>| !value.is_none();
    match (cache_dir.filter(given), config.filter(given)) {
        (Some(_), Some(_)) => Err(PyTypeError::new_err("config: give a cache_dir or a config, not both")),
        (None, None) => Ok(CacheConfig::in_memory()),
        (Some(place), None) => match place.cast::<Config>() {
            Ok(config) => Ok(config.get().0.clone()),
            Err(_) => Ok(CacheConfig::at(argument::path("cache_dir", place)?)),
        },
        (None, Some(config)) => configured("config", config),
    }
}

/// Storage of the caller's own, where it was given.
pub(crate) fn backend(backend: Option<&Bound<'_, PyAny>>) -> PyResult<Option<Arc<dyn StorageBackend>>> {
    let Some(backend) = backend.filter(|backend| !backend.is_none()) else { return Ok(None) };
    let backend =
        backend.cast::<Backend>().map_err(|_| argument::wrong_type("backend", "a Backend", backend))?;
    Ok(Some(backend.get().0.clone()))
}

/// A `CacheConfig`.
pub(crate) fn configured(name: &str, config: &Bound<'_, PyAny>) -> PyResult<CacheConfig> {
    let config = config.cast::<Config>().map_err(|_| argument::wrong_type(name, "a CacheConfig", config))?;
    Ok(config.get().0.clone())
}
