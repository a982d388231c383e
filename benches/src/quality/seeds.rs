//! The sections that all the others follow: what finds the seeds of a task, and the first order of a file's definitions.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::fit::{all_signals, spread};
use super::newton::{Problem, fit};
use super::samples::Sample;
use super::sections::{Sections, section};

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

/// Fits these sections. Chat files add nothing to seeds, so the requests of a task alone say what finds them;
/// places are those of all requests with a task.
pub fn fitted_seeds(samples: &[Sample]) -> Sections {
    let of_task: Vec<&Sample> = samples.iter().filter(|sample| sample.table == "task").collect();
    let alone: Vec<&Sample> = of_task.iter().copied().filter(|sample| sample.words_alone).collect();
    let kept = |all: Vec<&'static str>, wanted: &[&str]| -> Vec<&'static str> {
        all.into_iter().filter(|signal| wanted.contains(signal)).collect()
    };
    let seeds = kept(all_signals(alone.iter().map(|of| &of.file_signals)), &SEEDS);
    let of_files = |of: &&Sample| Problem {
        rows: spread(&seeds, &of.file_signals, of.files.iter().map(Vec::as_slice)),
        chosen: of.edited_files.clone(),
    };
    let files: Vec<Problem> = alone.par_iter().map(of_files).collect();
    let places = kept(all_signals(of_task.iter().map(|of| &of.definition_signals)), &PLACES);
    let definitions: Vec<Problem> =
        of_task.par_iter().flat_map_iter(|of| of_edited_files(of, &places)).collect();
    let fitted = [("seeds", seeds, &files), ("places", places.clone(), &definitions)];
    let text = |name: &str, signals: Vec<&str>, problems: &[Problem]| {
        section(name, &signals, &fit(problems, signals.len()))
    };
    let sections = fitted.into_iter().filter(|(_, signals, _)| !signals.is_empty());
    sections.map(|(name, signals, problems)| (name.to_owned(), text(name, signals, problems))).collect()
}

/// One choice for each edited file: which of its definitions were edited.
fn of_edited_files(sample: &Sample, signals: &[&str]) -> impl Iterator<Item = Problem> {
    let mut problems: BTreeMap<usize, Problem> =
        sample.edited_files.iter().map(|&file| (file, Problem::default())).collect();
    let values = sample.definitions.iter().map(|(_, row)| row.as_slice());
    let rows = spread(signals, &sample.definition_signals, values);
    for (at, ((file, _), row)) in sample.definitions.iter().zip(rows).enumerate() {
        let Some(problem) = problems.get_mut(file) else { continue };
        if sample.edited_definitions.binary_search(&at).is_ok() {
            problem.chosen.push(problem.rows.len());
        }
        problem.rows.push(row);
    }
    problems.into_values()
}
