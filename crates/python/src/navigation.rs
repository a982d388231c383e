use pyo3::prelude::*;
use pyo3::types::PyDict;
use repo_map_cache::{Navigation, NavigationRow};
use serde_json::{Value, json};

use crate::value;

/// What was found of a name or place, as a page within a budget and as rows. `str(found)` is the page.
#[pyclass(frozen, name = "Found", module = "repo_map_cache")]
pub(crate) struct Found(pub(crate) Navigation);

#[pymethods]
impl Found {
    /// The page; empty where nothing fits.
    #[getter]
    fn text(&self) -> &str {
        &self.0.text
    }

    /// The size of the page; never above `budget`.
    #[getter]
    fn tokens_used(&self) -> usize {
        self.0.tokens_used
    }

    /// The ceiling that was asked for.
    #[getter]
    fn budget(&self) -> usize {
        self.0.budget
    }

    /// The rows of the page: `path`, `line` and `end_line` from 0, `role`, `name`, `kind`, `text`.
    #[getter]
    fn rows<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value::plain(py, &self.rows_value())
    }

    /// What was found and had no room: `definitions`, `references`, `lines`.
    #[getter]
    fn omitted<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value::plain(py, &self.omitted_value())
    }

    /// The time was over before the tree was read: the answer is of what was there by then.
    #[getter]
    fn is_partial(&self) -> bool {
        self.0.is_partial
    }

    /// Warnings that stop nothing.
    #[getter]
    fn notices(&self) -> Vec<&str> {
        self.0.notices.iter().map(String::as_str).collect()
    }

    /// All of it as plain values.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let found = &self.0;
        let all = json!({
            "text": found.text,
            "tokens_used": found.tokens_used,
            "budget": found.budget,
            "tokenizer": found.tokenizer,
            "rows": self.rows_value(),
            "omitted": self.omitted_value(),
            "is_partial": found.is_partial,
            "notices": found.notices,
        });
        value::dict(py, &all)
    }

    fn __str__(&self) -> &str {
        &self.0.text
    }

    fn __bool__(&self) -> bool {
        !self.0.rows.is_empty()
    }

    fn __repr__(&self) -> String {
        let Navigation { rows, tokens_used, budget, .. } = &self.0;
        format!("<repo_map_cache.Found, {} rows, {tokens_used} of {budget} tokens>", rows.len())
    }
}

impl Found {
    fn rows_value(&self) -> Value {
        let row = |row: &NavigationRow| {
            json!({
                "path": row.path.as_str(),
                "line": row.line,
                "end_line": row.end_line,
                "role": row.role.as_str(),
                "name": row.name,
                "kind": row.kind.map(|kind| kind.as_str()),
                "text": row.text,
            })
        };
        self.0.rows.iter().map(row).collect()
    }

    fn omitted_value(&self) -> Value {
        let omitted = self.0.omitted;
        json!({
            "definitions": omitted.definitions,
            "references": omitted.references,
            "lines": omitted.lines,
        })
    }
}
