use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFrozenSet, PyTuple, PyType};
use repo_map_cache::MapCacheKey;

use crate::argument;

/// What a map was asked for: sets of files and identifiers, a budget, and the folder of the project.
///
/// The order in which names are given does not matter. `root` is the folder that the process stands in unless it is given: one
/// store holds the maps of many projects, and file names may be relative.
///
/// A key does not say which state of the files a map was made from: who keeps maps under it invalidates them.
#[pyclass(frozen, name = "MapCacheKey", module = "repo_map_cache")]
pub(crate) struct Key {
    pub(crate) key: MapCacheKey,
    hash: u64,
}

#[pymethods]
impl Key {
    #[new]
    #[pyo3(signature = (chat_files, other_files, max_tokens, mentioned_fnames=None, mentioned_idents=None, root=None))]
    fn new(
        chat_files: &Bound<'_, PyAny>,
        other_files: &Bound<'_, PyAny>,
        max_tokens: &Bound<'_, PyAny>,
        mentioned_fnames: Option<&Bound<'_, PyAny>>,
        mentioned_idents: Option<&Bound<'_, PyAny>>,
        root: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let mut key = MapCacheKey::new(
            argument::names("chat_files", Some(chat_files))?,
            argument::names("other_files", Some(other_files))?,
            argument::size("max_tokens", max_tokens)?,
        );
        key.mentioned_fnames = argument::names("mentioned_fnames", mentioned_fnames)?.into_iter().collect();
        key.mentioned_idents = argument::names("mentioned_idents", mentioned_idents)?.into_iter().collect();
        if let Some(root) = root.filter(|root| !root.is_none()) {
            key = key.root(argument::path("root", root)?);
        }
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        Ok(Self { hash: hasher.finish(), key })
    }

    /// Files that the caller shows in full.
    #[getter]
    fn chat_files<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyFrozenSet>> {
        PyFrozenSet::new(py, &self.key.chat_files)
    }

    /// The other files that the map may show.
    #[getter]
    fn other_files<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyFrozenSet>> {
        PyFrozenSet::new(py, &self.key.other_files)
    }

    /// The token budget.
    #[getter]
    fn max_tokens(&self) -> usize {
        self.key.max_tokens
    }

    /// Files that the conversation names.
    #[getter]
    fn mentioned_fnames<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyFrozenSet>> {
        PyFrozenSet::new(py, &self.key.mentioned_fnames)
    }

    /// Identifiers that the conversation names.
    #[getter]
    fn mentioned_idents<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyFrozenSet>> {
        PyFrozenSet::new(py, &self.key.mentioned_idents)
    }

    /// The folder of the project.
    #[getter]
    fn root(&self) -> PathBuf {
        self.key.root.clone()
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.hash == other.hash && self.key == other.key
    }

    fn __hash__(&self) -> u64 {
        self.hash
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let fields = PyDict::new(py);
        fields.set_item("chat_files", self.key.chat_files.iter().collect::<Vec<_>>())?;
        fields.set_item("other_files", self.key.other_files.iter().collect::<Vec<_>>())?;
        fields.set_item("max_tokens", self.key.max_tokens)?;
        fields.set_item("mentioned_fnames", self.key.mentioned_fnames.iter().collect::<Vec<_>>())?;
        fields.set_item("mentioned_idents", self.key.mentioned_idents.iter().collect::<Vec<_>>())?;
        fields.set_item("root", self.key.root.to_string_lossy())?;
        let fields: Vec<String> = fields
            .iter()
            .map(|(name, value)| Ok(format!("{name}={}", value.repr()?)))
            .collect::<PyResult<_>>()?;
        Ok(format!("MapCacheKey({})", fields.join(", ")))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyType>, Bound<'py, PyTuple>)> {
        let of = (
            self.chat_files(py)?,
            self.other_files(py)?,
            self.max_tokens(),
            self.mentioned_fnames(py)?,
            self.mentioned_idents(py)?,
            self.root(),
        );
        Ok((py.get_type::<Self>(), of.into_pyobject(py)?))
    }
}
