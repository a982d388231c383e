//! Which commits are replayed.

use std::collections::HashSet;
use std::path::Path;

use anyhow::{Context as _, Result};
use repo_map_cache::{Language, RepoPath};
use repo_map_ranking::PathClass;
use serde_json::Value;

use super::Repository;

/// A commit to be replayed.
#[derive(Clone, Debug)]
pub struct Case {
    /// The name of the repository.
    pub repository: String,
    /// The commit.
    pub commit: String,
    /// The commit whose tree is mapped.
    pub parent: String,
    /// The task.
    pub message: String,
    /// The source files that the commit edits and that are there before it. Ascending.
    pub gold_files: Vec<String>,
    /// The lines of the edited definitions' names, from 0, by file; `None` until the tree is laid out.
    pub(crate) gold_definitions: Option<Vec<(String, usize)>>,
    /// What is edited, where no commit tells.
    pub(crate) patch: Option<String>,
}

/// How much a message gives away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leak {
    /// It has the path or the file name of an edited file.
    Path,
    /// It has the stem of one as a word.
    Stem,
    /// Neither.
    None,
}

/// How cases are chosen.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// How many of a repository.
    pub cases: usize,
    /// Commits of so many years before the newest.
    pub years: f64,
    /// Which ones of those that fit.
    pub seed: u64,
}

/// No more edited files than that: larger changes have no one place.
const MAX_FILES: usize = 5;
/// Shorter messages say nothing.
const MIN_MESSAGE: usize = 40;
const MAX_MESSAGE: usize = 1_500;

/// Chooses cases of a repository, in the order of their commits' dates so that neighbouring trees differ little.
///
/// # Errors
/// When git cannot read the log.
pub fn choose(repository: &Repository, choice: &Choice) -> Result<Vec<Case>> {
    let newest: i64 = repository.git(&["log", "-1", "--format=%ct", "HEAD"])?.trim().parse()?;
    let mut fitting = Vec::new();
    // A quiet repository: look further back.
    for factor in [1.0, 5.0 / 3.0, 8.0 / 3.0] {
        let since = newest - (choice.years * factor * 365.25 * 86_400.0) as i64;
        fitting = candidates(repository, since)?;
        if fitting.len() >= choice.cases {
            break;
        }
    }
    let draw = |case: &Case| hash(&format!("{}:{}", choice.seed, case.commit));
    let mut order: Vec<usize> = (0..fitting.len()).collect();
    order.sort_unstable_by_key(|&case| draw(&fitting[case]));
    order.truncate(choice.cases);
    // The log has the newest first.
    order.sort_unstable_by(|a, b| b.cmp(a));
    Ok(order.into_iter().map(|case| fitting[case].clone()).collect())
}

fn candidates(repository: &Repository, since: i64) -> Result<Vec<Case>> {
    let since = format!("--since=@{since}");
    let format = "--format=%x01%H%x00%P%x00%an%x00%B%x02";
    let log =
        repository.git(&["log", "--no-merges", &since, "-M", "--raw", "--no-abbrev", format, "HEAD"])?;
    let mut seen = HashSet::new();
    let cases = log.split('\u{1}').skip(1).filter_map(|entry| {
        let case = candidate(&repository.name, entry)?;
        // Cherry-picks and retries.
        seen.insert(title_key(&case.message)).then_some(case)
    });
    Ok(cases.collect())
}

fn candidate(repository: &str, entry: &str) -> Option<Case> {
    let (head, raw) = entry.split_once('\u{2}')?;
    let [commit, parent, author, body] = head.splitn(4, '\0').collect::<Vec<_>>().try_into().ok()?;
    let message = without_trailers(body);
    if parent.len() != commit.len() || is_bot(author) || message.len() < MIN_MESSAGE || is_chore(&message) {
        return None;
    }
    let changes: Vec<(&str, &str, &str)> = raw.lines().filter_map(change).collect();
    let sources: Vec<_> = changes.iter().filter(|(_, _, path)| is_source(path)).collect();
    let mut gold_files: Vec<String> = sources
        .iter()
        .filter(|(status, mode, _)| *status == "M" && mode.starts_with(":100"))
        .map(|(_, _, path)| (*path).to_owned())
        .collect();
    gold_files.sort_unstable();
    if gold_files.is_empty() || sources.len() > MAX_FILES {
        return None;
    }
    let cut = message.char_indices().map(|(at, _)| at).take_while(|at| *at <= MAX_MESSAGE).last()?;
    let message = if message.len() <= MAX_MESSAGE { message } else { message[..cut].to_owned() };
    let (commit, parent) = (commit.to_owned(), parent.to_owned());
    Some(Case {
        repository: repository.to_owned(),
        commit,
        parent,
        message,
        gold_files,
        gold_definitions: None,
        patch: None,
    })
}

