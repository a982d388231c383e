use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use repo_map_cache::{Outcome, TagKind, TaggedFile};
use serde_json::json;

use crate::handle::{Handle, drop_detached};
use crate::tag::Tag;
use crate::{argument, call, failure, value, workers};

/// Reads the tags of single files, in processes of its own (`workers=True`, the default), which a file may take down, or in this
/// one.
#[pyclass(frozen, name = "Extractor", module = "repo_map_cache")]
pub(crate) struct Extractor(Handle<repo_map_cache::Extractor>);

/// The tags of one file, read on its own.
#[pyclass(frozen, name = "TaggedFile", module = "repo_map_cache")]
pub(crate) struct Tagged {
    path: PathBuf,
    file: TaggedFile,
}

#[pymethods]
impl Extractor {
    #[new]
    #[pyo3(signature = (*, workers=true, queries=None))]
    fn new(py: Python<'_>, workers: bool, queries: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let queries = queries.filter(|folder| !folder.is_none());
        let queries = queries.map(|folder| argument::path("queries", folder)).transpose()?;
        let command = if workers { workers::command(py)? } else { None };
        let extractor = match command {
            Some(command) => repo_map_cache::Extractor::in_workers(command),
            None => repo_map_cache::Extractor::in_process(),
        };
        let extractor = match queries {
            Some(folder) => call::detached(py, || extractor.queries(&folder)).map_err(failure::of)?,
            None => extractor,
        };
        Ok(Self(Handle::new("Extractor", extractor)))
    }

    /// Reads and tags a file. Text in another encoding than UTF-8 is decoded.
    fn read(&self, py: Python<'_>, path: &Bound<'_, PyAny>) -> PyResult<Tagged> {
        let path = argument::path("path", path)?;
        let file = self.0.with(py, |extractor| extractor.read(&path))?.map_err(failure::of)?;
        Ok(Tagged { path, file })
    }

    /// Gives the processes up. Closing twice is closing once.
    fn close(&self) {
        if let Some(extractor) = self.0.take() {
            drop_detached(extractor);
        }
    }

    fn __enter__(this: Bound<'_, Self>) -> PyResult<Bound<'_, Self>> {
        this.get().0.get()?;
        Ok(this)
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: &Bound<'_, pyo3::types::PyTuple>) -> bool {
        self.close();
        false
    }

    fn __repr__(&self) -> String {
        self.0.shown()
    }
}

#[pymethods]
impl Tagged {
    /// The file.
    #[getter]
    fn path(&self) -> PathBuf {
        self.path.clone()
    }

    /// The language that path and content told: `python`, `cpp`.
    #[getter]
    fn language(&self) -> &'static str {
        self.file.language.id()
    }

    /// All definitions, then all uses, each in source order.
    #[getter]
    fn tags<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let tags = &self.file.tags;
        let definitions = tags
            .definitions()
            .iter()
            .map(|of| repo_map_cache::Tag::new(tags.name(of.name), TagKind::Definition, i64::from(of.line)));
        let references = tags
            .references()
            .iter()
            .map(|of| repo_map_cache::Tag::new(tags.name(of.name), TagKind::Reference, i64::from(of.line)));
        Tag::list(py, &definitions.chain(references).collect())
    }

    /// The definitions with more of what is known: `name`, `kind`, `line` and `end_line` from 0, `is_declaration`, and `scope`, the
    /// name of the definition around it.
    #[getter]
    fn definitions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let definitions = self.file.tags.definitions().iter().map(|of| {
            json!({
                "name": self.file.tags.name(of.name),
                "kind": of.kind.as_str(),
                "line": of.line,
                "end_line": of.end_line,
                "is_declaration": of.declaration,
                "scope": self.file.scope_of(of).map(|(name, _)| name),
            })
        });
        value::plain(py, &definitions.collect::<Vec<_>>())
    }

    /// Why there are no tags, or `None`.
    #[getter]
    fn skipped(&self) -> Option<String> {
        self.file.outcome.skip_reason().map(|reason| reason.to_string())
    }

    /// Whether all of it fits the grammar of its language.
    #[getter]
    fn is_complete(&self) -> bool {
        matches!(self.file.outcome, Outcome::Complete)
    }

    /// All of it as plain values.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("path", &self.path)?;
        dict.set_item("language", self.language())?;
        dict.set_item("definitions", self.definitions(py)?)?;
        dict.set_item("skipped", self.skipped())?;
        dict.set_item("is_complete", self.is_complete())?;
        Ok(dict)
    }

    fn __repr__(&self) -> String {
        let (tags, language) = (&self.file.tags, self.language());
        let (definitions, references) = (tags.definitions().len(), tags.references().len());
        format!("<repo_map_cache.TaggedFile, {language}, {definitions} definitions, {references} references>")
    }
}
