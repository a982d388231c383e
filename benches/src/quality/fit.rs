//! Fits the weights of the ranking to commits: what each signal was worth for the files and definitions that they edit.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result};
use repo_map_cache::{CacheConfig, Explanation, MapRequest, RepoMapper};
use tiktoken_rs::CoreBPE;

use super::newton::{Problem, Pull, fit, mean_log_share};
use super::tune::tune;
use super::{Case, Regime, Repository, definitions, mentions};

/// What was known of one case to requests of one section, and what the commit edits.
pub struct Sample {
    pub(super) repository: String,
    section: &'static str,
    pub(super) log: bool,
    file_signals: Vec<&'static str>,
    definition_signals: Vec<&'static str>,
    pub(super) files: Vec<Vec<f32>>,
    pub(super) edited_files: Vec<usize>,
    /// The file of each definition, and its signals.
    pub(super) definitions: Vec<(usize, Vec<f32>)>,
    pub(super) edited_definitions: Vec<usize>,
    /// What the line of each file costs on a page.
    pub(super) headers: Vec<f32>,
    /// The line of each definition, and what it costs.
    pub(super) lines: Vec<(u32, f32)>,
}

/// A regime's weights: those of requests with the git log or without.
struct Plan {
    section: &'static str,
    regime: Regime,
    /// Whether the words of the task may be used.
    words: bool,
    /// The pull on the weights of files and on those of definitions: stronger where there are fewer cases.
    pull: (f64, f64),
    /// Towards the weights of which other plan the pull goes; towards 0 without one.
    towards: Option<&'static Plan>,
    /// Whether there are cases enough to move the weights to where pages show more.
    tuned: bool,
}

const TASK: Plan = Plan {
    section: "task",
    regime: Regime::Open,
    words: true,
    pull: (0.05, 0.05),
    towards: None,
    tuned: true,
};
const TASK_AND_CHAT: Plan = Plan {
    section: "task+chat",
    regime: Regime::CoChange,
    words: true,
    pull: (0.6, 0.6),
    towards: Some(&TASK),
    tuned: false,
};
const CHAT: Plan = Plan {
    section: "chat",
    regime: Regime::Chat,
    words: false,
    pull: (0.15, 0.15),
    towards: None,
    tuned: false,
};
const OVERVIEW: Plan = Plan {
    section: "overview",
    regime: Regime::Open,
    words: false,
    pull: (0.05, 0.05),
    towards: None,
    tuned: false,
};
const PLANS: [Plan; 4] = [TASK, TASK_AND_CHAT, CHAT, OVERVIEW];

/// What the git log says.
const LOG: &[&str] = repo_map_history::HistorySignals::NAMES;
/// Lines are counted in so many of the best files; in others they are taken to cost the mean.
const COUNTED: usize = 400;
const TYPICAL_LINE: f32 = 12.0;
/// Columns of a line that a page shows, without the bar.
const WIDTH: usize = 99;
/// Definitions of a case beyond so many of the likeliest files' say nothing to the fit.
const DEFINITIONS: usize = 2_000;

/// Collects what the product knows of each case, for each section by a request of its kind: some signals follow from others,
/// so what the log or the words gave cannot be taken out afterwards.
///
/// # Errors
/// When a tree cannot be laid out, or the product fails.
pub fn samples(
    repository: &Repository,
    cases: &[Case],
    regimes: &[Regime],
    cache: &CacheConfig,
) -> Result<Vec<Sample>> {
    let mapper = |log| RepoMapper::builder(repository.tree()).cache(cache.clone()).history(log).build();
    let mappers = [(false, mapper(false)?), (true, mapper(true)?)];
    let tokens = tiktoken_rs::cl100k_base()?;
    let mut samples = Vec::new();
    for case in cases {
        repository.lay_out(&case.parent)?;
        let files = repository.files()?;
        let edited = match &case.gold_definitions {
            Some(definitions) => definitions.clone(),
            None => definitions::edited(repository, case)?,
        };
        for plan in PLANS.iter().filter(|plan| regimes.contains(&plan.regime)) {
            let chat = if plan.regime == Regime::Open { None } else { case.chat_file() };
            if plan.regime != Regime::Open && chat.is_none() {
                continue;
            }
            let message = if plan.words { case.message.as_str() } else { "" };
            let mentioned = mentions::files(message, files.iter().map(|(path, _)| path.as_str()), chat);
            let request = MapRequest::new(64).task(message).mentioned_files(mentioned).chat_files(chat);
            for (log, mapper) in &mappers {
                let explanation = mapper.explain(&request, &[]).with_context(|| case.commit.clone())?;
                let mut sample = sample(case, (plan, *log), chat, &explanation, &edited);
                if plan.tuned {
                    sample.count(&explanation, chat, repository.tree(), &tokens);
                }
                samples.push(sample);
            }
        }
    }
    Ok(samples)
}

