//! The definitions of the best files.

use std::cmp::Reverse;

use repo_map_model::DefinitionKind;

use super::columns::{Columns, descending, log_shares, unit_roots};
use super::logs::ln_1p;
use super::neighbours::Step;
use super::weights::PLACES;
use super::{DefinitionChance, Evidence, FileChance, Weights};
use crate::corpus::Role;
use crate::graph::{Definition, ReferenceGraph};
use crate::score::rounded;

/// Shares of files below this, as a logarithm, are all alike.
const LEAST_SHARE: f64 = -20.0;

/// A definition among those of the best files.
#[derive(Clone, Copy)]
struct Place {
    node: u32,
    /// Its position in the file.
    at: u32,
    definition: Definition,
}

#[expect(clippy::too_many_arguments, reason = "what a weighing needs: each is another thing")]
pub(super) fn weigh(
    graph: &ReferenceGraph,
    files: &[FileChance],
    file_shares: &[f64],
    evidence: &Evidence,
    steps: [(&'static str, &Step); 2],
    weights: &Weights,
    section: &str,
    limit: usize,
) -> (Vec<DefinitionChance>, Columns) {
    let rows = |file: &FileChance| graph.nodes.definitions.row(file.row as usize);
    let files: Vec<&FileChance> = files.iter().filter(|file| file.chance > 0.0).collect();
    let all: usize = files.iter().map(|file| rows(file).len()).sum();
    let mut places = Vec::with_capacity(all);
    for file in &files {
        let of_file = rows(file).iter().zip(0..);
        places.extend(of_file.map(|(&definition, at)| Place { node: file.row, at, definition }));
    }

    let mut columns = Columns::new(all);
    let mut of_files = |signal: &'static str, value: &dyn Fn(&FileChance) -> f32| {
        let mut column = Vec::with_capacity(all);
        files.iter().for_each(|file| column.resize(column.len() + rows(file).len(), value(file)));
        columns.push(signal, column);
    };
    // Scaled to the size of the other signals.
    of_files("file", &|file| (file_shares[file.row as usize].max(LEAST_SHARE) / 10.0) as f32);
    of_files("siblings", &|file| ln_1p(rows(file).len()) / 6.0);
    for stage in &evidence.definitions {
        let found = stage.rows();
        let mut known: Vec<Option<&[f32]>> = Vec::with_capacity(all);
        for file in &files {
            found.each(file.file, rows(file).len() as u32, |values| known.push(values));
        }
        for (at, &signal) in stage.signals.iter().enumerate() {
            columns
                .push(signal, known.iter().map(|values| values.map_or(0.0, |values| values[at])).collect());
        }
    }
    columns.push("lines", places.iter().map(|place| extent(place.definition.lines)).collect());
    for (signal, is) in KINDS {
        let flags = places.iter().map(|place| if is(&place.definition) { 1.0 } else { 0.0 });
        columns.push(signal, flags.collect());
    }
    let used = |place: &Place| {
        let users = graph.names.uses.row(place.definition.name as usize).len();
        (ln_1p(users) / 5.0).min(1.0)
    };
    columns.push("used", places.iter().map(used).collect());
    for (signal, step) in steps {
        columns.push(signal, carried(graph, &places, step));
    }

    columns.push("place_in_file", places_in_files(&places, &columns, weights));

    columns.weigh(weights, section);
    let shares = log_shares(columns.sums(), |_| false);
    (best(graph, &places, &shares, limit), columns)
}

/// What references carry to each definition's name.
fn carried(graph: &ReferenceGraph, places: &[Place], step: &Step) -> Vec<f32> {
    if step.names.is_empty() {
        return vec![0.0; places.len()];
    }
    let mut of_names = vec![0.0; graph.names.len()];
    step.names.iter().for_each(|&(name, mass)| of_names[name as usize] = mass);
    unit_roots(places.iter().map(|place| of_names[place.definition.name as usize]).collect())
}

/// The best definitions in their order: by rounded share, then by path and position.
fn best(graph: &ReferenceGraph, places: &[Place], shares: &[f64], limit: usize) -> Vec<DefinitionChance> {
    // No chance is below 0: they are ordered as their bits are.
    let key = |((place, share), row): ((&Place, &f64), u32)| {
        (Reverse(rounded(share.exp()).to_bits()), place.node, place.at, row)
    };
    let mut order: Vec<_> = places.iter().zip(shares).zip(0..).map(key).collect();
    if order.len() > limit {
        if limit > 0 {
            order.select_nth_unstable(limit - 1);
        }
        order.truncate(limit);
    }
    order.sort_unstable();
    let chances = order.into_iter().map(|(Reverse(chance), node, at, row)| DefinitionChance {
        file: graph.nodes.files[node as usize],
        definition: at,
        chance: f64::from_bits(chance),
        row,
    });
    chances.collect()
}

type IsKind = fn(&Definition) -> bool;

/// What is defined, as far as it matters: functions are none of these.
const KINDS: [(&str, IsKind); 6] = [
    ("type", |of| of.kind.is_type()),
    ("method", |of| of.kind == DefinitionKind::Method),
    ("constructor", |of| of.kind == DefinitionKind::Constructor),
    ("data", |of| !of.kind.is_type() && !of.kind.is_callable()),
    ("declaration", |of| of.role == Role::Declaration),
    ("test", |of| of.role == Role::Test),
];

/// The length of a definition: 1 from 400 lines on.
fn extent(lines: u16) -> f32 {
    (ln_1p(usize::from(lines)) / 6.0).min(1.0)
}

/// Which place a definition has among those of its file, by a first weighing: 0 for the best, falling with the logarithm
/// of the place to -1. What a file's definitions share is shared out by it, whatever the size of the file.
fn places_in_files(places: &[Place], columns: &Columns, weights: &Weights) -> Vec<f32> {
    let sums = columns.sums_by(|signal| weights.of(PLACES, signal));
    let mut order: Vec<(u64, u32)> = sums.into_iter().map(descending).zip(0..).collect();
    let mut column = vec![0.0; places.len()];
    let mut rest = order.as_mut_slice();
    // The definitions of a file stand together, in their order.
    for of_file in places.chunk_by(|a, b| a.node == b.node) {
        let (own, others) = rest.split_at_mut(of_file.len());
        rest = others;
        own.sort_unstable();
        for (place, &(_, row)) in own.iter().enumerate() {
            column[row as usize] = (-ln_1p(place) / 7.0).max(-1.0);
        }
    }
    column
}
