use super::inflow;
use crate::graph::ReferenceGraph;
use crate::prompt::Prompt;

/// Changes below this are noise of the last bits.
const FINEST_TOLERANCE: f64 = 1e-13;

/// A damping of 0.85 needs at most some 200 sweeps for the finest tolerance; what is closer to 1 may be cut off.
const MAX_SWEEPS: usize = 10_000;

/// Gauss-Seidel sweeps over the files; the ranks and how many sweeps they took.
///
/// What a node does not pass on restarts as the request says, so it only scales the answer: with `A` the walk
/// over references, the ranks are proportional to the solution of `x = d·Aᵀx + (1 - d)·restart`. It is solved for
/// `z = x / out`, what a unit of weight carries: then flows through groups are sums of `weight · z`, an update of one file
/// is pushed into the groups that it references at once, and files that come later in the sweep use it. References
/// of a file to itself are solved for, not iterated. Each sweep removes at least the share `1 - d` of the error,
/// on source trees about 40 %; power iteration does the half of that.
pub(super) fn solve(
    graph: &ReferenceGraph,
    prompt: &Prompt,
    damping: f64,
    tolerance: f64,
) -> (Vec<f64>, usize) {
    let tolerance = tolerance.max(FINEST_TOLERANCE);
    let links = &graph.links;
    let files = graph.file_count();
    let mut carried = vec![0.0; files];
    let mut flow = vec![0.0; graph.groups.len()];
    let restart: Vec<f64> = prompt.restart.iter().map(|mass| (1.0 - damping) * mass).collect();
    // Changes too small to matter are left out: all of them together stay below a tenth of the tolerance.
    let negligible = 0.1 * tolerance / files.max(1) as f64;

    let mut sweeps = 0;
    loop {
        sweeps += 1;
        let mut change = 0.0;
        let mut added = prompt.added.as_slice();
        for node in (0..files).filter(|&node| prompt.out[node] > 0.0) {
            let others = inflow(links, &flow, node) - prompt.to_self[node] * carried[node];
            let own = damping * (prompt.to_self[node] - prompt.lost[node] + prompt.self_edges[node]);
            let next = (restart[node] + damping * others) / (prompt.out[node] - own);
            let delta = next - carried[node];
            let moved = delta.abs() * prompt.out[node];
            change += moved;
            if moved <= negligible {
                continue;
            }
            carried[node] = next;
            for (group, weight) in links.row(node) {
                flow[group] += weight * delta;
            }
            added = &added[added.partition_point(|more| more.node < node)..];
            for more in added.iter().take_while(|more| more.node == node) {
                flow[more.group] += more.weight * delta;
            }
        }
        if change < tolerance || change.is_nan() || sweeps == MAX_SWEEPS {
            break;
        }
    }

    let mut rank: Vec<f64> = (0..files)
        .map(|node| {
            let followed =
                inflow(links, &flow, node) + (prompt.self_edges[node] - prompt.lost[node]) * carried[node];
            restart[node] + damping * followed
        })
        .collect();
    let sum: f64 = rank.iter().sum();
    if sum > 0.0 {
        rank.iter_mut().for_each(|rank| *rank /= sum);
    }
    (rank, sweeps)
}
