use super::{flow_through_groups, inflow, per_weight};
use crate::graph::{ReferenceGraph, Walk};
use crate::prompt::Prompt;

/// Power iteration from the uniform vector, stopped as networkx stops; the ranks and how many iterations they took.
pub(super) fn solve(
    graph: &ReferenceGraph,
    walk: &Walk,
    prompt: &Prompt,
    damping: f64,
    tolerance: f64,
    max_iterations: usize,
) -> (Vec<f64>, usize) {
    let links = &walk.links;
    let nodes = graph.node_count() as f64;
    let mut rank: Vec<f64> =
        (0..graph.file_count()).map(|node| if graph.is_linked(node) { 1.0 / nodes } else { 0.0 }).collect();
    let mut flow = vec![0.0; walk.groups.len()];
    for iteration in 1..=max_iterations {
        let carried = per_weight(&rank, &prompt.out);
        flow_through_groups(links, prompt, &carried, &mut flow);
        // What nobody passes on restarts: that is how the request's files get it.
        let kept = |node: usize| prompt.self_edges[node] - prompt.lost[node];
        let unpassed: f64 = (0..rank.len())
            .map(|node| if prompt.out[node] > 0.0 { prompt.lost[node] * carried[node] } else { rank[node] })
            .sum();
        let restarting = damping * unpassed + (1.0 - damping);
        let mut change = 0.0;
        for (node, rank) in rank.iter_mut().enumerate() {
            let followed = inflow(links, &flow, node) + kept(node) * carried[node];
            let next = damping * followed + restarting * prompt.restart[node];
            change += (next - *rank).abs();
            *rank = next;
        }
        if change < nodes * tolerance {
            return (rank, iteration);
        }
    }
    (rank, max_iterations)
}
