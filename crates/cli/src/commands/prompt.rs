//! `repo-map map --base` and `--session FILE`: prompts that only grow.

use std::fs;
use std::path::Path;

use repo_map_bounded_io::read_named;
use repo_map_cache::{LEAST_BASE, MapRequest, MapSession, RepoMapper, Tokenizer, escaped_path};

use crate::arguments::MapArguments;
use crate::exit_code::ExitCode;
use crate::failure::{Failure, NOTHING};
use crate::output;

/// A session of that size has long been too much for any model.
const MOST_BYTES: u64 = 64 << 20;

/// A turn is chosen out of a page of so many times its budget: what was shown already takes a part.
const SPARE: usize = 3;

/// Prints the base, or what a turn adds, and keeps the session.
pub(super) fn run(
    arguments: &MapArguments,
    request: &MapRequest,
    tokenizer: &Tokenizer,
    mapper: &RepoMapper,
) -> Result<ExitCode, Failure> {
    let mut session = match &arguments.session {
        Some(file) => read(file)?,
        None => MapSession::default(),
    };
    let text = if arguments.base {
        if session.base().is_none() {
            let mut of_tree = MapRequest::new(request.token_budget.max(LEAST_BASE)).style(request.style);
            of_tree.line_numbers = request.line_numbers;
            session.set_base(&mapper.map(&of_tree)?.text);
        }
        session.base().unwrap_or_default().to_owned()
    } else {
        let mut wide = request.clone();
        wide.token_budget = request.token_budget.saturating_mul(SPARE);
        session.turn(&mapper.map(&wide)?.text, request.token_budget, tokenizer)
    };
    if let Some(file) = &arguments.session {
        fs::write(file, session.to_text()).map_err(|error| unreadable(file, &error))?;
    }
    output::print(&text)?;
    Ok(if text.is_empty() { ExitCode::from(NOTHING) } else { ExitCode::SUCCESS })
}

/// The session of a file; a new one where there is none.
fn read(file: &Path) -> Result<MapSession, Failure> {
    let bytes = match read_named(file, MOST_BYTES) {
        Ok(bytes) => bytes,
        Err(error) if error.is_missing() => return Ok(MapSession::default()),
        Err(error) => return Err(unreadable(file, &error)),
    };
    let text = String::from_utf8(bytes).ok();
    // A file of something else is not written over.
    let session = text.filter(|text| !text.is_empty()).and_then(|text| MapSession::parse(&text));
    session.ok_or_else(|| Failure::Usage(format!("{} is no session of repo-map", escaped_path(file))))
}

fn unreadable(file: &Path, error: &dyn std::error::Error) -> Failure {
    Failure::Unreadable(format!("{}: {error}", escaped_path(file)))
}
