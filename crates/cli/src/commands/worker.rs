//! The hidden command of worker processes: parses what comes on standard input, and may die of it.

use crate::exit_code::ExitCode;
use std::path::{Path, PathBuf};

use repo_map_cache::{Extractor, WorkerCommand, serve_extraction, user_queries};

use crate::failure::Failure;
use crate::program;

/// What the command is called; no word that a user would type.
pub const NAME: &str = "__worker";

pub(crate) fn run() -> Result<ExitCode, Failure> {
    no_core_dumps();
    let served = serve_extraction(std::io::stdin(), std::io::stdout());
    served.map_err(|error| Failure::Usage(format!("{NAME} is for repo-map's own use: {error}")))?;
    Ok(ExitCode::SUCCESS)
}

/// How a worker is started; `None` where nobody knows.
pub(crate) fn command() -> Option<WorkerCommand> {
    program::get().worker
}

/// Where files are parsed: in workers, unless the user wants otherwise; with the queries of a folder.
pub(crate) fn extractor(in_process: bool, queries: Option<&Path>) -> Result<Extractor, Failure> {
    let extractor =
        command().filter(|_| !in_process).map_or_else(Extractor::in_process, Extractor::in_workers);
    Ok(match folder_of_queries(queries) {
        Some(folder) => extractor.queries(&folder)?,
        None => extractor,
    })
}

/// The folder that was named, else the user's own.
pub(crate) fn folder_of_queries(named: Option<&Path>) -> Option<PathBuf> {
    named.map(Path::to_owned).or_else(user_queries)
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
