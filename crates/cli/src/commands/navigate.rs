//! `repo-map find`, `refs`, `callers`, `show`, `outline`: a name or place, and what stands there.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use repo_map_cache::{Error, MapRequest, Navigation, NavigationRequest, Place, RankingConfig, RepoMapper};

use crate::arguments::{AnswerArguments, NavigationArguments, PlaceOfArguments};
use crate::commands::engine;
use crate::failure::{self, Failure, NOTHING};
use crate::{json, output};

/// A call of the mapper that answers.
type Verb = fn(&RepoMapper, &NavigationRequest) -> Result<Navigation, Error>;

pub(crate) fn find(arguments: &NavigationArguments, quiet: bool) -> Result<ExitCode, Failure> {
    named(RepoMapper::find, arguments, quiet)
}

pub(crate) fn references(arguments: &NavigationArguments, quiet: bool) -> Result<ExitCode, Failure> {
    named(RepoMapper::references, arguments, quiet)
}

pub(crate) fn callers(arguments: &NavigationArguments, quiet: bool) -> Result<ExitCode, Failure> {
    named(RepoMapper::callers, arguments, quiet)
}

pub(crate) fn show(arguments: &PlaceOfArguments, quiet: bool) -> Result<ExitCode, Failure> {
    let target = standing(&arguments.answer.root, &arguments.target);
    let request = NavigationRequest::new(target, arguments.answer.tokens);
    answer(RepoMapper::show, &request, &arguments.answer, quiet)
}

/// Of a folder it is an overview with the numbers of lines.
pub(crate) fn outline(arguments: &PlaceOfArguments, quiet: bool) -> Result<ExitCode, Failure> {
    let (root, of) = (&arguments.answer.root, &arguments.answer);
    let target = standing(root, &arguments.target);
    if !root.join(&target).is_dir() {
        return answer(RepoMapper::outline, &NavigationRequest::new(target, of.tokens), of, quiet);
    }
    let mapper = mapper(of, quiet)?;
    let map = mapper.map(&MapRequest::new(of.tokens).folder(root.join(target)).line_numbers(true))?;
    tell(&map.notices, quiet);
    let text = if of.json { format!("{}\n", json::text(&json::map(&map))) } else { map.text.clone() };
    output::print(&text)?;
    Ok(if map.text.is_empty() { ExitCode::from(NOTHING) } else { ExitCode::SUCCESS })
}

fn named(verb: Verb, arguments: &NavigationArguments, quiet: bool) -> Result<ExitCode, Failure> {
    let mut request = NavigationRequest::new(arguments.name.as_str(), arguments.answer.tokens);
    if let Some(within) = &arguments.within {
        request = request.within(standing(&arguments.answer.root, &within.to_string_lossy()));
    }
    answer(verb, &request, &arguments.answer, quiet)
}

fn answer(
    verb: Verb,
    request: &NavigationRequest,
    arguments: &AnswerArguments,
    quiet: bool,
) -> Result<ExitCode, Failure> {
    let found = verb(&mapper(arguments, quiet)?, request)?;
    tell(&found.notices, quiet);
    let text = match arguments.json {
        true => format!("{}\n", json::text(&json::navigation(&found))),
        false => found.text.clone(),
    };
    output::print(&text)?;
    Ok(if found.rows.is_empty() { ExitCode::from(NOTHING) } else { ExitCode::SUCCESS })
}

fn mapper(arguments: &AnswerArguments, quiet: bool) -> Result<RepoMapper, Failure> {
    let root = &arguments.root;
    let builder = engine::builder(root, &arguments.engine, quiet)?;
    Ok(builder.ranking(RankingConfig::load(root)?).build()?)
}

fn tell(notices: &[String], quiet: bool) {
    notices.iter().filter(|_| !quiet).for_each(|notice| failure::warn(notice));
}

/// A place as the mapper takes it: paths are from where the user stands, and from the repository where nothing is there.
fn standing(root: &Path, target: &str) -> String {
    let here = |path: &str| {
        let path = PathBuf::from(path);
        let is_here = path.is_relative() && root.join(&path) != path && path.exists();
        let is_here = is_here || (root == Path::new(".") && path.is_relative() && path.exists());
        std::path::absolute(path).ok().filter(|_| is_here)
    };
    if let Some(whole) = here(target) {
        return whole.to_string_lossy().into_owned();
    }
    let place = Place::parse(target);
    match here(&place.path) {
        Some(path) => format!("{}{}", path.display(), &target[place.path.len()..]),
        None => target.to_owned(),
    }
}
