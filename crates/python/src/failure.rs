//! Errors of the library as exceptions of the module.

use std::error::Error as _;

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;
use repo_map_cache::{Error, ErrorKind};
use repo_map_cache_core::ErrorKind as StorageErrorKind;

/// A class of `repo_map_cache._errors`.
struct Class {
    name: &'static str,
    class: PyOnceLock<Py<PyType>>,
}

impl Class {
    const fn new(name: &'static str) -> Self {
        Self { name, class: PyOnceLock::new() }
    }

    fn raise(&self, line: String) -> PyErr {
        Python::attach(|py| match self.class.import(py, "repo_map_cache._errors", self.name) {
            Ok(class) => PyErr::from_type(class.clone(), line),
            Err(error) => error,
        })
    }
}

static CACHE: Class = Class::new("CacheError");
static CLOSED: Class = Class::new("ClosedError");
static CORRUPTION: Class = Class::new("CacheCorruptionError");
static CANCELLED: Class = Class::new("CancelledError");
static CONFIGURATION: Class = Class::new("ConfigurationError");
static DEADLINE: Class = Class::new("DeadlineExceededError");
static LANGUAGE: Class = Class::new("UnknownLanguageError");
static NOT_A_FOLDER: Class = Class::new("RootNotAFolderError");
static NOT_FOUND: Class = Class::new("RootNotFoundError");
static RESOURCES: Class = Class::new("ResourcesError");
static STORAGE: Class = Class::new("StorageError");
static UNREADABLE: Class = Class::new("UnreadableError");

/// The exception of an error.
#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands on")]
pub(crate) fn of(error: Error) -> PyErr {
    let class = match error.kind() {
        ErrorKind::RootNotFound => &NOT_FOUND,
        ErrorKind::RootNotAFolder => &NOT_A_FOLDER,
        ErrorKind::Unreadable => &UNREADABLE,
        ErrorKind::UnknownLanguage => &LANGUAGE,
        ErrorKind::Resources => &RESOURCES,
        ErrorKind::Misconfigured => &CONFIGURATION,
        ErrorKind::Storage if is_corruption(&error) => &CORRUPTION,
        ErrorKind::Storage => &STORAGE,
        ErrorKind::Cancelled => &CANCELLED,
        ErrorKind::DeadlineExceeded => &DEADLINE,
        _ => &CACHE,
    };
    let raised = class.raise(error.to_string());
    if let Some(cause) = cause(&error) {
        Python::attach(|py| raised.set_cause(py, Some(cause.clone_ref(py))));
    }
    raised
}

/// What a backend that is written in Python raised.
fn cause(error: &Error) -> Option<&PyErr> {
    let mut next = error.source();
    while let Some(error) = next {
        if let Some(raised) = error.downcast_ref() {
            return Some(raised);
        }
        next = error.source();
    }
    None
}

fn is_corruption(error: &Error) -> bool {
    let storage = error.source().and_then(|source| source.downcast_ref::<repo_map_cache_core::Error>());
    storage.is_some_and(|error| error.kind() == StorageErrorKind::Corrupt)
}

/// That a machine refuses a thread.
#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands on")]
pub(crate) fn of_thread(error: std::io::Error) -> PyErr {
    RESOURCES.raise(format!("cannot start a thread: {error}"))
}

/// That stored bytes are other than those that were stored.
pub(crate) fn corrupt(line: String) -> PyErr {
    CORRUPTION.raise(line)
}

/// That something was used after it was closed.
pub(crate) fn closed(what: &str) -> PyErr {
    CLOSED.raise(format!("this {what} is closed"))
}
