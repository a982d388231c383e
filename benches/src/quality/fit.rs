//! Fits the weights of the ranking: what each signal was worth for the files and definitions that commits edit, and for those that people name.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::newton::{Problem, fit, mean_log_share};
use super::samples::{Sample, TABLES};
use super::sections::{Sections, section};

/// Definitions of a case beyond so many of the likeliest files' say nothing to the fit.
const DEFINITIONS: usize = 2_000;

/// What was fitted.
#[derive(Default)]
pub struct Fitted {
    /// Those of all tables.
    pub sections: Sections,
    /// The same as they were fitted without each repository, to be replayed on it.
    pub left_out: BTreeMap<String, Sections>,
}

/// The signals of files and of definitions, and the weights of both.
struct Table {
    signals: [Vec<&'static str>; 2],
    weights: [Vec<f64>; 2],
}

/// Fits every table, and again without each of the repositories that `leave_out` names, or without each of all if it names none. `done` hears of
/// each the mean logarithms of the shares that the sought files and definitions have: fitted, and with each repository judged by weights that
/// were fitted to the others.
pub fn fitted(samples: &[Sample], leave_out: &[String], mut done: impl FnMut(&str)) -> Fitted {
    let mut fitted = Fitted::default();
    for name in TABLES {
        let all: Vec<&Sample> = samples.iter().filter(|sample| sample.table == name).collect();
        let Some(table) = Table::fitted(&all) else { continue };
        table.print(name, &mut fitted.sections);
        let mut repositories: BTreeSet<&str> = all.iter().map(|sample| sample.repository.as_str()).collect();
        repositories.retain(|name| leave_out.is_empty() || leave_out.iter().any(|out| out == name));
        let mut judged = [Vec::new(), Vec::new()];
        for repository in repositories {
            let (own, others): (Vec<&Sample>, Vec<&Sample>) =
                all.iter().partition(|sample| sample.repository == repository);
            if let Some(without) = Table::fitted(&others) {
                judged[0].push(table.judge(&own));
                judged[1].push(without.judge(&own));
                without.print(name, fitted.left_out.entry(repository.to_owned()).or_default());
            }
        }
        let mut line = format!("{name}: {} requests", all.len());
        for (how, of) in ["fitted", "left out"].into_iter().zip(&judged).filter(|(_, of)| !of.is_empty()) {
            line += &format!("\n  {how}: mean logarithm of a share");
            for (at, what) in table.kinds() {
                let mean = of.iter().map(|of| of[at]).sum::<f64>() / of.len() as f64;
                line += &format!(", {what} {mean:.3}");
            }
        }
        done(&line);
    }
    fitted
}

impl Table {
    fn fitted(samples: &[&Sample]) -> Option<Self> {
        samples.first()?;
        let signals = [
            all_signals(samples.iter().map(|sample| &sample.file_signals)),
            all_signals(samples.iter().map(|sample| &sample.definition_signals)),
        ];
        let mut table = Self { weights: [vec![0.0; signals[0].len()], Vec::new()], signals };
        let files: Vec<Problem> = samples.par_iter().map(|sample| table.of_files(sample)).collect();
        table.weights[0] = fit(&files, table.signals[0].len());
        let definitions: Vec<Problem> =
            samples.par_iter().map(|sample| table.of_definitions(sample)).collect();
        table.weights[1] = fit(&definitions, table.signals[1].len());
        Some(table)
    }

    fn print(&self, name: &str, into: &mut Sections) {
        for (at, what) in self.kinds() {
            let name = format!("{name} {what}");
            into.insert(name.clone(), section(&name, &self.signals[at], &self.weights[at]));
        }
    }

    /// What is weighed: in an overview files are not.
    fn kinds(&self) -> impl Iterator<Item = (usize, &'static str)> {
        let kinds = ["files", "definitions"].into_iter().enumerate();
        kinds.filter(|(at, _)| !self.signals[*at].is_empty())
    }

    fn judge(&self, samples: &[&Sample]) -> [f64; 2] {
        let files: Vec<Problem> = samples.iter().map(|sample| self.of_files(sample)).collect();
        let definitions: Vec<Problem> = samples.iter().map(|sample| self.of_definitions(sample)).collect();
        [mean_log_share(&files, &self.weights[0]), mean_log_share(&definitions, &self.weights[1])]
    }

    fn of_files(&self, sample: &Sample) -> Problem {
        let rows = spread(&self.signals[0], &sample.file_signals, sample.files.iter().map(Vec::as_slice));
        Problem { rows, chosen: sample.edited_files.clone() }
    }

