//! Replays commits against the product and prints how much of what they edit its maps show.
//!
//! ```text
//! cargo xtask quality --repo DIR [--repo DIR …]
//! ```
//!
//! `docs/quality.md` describes what is measured.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that reports")]

use std::collections::HashSet;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Parser;
use repo_map_benches::quality::{
    BUILT_IN, Case, Choice, Regime, Replay, Repository, Row, Sample, Sections, Tool, checked, choose,
    confidences, fitted, fitted_seeds, read_cases, read_issues, read_questions, samples, tables,
    with_sections,
};
use repo_map_cache::{CacheConfig, Weights};

#[derive(Parser)]
#[command(name = "cargo xtask quality", about = "Does a map show what the next commit edits?")]
struct Arguments {
    /// A git repository: a work tree or a bare one. It is only read.
    #[arg(long, required = true, value_name = "DIR")]
    repo: Vec<PathBuf>,
    /// So many drawn cases of a repository [default: 40, none beside those of `--cases-from`].
    #[arg(long, value_name = "N")]
    cases: Option<usize>,
    /// Take commits of so many years before the newest; more where they are too few.
    #[arg(long, default_value_t = 3.0)]
    years: f64,
    /// Which cases are drawn.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Replay the cases of these lists (JSON lines) that are of the repositories given; drawn ones besides if `--cases` is given.
    #[arg(long, value_name = "FILE")]
    cases_from: Vec<PathBuf>,
    /// Replay issues of this file (SWE-bench's fields, JSON lines or an array) that are of the repositories given, as tasks; no commits are drawn.
    #[arg(long, value_name = "FILE")]
    issues: Vec<PathBuf>,
    /// Ask the questions of this folder (semble's `repos.json` and `annotations/`) that are of the repositories given; no commits are drawn.
    #[arg(long, value_name = "DIR")]
    questions: Vec<PathBuf>,
    /// Token budgets [default: 1024 and 4096; 500, 1000, 2000 and 4096 of issues and questions].
    #[arg(long, value_name = "TOKENS")]
    budget: Vec<usize>,
    /// Regimes: open, cochg, chat, overview, uses, uses+message; all if not given.
    #[arg(long, value_parser = regime)]
    regime: Vec<Regime>,
    /// Tools: default, no-history, no-past-messages, aider-preset, bm25, co-change, same-directory, by-use; all if not given.
    #[arg(long, value_parser = tool)]
    tool: Vec<Tool>,
    /// Where trees are laid out and tags are kept.
    #[arg(long, default_value = "target/quality", value_name = "DIR")]
    scratch: PathBuf,
    /// Write one JSON object an answer.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Fit instead of replaying, and write the weights with what was fitted here: first what finds seeds and the first order of definitions, then by these
    /// all tables; beside it, for each repository, those that were fitted without it, to be replayed there with `--weights`.
    #[arg(long, value_name = "FILE")]
    fit: Option<PathBuf>,
    /// With `--fit`: leave out these repositories, one at a time; each of all if not given.
    #[arg(long, value_name = "NAME", requires = "fit")]
    leave_out: Vec<String>,
    /// Replay, or ask for what is fitted, with the weights of this file.
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// Ask how sure the product is instead, of each case and of something that is none, and write one JSON object each; needs two repositories.
    #[arg(long, value_name = "FILE")]
    confidence: Option<PathBuf>,
    /// A table for each repository too.
    #[arg(long)]
    by_repository: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    std::fs::create_dir_all(&arguments.scratch)?;
    let scratch = arguments.scratch.canonicalize()?;
    let mut out = arguments.out.as_ref().map(File::create).transpose().context("cannot write the rows")?;
    let lists = arguments.cases_from.iter().map(|file| read_cases(file)).collect::<Result<Vec<_>>>()?;
    let listed = lists.concat();
    let issues = arguments.issues.iter().map(|file| read_issues(file));
    let public = issues.chain(arguments.questions.iter().map(|folder| read_questions(folder)));
    let public = public.collect::<Result<Vec<_>>>()?.concat();
    let is_public = !arguments.issues.is_empty() || !arguments.questions.is_empty();
    let usual: &[usize] = if is_public { &[500, 1_000, 2_000, 4_096] } else { &[1_024, 4_096] };
    let given = arguments.weights.as_ref().map(std::fs::read_to_string).transpose();
    let given = given.context("cannot read the weights")?;
    let mut weights = Weights::default();
    weights.replace(given.as_deref().unwrap_or_default())?;
    let or_all = |given: &[Tool]| if given.is_empty() { Tool::ALL.to_vec() } else { given.to_vec() };
    let mut replay = Replay {
        budgets: if arguments.budget.is_empty() { usual.to_vec() } else { arguments.budget.clone() },
        regimes: match arguments.regime.is_empty() {
            true if is_public => vec![Regime::Open],
            true => Regime::ALL.to_vec(),
            false => arguments.regime.clone(),
        },
        tools: or_all(&arguments.tool),
        cache_dir: Some(scratch.join("cache")),
        weights,
        mentions: !is_public,
    };
    let mut subjects = Vec::new();
    for folder in &arguments.repo {
        let repository = Repository::open(folder, &scratch)?;
        let drawn = arguments.cases.unwrap_or(if listed.is_empty() && !is_public { 40 } else { 0 });
        let choice = Choice { cases: drawn, years: arguments.years, seed: arguments.seed };
        let own = listed.iter().filter(|case| case.repository == repository.name).cloned();
        let mut known = HashSet::new();
        let cases = own.chain(choose(&repository, &choice)?);
        let mut cases: Vec<Case> = cases.filter(|case| known.insert(case.commit.clone())).collect();
        cases.extend(of_public(&repository, &public)?);
        subjects.push((repository, cases));
    }
    if let Some(file) = &arguments.confidence {
        return ask_confidence(&subjects, file, &CacheConfig::at(scratch.join("cache")));
    }
    if let Some(file) = &arguments.fit {
        let cache = CacheConfig::at(scratch.join("cache"));
        let ask = |regimes: &[Regime], weights: &Weights| -> Result<Vec<Sample>> {
            let mut all = Vec::new();
            for (repository, cases) in &subjects {
                eprintln!("{} {}", repository.name, cases.len());
                all.extend(samples(repository, cases, regimes, &cache, weights)?);
            }
            Ok(all)
        };
        let seeds = fitted_seeds(&ask(&[Regime::Open, Regime::CoChange], &replay.weights)?);
        let text = with_sections(given.as_deref().unwrap_or(BUILT_IN), &seeds);
        replay.weights.replace(&text)?;
        let fitted =
            fitted(&ask(&replay.regimes, &replay.weights)?, &arguments.leave_out, |line| println!("{line}"));
        let write = |file: &Path, sections: &Sections| {
            std::fs::write(file, with_sections(&text, sections)).context("cannot write the weights")
        };
        write(file, &fitted.sections)?;
        for (repository, sections) in &fitted.left_out {
            write(&file.with_extension(format!("without-{repository}.toml")), sections)?;
        }
        return Ok(());
    }
    let mut rows: Vec<Row> = Vec::new();
    for (repository, cases) in &subjects {
        let mut done = 0;
        let new = replay.run(repository, cases, |new| {
            done += 1;
            eprint!("\r{} {done}/{}", repository.name, cases.len());
            if let Some(out) = &mut out {
                new.iter().for_each(|row| drop(writeln!(out, "{}", row.to_json())));
            }
        })?;
        eprintln!();
        if arguments.by_repository {
            println!("\n## {}\n{}", repository.name, tables(&new));
        }
        rows.extend(new);
    }
    println!("{}", tables(&rows));
    Ok(())
}

