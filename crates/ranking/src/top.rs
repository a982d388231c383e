//! The best definitions without a look at most of them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::RankedDefinition;
use crate::graph::{ReferenceGraph, Use, Walk};
use crate::prompt::Prompt;
use crate::score::rounded;
use crate::solve::Solution;

/// Definitions whose flow has a common bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    /// The names of a group: what flows through one is at most what flows through all.
    Group(u32),
    /// A node's definitions that no file references.
    Unreferenced(u32),
}

/// A definition's place in the order: the smallest comes first.
type Key = (Reverse<u64>, u32, u32);

/// The `limit` best definitions, best first.
///
/// Fagin's threshold algorithm: sources are opened from the largest bound down, until the last definition that is
/// kept beats the bound of the next source. On Linux less than 1 % of the groups are opened for 1,000 definitions.
pub(crate) fn definitions(
    graph: &ReferenceGraph,
    walk: &Walk,
    prompt: &Prompt,
    solution: &Solution,
    limit: usize,
) -> Vec<RankedDefinition> {
    let mut best = Best { limit, kept: BinaryHeap::new() };
    let mut sources = sources(graph, walk, prompt, solution);
    while let Some((bound, source)) = sources.pop() {
        if !best.may_take(bound) {
            break;
        }
        match source {
            Source::Group(group) => open_group(graph, walk, prompt, solution, group as usize, &mut best),
            Source::Unreferenced(node) => {
                open_unreferenced(graph, prompt, solution, node as usize, &mut best);
            }
        }
    }
    best.into_sorted(graph)
}

/// Sources with the bits of the largest score that a definition of theirs can have, the largest on top.
fn sources(
    graph: &ReferenceGraph,
    walk: &Walk,
    prompt: &Prompt,
    solution: &Solution,
) -> BinaryHeap<(u64, Source)> {
    // A name's flow is summed in another order than its group's: leave room for the last bits.
    let bound = |flow: f64| rounded(flow * (1.0 + 1e-9)).to_bits();
    let groups =
        solution.group_flow.iter().zip(0..).map(|(&flow, group)| (bound(flow), Source::Group(group)));
    let unreferenced = (0..graph.file_count())
        .filter(|&node| walk.links.unreferenced[node] > 0.0 && !prompt.is_chat[node])
        .map(|node| {
            (bound(unreferenced_flow(graph, prompt, solution, node)), Source::Unreferenced(node as u32))
        });
    groups.chain(unreferenced).collect()
}

/// What flows through each unreferenced definition of a node.
fn unreferenced_flow(graph: &ReferenceGraph, prompt: &Prompt, solution: &Solution, node: usize) -> f64 {
    debug_assert!(!prompt.is_chat[node], "chat files' self-edges are weighed otherwise and not listed");
    graph.preset.edges.unreferenced * graph.preset.edges.own_share * solution.per_weight[node]
}

fn open_group(
    graph: &ReferenceGraph,
    walk: &Walk,
    prompt: &Prompt,
    solution: &Solution,
    group: usize,
    best: &mut Best,
) {
    let edges = &graph.preset.edges;
    for &name in walk.groups.names.row(group) {
        let name = name as usize;
        let mentioned = prompt.mentioned_names.binary_search(&name).is_ok();
        let factor =
            walk.name_factor(edges, name, group) * if mentioned { edges.mentioned_name } else { 1.0 };
        let uses = graph.names.uses.row(name);
        let carried = |of: &Use| factor * f64::from(of.count).sqrt() * solution.per_weight[of.node as usize];
        let flow: f64 = uses.iter().map(carried).sum();
        for place in graph.names.places.row(name).iter().filter(|place| !prompt.is_chat[place.node as usize])
        {
            let own =
                uses.binary_search_by_key(&place.node, |of| of.node).map_or(0.0, |at| carried(&uses[at]));
            best.offer(place.node, place.definition, flow - (1.0 - edges.own_share) * own);
        }
    }
}

fn open_unreferenced(
    graph: &ReferenceGraph,
    prompt: &Prompt,
    solution: &Solution,
    node: usize,
    best: &mut Best,
) {
    let flow = unreferenced_flow(graph, prompt, solution, node);
    for (definition, index) in graph.nodes.definitions.row(node).iter().zip(0..) {
        if !graph.names.is_referenced(definition.name as usize) {
            best.offer(node as u32, index, flow);
        }
    }
}

/// The best definitions so far, the worst of them on top.
struct Best {
    limit: usize,
    kept: BinaryHeap<Key>,
}

impl Best {
    /// Whether a definition with this score may still get in, as far as the score tells.
    fn may_take(&self, score: u64) -> bool {
        self.kept.len() < self.limit || self.kept.peek().is_some_and(|(Reverse(worst), ..)| score >= *worst)
    }

    fn offer(&mut self, node: u32, index: u32, flow: f64) {
        let key = (Reverse(rounded(flow).to_bits()), node, index);
        if self.kept.len() < self.limit {
            self.kept.push(key);
        } else if self.kept.peek().is_some_and(|worst| key < *worst) {
            self.kept.pop();
            self.kept.push(key);
        }
    }

    fn into_sorted(self, graph: &ReferenceGraph) -> Vec<RankedDefinition> {
        self.kept
            .into_sorted_vec()
            .into_iter()
            .map(|(Reverse(score), node, definition)| RankedDefinition {
                file: graph.nodes.files[node as usize],
                definition,
                score: f64::from_bits(score),
            })
            .collect()
    }
}
