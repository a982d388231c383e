//! What a map is asked for, from Python's keyword arguments.

use std::time::Instant;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use repo_map_cache::{MapRequest, Style};

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
    let budget = token_budget.filter(|budget| !budget.is_none());
    let mut request =
        MapRequest::new(budget.map_or(Ok(1024), |budget| argument::size("token_budget", budget))?);
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
            "timeout" => {
                let timeout = argument::seconds(name, Some(&value))?;
                match timeout.and_then(|timeout| Instant::now().checked_add(timeout)) {
                    Some(deadline) => request.deadline(deadline),
                    None => request,
                }
            }
            "cancellation" => {
                let given = value.cast::<Token>();
                let given = given.map_err(|_| argument::wrong_type(name, "a CancellationToken", &value))?;
                token = Some(given.clone());
                request
            }
            _ => {
                return Err(PyTypeError::new_err(format!("{function}() has no argument {name}")));
            }
        };
    }
    Ok(Asked { request, token })
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
