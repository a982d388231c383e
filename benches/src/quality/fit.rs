//! Fits the weights of the ranking to commits: what each signal was worth for the files and definitions that they edit.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::Regime;
use super::newton::{Problem, Pull, Spread, fit, mean_log_share};
use super::samples::Sample;
use super::sections::{Sections, section};
use super::tune::{Figures, Found, Start, pages, tune};

/// A regime's weights: those of requests with the git log or without.
pub(super) struct Plan {
    pub(super) section: &'static str,
    pub(super) regime: Regime,
    /// Whether the words of the task may be used.
    pub(super) words: bool,
    /// The pull on the weights of files and on those of definitions: stronger where there are fewer cases.
    pull: (f64, f64),
    /// Towards the weights of which other plan the pull goes; towards 0 without one.
    towards: Option<&'static Plan>,
    /// Where pages with a task are to show more, the pull back to the weights as they were fitted: what a unit of their loss costs, in pages.
    pub(super) tuned: Option<f64>,
    /// Whether they are to show more of listed cases alone; of all where the list has too few of the kind.
    of_list: bool,
}

const TASK: Plan = Plan {
    section: "task",
    regime: Regime::Open,
    words: true,
    pull: (0.05, 0.05),
    towards: None,
    tuned: Some(0.05),
    of_list: true,
};
const TASK_AND_CHAT: Plan = Plan {
    section: "task+chat",
    regime: Regime::CoChange,
    words: true,
    pull: (0.6, 0.6),
    towards: Some(&TASK),
    tuned: Some(1.0),
    of_list: false,
};
const CHAT: Plan = Plan {
    section: "chat",
    regime: Regime::Chat,
    words: false,
    pull: (0.15, 0.15),
    towards: None,
    tuned: None,
    of_list: false,
};
const OVERVIEW: Plan = Plan {
    section: "overview",
    regime: Regime::Open,
    words: false,
    pull: (0.05, 0.05),
    towards: None,
    tuned: None,
    of_list: false,
};
pub(super) const PLANS: [Plan; 4] = [TASK, TASK_AND_CHAT, CHAT, OVERVIEW];

/// What the git log says.
const LOG: &[&str] = repo_map_history::HistorySignals::NAMES;
/// Which kinds of files commits edit says nothing of those that cases leave out: the search would move these only by accident.
const HELD: [&str; 7] = ["test", "example", "docs", "vendored", "generated", "config", "no_language"];
/// Definitions of a case beyond so many of the likeliest files' say nothing to the fit.
const DEFINITIONS: usize = 2_000;

/// What was fitted.
#[derive(Default)]
pub struct Fitted {
    /// Those of all occasions.
    pub sections: Sections,
    /// The same as they were fitted without each repository, to be replayed on it.
    pub left_out: BTreeMap<String, Sections>,
}

/// Fits the sections of all occasions, and again without each of the repositories that `leave_out` names, or without each of all if it names none. `done` hears of each
/// section the mean logarithm of the share that edited files and definitions have, and of those with a task what simulated pages show of the
/// cases of a list, or of all where there is none: fitted, and with each repository judged by weights that were fitted to the others.
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
                    Some(pull) => tune(&plan.to_tune(log, samples), &start, pull),
                    None => start.weights,
                })
            };
            let Some(weights) = fit(&all) else { continue };
            let name = format!("{}{}", plan.section, if log { "+log" } else { "" });
            let print = |weights: &Found, into: &mut Sections| {
                let mut print = |what: &str, signals: &[&str], weights: &[f64]| {
                    let name = format!("{name} {what}");
                    into.insert(name.clone(), section(&name, signals, weights));
                };
                print("files", &first.file_signals, &weights.0);
                print("definitions", &first.definition_signals, &weights.1);
            };
            let mut own_judged = Vec::new();
            let mut left_out = Vec::new();
            for name in &repositories {
                let (own, others): (Vec<&Sample>, Vec<&Sample>) =
                    all.iter().partition(|sample| sample.repository == *name);
                let own = plan.samples(log, &own);
                if own.is_empty() {
                    continue;
                }
                own_judged.push(judge(plan, &weights, &own));
                if let Some(weights) = fit(&others) {
                    left_out.push(judge(plan, &weights, &own));
                    print(&weights, fitted.left_out.entry((*name).to_owned()).or_default());
                }
            }
            let mut line = format!("{name}: {} cases", of_plan.len());
            for (what, judged) in [("fitted", own_judged), ("left out", left_out)] {
                if !judged.is_empty() {
                    line += &format!("\n  {what}: {}", summary(plan, &judged));
                }
            }
            done(&line);
            print(&weights, &mut fitted.sections);
        }
    }
    fitted
}