/// The public cases of a repository, with the labels that their trees have; of others it is told.
fn of_public(repository: &Repository, public: &[Case]) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for case in public.iter().filter(|case| case.repository == repository.name) {
        let (case, stale) = checked(repository, case)?;
        for label in stale {
            eprintln!("{} {}: {label} is not in the tree", case.repository, case.commit);
        }
        cases.extend(Some(case).filter(|case| !case.gold_files.is_empty()));
    }
    Ok(cases)
}

fn ask_confidence(subjects: &[(Repository, Vec<Case>)], file: &Path, cache: &CacheConfig) -> Result<()> {
    let mut out = File::create(file).context("cannot write the rows")?;
    for (repository, cases) in subjects {
        eprintln!("{} {}", repository.name, cases.len());
        let others = subjects.iter().filter(|(other, _)| other.name != repository.name);
        let strangers: Vec<String> =
            others.flat_map(|(_, cases)| cases.iter().map(|case| case.message.clone())).collect();
        for sure in confidences(repository, cases, &strangers, cache)? {
            writeln!(out, "{}", sure.to_json())?;
        }
    }
    Ok(())
}

fn regime(word: &str) -> Result<Regime, String> {
    Regime::ALL.into_iter().find(|regime| regime.as_str() == word).ok_or_else(|| "unknown regime".to_owned())
}

fn tool(word: &str) -> Result<Tool, String> {
    Tool::ALL.into_iter().find(|tool| tool.as_str() == word).ok_or_else(|| "unknown tool".to_owned())
}
