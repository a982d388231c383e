//! Processes that parse, so that no file can end the interpreter.

use std::path::PathBuf;

use pyo3::prelude::*;
use repo_map_cache::WorkerCommand;

/// How this interpreter starts a worker; `None` where it cannot: where a program embeds it or is frozen.
///
/// The worker is isolated and finds the module by its file: neither the folder that the process stands in, which may be a mapped
/// tree, nor `PYTHONPATH` says what it runs.
pub(crate) fn command(py: Python<'_>) -> PyResult<Option<WorkerCommand>> {
    let sys = py.import("sys")?;
    if sys.getattr_opt("frozen")?.is_some_and(|frozen| frozen.is_truthy().unwrap_or(false)) {
        return Ok(None);
    }
    let Ok(program) = sys.getattr("executable")?.extract::<PathBuf>() else { return Ok(None) };
    if program.as_os_str().is_empty() {
        return Ok(None);
    }
    let script: PathBuf = py.import("repo_map_cache.worker")?.getattr("__file__")?.extract()?;
    let command = WorkerCommand::new(program).argument("-I").argument("-S").argument(script);
    Ok(Some(command))
}

/// Serves a mapper on standard input and output until it has no more to parse: the whole of `repo_map_cache.worker`.
#[pyfunction]
pub(crate) fn serve_extraction(py: Python<'_>) -> PyResult<()> {
    no_core_dumps();
    py.detach(|| repo_map_cache::serve_extraction(std::io::stdin(), std::io::stdout()))?;
    Ok(())
}

/// A parser that aborts is no news, and its memory is of no use to anyone.
fn no_core_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        // Where it is refused, a dump may be written: nothing is lost.
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
}
