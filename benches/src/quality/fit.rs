//! Fits the weights of the ranking to commits: what each signal was worth for the files and definitions that they edit.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result};
use rayon::prelude::*;
use repo_map_cache::{CacheConfig, Explanation, MapRequest, RepoMapper};
use tiktoken_rs::CoreBPE;

use super::newton::{Problem, Pull, Spread, fit, mean_log_share};
use super::tune::{Start, Weights, tune};
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
    /// Where pages with a task are to show more, the pull back to the weights as they were fitted: what a unit of their mean loss costs.
    tuned: Option<f64>,
}

const TASK: Plan = Plan {
    section: "task",
    regime: Regime::Open,
    words: true,
    pull: (0.05, 0.05),
    towards: None,
    tuned: Some(0.2),
};
const TASK_AND_CHAT: Plan = Plan {
    section: "task+chat",
    regime: Regime::CoChange,
    words: true,
    pull: (0.6, 0.6),
    towards: Some(&TASK),
    tuned: Some(1.0),
};
const CHAT: Plan = Plan {
    section: "chat",
    regime: Regime::Chat,
    words: false,
    pull: (0.15, 0.15),
    towards: None,
    tuned: None,
};
const OVERVIEW: Plan = Plan {
    section: "overview",
    regime: Regime::Open,
    words: false,
    pull: (0.05, 0.05),
    towards: None,
    tuned: None,
};
const PLANS: [Plan; 4] = [TASK, TASK_AND_CHAT, CHAT, OVERVIEW];

/// What the git log says.
const LOG: &[&str] = repo_map_history::HistorySignals::NAMES;
/// Which kinds of files commits edit says nothing of those that cases leave out: the search would move these only by accident.
const HELD: [&str; 6] = ["test", "example", "docs", "vendored", "generated", "no_language"];
/// Definitions are taken of so many of the best files, and of others those that are edited, whose lines are taken to cost the mean.
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
            let asked = mappers.par_iter().map(|(log, mapper)| {
                let explanation = mapper.explain(&request, &[]).with_context(|| case.commit.clone())?;
                let mut sample = sample(case, (plan, *log), chat, &explanation, &edited);
                if plan.tuned.is_some() {
                    sample.count(&explanation, chat, repository.tree(), &tokens);
                }
                Ok(sample)
            });
            samples.extend(asked.collect::<Result<Vec<_>>>()?);
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
            let is_edited = edited.contains(&(file.path.as_str(), definition.line as usize));
            if is_edited {
                sample.edited_definitions.push(sample.definitions.len());
            }
            if is_edited || at < COUNTED {
                sample.definitions.push((at, definition.values.clone()));
                sample.lines.push((definition.line, TYPICAL_LINE));
            }
        }
    }
    sample
}

