use pyo3::prelude::*;
use pyo3::types::PyDict;
use repo_map_cache::{CacheStatistics, ManagerStatistics, TierStatistics};

use crate::value;

/// What was asked of one cache, and what its tiers hold and did, since this process opened it. A state, which later requests do not
/// change.
#[pyclass(frozen, eq, name = "CacheStats", module = "repo_map_cache")]
#[derive(PartialEq)]
pub(crate) struct Stats(pub(crate) CacheStatistics);

impl Stats {
    fn tier(&self, name: &str) -> Option<&TierStatistics> {
        self.0.tiers.iter().find(|tier| tier.tier == name)
    }

    /// The statistics of a manager as plain values.
    pub(crate) fn of_manager<'py>(
        py: Python<'py>,
        statistics: &ManagerStatistics,
    ) -> PyResult<Bound<'py, PyDict>> {
        let dict = value::dict(py, statistics)?;
        let caches = [("tags", &statistics.tags), ("maps", &statistics.maps), ("trees", &statistics.trees)];
        for (name, cache) in caches {
            dict.set_item(name, Self(cache.clone()).to_dict(py)?)?;
        }
        dict.set_item("size_mb", megabytes(statistics.size_on_disk))?;
        Ok(dict)
    }
}

#[pymethods]
impl Stats {
    /// Requests, each counted once.
    #[getter]
    fn requests(&self) -> u64 {
        self.0.requests
    }

    /// Requests that were answered with a value.
    #[getter]
    fn hits(&self) -> u64 {
        self.0.hits
    }

    /// Requests for what was never stored, or was dropped.
    #[getter]
    fn misses(&self) -> u64 {
        self.0.misses
    }

    /// Requests for values that were stored for another state of their file.
    #[getter]
    fn stale(&self) -> u64 {
        self.0.stale
    }

    /// Requests for values that were damaged.
    #[getter]
    fn corrupt(&self) -> u64 {
        self.0.corrupt
    }

    /// Requests that the storage failed to answer. Never counted as misses.
    #[getter]
    fn errors(&self) -> u64 {
        self.0.errors
    }

    /// Hits of all requests, from 0 to 1; 0 before the first.
    #[getter]
    fn hit_rate(&self) -> f64 {
        self.0.hit_rate
    }

    /// Values in memory now.
    #[getter]
    fn l1_items(&self) -> u64 {
        self.tier("l1").map_or(0, |tier| tier.items)
    }

    /// What they take, in bytes.
    #[getter]
    fn l1_bytes(&self) -> u64 {
        self.tier("l1").map_or(0, |tier| tier.bytes)
    }

    /// Values in the store now.
    #[getter]
    fn l2_items(&self) -> u64 {
        self.tier("l2").map_or(0, |tier| tier.items)
    }

    /// What they take, in bytes.
    #[getter]
    fn l2_bytes(&self) -> u64 {
        self.tier("l2").map_or(0, |tier| tier.bytes)
    }

    /// What they take, in MiB.
    #[getter]
    fn size_mb(&self) -> f64 {
        megabytes(self.l2_bytes())
    }

    /// All of it as plain values, the tiers too.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = value::dict(py, &self.0)?;
        dict.set_item("l1_items", self.l1_items())?;
        dict.set_item("l1_bytes", self.l1_bytes())?;
        dict.set_item("l2_items", self.l2_items())?;
        dict.set_item("l2_bytes", self.l2_bytes())?;
        dict.set_item("size_mb", self.size_mb())?;
        Ok(dict)
    }

    fn __repr__(&self) -> String {
        let CacheStatistics { requests, hits, misses, hit_rate, .. } = &self.0;
        let (l1, l2) = (self.l1_items(), self.l2_items());
        format!(
            "CacheStats(requests={requests}, hits={hits}, misses={misses}, hit_rate={hit_rate:.3}, l1_items={l1}, l2_items={l2})"
        )
    }
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / (1 << 20) as f64
}
