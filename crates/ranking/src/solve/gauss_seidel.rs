use super::inflow;
use crate::graph::ReferenceGraph;
use crate::prompt::Prompt;

/// Changes below this are noise of the last bits.
const FINEST_TOLERANCE: f64 = 1e-13;

/// Far more than any graph was seen to need at a damping of 0.85; a damping close to 1 may be cut off.
const MAX_SWEEPS: usize = 10_000;

/// Over-relaxed Gauss-Seidel sweeps over the files; the ranks and how many sweeps they took.
///
/// What a node does not pass on restarts as the request says, so it only scales the answer: with `A` the walk over
/// references, the ranks are proportional to the solution of `x = d·Aᵀx + (1 - d)·restart`. It is solved for
/// `z = x / out`, what a unit of weight carries. Flows through groups are then sums of `weight · z`: an update of one
/// file is pushed into the groups that it references at once, and files later in the sweep use it. What a file
/// passes to itself is solved for, not iterated. On Linux this takes 23 sweeps where power iteration takes 60.
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
    let relaxation = relaxation(damping);
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
            let solved = (restart[node] + damping * others) / (prompt.out[node] - own);
            let delta = relaxation * (solved - carried[node]);
            let moved = delta.abs() * prompt.out[node];
            change += moved;
            if moved <= negligible {
                continue;
            }
            carried[node] += delta;
            for (group, weight) in links.row(node) {
                flow[group] += weight * delta;
            }
            while let Some((more, rest)) = added.split_first().filter(|(more, _)| more.node <= node) {
                if more.node == node {
                    flow[more.group] += more.weight * delta;
                }
                added = rest;
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

/// How far each update goes beyond the solution of its own equation: 1.07 for a damping of 0.85, on Linux 23 sweeps, with 1 it is 27.
///
/// The matrix is an M-matrix whose Jacobi iteration has a spectral radius of at most `damping`, so any relaxation
/// below 2 / (1 + damping) converges (Varga, Matrix Iterative Analysis); this stays a tenth of the way from it.
fn relaxation(damping: f64) -> f64 {
    1.0 + 0.9 * (2.0 / (1.0 + damping) - 1.0)
}
