//! Moves fitted weights to where pages show more of what commits edit.
//!
//! A likelihood counts every place in the order; a page ends somewhere. So one weight after the other is moved a little, and stays where
//! simulated pages of the samples then show more. A simulated page is packed as the product packs: by gain for a token, the chances being the gains. It
//! lacks the lines of types around members.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap, HashMap};

use rayon::prelude::*;

use super::fit::Sample;
use crate::dice::Dice;

/// Candidates beyond these are a mass that never changes.
const FILES: usize = 300;
const DEFINITIONS: usize = 700;
/// The budgets of the simulated pages: several, as one page's end is an accident.
const BUDGETS: [f64; 3] = [900.0, 1024.0, 1150.0];
/// What showing a definition is worth beside listing a file: as in the sections `packing` and `packing+log`.
const DEFINITION_GAIN: f64 = 1.0;
const DEFINITION_GAIN_WITH_LOG: f64 = 1.6;
/// What the first place of an edited file is worth beside the recall of files and of definitions.
const RANK_GAIN: f64 = 0.5;
/// What the square of a weight's distance from its fit costs.
const PULL: f64 = 0.000_5;
const STEPS: [f64; 4] = [0.1, 0.25, 0.6, 1.2];
const PASSES: usize = 12;

/// The likeliest files and definitions of a sample by the weights to start from.
struct Candidates {
    repository: String,
    files: Vec<Vec<f64>>,
    edited: Vec<bool>,
    headers: Vec<f64>,
    other_files: f64,
    /// File, row of the page, signals.
    definitions: Vec<(usize, usize, Vec<f64>)>,
    other_definitions: f64,
    /// What each row costs, and whether it shows an edited definition.
    rows: Vec<(f64, bool)>,
    edited_definitions: usize,
    definition_gain: f64,
}

/// The weights of files and of definitions near `fitted` with which pages of the samples show most; each repository counts alike.
pub(super) fn tune(samples: &[&Sample], fitted: &(Vec<f64>, Vec<f64>)) -> (Vec<f64>, Vec<f64>) {
    let all: Vec<Candidates> = samples.iter().map(|sample| Candidates::new(sample, fitted)).collect();
    let mut dice = Dice::new(7);
    let mut best = fitted.clone();
    let mut worth = worth_of(&all, &best, fitted);
    let count = fitted.0.len() + fitted.1.len();
    for _ in 0..PASSES {
        let before = worth;
        for _ in 0..count {
            let at = dice.below(count);
            let step = STEPS[dice.below(STEPS.len())];
            for step in [step, -step] {
                let mut moved = best.clone();
                match at.checked_sub(moved.0.len()) {
                    None => moved.0[at] += step,
                    Some(at) => moved.1[at] += step,
                }
                let new = worth_of(&all, &moved, fitted);
                if new > worth {
                    (best, worth) = (moved, new);
                    break;
                }
            }
        }
        if worth - before < 1e-4 {
            break;
        }
    }
    best
}

fn worth_of(all: &[Candidates], weights: &(Vec<f64>, Vec<f64>), fitted: &(Vec<f64>, Vec<f64>)) -> f64 {
    let mut sums: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    let worths: Vec<f64> = all.par_iter().map(|candidates| candidates.worth(weights)).collect();
    for (candidates, worth) in all.iter().zip(worths) {
        let (sum, count) = sums.entry(&candidates.repository).or_default();
        *sum += worth;
        *count += 1.0;
    }
    let shown = sums.values().map(|(sum, count)| sum / count).sum::<f64>() / sums.len().max(1) as f64;
    let apart = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
    shown - PULL * (apart(&weights.0, &fitted.0) + apart(&weights.1, &fitted.1))
}

impl Candidates {
    fn new(sample: &Sample, weights: &(Vec<f64>, Vec<f64>)) -> Self {
        let sums: Vec<f64> = sample.files.iter().map(|row| dot(row, &weights.0)).collect();
        let shares = log_shares(&sums, 0.0);
        let mut definitions: Vec<Vec<f64>> = Vec::with_capacity(sample.definitions.len());
        for (file, row) in &sample.definitions {
            let mut row: Vec<f64> = row.iter().copied().map(f64::from).collect();
            row[0] = scaled(shares[*file]);
            definitions.push(row);
        }
        let places: Vec<f64> = definitions.iter().map(|row| dot64(row, &weights.1)).collect();
        let (kept_definitions, other_definitions) =
            likeliest(&places, DEFINITIONS, &sample.edited_definitions);
        let mut wanted = sample.edited_files.clone();
        wanted.extend(kept_definitions.iter().map(|&at| sample.definitions[at].0));
        let (kept_files, other_files) = likeliest(&sums, FILES, &wanted);
        let place: HashMap<usize, usize> = kept_files.iter().copied().zip(0..).collect();
        let mut rows: Vec<(f64, bool)> = Vec::new();
        let mut known: HashMap<(usize, u32), usize> = HashMap::new();
        let mut edited_definitions = 0;
        let definitions = kept_definitions
            .into_iter()
            .map(|at| {
                let file = sample.definitions[at].0;
                let (line, cost) = sample.lines[at];
                let row = *known.entry((file, line)).or_insert_with(|| {
                    rows.push((f64::from(cost), false));
                    rows.len() - 1
                });
                if sample.edited_definitions.binary_search(&at).is_ok() && !rows[row].1 {
                    rows[row].1 = true;
                    edited_definitions += 1;
                }
                (place[&file], row, std::mem::take(&mut definitions[at]))
            })
            .collect();
        Self {
            repository: sample.repository.clone(),
            edited: kept_files.iter().map(|at| sample.edited_files.contains(at)).collect(),
            headers: kept_files.iter().map(|&at| f64::from(sample.headers[at])).collect(),
            files: kept_files
                .iter()
                .map(|&at| sample.files[at].iter().copied().map(f64::from).collect())
                .collect(),
            other_files,
            definitions,
            other_definitions,
            rows,
            edited_definitions,
            definition_gain: if sample.log { DEFINITION_GAIN_WITH_LOG } else { DEFINITION_GAIN },
        }
    }

