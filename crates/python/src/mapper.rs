use std::sync::Arc;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use repo_map_cache::{
    CacheConfig, CancellationToken, Error, Navigation, NavigationRequest, Preset, RankingConfig, RepoMapper,
    RepoMapperBuilder, Target, Tokenizer, user_queries,
};

use crate::callbacks::{Calls, Counter, Listener};
use crate::cancellation::Token;
use crate::handle::{Handle, drop_detached};
use crate::map::{self, Map};
use crate::navigation::Found;
use crate::request::{self, Asked, LookedUp};
use crate::{argument, call, explanation, failure, place, value, workers};

/// A method of the library that looks a name or place up.
type Verb = fn(&RepoMapper, &NavigationRequest) -> Result<Navigation, Error>;

/// Makes maps of one repository. It keeps the tree's tags and graph in memory, so later maps of an unchanged tree only look, rank and
/// print. Shared by threads, and usable after a fork.
#[pyclass(frozen, name = "RepoMapper", module = "repo_map_cache")]
pub(crate) struct Mapper {
    mapper: Handle<RepoMapper>,
    calls: Arc<Calls>,
}

#[pymethods]
impl Mapper {
    #[new]
    #[pyo3(signature = (
        root=None, *, cache_dir=None, config=None, configured=false, tokenizer=None, preset=None, weights=None, history=true,
        past_messages=true, subtree_only=false, ignore_files=None, files=None, threads=None, workers=true, queries=None, progress=None,
        backend=None
    ))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords")]
    fn new(
        py: Python<'_>,
        root: Option<&Bound<'_, PyAny>>,
        cache_dir: Option<&Bound<'_, PyAny>>,
        config: Option<&Bound<'_, PyAny>>,
        configured: bool,
        tokenizer: Option<&Bound<'_, PyAny>>,
        preset: Option<&Bound<'_, PyAny>>,
        weights: Option<&Bound<'_, PyAny>>,
        history: bool,
        past_messages: bool,
        subtree_only: bool,
        ignore_files: Option<&Bound<'_, PyAny>>,
        files: Option<&Bound<'_, PyAny>>,
        threads: Option<&Bound<'_, PyAny>>,
        workers: bool,
        queries: Option<&Bound<'_, PyAny>>,
        progress: Option<&Bound<'_, PyAny>>,
        backend: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        fn given<'a, 'py>(value: Option<&'a Bound<'py, PyAny>>) -> Option<&'a Bound<'py, PyAny>> {
            value.filter(|value| !value.is_none())
        }
        let root = given(root).map_or(Ok(".".into()), |root| argument::path("root", root))?;
        let cache = match (given(cache_dir), given(config)) {
            (None, None) if configured => CacheConfig::load(&root).map_err(failure::of)?,
            (cache_dir, config) => place::of(cache_dir, config)?,
        };
        let calls = Arc::new(Calls::default());
        let mut builder = RepoMapper::builder(&root)
            .cache(cache)
            .ranking(ranking(&root, configured, given(preset), given(weights))?)
            .history(history)
            .past_messages(past_messages)
            .subtree_only(subtree_only);
        let mut ignored = argument::paths("ignore_files", ignore_files)?;
        ignored
            .iter_mut()
            .for_each(|file| *file = std::path::absolute(&*file).unwrap_or(std::mem::take(file)));
        builder = builder.ignore_files(ignored);
        if let Some(files) = given(files) {
            builder = builder.files(argument::names("files", Some(files))?);
        }
        if let Some(threads) = given(threads) {
            builder = builder.threads(argument::size("threads", threads)?);
        }
        if let Some(tokenizer) = given(tokenizer) {
            builder = builder.tokenizer(counter(tokenizer, &calls)?);
        }
        if let Some(progress) = given(progress) {
            if !progress.is_callable() {
                return Err(argument::wrong_type("progress", "a callable", progress));
            }
            builder = builder.progress(Arc::new(Listener::new(progress.clone().unbind(), calls.clone())));
        }
        let queries = given(queries).map(|folder| argument::path("queries", folder)).transpose()?;
        if let Some(folder) = queries.or_else(|| user_queries().filter(|_| configured)) {
            builder = builder.queries(folder);
        }
        if let Some(command) = if workers { workers::command(py)? } else { None } {
            builder = builder.workers(command);
        }
        if let Some(backend) = place::backend(backend)? {
            builder = builder.backend(backend);
        }
        let mapper = call::detached(py, || RepoMapperBuilder::build(builder)).map_err(failure::of)?;
        Ok(Self { mapper: Handle::new("RepoMapper", mapper), calls })
    }

    /// The map for a request of at most `token_budget` tokens, counted by the mapper's tokenizer; 0 touches no file.
    ///
    /// `task` says what is to be done, in free text. `chat_files` are those that the caller shows in full elsewhere: they steer the
    /// ranking and are left out. `mentioned_files` and `mentioned_idents` are what the conversation names. `refresh` says when the
    /// tree is looked at again, `folder` shows a folder alone, `style` is `"outline"` or `"tree"`, `line_numbers` begins rows with
    /// them. After `timeout` seconds the map is made of what is there by then; `cancellation` raises `CancelledError`.
    #[pyo3(signature = (token_budget=None, **keywords))]
    fn map(
        &self,
        py: Python<'_>,
        token_budget: Option<&Bound<'_, PyAny>>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Map> {
        let Asked { request, token } = request::of("map", token_budget, keywords)?;
        self.ask(py, token.as_ref(), |mapper, token| mapper.map(&request.cancellation(token))).map(Map)
    }

    /// Why the map of a request is as it is: what each signal gave to the targets, `PATH` or `PATH:NAME`, or to all without any.
    /// Takes the arguments of `map`.
    #[pyo3(signature = (targets=None, token_budget=None, **keywords))]
    fn explain<'py>(
        &self,
        py: Python<'py>,
        targets: Option<&Bound<'py, PyAny>>,
        token_budget: Option<&Bound<'py, PyAny>>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let targets = argument::names("targets", targets)?;
        let targets: Vec<Target> = targets.iter().map(|target| Target::parse(target)).collect();
        let Asked { request, token } = request::of("explain", token_budget, keywords)?;
        let explain = |mapper: &RepoMapper, token: &CancellationToken| {
            mapper.explain(&request.cancellation(token), &targets)
        };
        value::dict(py, &explanation::of(&self.ask(py, token.as_ref(), explain)?))
    }

    /// Where a name is defined and used: `start`, `Engine.start`, `*_handler`; on a page of at most `token_budget` tokens.
    ///
    /// `within` looks in a folder or file alone; `refresh`, `timeout` and `cancellation` are those of `map`.
    #[pyo3(signature = (name, token_budget=None, **keywords))]
    fn find(
        &self,
        py: Python<'_>,
        name: &Bound<'_, PyAny>,
        token_budget: Option<&Bound<'_, PyAny>>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Found> {
        self.look_up(py, ("find", RepoMapper::find), name, token_budget, keywords)
    }

    /// Where a name is used. Takes the arguments of `find`.
    #[pyo3(signature = (name, token_budget=None, **keywords))]
    fn references(
        &self,
        py: Python<'_>,
        name: &Bound<'_, PyAny>,
        token_budget: Option<&Bound<'_, PyAny>>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Found> {
        self.look_up(py, ("references", RepoMapper::references), name, token_budget, keywords)
    }

    /// The definitions that use a name. Takes the arguments of `find`.
    #[pyo3(signature = (name, token_budget=None, **keywords))]
    fn callers(
        &self,
        py: Python<'_>,
        name: &Bound<'_, PyAny>,
        token_budget: Option<&Bound<'_, PyAny>>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Found> {
        self.look_up(py, ("callers", RepoMapper::callers), name, token_budget, keywords)
    }

    /// The body of a definition, or the lines around a place: `Engine.start`, `src/a.rs:12`. Takes the arguments of `find`.
    #[pyo3(signature = (place, token_budget=None, **keywords))]
    fn show(
        &self,
        py: Python<'_>,
        place: &Bound<'_, PyAny>,
        token_budget: Option<&Bound<'_, PyAny>>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Found> {
        self.look_up(py, ("show", RepoMapper::show), place, token_budget, keywords)
    }

    /// The definitions of a file. Takes the arguments of `find`.
    #[pyo3(signature = (place, token_budget=None, **keywords))]
    fn outline(
        &self,
        py: Python<'_>,
        place: &Bound<'_, PyAny>,
        token_budget: Option<&Bound<'_, PyAny>>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Found> {
        self.look_up(py, ("outline", RepoMapper::outline), place, token_budget, keywords)
    }

    /// What differs between a commit (`HEAD` without `since`) and the files of the tree, as a text to give as `task`: the messages
    /// between, and a unified diff. Empty where nothing differs.
    #[pyo3(signature = (since=None))]
    fn changes(&self, py: Python<'_>, since: Option<&str>) -> PyResult<String> {
        self.ask(py, None, |mapper, _| Ok(mapper.changes(since)?.task()))
    }

    /// Looks at the tree now, whatever the refresh mode of the next request; tells what the cache gave.
    #[pyo3(signature = (*, cancellation=None))]
    fn refresh<'py>(
        &self,
        py: Python<'py>,
        cancellation: Option<&Bound<'py, Token>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let report = self.ask(py, cancellation, RepoMapper::refresh_until)?;
        value::dict(py, &map::of_cache(&report))
    }

    /// What is to be told of the tree and the cache, and came with no map yet. Each is told once.
    fn take_notices(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        self.mapper.with(py, RepoMapper::take_notices)
    }

    /// The files that were passed over when the tree was last looked at, each with the reason in words.
    fn skipped(&self, py: Python<'_>) -> PyResult<Vec<(String, String)>> {
        self.mapper.with(py, |mapper| {
            let skipped = mapper.skipped().into_iter();
            skipped.map(|file| (file.path, file.cause.to_string())).collect()
        })
    }

    /// An estimate of what is held in memory for later requests, in bytes.
    fn memory(&self, py: Python<'_>) -> PyResult<u64> {
        self.mapper.with(py, RepoMapper::memory)
    }

    /// Gives up what is held. Closing twice is closing once.
    fn close(&self) {
        if let Some(mapper) = self.mapper.take() {
            drop_detached(mapper);
        }
    }

    fn __enter__(this: Bound<'_, Self>) -> PyResult<Bound<'_, Self>> {
        this.get().mapper.get()?;
        Ok(this)
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: &Bound<'_, PyTuple>) -> bool {
        self.close();
        false
    }

    fn __repr__(&self) -> String {
        self.mapper.shown()
    }
}

