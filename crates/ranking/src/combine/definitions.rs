//! The definitions of the best files.

use repo_map_model::DefinitionKind;

use super::columns::{Columns, log_shares};
use super::neighbours::Step;
use super::weights::PLACES;
use super::{DefinitionChance, Evidence, FileChance, Weights};
use crate::graph::{Definition, ReferenceGraph};
use crate::score::rounded;

/// Shares of files below this, as a logarithm, are all alike.
const LEAST_SHARE: f64 = -20.0;

pub(super) fn weigh(
    graph: &ReferenceGraph,
    files: &[FileChance],
    file_shares: &[f64],
    evidence: &Evidence,
    steps: [(&'static str, &Step); 2],
    weights: &Weights,
    section: &str,
) -> (Vec<DefinitionChance>, Columns) {
    let places: Vec<(usize, u32)> = files
        .iter()
        .filter(|file| file.chance > 0.0)
        .flat_map(|file| {
            let definitions = graph.nodes.definitions.row(file.row as usize).len() as u32;
            (0..definitions).map(|definition| (file.row as usize, definition))
        })
        .collect();
    let of = |&(node, definition): &(usize, u32)| graph.nodes.definitions.row(node)[definition as usize];

    let mut columns = Columns::new(places.len());
    // Scaled to the size of the other signals.
    let share = |&(node, _): &(usize, u32)| (file_shares[node].max(LEAST_SHARE) / 10.0) as f32;
    columns.push("file", places.iter().map(share).collect());
    let siblings = |&(node, _): &(usize, u32)| graph.nodes.definitions.row(node).len() as f32;
    columns.push("siblings", places.iter().map(|place| siblings(place).ln_1p() / 6.0).collect());
    for stage in &evidence.definitions {
        let rows = stage.rows();
        let known = |&(node, definition): &(usize, u32)| rows.get(graph.nodes.files[node], definition);
        let known: Vec<Option<&[f32]>> = places.iter().map(known).collect();
        for (at, &signal) in stage.signals.iter().enumerate() {
            columns
                .push(signal, known.iter().map(|values| values.map_or(0.0, |values| values[at])).collect());
        }
    }
    columns.push("lines", places.iter().map(|place| extent(of(place).lines)).collect());
    for (signal, is) in KINDS {
        columns.push(signal, places.iter().map(|place| if is(&of(place)) { 1.0 } else { 0.0 }).collect());
    }
    let used = |place: &(usize, u32)| {
        let users = graph.names.uses.row(of(place).name as usize).len();
        ((users as f32).ln_1p() / 5.0).min(1.0)
    };
    columns.push("used", places.iter().map(used).collect());
    for (signal, step) in steps {
        let carried = |place: &(usize, u32)| {
            let at = step.names.binary_search_by_key(&of(place).name, |(name, _)| *name);
            at.map_or(0.0, |at| step.names[at].1)
        };
        columns.push(signal, super::unit_roots(places.iter().map(carried).collect()));
    }

    columns.push("place_in_file", places_in_files(&places, &columns, weights));

    columns.weigh(weights, section);
    let shares = log_shares(columns.sums(), |_| false);
    let mut definitions: Vec<DefinitionChance> = places
        .iter()
        .zip(&shares)
        .zip(0..)
        .map(|((&(node, definition), share), row)| DefinitionChance {
            file: graph.nodes.files[node],
            definition,
            chance: rounded(share.exp()),
            row,
        })
        .collect();
    let place = |chance: &DefinitionChance| places[chance.row as usize];
    definitions.sort_unstable_by(|a, b| b.chance.total_cmp(&a.chance).then(place(a).cmp(&place(b))));
    (definitions, columns)
}

type IsKind = fn(&Definition) -> bool;

/// What is defined, as far as it matters: functions are none of these.
const KINDS: [(&str, IsKind); 5] = [
    ("type", |of| of.kind.is_type()),
    ("method", |of| of.kind == DefinitionKind::Method),
    ("constructor", |of| of.kind == DefinitionKind::Constructor),
    ("data", |of| !of.kind.is_type() && !of.kind.is_callable()),
    ("declaration", |of| of.declaration),
];

/// The length of a definition: 1 from 400 lines on.
fn extent(lines: u16) -> f32 {
    (f32::from(lines).ln_1p() / 6.0).min(1.0)
}

/// Which place a definition has among those of its file, by a first weighing: 0 for the best, falling with the logarithm
/// of the place to -1. What a file's definitions share is shared out by it, whatever the size of the file.
fn places_in_files(places: &[(usize, u32)], columns: &Columns, weights: &Weights) -> Vec<f32> {
    let sums = columns.sums_by(|signal| weights.of(PLACES, signal));
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_unstable_by(|&a, &b| {
        let of_file = places[a].0.cmp(&places[b].0);
        of_file.then(sums[b].total_cmp(&sums[a])).then(places[a].1.cmp(&places[b].1))
    });
    let mut column = vec![0.0; places.len()];
    for of_file in order.chunk_by(|&a, &b| places[a].0 == places[b].0) {
        for (place, &row) in of_file.iter().enumerate() {
            column[row] = (-(place as f32).ln_1p() / 7.0).max(-1.0);
        }
    }
    column
}