/// Status, old mode and old path of a line of `--raw`.
fn change(line: &str) -> Option<(&str, &str, &str)> {
    let mut parts = line.split('\t');
    let meta = parts.next().filter(|meta| meta.starts_with(':'))?;
    let status = meta.rsplit(' ').next()?.get(..1)?;
    Some((status, meta.split(' ').next()?, parts.next()?))
}

/// Source of the project itself in a language that is understood: no tests, no vendored or generated code, no documentation.
pub(super) fn is_source(path: &str) -> bool {
    RepoPath::new(path)
        .is_ok_and(|path| Language::of_path(&path).is_some() && PathClass::of(&path) == PathClass::Source)
}

fn without_trailers(body: &str) -> String {
    let is_trailer = |line: &str| {
        let line = line.trim().to_lowercase();
        let key = line.split_once(':').map_or("", |(key, _)| key.trim());
        key.ends_with("-by") && !key.contains(' ')
            || matches!(key, "change-id" | "cc" | "reviewed-on")
            || line.starts_with("(cherry picked from")
            || line.len() >= 5 && line.bytes().all(|byte| byte == b'-')
    };
    let lines: Vec<&str> = body.lines().map(str::trim_end).filter(|line| !is_trailer(line)).collect();
    lines.join("\n").trim().to_owned()
}

fn is_bot(author: &str) -> bool {
    let author = author.to_lowercase();
    ["dependabot", "renovate", "[bot]", "github-actions"].iter().any(|bot| author.contains(bot))
}

/// Commits that are no task: releases, merges, formatting, dependencies.
fn is_chore(message: &str) -> bool {
    const CHORES: [&str; 34] = [
        "revert",
        "reapply",
        "bump",
        "release",
        "version bump",
        "set version",
        "merge ",
        "prepare release",
        "prepare for release",
        "chore(release",
        "chore(deps",
        "build(deps",
        "fix(deps",
        "chore(main)",
        "fix(main)",
        "update all",
        "update dependency",
        "update dependencies",
        "update changelog",
        "update doc",
        "fix typo",
        "fixed typo",
        "typo",
        "style",
        "copyright",
        "run black",
        "run ruff",
        "run gofmt",
        "run prettier",
        "run rustfmt",
        "lint",
        "wip",
        "backport",
        "add type annot",
    ];
    let title = message.to_lowercase();
    CHORES.iter().any(|chore| title.starts_with(chore))
}

/// A title without its punctuation and the number of its pull request.
fn title_key(message: &str) -> String {
    let title = message.lines().next().unwrap_or_default().to_lowercase();
    let title = title.rsplit_once("(#").map_or(title.as_str(), |(title, _)| title);
    title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// FNV-1a: the choice must be the same everywhere.
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |state, byte| {
        (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

impl Case {
    /// How much the message gives away.
    pub fn leak(&self) -> Leak {
        let message = self.message.to_lowercase();
        let gold = || self.gold_files.iter().filter_map(|path| RepoPath::new(&path.to_lowercase()).ok());
        if gold().any(|path| message.contains(path.file_name())) {
            return Leak::Path;
        }
        let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
        let words: HashSet<&str> = message.split(|c| !is_part(c)).collect();
        if gold().any(|path| words.contains(path.stem())) { Leak::Stem } else { Leak::None }
    }

    /// One of the edited files: by the commit's name, so the same in every run.
    pub(crate) fn drawn_file(&self) -> &str {
        &self.gold_files[hash(&self.commit) as usize % self.gold_files.len()]
    }

    /// The edited file that is in the chat where others are sought.
    pub(crate) fn chat_file(&self) -> Option<&str> {
        (self.gold_files.len() > 1).then(|| self.drawn_file())
    }
}

/// Reads cases that were chosen before: JSON lines with `repo`, `sha`, `parent`, `message`, `gold_files` and, where the edited
/// definitions are not to be found by us, `gold_defs` (`file`, `row` from 0).
///
/// # Errors
/// When the file cannot be read or a line lacks one of them.
pub fn read_cases(file: &Path) -> Result<Vec<Case>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let case = |line: &str| {
        let value: Value = serde_json::from_str(line)?;
        let text = |key: &str| Some(value[key].as_str()?.to_owned());
        let definition =
            |value: &Value| Some((value["file"].as_str()?.to_owned(), value["row"].as_u64()? as usize));
        let read = || {
            Some(Case {
                repository: text("repo")?,
                commit: text("sha")?,
                parent: text("parent")?,
                message: text("message")?,
                gold_files: value["gold_files"]
                    .as_array()?
                    .iter()
                    .map(|path| Some(path.as_str()?.to_owned()))
                    .collect::<Option<_>>()?,
                gold_definitions: match value["gold_defs"].as_array() {
                    Some(definitions) => Some(definitions.iter().map(definition).collect::<Option<_>>()?),
                    None => None,
                },
                patch: None,
            })
        };
        read().context("a case lacks a field")
    };
    text.lines().map(case).collect()
}
