//! The engine that the flags ask for: what all commands over a tree have in common.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use repo_map_cache::{CacheConfig, FilesConfig, MapConfig, RepoMapper, RepoMapperBuilder, Tokenizer};

use crate::arguments::EngineArguments;
use crate::commands::worker;
use crate::failure::Failure;
use crate::progress::Bar;

/// What a map or an answer may have, in tokens, where nobody says.
pub(super) const TOKENS: usize = 1024;

pub(super) fn builder(
    root: &Path,
    arguments: &EngineArguments,
    config: &MapConfig,
    quiet: bool,
) -> Result<RepoMapperBuilder, Failure> {
    let tokenizer = tokenizer(arguments, config)?;
    let cache = arguments.place.config(root)?;
    let builder = over(root, arguments, cache, FilesConfig::load(root)?).tokenizer(tokenizer);
    Ok(if quiet { builder } else { builder.progress(Arc::new(Bar::new())) })
}

/// What the flags, else the configuration, count budgets in.
pub(super) fn tokenizer(arguments: &EngineArguments, config: &MapConfig) -> Result<Tokenizer, Failure> {
    match arguments.tokenizer.as_ref().or(config.tokenizer.as_ref()) {
        Some(name) => Tokenizer::by_name(name).map_err(|error| Failure::Usage(error.to_string())),
        None => Ok(Tokenizer::default()),
    }
}

/// The same for programs that count and tell in their own way.
pub(super) fn over(
    root: &Path,
    arguments: &EngineArguments,
    cache: CacheConfig,
    files: FilesConfig,
) -> RepoMapperBuilder {
    let absolute = |file: &PathBuf| std::path::absolute(file).unwrap_or_else(|_| file.clone());
    let mut builder = RepoMapper::builder(root)
        .ignore_files(arguments.ignore_file.iter().map(absolute))
        .threads(arguments.threads)
        .cache(cache)
        .reading(files);
    if let Some(bytes) = arguments.max_file_bytes {
        builder = builder.max_file_bytes(bytes);
    }
    if let Some(command) = worker::command().filter(|_| !arguments.in_process) {
        builder = builder.workers(command);
    }
    if let Some(folder) = worker::folder_of_queries(arguments.queries.as_deref()) {
        builder = builder.queries(folder);
    }
    builder
}
