use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use pyo3::basic::CompareOp;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple, PyType};
use repo_map_cache::{TagKind, Tags};

use crate::argument;

/// A definition (`"def"`) or a use (`"ref"`) of a name, and the line of it, from 0.
///
/// Immutable, hashable, equal and ordered by name, kind and line.
// A view of a shared list: a hit costs no copy of names.
#[pyclass(frozen, name = "Tag", module = "repo_map_cache")]
pub(crate) struct Tag {
    tags: Tags,
    at: usize,
}

impl Tag {
    fn get(&self) -> &repo_map_cache::Tag {
        &self.tags[self.at]
    }

    /// The list of Python that shows these tags.
    pub(crate) fn list<'py>(py: Python<'py>, tags: &Tags) -> PyResult<Bound<'py, PyList>> {
        PyList::new(py, (0..tags.len()).map(|at| Self { tags: tags.clone(), at }))
    }

    /// The tags of an iterable.
    pub(crate) fn all_of(name: &str, tags: &Bound<'_, PyAny>) -> PyResult<Vec<repo_map_cache::Tag>> {
        argument::each(name, Some(tags), |name, item| {
            let tag = item.cast::<Self>().map_err(|_| argument::wrong_type(name, "Tag objects", item))?;
            Ok(tag.get().get().clone())
        })
    }
}

#[pymethods]
impl Tag {
    #[classattr]
    fn __match_args__() -> (&'static str, &'static str, &'static str) {
        ("name", "kind", "line")
    }

    #[new]
    fn new(name: &Bound<'_, PyAny>, kind: &Bound<'_, PyAny>, line: &Bound<'_, PyAny>) -> PyResult<Self> {
        let name = argument::text("name", name)?;
        let kind = argument::word("kind", kind, TagKind::by_name, ["def", "ref"].into_iter())?;
        let tag = repo_map_cache::Tag::new(name, kind, argument::integer("line", line)?);
        Ok(Self { tags: Arc::new([tag]), at: 0 })
    }

    /// The name.
    #[getter]
    fn name(&self) -> &str {
        &self.get().name
    }

    /// What the file does with it: `"def"` or `"ref"`.
    #[getter]
    fn kind<'py>(&self, py: Python<'py>) -> &Bound<'py, PyString> {
        match self.get().kind {
            TagKind::Definition => intern!(py, "def"),
            TagKind::Reference => intern!(py, "ref"),
        }
    }

    /// The line, from 0.
    #[getter]
    fn line(&self) -> i64 {
        self.get().line
    }

    fn __richcmp__(&self, other: &Self, order: CompareOp) -> bool {
        order.matches(self.get().cmp(other.get()))
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.get().hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let name = PyString::new(py, &self.get().name).repr()?;
        Ok(format!("Tag({name}, '{}', {})", self.get().kind.as_str(), self.get().line))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyType>, Bound<'py, PyTuple>)> {
        let of = (self.name(), self.kind(py), self.line());
        Ok((py.get_type::<Self>(), of.into_pyobject(py)?))
    }
}