impl Sample {
    /// Counts the tokens of what a page may show.
    fn count(&mut self, explanation: &Explanation, chat: Option<&str>, tree: &Path, tokens: &CoreBPE) {
        let count = |line: &str| tokens.encode_ordinary(line).len() as f32;
        let mut costs = self.lines.iter_mut().zip(&self.definitions).peekable();
        let files = explanation.files.iter().filter(|file| Some(file.path.as_str()) != chat);
        for (at, file) in files.enumerate() {
            self.headers.push(count(&format!("{}:\n", file.path.as_str())));
            if at >= COUNTED {
                continue;
            }
            let source = std::fs::read(tree.join(file.path.as_str())).unwrap_or_default();
            let source = String::from_utf8_lossy(&source);
            let lines: Vec<&str> = source.lines().collect();
            while let Some(((line, cost), _)) = costs.next_if(|(_, (of, _))| *of == at) {
                if let Some(text) = lines.get(*line as usize) {
                    *cost = count(&format!("│{}\n", text.chars().take(WIDTH).collect::<String>()));
                }
            }
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
}

/// Fits all sections, and again without each of the repositories that `leave_out` names, or without each of all if it names none. `done` hears of each
/// section the mean logarithm of the share that edited files and definitions have: fitted, and with each repository judged by weights that were
/// fitted to the others.
pub fn fitted(samples: &[Sample], leave_out: &[String], mut done: impl FnMut(&str)) -> Fitted {
    let mut fitted = Fitted::default();
    let all: Vec<&Sample> = samples.iter().collect();
    let mut repositories: BTreeSet<&str> = samples.iter().map(|sample| sample.repository.as_str()).collect();
    repositories.retain(|name| leave_out.is_empty() || leave_out.iter().any(|out| out == name));
    for plan in &PLANS {
        for log in [false, true] {
            let of_plan = plan.samples(log, &all);
            let Some(first) = of_plan.first() else { continue };
            let fit = |samples: &[&Sample]| {
                let start = fit_plan(plan, log, samples)?;
                Some(match plan.tuned {
                    Some(pull) => tune(&plan.samples(log, samples), &start, pull),
                    None => start.weights,
                })
            };
            let Some(weights) = fit(&all) else { continue };
            let judged = judge(plan, &weights, &of_plan);
            let section = format!("{}{}", plan.section, if log { "+log" } else { "" });
            let print = |weights: &Weights| {
                lines(&format!("{section} files"), &first.file_signals, &weights.0)
                    + &lines(&format!("{section} definitions"), &first.definition_signals, &weights.1)
            };
            let mut left_out = Vec::new();
            for name in &repositories {
                let (own, others): (Vec<&Sample>, Vec<&Sample>) =
                    all.iter().partition(|sample| sample.repository == *name);
                let own = plan.samples(log, &own);
                if own.is_empty() {
                    continue;
                }
                if let Some(weights) = fit(&others) {
                    left_out.push(judge(plan, &weights, &own));
                    *fitted.left_out.entry((*name).to_owned()).or_default() += &print(&weights);
                }
            }
            let of = |(files, definitions)| format!("files {files:.3}, definitions {definitions:.3}");
            let mut line = format!("{section}: {} cases, {}", of_plan.len(), of(judged));
            if !left_out.is_empty() {
                let count = left_out.len() as f64;
                let mean = |of: fn(&(f64, f64)) -> f64| left_out.iter().map(of).sum::<f64>() / count;
                line += &format!("; left out: {}", of((mean(|judged| judged.0), mean(|judged| judged.1))));
            }
            done(&line);
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
fn fit_plan(plan: &Plan, log: bool, all: &[&Sample]) -> Option<Start> {
    let samples = plan.samples(log, all);
    let first = *samples.first()?;
    let other = plan
        .towards
        .and_then(|other| Some((*other.samples(log, all).first()?, fit_plan(other, log, all)?.weights)));
    let files: Vec<Problem> = samples.par_iter().map(|sample| file_problem(sample)).collect();
    let known = other.as_ref().map(|(sample, weights)| (&sample.file_signals[..], &weights.0[..]));
    let near = carried(&first.file_signals, known);
    let pull = Pull { strength: plan.pull.0, towards: &near };
    let file_weights = fit(&files, pull);
    let held = |signals: &[&str]| signals.iter().map(|signal| HELD.contains(signal)).collect::<Vec<bool>>();
    let file_spread = Spread::new(&files, &file_weights, pull, &held(&first.file_signals));
    let definitions: Vec<Problem> =
        samples.par_iter().map(|sample| definition_problem(plan, sample, &file_weights)).collect();
    let known = other.as_ref().map(|(sample, weights)| (&sample.definition_signals[..], &weights.1[..]));
    let near = carried(&first.definition_signals, known);
    let pull = Pull { strength: plan.pull.1, towards: &near };
    let definition_weights = fit(&definitions, pull);
    let held = held(&first.definition_signals);
    let spread = (file_spread, Spread::new(&definitions, &definition_weights, pull, &held));
    Some(Start { weights: (file_weights, definition_weights), spread })
}

/// Known weights in the order of a plan's own signals; 0 for those without.
fn carried(own: &[&str], known: Option<(&[&'static str], &[f64])>) -> Vec<f64> {
    let (signals, weights) = known.unwrap_or_default();
    let weight = |signal: &&str| signals.iter().zip(weights).find(|(known, _)| *known == signal);
    own.iter().map(|signal| weight(signal).map_or(0.0, |(_, weight)| *weight)).collect()
}

fn judge(plan: &Plan, weights: &Weights, samples: &[&Sample]) -> (f64, f64) {
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