impl Mapper {
    /// Looks a name or place up, on behalf of the method that is named.
    fn look_up(
        &self,
        py: Python<'_>,
        (function, verb): (&str, Verb),
        target: &Bound<'_, PyAny>,
        token_budget: Option<&Bound<'_, PyAny>>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Found> {
        let LookedUp { request, token } = request::of_name(function, target, token_budget, keywords)?;
        self.ask(py, token.as_ref(), |mapper, token| verb(mapper, &request.cancellation(token))).map(Found)
    }

    /// Asks something that may take long.
    fn ask<R: Send>(
        &self,
        py: Python<'_>,
        asked: Option<&Bound<'_, Token>>,
        work: impl FnOnce(&RepoMapper, &CancellationToken) -> Result<R, Error> + Send,
    ) -> PyResult<R> {
        let mapper = self.mapper.get()?;
        let calls = &*self.calls;
        let token = asked.map_or_else(CancellationToken::new, |asked| asked.get().of_call());
        let own = token.clone();
        let called = call::interruptible(py, &token, move || {
            let before = calls.begin(&own);
            let done = work(&mapper, &own);
            // The last handle may have been closed meanwhile.
            drop(mapper);
            (done, Python::attach(|py| calls.end(&own, before, py)))
        });
        if let Some(asked) = asked {
            asked.get().forget(&token);
        }
        let (done, raised) = called?;
        match raised {
            Some(error) => Err(error),
            None => done.map_err(failure::of),
        }
    }
}

