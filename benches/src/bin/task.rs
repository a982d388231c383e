//! What a task of fifty words costs a process that has the tree in memory, and what its words take on disk.
//!
//! ```text
//! cargo xtask bench task TREE
//! ```
//!
//! The first request fills the cache and the memory and is not counted. Each further one is another task, so that no map is
//! recalled: a third of them look at the tree as they do by default, which is to ask the kernel from
//! the third on, a third ask each file for its `stat`, a third trust the last look. A task is fifty words in a row of
//! a document of the tree, drawn with a seed. CPU time is that of the whole process. The result is one JSON object.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program that reports")]

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use clap::Parser;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;
use repo_map_benches::Dice;
use repo_map_cache::{CacheConfig, CacheDirectory, MapRequest, RefreshMode, RepoMapper};
use serde_json::json;

#[derive(Parser)]
struct Arguments {
    /// The source tree.
    tree: PathBuf,
    /// Where tags and words are kept.
    #[arg(long)]
    cache_dir: PathBuf,
    /// How many tasks as they are by default, as many that ask each file for its `stat`, and as many without a look.
    #[arg(long, default_value_t = 25)]
    tasks: usize,
    /// Worker threads.
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// Where the random numbers begin.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the tasks into this folder, one a file, and stop.
    #[arg(long)]
    write: Option<PathBuf>,
}

/// The words of a task.
const WORDS: usize = 50;
/// Documents are in files like these, at least so large.
const DOCUMENTS: [&str; 3] = ["md", "rst", "txt"];
const LEAST_BYTES: u64 = 2_000;

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let tasks = tasks(&arguments)?;
    if let Some(folder) = &arguments.write {
        fs::create_dir_all(folder)?;
        for (at, task) in tasks.iter().enumerate() {
            fs::write(folder.join(format!("{at}.txt")), task)?;
        }
        return Ok(());
    }
    let config = CacheConfig::at(&arguments.cache_dir);
    let builder = RepoMapper::builder(&arguments.tree).cache(config.clone()).threads(arguments.threads);
    let mapper = builder.build()?;
    let (first, files) = {
        let before = cpu()?;
        let map = mapper.map(&MapRequest::new(1_024).task("What begins the program?"))?;
        (cpu()? - before, map.freshness.files)
    };
    let (by_default, others) = tasks.split_at(arguments.tasks);
    let (looking, trusting) = others.split_at(arguments.tasks);
    let (mut all, mut query, mut used) = (Vec::new(), Vec::new(), 0);
    let mut phases: [(&str, Vec<f64>); 6] =
        ["scan", "tags", "words", "graph", "rank", "render"].map(|phase| (phase, Vec::new()));
    for task in by_default {
        let before = cpu()?;
        let map = mapper.map(&MapRequest::new(1_024).task(task.as_str()))?;
        all.push(cpu()? - before);
        ensure!(!map.cache.map_hit, "a map was recalled: {task}");
        let took = &map.timings;
        query.push(1e3 * took.query.as_secs_f64());
        let durations = [took.scan, took.tags, took.words, took.graph, took.rank, took.render];
        for ((_, phase), duration) in phases.iter_mut().zip(durations) {
            phase.push(1e3 * duration.as_secs_f64());
        }
        used += map.tokens_used;
    }
    let phases: serde_json::Map<_, _> =
        phases.iter_mut().map(|(phase, took)| ((*phase).to_owned(), json!(median(took)))).collect();
    let in_mode = |tasks: &[String], mode: RefreshMode| -> Result<f64> {
        let mut all = Vec::new();
        for task in tasks {
            let before = cpu()?;
            let map = mapper.map(&MapRequest::new(1_024).task(task.as_str()).refresh(mode))?;
            all.push(cpu()? - before);
            ensure!(!map.cache.map_hit, "a map was recalled: {task}");
        }
        Ok(median(&mut all))
    };
    let looked = in_mode(looking, RefreshMode::Stat)?;
    let trusted = in_mode(trusting, RefreshMode::Manual)?;
    drop(mapper);
    let directory = CacheDirectory::open(&config)?.context("no cache was written")?;
    let tables = directory.statistics().tables;
    let words = tables.iter().find(|table| table.table == "words").map_or(0, |table| table.bytes);
    let result = json!({
        "files": files,
        "tasks": by_default.len(),
        "tokens": used / by_default.len(),
        "first_cpu_ms": first,
        "cpu_ms": median(&mut all),
        "cpu_ms_with_look": looked,
        "cpu_ms_without_look": trusted,
        "worst_cpu_ms": all.last(),
        "query_ms": median(&mut query),
        "elapsed_ms": phases,
        "worst_query_ms": query.last(),
        "words_mb": words as f64 / 1e6,
    });
    println!("{result}");
    Ok(())
}

/// User and system time of this process so far, in milliseconds.
fn cpu() -> Result<f64> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    Ok((usage.user_time() + usage.system_time()).num_microseconds() as f64 / 1e3)
}

/// Sorts the figures and gives the middle one.
fn median(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// Tasks from the tree's documents.
fn tasks(arguments: &Arguments) -> Result<Vec<String>> {
    let mut documents = Vec::new();
    collect(&arguments.tree, &mut documents)?;
    documents.sort();
    ensure!(!documents.is_empty(), "{} has no documents to take tasks from", arguments.tree.display());
    let mut dice = Dice::new(arguments.seed);
    let mut tasks = Vec::new();
    // Some documents are shorter than a task.
    for _ in 0..300 * arguments.tasks {
        let bytes = fs::read(&documents[dice.below(documents.len())])?;
        let text = String::from_utf8_lossy(&bytes);
        let words: Vec<&str> =
            text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
        if words.len() > WORDS {
            let start = dice.below(words.len() - WORDS);
            tasks.push(words[start..start + WORDS].join(" "));
        }
        if tasks.len() == 3 * arguments.tasks {
            return Ok(tasks);
        }
    }
    anyhow::bail!("{} has too few documents to take tasks from", arguments.tree.display())
}

fn collect(folder: &Path, documents: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() {
            collect(&path, documents)?;
        } else if path.extension().is_some_and(|extension| DOCUMENTS.iter().any(|of| extension == *of))
            && entry.metadata()?.len() >= LEAST_BYTES
        {
            documents.push(path);
        }
    }
    Ok(())
}