    /// Recall of files and of definitions and the reciprocal rank, as the pages of all budgets have them.
    fn worth(&self, weights: &(Vec<f64>, Vec<f64>)) -> f64 {
        let sums: Vec<f64> = self.files.iter().map(|row| dot64(row, &weights.0)).collect();
        let files = log_shares(&sums, self.other_files);
        let places: Vec<f64> = self
            .definitions
            .iter()
            .map(|(file, _, row)| {
                let own = dot64(&row[1..], &weights.1[1..]);
                own + scaled(files[*file]) * weights.1[0]
            })
            .collect();
        let places = log_shares(&places, self.other_definitions);
        let edited = |at: &usize| self.edited[*at];
        let best = (0..sums.len()).filter(edited).map(|at| sums[at]).fold(f64::NEG_INFINITY, f64::max);
        let rank = 1.0 + sums.iter().filter(|sum| **sum > best).count() as f64;
        let all_files = self.edited.iter().filter(|edited| **edited).count().max(1) as f64;
        let mut worth = RANK_GAIN / rank;
        for budget in BUDGETS {
            let (listed, shown) = self.pack(&files, &places, budget);
            let found = (0..listed.len()).filter(|&at| listed[at] && self.edited[at]).count() as f64;
            let seen = self.rows.iter().zip(&shown).filter(|((_, edited), shown)| *edited && **shown).count();
            worth += found / all_files / BUDGETS.len() as f64;
            worth += seen as f64 / self.edited_definitions.max(1) as f64 / BUDGETS.len() as f64;
        }
        worth
    }

    fn pack(&self, files: &[f64], places: &[f64], budget: f64) -> (Vec<bool>, Vec<bool>) {
        let (mut listed, mut shown) = (vec![false; files.len()], vec![false; self.rows.len()]);
        let gain = |at: usize| self.definition_gain * places[at].exp();
        let mut of_file: Vec<Vec<usize>> = vec![Vec::new(); files.len()];
        let mut offers = BinaryHeap::new();
        for (file, share) in files.iter().enumerate() {
            offers.push(Offer { density: share.exp() / self.headers[file], file, definition: None });
        }
        for (at, (file, row, _)) in self.definitions.iter().enumerate() {
            let density = (files[*file].exp() + gain(at)) / (self.headers[*file] + self.rows[*row].0);
            offers.push(Offer { density, file: *file, definition: Some((at, false)) });
            of_file[*file].push(at);
        }
        let mut left = budget;
        while let Some(Offer { file, definition, .. }) = offers.pop() {
            if listed[file] && !definition.is_some_and(|(_, after)| after) {
                continue;
            }
            let row = definition.map(|(at, _)| self.definitions[at].1);
            if row.is_some_and(|row| shown[row]) {
                continue;
            }
            let header = if listed[file] { 0.0 } else { self.headers[file] };
            let cost = header + row.map_or(0.0, |row| self.rows[row].0);
            if cost > left {
                continue;
            }
            left -= cost;
            row.into_iter().for_each(|row| shown[row] = true);
            if !std::mem::replace(&mut listed[file], true) {
                offers.extend(of_file[file].iter().map(|&at| Offer {
                    density: gain(at) / self.rows[self.definitions[at].1].0,
                    file,
                    definition: Some((at, true)),
                }));
            }
        }
        (listed, shown)
    }
}

/// A line that may be placed next; a definition with whether it was offered after its file was listed.
struct Offer {
    density: f64,
    file: usize,
    definition: Option<(usize, bool)>,
}

impl Ord for Offer {
    fn cmp(&self, other: &Self) -> Ordering {
        let place = |offer: &Self| (offer.file, offer.definition);
        self.density.total_cmp(&other.density).then_with(|| place(other).cmp(&place(self)))
    }
}

impl PartialOrd for Offer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Offer {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Offer {}

/// A file's share as a signal of its definitions.
fn scaled(log_share: f64) -> f64 {
    log_share.max(-20.0) / 10.0
}

fn dot(row: &[f32], weights: &[f64]) -> f64 {
    row.iter().zip(weights).map(|(value, weight)| f64::from(*value) * weight).sum()
}

fn dot64(row: &[f64], weights: &[f64]) -> f64 {
    row.iter().zip(weights).map(|(value, weight)| value * weight).sum()
}

/// The logarithm of each one's share; `others` is the mass of those that are not among them.
fn log_shares(sums: &[f64], others: f64) -> Vec<f64> {
    let top = sums.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let all: f64 = sums.iter().map(|sum| (sum - top).exp()).sum::<f64>() + others * (-top).exp();
    sums.iter().map(|sum| sum - top - all.ln()).collect()
}

/// The first `count` by their sums and the wanted ones, ascending; and the mass of the others.
fn likeliest(sums: &[f64], count: usize, wanted: &[usize]) -> (Vec<usize>, f64) {
    let mut order: Vec<usize> = (0..sums.len()).collect();
    order.sort_by(|&a, &b| sums[b].total_cmp(&sums[a]));
    order.truncate(count);
    order.extend(wanted);
    order.sort_unstable();
    order.dedup();
    let others = (0..sums.len()).filter(|at| order.binary_search(at).is_err()).map(|at| sums[at].exp()).sum();
    (order, others)
}
