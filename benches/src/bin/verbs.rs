//! Names that people look for: whether the first definition of an answer is the one that is meant.
//!
//! ```text
//! cargo xtask bench verbs FOLDER [--questions benches/verbs/questions.tsv]
//! ```
//!
//! FOLDER holds a checkout of each repository by its short name, at the commit that the questions name.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program that reports")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use clap::Parser;
use repo_map_cache::{CacheConfig, NavigationRequest, RepoMapper, RowRole};

/// The share of questions whose first definition must be right.
const BAR: f64 = 0.98;

#[derive(Parser)]
struct Arguments {
    /// The folder of the checkouts.
    trees: PathBuf,
    /// One question a line: repository, commit, language, name, places.
    #[arg(long, default_value = "benches/verbs/questions.tsv")]
    questions: PathBuf,
}

struct Question<'t> {
    commit: &'t str,
    language: &'t str,
    name: &'t str,
    /// Where it is defined, as `path:line`.
    places: Vec<&'t str>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let text = fs::read_to_string(&arguments.questions).context("the questions cannot be read")?;
    let (mut right, mut all) = (0, 0);
    for (repository, questions) in by_repository(&text)? {
        let name = repository.rsplit('/').next().unwrap_or(repository);
        let tree = arguments.trees.join(name);
        ensure!(is_at(&tree, questions[0].commit)?, "{} is not at {}", tree.display(), questions[0].commit);
        let mapper = RepoMapper::builder(&tree).cache(CacheConfig::in_memory()).build()?;
        let mut of_tree = 0;
        for question in &questions {
            let first = first_definition(&mapper, question.name)?;
            if first.as_deref().is_some_and(|first| question.places.contains(&first)) {
                of_tree += 1;
            } else {
                let expected = question.places.join(" ");
                println!(
                    "  {}: {} where {expected} is meant",
                    question.name,
                    first.as_deref().unwrap_or("nothing")
                );
            }
        }
        println!("{:<12} {repository:<24} {of_tree} of {}", questions[0].language, questions.len());
        (right, all) = (right + of_tree, all + questions.len());
    }
    let share = f64::from(right) / all as f64;
    println!("{right} of {all}: {share:.3}");
    ensure!(share >= BAR, "the first definition is right for less than {BAR}");
    Ok(())
}

fn by_repository(text: &str) -> Result<BTreeMap<&str, Vec<Question<'_>>>> {
    let mut found: BTreeMap<&str, Vec<Question<'_>>> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [repository, commit, language, name, places] = fields[..] else {
            anyhow::bail!("a question has five fields: {line}");
        };
        let places = places.split(' ').collect();
        found.entry(repository).or_default().push(Question { commit, language, name, places });
    }
    Ok(found)
}

fn first_definition(mapper: &RepoMapper, name: &str) -> Result<Option<String>> {
    let found = mapper.find(&NavigationRequest::new(name, 400))?;
    let mut definitions = found.rows.iter().filter(|row| row.role == RowRole::Definition);
    Ok(definitions.next().map(|row| format!("{}:{}", row.path, row.line + 1)))
}

fn is_at(tree: &Path, commit: &str) -> Result<bool> {
    let head = Command::new("git").arg("-C").arg(tree).args(["rev-parse", "HEAD"]).output()?;
    Ok(String::from_utf8(head.stdout)?.starts_with(commit))
}
