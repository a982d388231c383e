use std::ffi::OsString;
use std::path::PathBuf;

use pyo3::prelude::*;
use repo_map_cli::Program;

use crate::workers;

/// Runs the command line `repo-map` with these arguments, the program's name first; gives the exit code. It reads and prints as a
/// process of its own does, past `sys.stdin` and `sys.stdout`.
///
/// `program` is the file that starts it, for what is told to do so.
#[pyfunction]
#[pyo3(signature = (arguments, program=None))]
pub(crate) fn run_command_line(
    py: Python<'_>,
    arguments: Vec<OsString>,
    program: Option<PathBuf>,
) -> PyResult<u8> {
    let program = Program { path: program, worker: workers::command(py)? };
    Ok(py.detach(|| repo_map_cli::run(arguments, program)))
}
