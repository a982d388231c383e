//! Moves fitted weights to where pages show more of what commits edit.
//!
//! A likelihood counts every place in the order; a page ends somewhere. So weights are sought near the fitted ones with which simulated pages of
//! the samples show more, along coordinates in which the likelihood lost is the square of the distance, so that the search goes far only where the
//! likelihood leaves the weights free. A simulated page is packed as the product packs: by gain for a token, the chances being the gains. It lacks
//! the lines of types around members.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};

use rayon::prelude::*;

use super::evolution::best;
use super::newton::Spread;
use super::samples::Sample;

/// How many of the likeliest files and definitions may stand on a page; those beyond are a mass that never changes. Fewer are enough for pages of the
/// search than for those that are told of, which may have 4,096 tokens.
const SEARCHED: (usize, usize) = (120, 250);
const TOLD: (usize, usize) = (400, 1200);
/// What showing a definition is worth beside listing a file. Pages of the product also show the lines of types around members, which these lack,
/// so without the log the section `packing` has more for it.
const DEFINITION_GAIN: f64 = 1.0;
const DEFINITION_GAIN_WITH_LOG: f64 = 1.3;

/// Between these a page of the search may end: one end is an accident.
const ENDS: (f64, f64) = (800.0, 1300.0);
/// What the recall of definitions and the reciprocal rank of the first edited file are worth beside the recall of files.
const DEFINITION_WORTH: f64 = 2.0;
const RANK_WORTH: f64 = 0.5;

/// Found of files and of definitions.
pub(super) type Found = (Vec<f64>, Vec<f64>);

/// Found as they were fitted, and how far they may be elsewhere.
pub(super) struct Start {
    pub(super) weights: Found,
    pub(super) spread: (Spread, Spread),
}

impl Start {
    fn at(&self, numbers: &[f64]) -> Found {
        let (files, definitions) = numbers.split_at(self.weights.0.len());
        let moved = |weights: &[f64], by: Vec<f64>| weights.iter().zip(by).map(|(a, b)| a + b).collect();
        (
            moved(&self.weights.0, self.spread.0.at(files)),
            moved(&self.weights.1, self.spread.1.at(definitions)),
        )
    }
}

/// What a page shows of what a commit edits.
pub(super) struct Figures {
    /// The recall of files.
    pub(super) files: f64,
    /// That of definitions, where any were edited.
    pub(super) definitions: Option<f64>,
    /// The reciprocal rank of the first edited file.
    pub(super) rank: f64,
}

impl Figures {
    fn worth(&self) -> f64 {
        self.files + DEFINITION_WORTH * self.definitions.unwrap_or_default() + RANK_WORTH * self.rank
    }
}

/// The likeliest files and definitions of a sample by the weights to start from.
struct Candidates {
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

/// The weights near the fitted ones with which pages of the samples show most; each case counts alike. A unit of the mean loss (two mean logarithms of
/// shares: files' and definitions') costs `pull`.
pub(super) fn tune(samples: &[&Sample], start: &Start, pull: f64) -> Found {
    let all: Vec<Candidates> =
        samples.par_iter().map(|sample| Candidates::new(sample, &start.weights, SEARCHED)).collect();
    let cases = samples.len() as f64;
    let worth = |numbers: &[f64]| {
        let weights = start.at(numbers);
        // Summed in their order, so that the number of threads does not show.
        let worths: Vec<f64> = all.par_iter().map(|of| of.figures(&weights, ENDS).worth()).collect();
        let lost = numbers.iter().map(|number| number * number).sum::<f64>() / 2.0;
        (worths.iter().sum::<f64>() - pull * lost) / cases
    };
    start.at(&best(start.weights.0.len() + start.weights.1.len(), worth))
}

/// What simulated pages of so many tokens each show of a sample.
pub(super) fn pages<const N: usize>(sample: &Sample, weights: &Found, tokens: [f64; N]) -> [Figures; N] {
    let candidates = Candidates::new(sample, weights, TOLD);
    tokens.map(|tokens| candidates.figures(weights, (tokens, tokens)))
}

impl Candidates {
    fn new(sample: &Sample, weights: &Found, kept: (usize, usize)) -> Self {
        let sums: Vec<f64> = sample.files.iter().map(|row| dot(row, &weights.0)).collect();
        let shares = log_shares(&sums, 0.0);
        let mut definitions: Vec<Vec<f64>> = Vec::with_capacity(sample.definitions.len());
        for (file, row) in &sample.definitions {
            let mut row: Vec<f64> = row.iter().copied().map(f64::from).collect();
            row[0] = scaled(shares[*file]);
            definitions.push(row);
        }
        let places: Vec<f64> = definitions.iter().map(|row| dot64(row, &weights.1)).collect();
        let (kept_definitions, other_definitions) = likeliest(&places, kept.1, &sample.edited_definitions);
        let mut wanted = sample.edited_files.clone();
        wanted.extend(kept_definitions.iter().map(|&at| sample.definitions[at].0));
        let (kept_files, other_files) = likeliest(&sums, kept.0, &wanted);
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

    /// Recall of files and of definitions, where any were edited, and the reciprocal rank of the first edited file, on a page that ends between `ends`.
    fn figures(&self, weights: &Found, ends: (f64, f64)) -> Figures {
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
        let (found, seen) = self.pack(&files, &places, ends);
        Figures {
            files: found / all_files,
            definitions: (self.edited_definitions > 0).then(|| seen / self.edited_definitions as f64),
            rank: 1.0 / rank,
        }
    }

    /// How many edited files a page lists, and how many edited definitions it shows; what stands where it may have ended counts by the chance that it
    /// has not.
    fn pack(&self, files: &[f64], places: &[f64], (first, last): (f64, f64)) -> (f64, f64) {
        let (mut listed, mut shown) = (vec![false; files.len()], vec![false; self.rows.len()]);
        let chances: Vec<f64> = files.iter().map(|share| share.exp()).collect();
        let gains: Vec<f64> = places.iter().map(|share| self.definition_gain * share.exp()).collect();
        let mut of_file: Vec<Vec<usize>> = vec![Vec::new(); files.len()];
        let mut offers = Vec::with_capacity(files.len() + places.len());
        for (file, chance) in chances.iter().enumerate() {
            offers.push(Offer { density: chance / self.headers[file], file, definition: None });
        }
        for (at, (file, row, _)) in self.definitions.iter().enumerate() {
            let density = (chances[*file] + gains[at]) / (self.headers[*file] + self.rows[*row].0);
            offers.push(Offer { density, file: *file, definition: Some((at, false)) });
            of_file[*file].push(at);
        }
        let mut offers = BinaryHeap::from(offers);
        let mut used = 0.0;
        let (mut found, mut seen) = (0.0, 0.0);
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
            if used + cost > last {
                continue;
            }
            used += cost;
            let credit = if used > first { (last - used) / (last - first) } else { 1.0 };
            if let Some(row) = row {
                shown[row] = true;
                seen += if self.rows[row].1 { credit } else { 0.0 };
            }
            if !std::mem::replace(&mut listed[file], true) {
                found += if self.edited[file] { credit } else { 0.0 };
                offers.extend(of_file[file].iter().map(|&at| Offer {
                    density: gains[at] / self.rows[self.definitions[at].1].0,
                    file,
                    definition: Some((at, true)),
                }));
            }
        }
        (found, seen)
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
