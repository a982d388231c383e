//! The sections that all the others follow: what finds the seeds of a task, and the first order of a file's definitions.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::newton::{Problem, Pull, fit};
use super::samples::Sample;
use super::sections::{self, Sections};

/// What is known of a file before any reference is followed.
const SEEDS: [&str; 21] = [
    "content",
    "path",
    "scope",
    "names",
    "signatures",
    "prose",
    "body",
    "defines",
    "mentioned",
    "churn",
    "churn_long",
    "past_messages",
    "size",
    "no_language",
    "test",
    "example",
    "docs",
    "vendored",
    "generated",
    "config",
    "main_language",
];

/// What is known of a definition apart from its file.
const PLACES: [&str; 15] = [
    "body",
    "coverage",
    "distinctive",
    "qualified",
    "exact",
    "churn",
    "past_messages",
    "lines",
    "type",
    "method",
    "data",
    "declaration",
    "test",
    "used",
    "used_by_chat",
];

const PULL: f64 = 0.05;

/// Fits these sections. Chat files add nothing to seeds, so the requests of a task alone say what finds them;
/// places are those of all requests with a task.
pub fn fitted_seeds(samples: &[Sample]) -> Sections {
    let mut sections = Sections::new();
    for (name, log) in [("seeds", false), ("seeds+log", true)] {
        let of_task = samples.iter().filter(|sample| sample.section == "task" && sample.log == log);
        let of_task: Vec<&Sample> = of_task.collect();
        let Some(first) = of_task.first() else { continue };
        let kept = kept(&first.file_signals, &SEEDS);
        let problem = |sample: &&Sample| Problem {
            rows: sample.files.iter().map(|row| row_of(row, &kept)).collect(),
            chosen: sample.edited_files.clone(),
        };
        let problems: Vec<Problem> = of_task.par_iter().map(problem).collect();
        sections.insert(name.to_owned(), section(name, &first.file_signals, &kept, &problems));
    }
    let of_task: Vec<&Sample> =
        samples.iter().filter(|sample| sample.section.starts_with("task") && sample.log).collect();
    // Requests of the two kinds have the same signals of definitions.
    if let Some(first) = of_task.first() {
        let kept = kept(&first.definition_signals, &PLACES);
        let problems: Vec<Problem> =
            of_task.par_iter().flat_map_iter(|sample| of_edited_files(sample, &kept)).collect();
        sections.insert("places".to_owned(), section("places", &first.definition_signals, &kept, &problems));
    }
    sections
}

/// One choice for each edited file: which of its definitions were edited.
fn of_edited_files(sample: &Sample, kept: &[usize]) -> impl Iterator<Item = Problem> {
    let mut problems: BTreeMap<usize, Problem> =
        sample.edited_files.iter().map(|&file| (file, Problem::default())).collect();
    for (at, (file, row)) in sample.definitions.iter().enumerate() {
        let Some(problem) = problems.get_mut(file) else { continue };
        if sample.edited_definitions.binary_search(&at).is_ok() {
            problem.chosen.push(problem.rows.len());
        }
        problem.rows.push(row_of(row, kept));
    }
    problems.into_values()
}

fn kept(signals: &[&str], wanted: &[&str]) -> Vec<usize> {
    (0..signals.len()).filter(|&at| wanted.contains(&signals[at])).collect()
}

fn row_of(row: &[f32], kept: &[usize]) -> Vec<f64> {
    kept.iter().map(|&at| f64::from(row[at])).collect()
}

fn section(name: &str, signals: &[&str], kept: &[usize], problems: &[Problem]) -> String {
    let weights = fit(problems, Pull { strength: PULL, towards: &vec![0.0; kept.len()] });
    let signals: Vec<&str> = kept.iter().map(|&at| signals[at]).collect();
    sections::section(name, &signals, &weights)
}
