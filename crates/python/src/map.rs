use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};
use repo_map_cache::{MappedFile, RepoMap};
use serde_json::{Value, json};

use crate::value;

/// A map and the account of how it came about. `str(map)` is its text.
#[pyclass(frozen, name = "Map", module = "repo_map_cache")]
pub(crate) struct Map(pub(crate) RepoMap);

#[pymethods]
impl Map {
    /// The map: blocks of `path:` and lines that begin with `│` or `⋮`; empty when there is nothing to show.
    #[getter]
    fn text(&self) -> &str {
        &self.0.text
    }

    /// The size of the text; never above `budget`.
    #[getter]
    fn tokens_used(&self) -> usize {
        self.0.tokens_used
    }

    /// The ceiling that was asked for.
    #[getter]
    fn budget(&self) -> usize {
        self.0.budget
    }

    /// The tokenizer that both are counted in.
    #[getter]
    fn tokenizer(&self) -> &str {
        &self.0.tokenizer
    }

    /// The files of the map in printed order, best first: `path`, `rank`, `score` and `definitions` of `name`, `kind` and `line`
    /// from 0.
    #[getter]
    fn files<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value::plain(py, &self.0.files.iter().map(of_file).collect::<Vec<_>>())
    }

    /// The paths of the files of the map, best first.
    #[getter]
    fn paths(&self) -> Vec<&str> {
        self.0.files.iter().map(|file| file.path.as_str()).collect()
    }

    /// Every file of the repository with its score, best first, where `full_ranking` was asked for; else empty.
    #[getter]
    fn ranking<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let rows = self.0.ranking.iter().map(|file| (file.path.as_str(), file.score));
        let rows: Vec<Bound<'py, PyTuple>> =
            rows.map(|row| row.into_pyobject(py)).collect::<PyResult<_>>()?;
        PyList::new(py, rows)
    }

    /// The time was over before the tree was read: the map is of what was there by then.
    #[getter]
    fn is_partial(&self) -> bool {
        self.0.is_partial
    }

    /// Warnings that stop nothing: unknown paths, a cache that fell back.
    #[getter]
    fn notices(&self) -> Vec<&str> {
        self.0.notices.iter().map(String::as_str).collect()
    }

    /// What the budget left out: `files` and `definitions`.
    #[getter]
    fn omitted<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value::plain(py, &self.omitted_value())
    }

    /// What the cache gave: files `kept`, `hits`, `misses`; `corrupt`, `errors`, `map_hit`.
    #[getter]
    fn cache<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value::plain(py, &of_cache(&self.0.cache))
    }

    /// The state of the tree that the map was made from: `tree_digest`, `files`, `skipped`.
    #[getter]
    fn freshness<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value::plain(py, &self.freshness_value())
    }

    /// Where the time went, in seconds.
    #[getter]
    fn timings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value::plain(py, &self.timings_value())
    }

    /// All of it as plain values.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let map = &self.0;
        let all = json!({
            "text": map.text,
            "tokens_used": map.tokens_used,
            "budget": map.budget,
            "tokenizer": map.tokenizer,
            "files": map.files.iter().map(of_file).collect::<Vec<_>>(),
            "is_partial": map.is_partial,
            "omitted": self.omitted_value(),
            "freshness": self.freshness_value(),
            "cache": of_cache(&map.cache),
            "timings": self.timings_value(),
            "notices": map.notices,
        });
        let dict = value::dict(py, &all)?;
        dict.set_item("ranking", self.ranking(py)?)?;
        Ok(dict)
    }

    fn __str__(&self) -> &str {
        &self.0.text
    }

    fn __bool__(&self) -> bool {
        !self.0.text.is_empty()
    }

    fn __repr__(&self) -> String {
        let RepoMap { files, tokens_used, budget, .. } = &self.0;
        format!("<repo_map_cache.Map, {} files, {tokens_used} of {budget} tokens>", files.len())
    }
}

impl Map {
    fn omitted_value(&self) -> Value {
        json!({ "files": self.0.omitted.files, "definitions": self.0.omitted.definitions })
    }

    fn freshness_value(&self) -> Value {
        let freshness = &self.0.freshness;
        json!({
            "tree_digest": freshness.tree_digest.to_string(),
            "files": freshness.files,
            "skipped": freshness.skipped,
        })
    }

    fn timings_value(&self) -> Value {
        let timings = &self.0.timings;
        json!({
            "scan": timings.scan.as_secs_f64(),
            "tags": timings.tags.as_secs_f64(),
            "history": timings.history.as_secs_f64(),
            "words": timings.words.as_secs_f64(),
            "graph": timings.graph.as_secs_f64(),
            "query": timings.query.as_secs_f64(),
            "rank": timings.rank.as_secs_f64(),
            "render": timings.render.as_secs_f64(),
            "total": timings.total.as_secs_f64(),
        })
    }
}

/// What the cache gave for one request.
pub(crate) fn of_cache(cache: &repo_map_cache::CacheReport) -> Value {
    json!({
        "kept": cache.kept,
        "hits": cache.hits,
        "misses": cache.misses,
        "corrupt": cache.corrupt,
        "errors": cache.errors,
        "map_hit": cache.map_hit,
    })
}

fn of_file(file: &MappedFile) -> Value {
    let definitions = file.definitions.iter().map(|definition| {
        json!({ "name": definition.name, "kind": definition.kind.as_str(), "line": definition.line })
    });
    let definitions: Vec<Value> = definitions.collect();
    json!({ "path": file.path.as_str(), "rank": file.rank, "score": file.score, "definitions": definitions })
}
