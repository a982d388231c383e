use std::time::Duration;

use repo_map_files::{TreeDigest, tree_digest};
use repo_map_model::{DefinitionKind, RepoPath};

use crate::reading::Reading;

/// A map, and how it was made.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RepoMap {
    /// The map: blocks of `path:` and lines that begin with `│` or `⋮`; empty when there is nothing to show.
    pub text: String,
    /// The files of the map in printed order, best first.
    pub files: Vec<MappedFile>,
    /// Every file of the repository, best first, where the request asked for it; else empty.
    pub ranking: Vec<RankedPath>,
    /// The size of `text`; never above `budget`.
    pub tokens_used: usize,
    /// The ceiling that was asked for.
    pub budget: usize,
    /// The tokenizer that both are counted in.
    pub tokenizer: String,
    /// What the budget left out.
    pub omitted: Omitted,
    /// The chance that a file which the task edits is among the first ten, fitted to past commits. It is low if the words of the task are not
    /// those of this tree. `None` without a task, and with [`Preset::Aider`](crate::Preset::Aider).
    pub confidence: Option<f64>,
    /// True if the [deadline](crate::MapRequest::deadline) passed before the tree was read. The map then covers what was read. It is not
    /// cached, and another run may give another one.
    pub is_partial: bool,
    /// The state of the tree that the map was made from.
    pub freshness: Freshness,
    /// How much of the tree was read.
    pub reading: Reading,
    /// Cache use of the request.
    pub cache: CacheReport,
    /// Elapsed time by stage.
    pub timings: Timings,
    /// Non-fatal warnings: unknown paths, a cache that fell back to memory.
    pub notices: Vec<String>,
}

impl RepoMap {
    /// The answer to a budget of 0.
    pub(crate) fn nothing(tokenizer: &str) -> Self {
        Self {
            text: String::new(),
            files: Vec::new(),
            ranking: Vec::new(),
            tokens_used: 0,
            budget: 0,
            tokenizer: tokenizer.to_owned(),
            omitted: Omitted::default(),
            confidence: None,
            is_partial: false,
            freshness: Freshness { tree_digest: tree_digest([]), files: 0, skipped: 0 },
            reading: Reading::default(),
            cache: CacheReport::default(),
            timings: Timings::default(),
            notices: Vec::new(),
        }
    }
}

/// One file of a map.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MappedFile {
    /// Where it is.
    pub path: RepoPath,
    /// Its place among all files of the repository, from 1.
    pub rank: usize,
    /// Its score; comparable within one map only.
    pub score: f64,
    /// What the map shows of it, in source order.
    pub definitions: Vec<MappedDefinition>,
}

/// One definition that a map shows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MappedDefinition {
    /// Its name.
    pub name: String,
    /// What it defines.
    pub kind: DefinitionKind,
    /// The line of its name, from 0.
    pub line: u32,
}

/// One place of the order of all files.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RankedPath {
    /// Where the file is.
    pub path: RepoPath,
    /// Its score; comparable within one map only.
    pub score: f64,
}

/// What a map does not show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Omitted {
    /// Files that take part in the ranking and are not in the map; chat files are not counted.
    pub files: usize,
    /// Definitions that are not in the map; those of chat files are not counted.
    pub definitions: usize,
}

/// The state of the tree that a map was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Freshness {
    /// The digest of every file's path and content.
    pub tree_digest: TreeDigest,
    /// How many files take part.
    pub files: usize,
    /// How many were passed over, with a reason each ([`RepoMapper::skipped`](crate::RepoMapper::skipped)).
    pub skipped: usize,
}

/// Cache use of one request, in files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheReport {
    /// Files whose tags this mapper held in memory.
    pub kept: usize,
    /// Files whose tags came from the store, or were not needed: of a map that was kept, files that the store knew.
    pub hits: usize,
    /// Files whose tags had to be extracted.
    pub misses: usize,
    /// Entries that were dropped because their checksum failed.
    pub corrupt: u64,
    /// Operations of the store that failed; each was answered without the store.
    pub errors: u64,
    /// True if the whole map came from the cache.
    pub map_hit: bool,
}

/// Elapsed time of one request by stage (not CPU time).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timings {
    /// Finding the files and their `stat`.
    pub scan: Duration,
    /// Loading and extracting tags.
    pub tags: Duration,
    /// Reading what is new in the git log.
    pub history: Duration,
    /// Loading and reading the words of files, where there is a task.
    pub words: Duration,
    /// Building the reference graph.
    pub graph: Duration,
    /// Scoring files and definitions by the words of a task; a part of `rank`.
    pub query: Duration,
    /// Ordering files and definitions.
    pub rank: Duration,
    /// Packing and printing.
    pub render: Duration,
    /// All of it.
    pub total: Duration,
}
