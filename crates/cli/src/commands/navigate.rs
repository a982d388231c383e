//! `repo-map find`, `refs`, `callers`, `show`, `outline`: a name or place, and what stands there.

use crate::exit_code::ExitCode;

use repo_map_cache::{
    Error, MapConfig, MapRequest, Navigation, NavigationRequest, RankingConfig, RepoMapper,
};

use crate::arguments::{AnswerArguments, NavigationArguments, PlaceOfArguments};
use crate::commands::engine;
use crate::failure::{self, Failure, NOTHING};
use crate::{json, output, paths};

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
    let target = paths::place(&arguments.answer.root, &arguments.target);
    let request = NavigationRequest::new(target, 0);
    answer(RepoMapper::show, request, &arguments.answer, quiet)
}

/// Of a folder it is an overview with the numbers of lines.
pub(crate) fn outline(arguments: &PlaceOfArguments, quiet: bool) -> Result<ExitCode, Failure> {
    let (root, of) = (&arguments.answer.root, &arguments.answer);
    let target = paths::place(root, &arguments.target);
    if !root.join(&target).is_dir() {
        return answer(RepoMapper::outline, NavigationRequest::new(target, 0), of, quiet);
    }
    let (mapper, tokens) = mapper(of, quiet)?;
    let map = mapper.map(&MapRequest::new(tokens).folder(root.join(target)).line_numbers(true))?;
    tell(&map.notices, quiet);
    let text = if of.json { format!("{}\n", json::text(&json::map(&map))) } else { map.text.clone() };
    output::print(&text)?;
    Ok(if map.text.is_empty() { ExitCode::from(NOTHING) } else { ExitCode::SUCCESS })
}

fn named(verb: Verb, arguments: &NavigationArguments, quiet: bool) -> Result<ExitCode, Failure> {
    let mut request = NavigationRequest::new(arguments.name.as_str(), 0);
    if let Some(within) = &arguments.within {
        request = request.within(paths::standing(&arguments.answer.root, within.clone()));
    }
    answer(verb, request, &arguments.answer, quiet)
}

fn answer(
    verb: Verb,
    mut request: NavigationRequest,
    arguments: &AnswerArguments,
    quiet: bool,
) -> Result<ExitCode, Failure> {
    let (mapper, tokens) = mapper(arguments, quiet)?;
    request.token_budget = tokens;
    let found = verb(&mapper, &request)?;
    tell(&found.notices, quiet);
    let text = match arguments.json {
        true => format!("{}\n", json::text(&json::navigation(&found))),
        false => found.text.clone(),
    };
    output::print(&text)?;
    Ok(if found.rows.is_empty() { ExitCode::from(NOTHING) } else { ExitCode::SUCCESS })
}

/// The mapper, and how large its answer may be.
fn mapper(arguments: &AnswerArguments, quiet: bool) -> Result<(RepoMapper, usize), Failure> {
    let root = &arguments.root;
    let config = MapConfig::load(root)?;
    let builder = engine::builder(root, &arguments.engine, &config, quiet)?;
    let tokens = arguments.tokens.or(config.tokens).unwrap_or(engine::TOKENS);
    tell(&config.notices, quiet);
    Ok((builder.ranking(RankingConfig::load(root)?).build()?, tokens))
}

fn tell(notices: &[String], quiet: bool) {
    notices.iter().filter(|_| !quiet).for_each(|notice| failure::warn(notice));
}
