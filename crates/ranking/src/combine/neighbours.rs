//! One step along references, in both directions, from files that matter.

use crate::Corpus;
use crate::graph::{Definition, Imports, ReferenceGraph, Walk};

/// So many files pass on what they have: those after them have next to nothing.
const SEEDS: usize = 64;

/// A name that more files use says nothing of any of them, and costs a look at each.
const MOST_USERS: usize = 400;

/// A file with more definitions has most of them for no reason: several of one name are taken together.
const MANY_DEFINITIONS: usize = 4_096;

/// What arrives one step from files that have a mass each.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// Along references: what the files use, by node.
    pub(crate) used: Vec<f64>,
    /// Against references: what uses the files, by node.
    pub(crate) users: Vec<f64>,
    /// Along references, by name.
    pub(crate) names: Vec<(u32, f64)>,
}

/// Spreads the mass of the heaviest nodes one step. Mass does not return to its own node.
pub(crate) fn step(corpus: &Corpus, graph: &ReferenceGraph, mass: &[(u32, f64)]) -> Step {
    let (files, walk) = (graph.file_count(), graph.walk(corpus));
    let mut step = Step { used: vec![0.0; files], users: vec![0.0; files], names: Vec::new() };
    let mut names = Vec::new();
    for &(node, mass) in &heaviest(mass) {
        along(corpus, graph, walk, node as usize, mass, &mut step, &mut names);
        against(graph, walk, node as usize, mass, &mut step);
    }
    // No share is below 0: they are ordered as their bits are, and are added up from the smallest.
    names.sort_unstable();
    let sums = names.chunk_by(|a, b| a.0 == b.0).map(|shares| {
        let sum =
            shares[1..].iter().fold(f64::from_bits(shares[0].1), |sum, share| sum + f64::from_bits(share.1));
        (shares[0].0, sum)
    });
    step.names = sums.collect();
    step
}

/// Spreads the mass of the heaviest nodes one step along imports: what they import, and what imports them, by node.
pub(crate) fn import_step(imports: &Imports, mass: &[(u32, f64)]) -> [Vec<f64>; 2] {
    let files = imports.out.len();
    let [mut imported, mut importers] = [vec![0.0; files], vec![0.0; files]];
    for &(node, mass) in &heaviest(mass) {
        let row = node as usize;
        for link in imports.imported.row(row) {
            imported[link.node as usize] += mass * f64::from(link.weight) / f64::from(imports.out[row]);
        }
        let users = imports.importers.row(row);
        let shared = (1.0 + users.len() as f64).ln().max(1.0);
        for link in users {
            let out = f64::from(imports.out[link.node as usize]);
            importers[link.node as usize] += mass * f64::from(link.weight) / out / shared;
        }
    }
    [imported, importers]
}

fn heaviest(mass: &[(u32, f64)]) -> Vec<(u32, f64)> {
    let mut mass: Vec<(u32, f64)> = mass.iter().copied().filter(|(_, mass)| *mass > 0.0).collect();
    let heavier = |a: &(u32, f64), b: &(u32, f64)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if mass.len() > SEEDS {
        mass.select_nth_unstable_by(SEEDS, heavier);
        mass.truncate(SEEDS);
    }
    mass.sort_unstable_by(heavier);
    mass
}

fn along(
    corpus: &Corpus,
    graph: &ReferenceGraph,
    walk: &Walk,
    node: usize,
    mass: f64,
    step: &mut Step,
    names: &mut Vec<(u32, u64)>,
) {
    let links = &walk.links;
    let out = links.out[node] - links.to_self[node];
    if out <= 0.0 {
        return;
    }
    for (group, weight) in links.row(node) {
        let share = mass * weight / out;
        let definers = walk.groups.definers.row(group);
        for &definer in definers.iter().filter(|&&definer| definer as usize != node) {
            step.used[definer as usize] += share;
        }
    }
    for reference in &corpus.slots()[graph.nodes.files[node].index()].references {
        let Some(name) = graph.names.of_symbol(reference.symbol) else { continue };
        let Some(group) = walk.groups.of_name(name) else { continue };
        let weight = walk.name_factor(&graph.preset.edges, name, group) * f64::from(reference.count).sqrt();
        names.push((name as u32, (mass * weight / out).to_bits()));
    }
}

/// The names of a file's definitions, each with how often: one by one, and where they are very many each name once, since each costs a look
/// at its users.
fn names_with_times(definitions: &[Definition]) -> Vec<(u32, u32)> {
    let mut names: Vec<(u32, u32)> = definitions.iter().map(|definition| (definition.name, 1)).collect();
    if names.len() > MANY_DEFINITIONS {
        names.sort_unstable();
        names.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            kept.1 += u32::from(is_same);
            is_same
        });
    }
    names
}

fn against(graph: &ReferenceGraph, walk: &Walk, node: usize, mass: f64, step: &mut Step) {
    let links = &walk.links;
    for (name, times) in names_with_times(graph.nodes.definitions.row(node)) {
        let name = name as usize;
        let mass = mass * f64::from(times);
        let uses = graph.names.uses.row(name);
        let Some(group) = walk.groups.of_name(name).filter(|_| uses.len() <= MOST_USERS) else { continue };
        let factor = walk.name_factor(&graph.preset.edges, name, group);
        for of in uses.iter().filter(|of| of.node as usize != node) {
            let out = links.out[of.node as usize] - links.to_self[of.node as usize];
            if out > 0.0 {
                // The share of the user's references that leads here; many users share what there is.
                let weight = factor * f64::from(of.count).sqrt() / out;
                step.users[of.node as usize] += mass * weight / (1.0 + uses.len() as f64).ln().max(1.0);
            }
        }
    }
}