fn sample(
    case: &Case,
    (plan, log): (&Plan, bool),
    chat: Option<&str>,
    explanation: &Explanation,
    edited: &[(String, usize)],
) -> Sample {
    let names =
        |signals: &[repo_map_cache::WeighedSignal]| signals.iter().map(|signal| signal.name).collect();
    let edited: BTreeSet<(&str, usize)> = edited.iter().map(|(path, row)| (path.as_str(), *row)).collect();
    let mut sample = Sample {
        repository: case.repository.clone(),
        section: plan.section,
        log,
        file_signals: names(&explanation.file_signals),
        definition_signals: names(&explanation.definition_signals),
        files: Vec::new(),
        edited_files: Vec::new(),
        definitions: Vec::new(),
        edited_definitions: Vec::new(),
        headers: Vec::new(),
        lines: Vec::new(),
    };
    for file in explanation.files.iter().filter(|file| Some(file.path.as_str()) != chat) {
        let at = sample.files.len();
        if case.gold_files.iter().any(|gold| gold == file.path.as_str()) {
            sample.edited_files.push(at);
        }
        sample.files.push(file.values.clone());
        for definition in &file.definitions {
            if edited.contains(&(file.path.as_str(), definition.line as usize)) {
                sample.edited_definitions.push(sample.definitions.len());
            }
            sample.definitions.push((at, definition.values.clone()));
        }
    }
    sample
}

impl Sample {
    /// Counts the tokens of what a page may show.
    fn count(&mut self, explanation: &Explanation, chat: Option<&str>, tree: &Path, tokens: &CoreBPE) {
        let count = |line: &str| tokens.encode_ordinary(line).len() as f32;
        for file in explanation.files.iter().filter(|file| Some(file.path.as_str()) != chat) {
            let source = (self.headers.len() < COUNTED)
                .then(|| std::fs::read(tree.join(file.path.as_str())).unwrap_or_default());
            let source = source.as_deref().map(String::from_utf8_lossy);
            let lines: Option<Vec<&str>> = source.as_ref().map(|source| source.lines().collect());
            self.headers.push(count(&format!("{}:\n", file.path.as_str())));
            self.lines.extend(file.definitions.iter().map(|definition| {
                let line = lines.as_ref().and_then(|lines| lines.get(definition.line as usize));
                let row = line.map(|line| format!("│{}\n", line.chars().take(WIDTH).collect::<String>()));
                (definition.line, row.map_or(TYPICAL_LINE, |row| count(&row)))
            }));
        }
    }
}

/// What was fitted.
#[derive(Default)]
pub struct Fitted {
    /// All sections.
    pub text: String,
    /// The sections as they were fitted without each repository, to be replayed on it.
    pub left_out: BTreeMap<String, String>,
    /// A line a section with the mean logarithm of the share that edited files and definitions have: fitted, and with each
    /// repository judged by weights that were fitted to the others.
    pub report: Vec<String>,
}

/// Fits all sections.
pub fn fitted(samples: &[Sample]) -> Fitted {
    let mut fitted = Fitted::default();
    let all: Vec<&Sample> = samples.iter().collect();
    let repositories: BTreeSet<&str> = samples.iter().map(|sample| sample.repository.as_str()).collect();
    for plan in &PLANS {
        for log in [false, true] {
            let of_plan = plan.samples(log, &all);
            let Some(first) = of_plan.first() else { continue };
            let fit = |samples: &[&Sample]| {
                let weights = fit_plan(plan, log, samples);
                if plan.tuned { tune(&plan.samples(log, samples), &weights) } else { weights }
            };
            let weights = fit(&all);
            let judged = judge(plan, &weights, &of_plan);
            let section = format!("{}{}", plan.section, if log { "+log" } else { "" });
            let print = |weights: &(Vec<f64>, Vec<f64>)| {
                lines(&format!("{section} files"), &first.file_signals, &weights.0)
                    + &lines(&format!("{section} definitions"), &first.definition_signals, &weights.1)
            };
            let mut left_out = Vec::new();
            for name in &repositories {
                let (own, others): (Vec<&Sample>, Vec<&Sample>) =
                    all.iter().partition(|sample| sample.repository == *name);
                let own = plan.samples(log, &own);
                if !own.is_empty() && own.len() < of_plan.len() {
                    let weights = fit(&others);
                    left_out.push(judge(plan, &weights, &own));
                    *fitted.left_out.entry((*name).to_owned()).or_default() += &print(&weights);
                }
            }
            let mean =
                |of: fn(&(f64, f64)) -> f64| left_out.iter().map(of).sum::<f64>() / left_out.len() as f64;
            fitted.report.push(format!(
                "{section}: {} cases, files {:.3}, definitions {:.3}; left out: files {:.3}, definitions {:.3}",
                of_plan.len(),
                judged.0,
                judged.1,
                mean(|(files, _)| *files),
                mean(|(_, definitions)| *definitions),
            ));
            fitted.text += &print(&weights);
        }
    }
    fitted
}

