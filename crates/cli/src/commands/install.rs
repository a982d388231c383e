//! `repo-map install` and `repo-map uninstall`.

use crate::exit_code::ExitCode;
use std::path::Path;

use clap::ValueEnum as _;
use repo_map_cache::{escaped_path, visible};

use crate::agents::apply::{self, Change, Step};
use crate::agents::catalogue::{Agent, Scope};
use crate::agents::files;
use crate::agents::places::Places;
use crate::agents::record::Record;
use crate::arguments::InstallArguments;
use crate::failure::Failure;
use crate::output;
use crate::program;

/// How agents start us where all who work on a project have the same file.
const PROGRAM: &str = "repo-map";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

pub(crate) fn install(arguments: &InstallArguments) -> Result<ExitCode, Failure> {
    run(arguments, Way::In)
}

pub(crate) fn uninstall(arguments: &InstallArguments) -> Result<ExitCode, Failure> {
    run(arguments, Way::Out)
}

fn run(arguments: &InstallArguments, way: Way) -> Result<ExitCode, Failure> {
    let places = Places::of_user()
        .ok_or_else(|| Failure::Usage("where is your home? set HOME to its absolute path".to_owned()))?;
    let scope = scope(arguments)?;
    let agents = agents(arguments, &places, way)?;
    let program = program(&scope);
    let path = places.record();
    let mut record = Record::read(&path);
    let mut report = String::new();
    let mut failed = None;
    for agent in agents {
        for wish in agent.wishes(&scope, &places, &program) {
            let change = match way {
                Way::In => apply::install(&wish, &agent.name(), &record),
                Way::Out => apply::uninstall(&wish, &agent.name(), &record),
            };
            let folders = record.of(&wish.path).map_or_else(Vec::new, |entry| entry.folders.clone());
            if !arguments.dry_run
                && let Err(error) = apply::perform(&change, &folders)
            {
                failed = Some(format!("{}: {error}", escaped_path(&wish.path)));
                break;
            }
            let is_news = way == Way::In || record.of(&wish.path).is_some();
            if is_news || !matches!(change.step, Step::Unchanged) {
                report.push_str(&told(agent, &change, arguments.dry_run));
            }
            match change.entry {
                Some(entry) => record.keep(entry),
                None => record.forget(&wish.path),
            }
        }
    }
    if !arguments.dry_run {
        keep(&path, &record)
            .map_err(|error| Failure::Unreadable(format!("{}: {error}", escaped_path(&path))))?;
    }
    output::print(&report)?;
    match failed {
        Some(line) => Err(Failure::Unreadable(line)),
        None => Ok(ExitCode::SUCCESS),
    }
}

/// Keeps what is ours where; a record of nothing is removed.
fn keep(path: &Path, record: &Record) -> std::io::Result<()> {
    if !record.entries.is_empty() {
        return files::write(path, &record.to_text());
    }
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    files::remove_empty(&record.folders);
    Ok(())
}

fn scope(arguments: &InstallArguments) -> Result<Scope, Failure> {
    let Some(folder) = &arguments.project else { return Ok(Scope::User) };
    match folder.canonicalize() {
        Ok(folder) if folder.is_dir() => Ok(Scope::Project(folder)),
        Ok(_) => Err(Failure::Usage(format!("{} is a file; name a folder", escaped_path(folder)))),
        Err(error) => Err(Failure::Unreadable(format!("{}: {error}", escaped_path(folder)))),
    }
}

/// Those that were named, else those that the user has.
fn agents(arguments: &InstallArguments, places: &Places, way: Way) -> Result<Vec<Agent>, Failure> {
    if !arguments.agents.is_empty() {
        return Ok(arguments.agents.clone());
    }
    if way == Way::Out {
        return Ok(Agent::value_variants().to_vec());
    }
    let found: Vec<Agent> =
        Agent::value_variants().iter().copied().filter(|agent| agent.is_there(places)).collect();
    if found.is_empty() {
        let names: Vec<String> = Agent::value_variants().iter().map(|agent| agent.name()).collect();
        return Err(Failure::Usage(format!("no agent was found; name one of {}", names.join(", "))));
    }
    Ok(found)
}

/// This program by its place, or by its name in files that others have too.
fn program(scope: &Scope) -> String {
    match (scope, program::get().path) {
        (Scope::User, Some(path)) => path.to_str().map_or_else(|| PROGRAM.to_owned(), ToOwned::to_owned),
        _ => PROGRAM.to_owned(),
    }
}

fn told(agent: Agent, change: &Change, is_dry: bool) -> String {
    let (agent, path) = (agent.name(), escaped_path(&change.path));
    let word = match &change.step {
        Step::Unchanged => "unchanged",
        Step::Write { after: None, .. } => "removed",
        Step::Write { .. } => "written",
        Step::Left(why) => return format!("{agent}: left alone: {path}: {}\n", visible(why)),
    };
    let difference = if is_dry { apply::difference(change) } else { String::new() };
    let difference: String = difference.lines().map(|line| format!("{}\n", visible(line))).collect();
    format!("{agent}: {word}: {path}\n{difference}")
}
