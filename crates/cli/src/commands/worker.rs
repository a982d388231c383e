//! The hidden command of worker processes: parses what comes on standard input, and may die of it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use repo_map_cache::{Extractor, WorkerCommand, serve_extraction, user_queries};

use crate::failure::Failure;

/// What the command is called; no word that a user would type.
pub(crate) const NAME: &str = "__worker";

pub(crate) fn run() -> Result<ExitCode, Failure> {
    no_core_dumps();
    let served = serve_extraction(std::io::stdin(), std::io::stdout());
    served.map_err(|error| Failure::Usage(format!("{NAME} is for repo-map's own use: {error}")))?;
    Ok(ExitCode::SUCCESS)
}

/// How this program starts itself as a worker; `None` where it does not know where it is.
///
/// A worker lives as long as one command: what it frees it needs again at once, and memory that went back to the
/// system comes again as pages to be cleared, 5 to 12 % of a cold run's CPU. It needs little, so huge pages cost
/// more than they save: whole ones are cleared, and a virtual machine may have to ask its host for each.
pub(crate) fn command() -> Option<WorkerCommand> {
    let program = std::env::current_exe().ok()?;
    let command = WorkerCommand::new(program).argument(NAME);
    Some(command.variable("MIMALLOC_PURGE_DELAY", "-1").variable("MIMALLOC_ALLOW_THP", "0"))
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
