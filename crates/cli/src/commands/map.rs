//! `repo-map map PATH`.

use crate::exit_code::ExitCode;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use repo_map_cache::{
    Format, InvalidWeights, MapConfig, MapRequest, Preset, RankingConfig, RefreshMode, RepoMap, RepoMapper,
    Style, escaped_path,
};

use crate::arguments::{self, MapArguments, RankingScope, RequestArguments, SignalArguments};
use crate::commands::{engine, prompt};
use crate::failure::{self, Failure, NOTHING};
use crate::paths::{standing, warn_of_missing};
use crate::rerank::{CommandReranker, WITHIN};
use crate::{account, clipboard};
use crate::{json, lists, output};

pub(crate) fn run(arguments: &MapArguments, quiet: bool, verbose: u8) -> Result<ExitCode, Failure> {
    let config = MapConfig::load(&arguments.path)?;
    let request = request(&arguments.path, &arguments.request, &config)?;
    let request = request.full_ranking(arguments.ranking == RankingScope::All);
    let mapper = mapper(&arguments.path, &arguments.request, &config, quiet)?;
    let Some(request) = with_changes(&mapper, request, &arguments.request.signals, quiet)? else {
        return Ok(ExitCode::from(NOTHING));
    };
    if arguments.base || arguments.session.is_some() {
        let tokenizer = engine::tokenizer(&arguments.request.engine, &config)?;
        return prompt::run(arguments, &request, &tokenizer, &mapper);
    }
    let mut map = mapper.map(&request)?;
    let unsure =
        arguments.min_confidence.filter(|least| map.confidence.is_some_and(|chance| chance < *least));
    if unsure.is_some() {
        (map.text, map.tokens_used) = (String::new(), 0);
        map.files.clear();
    }
    for notice in map.notices.iter().filter(|_| !quiet) {
        failure::warn(notice);
    }
    if let (Some(chance), Some(_)) = (map.confidence, unsure) {
        if !quiet {
            failure::warn(&format!("nothing here matches the task with confidence: {chance:.2}"));
        }
    } else if map.text.is_empty() && map.budget > 0 && !quiet {
        failure::warn(&nothing_to_show(&map, &arguments.path));
    }

    if verbose > 0 && !quiet {
        account::tell(&map, &mapper.skipped());
    }
    if arguments.copy {
        clipboard::copy(&map.text)?;
    }
    if arguments.json {
        output::print(&format!("{}\n", json::text(&json::map(&map))))?;
    } else {
        output::print(&map.text)?;
    }
    Ok(if map.text.is_empty() { ExitCode::from(NOTHING) } else { ExitCode::SUCCESS })
}

/// The request with what changed as its task, if that is asked for; none where nothing did and nothing else is asked.
pub(super) fn with_changes(
    mapper: &RepoMapper,
    request: MapRequest,
    signals: &SignalArguments,
    quiet: bool,
) -> Result<Option<MapRequest>, Failure> {
    let revision = match (&signals.since, signals.diff) {
        (None, false) => return Ok(Some(request)),
        (since, _) => since.as_deref(),
    };
    let changes = mapper.changes(revision)?;
    if changes.is_empty() {
        if !quiet {
            failure::warn(&format!("nothing differs from {}", revision.unwrap_or("HEAD")));
        }
        let asks_else = !request.task.is_empty() || !request.chat_files.is_empty();
        return Ok(asks_else.then_some(request));
    }
    let task = [request.task.as_str(), &changes.task()].join("\n\n");
    Ok(Some(request.task(task.trim_start())))
}

/// Why there is no map where one was asked for.
fn nothing_to_show(map: &RepoMap, path: &Path) -> String {
    match map.freshness.files {
        0 => format!("nothing to show: {} has no files, or rules hide them all", escaped_path(path)),
        files => format!("nothing to show of {files} files within {} tokens", map.budget),
    }
}

/// The mapper that the flags ask for.
pub(super) fn mapper(
    root: &Path,
    arguments: &RequestArguments,
    config: &MapConfig,
    quiet: bool,
) -> Result<RepoMapper, Failure> {
    config.notices.iter().filter(|_| !quiet).for_each(|notice| failure::warn(notice));
    let mut builder = engine::builder(root, &arguments.engine, config, quiet)?
        .subtree_only(arguments.subtree_only)
        .ranking(ranking(root, arguments)?)
        .history(!arguments.no_history)
        .past_messages(!arguments.no_past_messages);
    if let Some(command) = &arguments.rerank {
        builder = builder.reranker(Arc::new(CommandReranker::new(command)), WITHIN);
    }
    if let Some(list) = &arguments.files_from {
        let names = lists::read(Some(list))?;
        if !quiet {
            warn_of_missing(root, list, &names);
        }
        let files = names.into_iter().map(|name| standing(root, name.into()).to_string_lossy().into_owned());
        builder = builder.files(files);
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
pub(super) fn request(
    root: &Path,
    arguments: &RequestArguments,
    config: &MapConfig,
) -> Result<MapRequest, Failure> {
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
    let tokens = arguments.map_tokens.or(config.tokens).unwrap_or(engine::TOKENS);
    let request = MapRequest::new((tokens as f64 * factor) as usize)
        .task(task)
        .chat_files(chat_files)
        .mentioned_files(mentioned)
        .mentioned_idents(signals.mention_ident.iter().cloned().chain(idents))
        .style(match arguments.style {
            Some(arguments::Style::Outline) => Style::Outline,
            Some(arguments::Style::Tree) => Style::Tree,
            None => config.style.unwrap_or_default(),
        })
        .format(match arguments.format {
            Some(arguments::Format::Text) => Format::Text,
            Some(arguments::Format::Markdown) => Format::Markdown,
            Some(arguments::Format::Xml) => Format::Xml,
            None => config.format.unwrap_or_default(),
        })
        .legend(arguments.legend)
        .line_numbers(arguments.line_numbers || config.line_numbers.unwrap_or_default());
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

/// The paths of flags and list.
fn paths(root: &Path, flags: &[PathBuf], list: Option<&Path>) -> Result<Vec<PathBuf>, Failure> {
    let listed = lists::read(list)?.into_iter().map(PathBuf::from);
    Ok(flags.iter().cloned().chain(listed).map(|path| standing(root, path)).collect())
}
