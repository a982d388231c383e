//! What a map is asked for, from Python's keyword arguments.

use std::time::Instant;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use repo_map_cache::{MapRequest, NavigationRequest, Style};

use crate::cancellation::Token;
use crate::{argument, config};

/// A request, and the token of the caller's that may end it.
pub(crate) struct Asked<'py> {
    pub(crate) request: MapRequest,
    pub(crate) token: Option<Bound<'py, Token>>,
}

/// The request for a map of so many tokens, by keyword arguments that `map` and `explain` have in common. What is `None` is as if it
/// were not there.
pub(crate) fn of<'py>(
    function: &str,
    token_budget: Option<&Bound<'_, PyAny>>,
    keywords: Option<&Bound<'py, PyDict>>,
) -> PyResult<Asked<'py>> {
    let mut request = MapRequest::new(budget(token_budget)?);
    let mut token = None;
    for (name, value) in keywords.into_iter().flatten() {
        let name: String = name.extract()?;
        let name = name.as_str();
        request = match name {
            _ if value.is_none() && is_known(name) => request,
            "task" => request.task(argument::text(name, &value)?),
            "chat_files" => request.chat_files(argument::paths(name, Some(&value))?),
            "mentioned_files" => request.mentioned_files(argument::paths(name, Some(&value))?),
            "mentioned_idents" => request.mentioned_idents(argument::names(name, Some(&value))?),
            "refresh" => request.refresh(config::refresh(name, &value)?),
            "folder" => request.folder(argument::path(name, &value)?),
            "style" => {
                request.style(argument::word(name, &value, Style::by_name, Style::NAMES.iter().copied())?)
            }
            "line_numbers" => request.line_numbers(value.is_truthy()?),
            "full_ranking" => request.full_ranking(value.is_truthy()?),
            "timeout" => match deadline(&value)? {
                Some(deadline) => request.deadline(deadline),
                None => request,
            },
            "cancellation" => {
                token = Some(of_token(&value)?);
                request
            }
            _ => {
                return Err(PyTypeError::new_err(format!("{function}() has no argument {name}")));
            }
        };
    }
    Ok(Asked { request, token })
}

/// A name or place that is looked up, and the token of the caller's that may end it.
pub(crate) struct LookedUp<'py> {
    pub(crate) request: NavigationRequest,
    pub(crate) token: Option<Bound<'py, Token>>,
}

/// The request for a name or place, by keyword arguments that all such methods have.
pub(crate) fn of_name<'py>(
    function: &str,
    target: &Bound<'_, PyAny>,
    token_budget: Option<&Bound<'_, PyAny>>,
    keywords: Option<&Bound<'py, PyDict>>,
) -> PyResult<LookedUp<'py>> {
    let target = argument::name("name", target)?;
    let mut request = NavigationRequest::new(target, budget(token_budget)?);
    let mut token = None;
    for (name, value) in keywords.into_iter().flatten() {
        let name: String = name.extract()?;
        let name = name.as_str();
        let is_none = value.is_none();
        request = match name {
            "within" | "refresh" | "timeout" | "cancellation" if is_none => request,
            "within" => request.within(argument::path(name, &value)?),
            "refresh" => request.refresh(config::refresh(name, &value)?),
            "timeout" => match deadline(&value)? {
                Some(deadline) => request.deadline(deadline),
                None => request,
            },
            "cancellation" => {
                token = Some(of_token(&value)?);
                request
            }
            _ => return Err(PyTypeError::new_err(format!("{function}() has no argument {name}"))),
        };
    }
    Ok(LookedUp { request, token })
}

fn budget(budget: Option<&Bound<'_, PyAny>>) -> PyResult<usize> {
    let budget = budget.filter(|budget| !budget.is_none());
    budget.map_or(Ok(1024), |budget| argument::size("token_budget", budget))
}

fn deadline(timeout: &Bound<'_, PyAny>) -> PyResult<Option<Instant>> {
    let timeout = argument::seconds("timeout", Some(timeout))?;
    Ok(timeout.and_then(|timeout| Instant::now().checked_add(timeout)))
}

fn of_token<'py>(token: &Bound<'py, PyAny>) -> PyResult<Bound<'py, Token>> {
    let given = token.cast::<Token>();
    Ok(given.map_err(|_| argument::wrong_type("cancellation", "a CancellationToken", token))?.clone())
}

fn is_known(name: &str) -> bool {
    [
        "task",
        "chat_files",
        "mentioned_files",
        "mentioned_idents",
        "refresh",
        "folder",
        "style",
        "line_numbers",
        "full_ranking",
        "timeout",
        "cancellation",
    ]
    .contains(&name)
}
