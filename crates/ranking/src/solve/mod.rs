//! The stationary distribution of the random walk.

mod power;

use crate::graph::{Links, ReferenceGraph, Walk};
use crate::prompt::Prompt;

/// The random walk's answer.
#[derive(Debug)]
pub(crate) struct Solution {
    /// Share of time in each node: sums to 1 over the nodes that the walk can visit, 0 elsewhere.
    pub(crate) rank: Vec<f64>,
    /// Rank over the sum of the node's weights: what one unit of weight carries. 0 where nothing goes out.
    pub(crate) per_weight: Vec<f64>,
    /// What flows through a group into each of its definers.
    pub(crate) group_flow: Vec<f64>,
    pub(crate) iterations: usize,
}

/// Ranks the nodes for a prompt. Sequential sums in a fixed order: the same input gives the same bits.
pub(crate) fn solve(graph: &ReferenceGraph, walk: &Walk, prompt: &Prompt) -> Solution {
    let damping = graph.preset.damping.clamp(0.0, 1.0 - 1e-6);
    let (rank, iterations) =
        power::solve(graph, walk, prompt, damping, graph.preset.tolerance, graph.preset.max_iterations);
    let per_weight = per_weight(&rank, &prompt.out);
    let mut group_flow = vec![0.0; walk.groups.len()];
    flow_through_groups(&walk.links, prompt, &per_weight, &mut group_flow);
    Solution { rank, per_weight, group_flow, iterations }
}

fn per_weight(rank: &[f64], out: &[f64]) -> Vec<f64> {
    rank.iter().zip(out).map(|(rank, &out)| if out > 0.0 { rank / out } else { 0.0 }).collect()
}

/// What flows through each group into each of its definers.
fn flow_through_groups(links: &Links, prompt: &Prompt, per_weight: &[f64], flow: &mut [f64]) {
    flow.fill(0.0);
    for (node, &carried) in per_weight.iter().enumerate() {
        for (group, weight) in links.row(node) {
            flow[group] += weight * carried;
        }
    }
    for added in &prompt.added {
        flow[added.group] += added.weight * per_weight[added.node];
    }
}

/// What flows into a node through the groups that it is a definer of.
fn inflow(links: &Links, flow: &[f64], node: usize) -> f64 {
    links.defines.row(node).iter().map(|&group| flow[group as usize]).sum()
}
