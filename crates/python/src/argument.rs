//! Arguments: what cannot be meant is refused by a `TypeError` or `ValueError` that names the argument.

use std::path::PathBuf;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyString};

/// A whole number that is not negative.
pub(crate) fn whole(name: &str, value: &Bound<'_, PyAny>) -> PyResult<u64> {
    value.extract().map_err(|error: PyErr| {
        if error.is_instance_of::<PyTypeError>(value.py()) {
            wrong_type(name, "a whole number", value)
        } else {
            wrong_value(name, value, "expected a whole number, 0 or more")
        }
    })
}

/// The same for sizes in memory.
pub(crate) fn size(name: &str, value: &Bound<'_, PyAny>) -> PyResult<usize> {
    usize::try_from(whole(name, value)?).map_err(|_| wrong_value(name, value, "no machine has so much"))
}

/// A whole number of any sign.
pub(crate) fn integer(name: &str, value: &Bound<'_, PyAny>) -> PyResult<i64> {
    value.extract().map_err(|error: PyErr| {
        if error.is_instance_of::<PyTypeError>(value.py()) {
            wrong_type(name, "a whole number", value)
        } else {
            wrong_value(name, value, "expected a whole number of 64 bits")
        }
    })
}

/// A text that has no lone surrogates: those are no characters.
pub(crate) fn text(name: &str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    let text = value.cast::<PyString>().map_err(|_| wrong_type(name, "a str", value))?;
    let text = text.to_str().map_err(|_| wrong_value(name, value, "it has characters that UTF-8 has not"))?;
    Ok(text.to_owned())
}

/// A path: a `str` or whatever names one (`os.PathLike`).
pub(crate) fn path(name: &str, value: &Bound<'_, PyAny>) -> PyResult<PathBuf> {
    value.extract().map_err(|error: PyErr| {
        if error.is_instance_of::<PyTypeError>(value.py()) {
            wrong_type(name, "a str or a path", value)
        } else {
            error
        }
    })
}

/// Several paths.
pub(crate) fn paths(name: &str, value: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<PathBuf>> {
    each(name, value, path)
}

/// Several names; paths count as they are written.
pub(crate) fn names(name: &str, value: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<String>> {
    each(name, value, self::name)
}

/// A name; a path counts as it is written.
pub(crate) fn name(name: &str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    if value.is_instance_of::<PyString>() {
        return text(name, value);
    }
    let path = path(name, value)?.into_os_string().into_string();
    path.map_err(|_| wrong_value(name, value, "it has characters that UTF-8 has not"))
}

/// Items of an iterable, none for `None`. A single text is an iterable of its characters, which nobody means.
pub(crate) fn each<'py, T>(
    name: &str,
    value: Option<&Bound<'py, PyAny>>,
    item: impl Fn(&str, &Bound<'py, PyAny>) -> PyResult<T>,
) -> PyResult<Vec<T>> {
    let Some(value) = value.filter(|value| !value.is_none()) else { return Ok(Vec::new()) };
    let is_single = value.is_instance_of::<PyString>()
        || value.is_instance_of::<PyBytes>()
        || value.is_instance_of::<PyByteArray>();
    let items = if is_single { None } else { value.try_iter().ok() };
    let items = items.ok_or_else(|| wrong_type(name, "an iterable", value))?;
    items.map(|next| item(name, &next?)).collect()
}

/// One of some words.
pub(crate) fn word<T>(
    name: &str,
    value: &Bound<'_, PyAny>,
    by_name: impl Fn(&str) -> Option<T>,
    known: impl Iterator<Item = &'static str>,
) -> PyResult<T> {
    let word = text(name, value)?;
    by_name(&word).ok_or_else(|| {
        let known: Vec<&str> = known.collect();
        wrong_value(name, value, &format!("expected one of {}", known.join(", ")))
    })
}

/// Seconds from now on; `None` for no end.
pub(crate) fn seconds(name: &str, value: Option<&Bound<'_, PyAny>>) -> PyResult<Option<std::time::Duration>> {
    let Some(value) = value.filter(|value| !value.is_none()) else { return Ok(None) };
    let seconds: f64 = value.extract().map_err(|_| wrong_type(name, "a number of seconds", value))?;
    if seconds.is_nan() || seconds < 0.0 {
        return Err(wrong_value(name, value, "expected a number of seconds, 0 or more"));
    }
    // What is longer than a duration can be has no end.
    Ok(std::time::Duration::try_from_secs_f64(seconds).ok())
}

/// That an argument has the wrong type.
pub(crate) fn wrong_type(name: &str, expected: &str, value: &Bound<'_, PyAny>) -> PyErr {
    let found = value.get_type().name().map_or_else(|_| "something else".to_owned(), |name| name.to_string());
    PyTypeError::new_err(format!("{name}: expected {expected}, not {found}"))
}

/// That an argument has a value that makes no sense.
pub(crate) fn wrong_value(name: &str, value: &Bound<'_, PyAny>, cure: &str) -> PyErr {
    let shown = value.repr().map_or_else(|_| "…".to_owned(), |shown| shown.to_string_lossy().into_owned());
    let shown: String = shown.chars().take(200).collect();
    PyValueError::new_err(format!("{name} = {shown}: {cure}"))
}