/// The ranking that is configured, with what the arguments say.
fn ranking(
    root: &std::path::Path,
    configured: bool,
    preset: Option<&Bound<'_, PyAny>>,
    weights: Option<&Bound<'_, PyAny>>,
) -> PyResult<RankingConfig> {
    let mut config = match configured {
        true => RankingConfig::load(root).map_err(failure::of)?,
        false => RankingConfig::default(),
    };
    if let Some(preset) = preset {
        let known = Preset::ALL.iter().map(|preset| preset.as_str());
        config.preset = argument::word("preset", preset, Preset::by_name, known)?;
    }
    if let Some(weights) = weights {
        let text = argument::text("weights", weights)?;
        config
            .weights
            .replace(&text)
            .map_err(|error| pyo3::exceptions::PyValueError::new_err(format!("weights: {error}")))?;
    }
    Ok(config)
}

/// A tokenizer by its name, or a callable that counts the tokens of a text.
fn counter(tokenizer: &Bound<'_, PyAny>, calls: &Arc<Calls>) -> PyResult<Tokenizer> {
    if tokenizer.is_instance_of::<PyString>() {
        let by_name = |name: &str| Tokenizer::by_name(name).ok();
        return argument::word("tokenizer", tokenizer, by_name, Tokenizer::NAMES.iter().copied());
    }
    if !tokenizer.is_callable() {
        return Err(PyTypeError::new_err(format!(
            "tokenizer: expected one of {} or a callable",
            Tokenizer::NAMES.join(", ")
        )));
    }
    let name = tokenizer.getattr_opt("__name__")?.and_then(|name| name.extract().ok());
    Ok(Tokenizer::custom(Counter {
        name: name.unwrap_or_else(|| "callback".to_owned()),
        count: tokenizer.clone().unbind(),
        calls: calls.clone(),
    }))
}