/// The built-in weights: what stands before the fitted sections is kept when they are fitted anew.
const BUILT_IN: &str = include_str!("../../../crates/ranking/weights.toml");

/// The built-in remarks and shared sections, then the fitted ones.
pub fn with_shared_sections(fitted: &str) -> String {
    let shared = BUILT_IN.split("[task files]").next().unwrap_or_default();
    format!("{shared}{}", fitted.trim_end()) + "\n"
}

fn lines(section: &str, signals: &[&str], weights: &[f64]) -> String {
    let mut text = format!("[{section}]\n");
    for (signal, weight) in signals.iter().zip(weights).filter(|(_, weight)| weight.abs() >= 0.000_5) {
        text += &format!("{signal} = {weight:.3}\n");
    }
    text + "\n"
}

impl Plan {
    fn samples<'s>(&self, log: bool, all: &[&'s Sample]) -> Vec<&'s Sample> {
        all.iter().copied().filter(|sample| sample.section == self.section && sample.log == log).collect()
    }
}

/// The weights of files and of definitions, fitted to those of the samples that are of the plan's requests.
fn fit_plan(plan: &Plan, log: bool, all: &[&Sample]) -> (Vec<f64>, Vec<f64>) {
    let samples = plan.samples(log, all);
    let Some(first) = samples.first() else { return Default::default() };
    let other =
        plan.towards.and_then(|other| Some((*other.samples(log, all).first()?, fit_plan(other, log, all))));
    let files: Vec<Problem> = samples.iter().map(|sample| file_problem(sample)).collect();
    let known = other.as_ref().map(|(sample, weights)| (&sample.file_signals[..], &weights.0[..]));
    let near = carried(&first.file_signals, known);
    let file_weights = fit(&files, Pull { strength: plan.pull.0, towards: &near });
    let definitions: Vec<Problem> =
        samples.iter().map(|sample| definition_problem(plan, sample, &file_weights)).collect();
    let known = other.as_ref().map(|(sample, weights)| (&sample.definition_signals[..], &weights.1[..]));
    let near = carried(&first.definition_signals, known);
    let definition_weights = fit(&definitions, Pull { strength: plan.pull.1, towards: &near });
    (file_weights, definition_weights)
}

/// Known weights in the order of a plan's own signals; 0 for those without.
fn carried(own: &[&str], known: Option<(&[&'static str], &[f64])>) -> Vec<f64> {
    let (signals, weights) = known.unwrap_or_default();
    let weight = |signal: &&str| signals.iter().zip(weights).find(|(known, _)| *known == signal);
    own.iter().map(|signal| weight(signal).map_or(0.0, |(_, weight)| *weight)).collect()
}

fn judge(plan: &Plan, weights: &(Vec<f64>, Vec<f64>), samples: &[&Sample]) -> (f64, f64) {
    let files: Vec<Problem> = samples.iter().map(|sample| file_problem(sample)).collect();
    let definitions: Vec<Problem> =
        samples.iter().map(|sample| definition_problem(plan, sample, &weights.0)).collect();
    (mean_log_share(&files, &weights.0), mean_log_share(&definitions, &weights.1))
}

fn file_problem(sample: &Sample) -> Problem {
    let rows = sample.files.iter().map(|row| row.iter().copied().map(f64::from).collect()).collect();
    Problem { rows, chosen: sample.edited_files.clone() }
}

/// The signal `file` follows the weights of files: it is computed anew.
fn definition_problem(plan: &Plan, sample: &Sample, file_weights: &[f64]) -> Problem {
    let shares = file_problem(sample).log_shares(file_weights);
    // What the log touched in definitions says nothing of companions, and is followed all the same where cases are few.
    let is_out = |signal: &&str| plan.regime == Regime::Chat && LOG.contains(signal);
    let out: Vec<bool> = sample.definition_signals.iter().map(is_out).collect();
    let mut order: Vec<usize> = (0..sample.definitions.len()).collect();
    let share = |definition: &usize| shares[sample.definitions[*definition].0];
    order.sort_by(|a, b| share(b).total_cmp(&share(a)));
    let likely = order.iter().take(DEFINITIONS);
    let kept: BTreeSet<usize> = likely.chain(&sample.edited_definitions).copied().collect();
    let mut problem = Problem::default();
    for definition in kept {
        let mut row = masked(&sample.definitions[definition].1, &out);
        if let Some(file) = row.first_mut() {
            *file = share(&definition).max(-20.0) / 10.0;
        }
        if sample.edited_definitions.binary_search(&definition).is_ok() {
            problem.chosen.push(problem.rows.len());
        }
        problem.rows.push(row);
    }
    problem
}

fn masked(row: &[f32], out: &[bool]) -> Vec<f64> {
    row.iter().zip(out).map(|(value, out)| if *out { 0.0 } else { f64::from(*value) }).collect()
}
