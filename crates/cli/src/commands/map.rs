//! `repo-map map PATH`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use repo_map_cache::{
    InvalidWeights, MapRequest, Preset, RankingConfig, RefreshMode, RepoMap, RepoMapper, Style, escaped_path,
};

use crate::arguments::{self, MapArguments, RankingScope, RequestArguments};
use crate::commands::engine;
use crate::failure::{self, Failure, NOTHING};
use crate::{json, lists, output};

pub(crate) fn run(arguments: &MapArguments, quiet: bool) -> Result<ExitCode, Failure> {
    let request = request(&arguments.path, &arguments.request)?;
    let request = request.full_ranking(arguments.ranking == RankingScope::All);
    let mapper = mapper(&arguments.path, &arguments.request, quiet)?;
    let map = mapper.map(&request)?;
    for notice in map.notices.iter().filter(|_| !quiet) {
        failure::warn(notice);
    }
    if map.text.is_empty() && map.budget > 0 && !quiet {
        failure::warn(&nothing_to_show(&map, &arguments.path));
    }

    if arguments.json {
        output::print(&format!("{}\n", json::text(&json::map(&map))))?;
    } else {
        output::print(&map.text)?;
    }
    Ok(if map.text.is_empty() { ExitCode::from(NOTHING) } else { ExitCode::SUCCESS })
}

/// Why there is no map where one was asked for.
fn nothing_to_show(map: &RepoMap, path: &Path) -> String {
    match map.freshness.files {
        0 => format!("nothing to show: {} has no files, or rules hide them all", escaped_path(path)),
        files => format!("nothing to show of {files} files within {} tokens", map.budget),
    }
}

/// The mapper that the flags ask for.
pub(super) fn mapper(root: &Path, arguments: &RequestArguments, quiet: bool) -> Result<RepoMapper, Failure> {
    let mut builder = engine::builder(root, &arguments.engine, quiet)?
        .subtree_only(arguments.subtree_only)
        .ranking(ranking(root, arguments)?)
        .history(!arguments.no_history)
        .past_messages(!arguments.no_past_messages);
    if let Some(list) = &arguments.files_from {
        builder = builder.files(lists::read(Some(list))?);
    }
    Ok(builder.build()?)
}

/// The configuration that speaks for a folder, with what the flags say.
fn ranking(root: &Path, arguments: &RequestArguments) -> Result<RankingConfig, Failure> {
    let mut config = RankingConfig::load(root)?;
    match arguments.preset {
        Some(arguments::Preset::Default) => config.preset = Preset::Default,
        Some(arguments::Preset::Aider) => config.preset = Preset::Aider,
        None => {}
    }
    if let Some(file) = &arguments.weights {
        let text = lists::text(file)?;
        let faulty = |error: InvalidWeights| Failure::Usage(format!("{}: {error}", escaped_path(file)));
        config.weights.replace(&text).map_err(faulty)?;
    }
    Ok(config)
}

/// The request that the flags ask for.
pub(super) fn request(root: &Path, arguments: &RequestArguments) -> Result<MapRequest, Failure> {
    let signals = &arguments.signals;
    let lists = [
        &arguments.files_from,
        &arguments.weights,
        &signals.task_file,
        &signals.chat_files_from,
        &signals.mention_idents_from,
        &signals.mention_files_from,
    ];
    lists::at_most_one_stdin(lists.map(Option::as_deref))?;
    let task = match (&signals.task, &signals.task_file) {
        (Some(text), _) => text.clone(),
        (None, Some(file)) => lists::text(file)?,
        (None, None) => String::new(),
    };
    let chat_files = paths(root, &signals.chat_file, signals.chat_files_from.as_deref())?;
    let mentioned = paths(root, &signals.mention_file, signals.mention_files_from.as_deref())?;
    let idents = lists::read(signals.mention_idents_from.as_deref())?;
    let factor = if chat_files.is_empty() { arguments.map_multiplier_no_files } else { 1.0 };
    let request = MapRequest::new((arguments.map_tokens as f64 * factor) as usize)
        .task(task)
        .chat_files(chat_files)
        .mentioned_files(mentioned)
        .mentioned_idents(signals.mention_ident.iter().cloned().chain(idents))
        .style(match arguments.style {
            arguments::Style::Outline => Style::Outline,
            arguments::Style::Tree => Style::Tree,
        })
        .line_numbers(arguments.line_numbers);
    let request = match root.canonicalize() {
        Ok(folder) if root != Path::new(".") && !arguments.subtree_only => request.folder(folder),
        _ => request,
    };
    Ok(match arguments.map_refresh {
        None => request,
        Some(arguments::Refresh::Auto) => request.refresh(RefreshMode::Auto),
        Some(arguments::Refresh::Stat) => request.refresh(RefreshMode::Stat),
        Some(arguments::Refresh::Always) => request.refresh(RefreshMode::Always),
        Some(arguments::Refresh::Files) => request.refresh(RefreshMode::Files),
        Some(arguments::Refresh::Manual) => request.refresh(RefreshMode::Manual),
    })
}

/// The paths of flags and list: from the repository, or from where the user stands if only there is such a file.
fn paths(root: &Path, flags: &[PathBuf], list: Option<&Path>) -> Result<Vec<PathBuf>, Failure> {
    let listed = lists::read(list)?.into_iter().map(PathBuf::from);
    let here = |path: PathBuf| {
        let from_here = path.is_relative() && !root.join(&path).exists() && path.exists();
        if from_here { std::path::absolute(&path).unwrap_or(path) } else { path }
    };
    Ok(flags.iter().cloned().chain(listed).map(here).collect())
}