/// The samples by which pages are judged: those of listed cases, or all where none is of a list.
fn to_judge<'s>(samples: &[&'s Sample]) -> Vec<&'s Sample> {
    let listed: Vec<&Sample> = samples.iter().copied().filter(|sample| sample.listed).collect();
    if listed.is_empty() { samples.to_vec() } else { listed }
}

/// What weights are worth for one repository: mean logarithms of shares (files, definitions), and what pages show (files, definitions, rank): of
/// all cases, of those whose message names no edited file, and of all with more tokens.
struct Judged {
    shares: [f64; 2],
    pages: [[f64; 3]; PAGES.len()],
}

/// A name, the tokens of the page, and whether messages may name what is edited.
const PAGES: [(&str, f64, bool); 3] = [
    ("1,024 tokens", 1024.0, true),
    ("1,024 tokens, no edited path or stem", 1024.0, false),
    ("4,096 tokens", 4096.0, true),
];

/// Means over the repositories; one without such cases does not count.
fn summary(plan: &Plan, judged: &[Judged]) -> String {
    let mean = |value: &dyn Fn(&Judged) -> f64| {
        let known: Vec<f64> = judged.iter().map(value).filter(|value| !value.is_nan()).collect();
        known.iter().sum::<f64>() / known.len() as f64
    };
    let mut text =
        format!("logarithms of shares {:.3}, {:.3}", mean(&|of| of.shares[0]), mean(&|of| of.shares[1]));
    for (at, (name, ..)) in PAGES.iter().enumerate().filter(|_| plan.tuned.is_some()) {
        let [files, definitions, rank] = [0, 1, 2].map(|figure| mean(&|of| of.pages[at][figure]));
        text += &format!("\n    {name}: {files:.3} of files, {definitions:.3} of definitions, MRR {rank:.3}");
    }
    text
}

impl Plan {
    fn samples<'s>(&self, log: bool, all: &[&'s Sample]) -> Vec<&'s Sample> {
        all.iter().copied().filter(|sample| sample.section == self.section && sample.log == log).collect()
    }

    /// Those whose pages are to show more.
    fn to_tune<'s>(&self, log: bool, all: &[&'s Sample]) -> Vec<&'s Sample> {
        let samples = self.samples(log, all);
        if self.of_list { to_judge(&samples) } else { samples }
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

fn judge(plan: &Plan, weights: &Found, samples: &[&Sample]) -> Judged {
    let files: Vec<Problem> = samples.iter().map(|sample| file_problem(sample)).collect();
    let definitions: Vec<Problem> =
        samples.iter().map(|sample| definition_problem(plan, sample, &weights.0)).collect();
    let shares = [mean_log_share(&files, &weights.0), mean_log_share(&definitions, &weights.1)];
    if plan.tuned.is_none() {
        return Judged { shares, pages: [[f64::NAN; 3]; PAGES.len()] };
    }
    let judged = to_judge(samples);
    let page = |sample: &&Sample| (sample.names_edited, pages(sample, weights, PAGES.map(|page| page.1)));
    let shown: Vec<(bool, [Figures; PAGES.len()])> = judged.par_iter().map(page).collect();
    let pages = std::array::from_fn(|at| {
        let of_page = shown.iter().filter(|(named, _)| PAGES[at].2 || !named).map(|(_, pages)| &pages[at]);
        let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
        [
            mean(of_page.clone().map(|of| of.files).collect()),
            mean(of_page.clone().filter_map(|of| of.definitions).collect()),
            mean(of_page.map(|of| of.rank).collect()),
        ]
    });
    Judged { shares, pages }
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
