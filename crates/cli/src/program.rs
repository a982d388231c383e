//! What runs the command line: the program `repo-map`, or another that has it as a library.

use std::path::PathBuf;
use std::sync::OnceLock;

use repo_map_cache::WorkerCommand;

/// How the process that runs the command line is started again.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Where the program is, for what is told to start it: the settings of agents. `None` where nobody knows.
    pub path: Option<PathBuf>,
    /// What starts a process that parses: it calls [`serve_extraction`](repo_map_cache::serve_extraction). Without it files are parsed where
    /// they are read.
    pub worker: Option<WorkerCommand>,
}

/// What was said of it when the process began.
static PROGRAM: OnceLock<Program> = OnceLock::new();

/// Says what it is. The first word of a process counts.
pub(crate) fn is(program: Program) {
    PROGRAM.get_or_init(|| program);
}

/// What it is.
pub(crate) fn get() -> Program {
    PROGRAM.get().cloned().unwrap_or_default()
}
