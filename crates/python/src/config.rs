use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::PyString;
use repo_map_cache::{CacheConfig, RefreshMode};

use crate::{argument, failure};

/// Where a cache lives and what it may take. Immutable.
///
/// `cache_dir=None` keeps everything in memory; `max_size_mb=None` goes by the free disk.
#[pyclass(frozen, eq, name = "CacheConfig", module = "repo_map_cache")]
#[derive(PartialEq)]
pub(crate) struct Config(pub(crate) CacheConfig);

#[pymethods]
impl Config {
    #[new]
    #[pyo3(signature = (
        cache_dir=None, max_size_mb=None, l1_max_items=None, l1_max_mb=None, refresh_mode=None, memory_pressure=true,
        *, trusts_owners=false
    ))]
    fn new(
        cache_dir: Option<&Bound<'_, PyAny>>,
        max_size_mb: Option<&Bound<'_, PyAny>>,
        l1_max_items: Option<&Bound<'_, PyAny>>,
        l1_max_mb: Option<&Bound<'_, PyAny>>,
        refresh_mode: Option<&Bound<'_, PyAny>>,
        memory_pressure: bool,
        trusts_owners: bool,
    ) -> PyResult<Self> {
        let mut config = match cache_dir.filter(|folder| !folder.is_none()) {
            Some(folder) => CacheConfig::at(argument::path("cache_dir", folder)?),
            None => CacheConfig::in_memory(),
        };
        if let Some(size) = max_size_mb.filter(|size| !size.is_none()) {
            let megabytes = argument::whole("max_size_mb", size)?;
            if megabytes == 0 {
                return Err(argument::wrong_value(
                    "max_size_mb",
                    size,
                    "a store needs room; None goes by the free disk",
                ));
            }
            config = config.max_size_mb(megabytes);
        }
        if let Some(items) = l1_max_items.filter(|items| !items.is_none()) {
            config = config.l1_max_items(argument::whole("l1_max_items", items)?);
        }
        if let Some(size) = l1_max_mb.filter(|size| !size.is_none()) {
            config = config.l1_max_mb(argument::whole("l1_max_mb", size)?);
        }
        if let Some(mode) = refresh_mode.filter(|mode| !mode.is_none()) {
            config = config.refresh_mode(refresh("refresh_mode", mode)?);
        }
        config = config.memory_pressure(memory_pressure).trusts_owners(trusts_owners);
        config.check().map_err(failure::of)?;
        Ok(Self(config))
    }

    /// The configuration of the user, the project and the environment (`REPO_MAP_CACHE_…`), and between the project's and the
    /// environment the file `.env` of the folder that the process stands in: for programs that trust that folder.
    #[staticmethod]
    fn from_env() -> PyResult<Self> {
        CacheConfig::from_env().map(Self).map_err(failure::of)
    }

    /// The configuration of the user, of the project that the folder is of, and of the environment. No `.env` is read, and the
    /// project's file may say when the tree is looked at again, nothing else.
    #[staticmethod]
    fn load(folder: &Bound<'_, PyAny>) -> PyResult<Self> {
        CacheConfig::load(argument::path("folder", folder)?).map(Self).map_err(failure::of)
    }

    /// The same in another folder.
    fn in_folder(&self, cache_dir: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self(self.0.clone().in_folder(argument::path("cache_dir", cache_dir)?)))
    }

    /// The folder; `None` in memory.
    #[getter]
    fn cache_dir(&self) -> Option<PathBuf> {
        self.0.cache_dir.clone()
    }

    /// What the folder may take, in MiB; `None` goes by the free disk.
    #[getter]
    fn max_size_mb(&self) -> Option<u64> {
        Some(self.0.max_size_mb).filter(|size| *size > 0)
    }

    /// The values that each cache may have in memory.
    #[getter]
    fn l1_max_items(&self) -> u64 {
        self.0.l1_max_items
    }

    /// What the caches may take in memory together, in MiB.
    #[getter]
    fn l1_max_mb(&self) -> u64 {
        self.0.l1_max_mb
    }

    /// When a mapper looks at the tree again: `"auto"`, `"stat"`, `"always"`, `"files"` or `"manual"`.
    #[getter]
    fn refresh_mode(&self) -> &'static str {
        self.0.refresh_mode.as_str()
    }

    /// Whether a manager gives memory back while it is short.
    #[getter]
    fn memory_pressure(&self) -> bool {
        self.0.memory_pressure
    }

    /// Whether a folder is used that other users can change.
    #[getter]
    fn trusts_owners(&self) -> bool {
        self.0.trusts_owners
    }

    /// What was passed over as the settings were read.
    #[getter]
    fn notices(&self) -> Vec<String> {
        self.0.notices.clone()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let folder = match &self.0.cache_dir {
            Some(folder) => PyString::new(py, &folder.to_string_lossy()).repr()?.to_string(),
            None => "None".to_owned(),
        };
        let size = self.max_size_mb().map_or_else(|| "None".to_owned(), |size| size.to_string());
        Ok(format!(
            "CacheConfig(cache_dir={folder}, max_size_mb={size}, l1_max_items={}, l1_max_mb={}, refresh_mode='{}')",
            self.0.l1_max_items,
            self.0.l1_max_mb,
            self.refresh_mode()
        ))
    }
}

/// The configuration of the user and the environment alone: nothing of a tree, and no `.env`.
#[pyfunction]
pub(crate) fn user_config() -> PyResult<Config> {
    CacheConfig::of_user().map(Config).map_err(failure::of)
}

/// The refresh mode of a word.
pub(crate) fn refresh(name: &str, mode: &Bound<'_, PyAny>) -> PyResult<RefreshMode> {
    let known = RefreshMode::ALL.iter().map(|mode| mode.as_str());
    argument::word(name, mode, RefreshMode::by_name, known)
}