    /// The signal `file` follows the weights of files: it is computed anew.
    fn of_definitions(&self, sample: &Sample) -> Problem {
        let shares = self.of_files(sample).log_shares(&self.weights[0]);
        let share = |at: usize| shares.get(sample.definitions[at].0).copied().unwrap_or_default();
        let mut kept: Vec<usize> = (0..sample.definitions.len()).collect();
        if !shares.is_empty() {
            kept.sort_by(|&a, &b| share(b).total_cmp(&share(a)));
            kept.truncate(DEFINITIONS);
            kept.extend(&sample.edited_definitions);
            kept.sort_unstable();
            kept.dedup();
        }
        let values = kept.iter().map(|&at| sample.definitions[at].1.as_slice());
        let mut rows = spread(&self.signals[1], &sample.definition_signals, values);
        if let Some(file) =
            self.signals[1].iter().position(|signal| *signal == "file").filter(|_| !shares.is_empty())
        {
            rows.iter_mut().zip(&kept).for_each(|(row, &at)| row[file] = share(at).max(-20.0) / 10.0);
        }
        let place = |at: &usize| kept.binary_search(at).ok();
        Problem { rows, chosen: sample.edited_definitions.iter().filter_map(place).collect() }
    }
}

/// In the order in which samples have them: some requests know more than others.
pub(super) fn all_signals<'s>(of: impl Iterator<Item = &'s Vec<&'static str>>) -> Vec<&'static str> {
    let mut all = Vec::new();
    of.flatten().for_each(|signal| {
        if !all.contains(signal) {
            all.push(*signal);
        }
    });
    all
}

/// Rows of some signals from rows of others; 0 for what is not known.
pub(super) fn spread<'r>(
    wanted: &[&str],
    known: &[&str],
    rows: impl Iterator<Item = &'r [f32]>,
) -> Vec<Vec<f64>> {
    let places: Vec<Option<usize>> =
        wanted.iter().map(|signal| known.iter().position(|known| known == signal)).collect();
    rows.map(|row| places.iter().map(|place| place.map_or(0.0, |at| f64::from(row[at]))).collect()).collect()
}

#[cfg(test)]
mod tests {
    use repo_map_cache::Weights;

    use super::super::sections::{BUILT_IN, with_sections};
    use super::*;

    fn sample(repository: &str, signals: &[&'static str], files: &[&[f32]]) -> Sample {
        Sample {
            repository: repository.to_owned(),
            table: "task",
            words_alone: true,
            file_signals: signals.to_vec(),
            definition_signals: vec!["file", "data"],
            files: files.iter().map(|row| row.to_vec()).collect(),
            edited_files: vec![0],
            definitions: vec![(1, vec![0.0, 0.0]), (0, vec![0.0, 0.0]), (0, vec![0.0, 1.0])],
            edited_definitions: vec![1],
        }
    }

    #[test]
    fn one_table_is_fitted_to_requests_that_know_different_things() {
        let log = sample("a", &["size", "churn"], &[&[1.0, 1.0], &[1.0, 0.0]]);
        let none = sample("b", &["size"], &[&[1.0], &[0.0]]);
        let mut lines = Vec::new();
        let fitted = fitted(&[log, none], &[], |line| lines.push(line.to_owned()));
        let files = &fitted.sections["task files"];
        assert!(files.contains("size = 1.") || files.contains("size = 2."), "{files}");
        assert!(files.contains("churn = 1.") || files.contains("churn = 2."), "{files}");
        let definitions = &fitted.sections["task definitions"];
        assert!(definitions.contains("data = -") && definitions.contains("file = "), "{definitions}");
        assert!(!fitted.left_out["b"]["task files"].contains("size"), "nothing told of it");
        assert!(
            lines[0].starts_with("task: 2 requests\n  fitted: mean logarithm of a share, files -0."),
            "{lines:?}"
        );
    }

    #[test]
    fn what_is_fitted_is_read_again_and_leaves_what_is_set_by_hand() {
        let fitted = fitted(&[sample("a", &["size"], &[&[1.0], &[0.0]])], &[], |_| ());
        let text = with_sections(BUILT_IN, &fitted.sections);
        let mut weights = Weights::default();
        weights.replace(&text).unwrap();
        let table = |text: &str, name: &str| {
            let (_, from) = text.split_once(&format!("[{name}]\n")).unwrap();
            from.split("\n[").next().unwrap().trim().to_owned()
        };
        let before = Weights::default().to_text();
        for kept in ["needs", "packing", "chat files", "overview definitions"] {
            assert_eq!(table(&weights.to_text(), kept), table(&before, kept));
        }
        assert_ne!(table(&weights.to_text(), "task files"), table(&before, "task files"));
    }
}
