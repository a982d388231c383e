//! The walk as aider builds it: an edge for each (referencer, name, definer), power iteration over edges.

use std::collections::{BTreeMap, BTreeSet};

use repo_map_model::RepoPath;
use repo_map_ranking::EdgeWeights;

use crate::sample::Sample;

pub(crate) struct Walk {
    pub(crate) files: BTreeMap<RepoPath, f64>,
    /// By path and name.
    pub(crate) definitions: BTreeMap<(RepoPath, &'static str), f64>,
    pub(crate) edges: usize,
}

struct Edge {
    from: RepoPath,
    to: RepoPath,
    name: &'static str,
    weight: f64,
    /// The part of what the edge carries that arrives; the rest restarts.
    arriving: f64,
}

/// Ranks by iterating until the L1 change is below `tolerance`, at most `max_iterations` times.
pub(crate) fn walk(sample: &Sample, weights: &EdgeWeights, tolerance: f64, max_iterations: usize) -> Walk {
    let edges = edges(sample, weights);
    let nodes: BTreeSet<&RepoPath> = edges.iter().flat_map(|edge| [&edge.from, &edge.to]).collect();
    let mut out: BTreeMap<&RepoPath, f64> = BTreeMap::new();
    edges.iter().for_each(|edge| *out.entry(&edge.from).or_default() += edge.weight);
    let restart = restart(sample, weights, &nodes);

    let mut rank: BTreeMap<&RepoPath, f64> =
        nodes.iter().map(|&node| (node, 1.0 / nodes.len() as f64)).collect();
    for _ in 0..max_iterations {
        let dangling: f64 = nodes.iter().filter(|node| !out.contains_key(*node)).map(|node| rank[node]).sum();
        let carried = |edge: &Edge| rank[&edge.from] * edge.weight / out[&edge.from];
        let lost: f64 = edges.iter().map(|edge| carried(edge) * (1.0 - edge.arriving)).sum();
        let mut next: BTreeMap<&RepoPath, f64> =
            nodes.iter().map(|&node| (node, (0.85 * (dangling + lost) + 0.15) * restart[node])).collect();
        for edge in &edges {
            *next.get_mut(&edge.to).unwrap() += 0.85 * carried(edge) * edge.arriving;
        }
        let change: f64 = nodes.iter().map(|node| (next[node] - rank[node]).abs()).sum();
        rank = next;
        if change < tolerance {
            break;
        }
    }

    let mut definitions = BTreeMap::new();
    for edge in edges.iter().filter(|edge| !sample.chat_files.contains(&edge.to)) {
        *definitions.entry((edge.to.clone(), edge.name)).or_default() +=
            rank[&edge.from] * edge.weight / out[&edge.from] * edge.arriving;
    }
    Walk {
        files: rank.iter().map(|(path, &rank)| ((*path).clone(), rank)).collect(),
        definitions,
        edges: edges.len(),
    }
}

fn edges(sample: &Sample, weights: &EdgeWeights) -> Vec<Edge> {
    let mut definers: BTreeMap<&'static str, BTreeSet<&RepoPath>> = BTreeMap::new();
    let mut referencers: BTreeMap<&'static str, BTreeMap<&RepoPath, u32>> = BTreeMap::new();
    for file in &sample.files {
        for &name in &file.definitions {
            definers.entry(name).or_default().insert(&file.path);
        }
        for &(name, count) in &file.references {
            *referencers.entry(name).or_default().entry(&file.path).or_default() += count;
        }
    }
    if referencers.is_empty() {
        for (&name, paths) in &definers {
            referencers.insert(name, paths.iter().map(|&path| (path, 1)).collect());
        }
    }
    let mut edges = Vec::new();
    for (&name, definers) in &definers {
        for &to in definers {
            match referencers.get(name) {
                None => edges.push(Edge {
                    from: to.clone(),
                    to: to.clone(),
                    name,
                    weight: weights.unreferenced,
                    arriving: weights.own_share,
                }),
                Some(referencers) => edges.extend(referencers.iter().map(|(&from, &count)| {
                    let chat = if sample.chat_files.contains(from) { weights.chat_reference } else { 1.0 };
                    let factor = name_factor(sample, weights, name, definers.len());
                    let weight = factor * chat * f64::from(count).sqrt();
                    let arriving = if from == to { weights.own_share } else { 1.0 };
                    Edge { from: from.clone(), to: to.clone(), name, weight, arriving }
                })),
            }
        }
    }
    edges
}

fn name_factor(sample: &Sample, weights: &EdgeWeights, name: &str, definers: usize) -> f64 {
    let mut factor = 1.0;
    if sample.mentioned_idents.iter().any(|mentioned| mentioned == name) {
        factor *= weights.mentioned_name;
    }
    let compound = name.contains(['_', '-']) || name.contains(char::is_uppercase);
    if compound && name.chars().count() >= 8 {
        factor *= weights.long_name;
    }
    if name.starts_with('_') {
        factor *= weights.underscore;
    }
    if definers > weights.common_above {
        factor *=
            weights.common * (weights.common_above as f64 / definers as f64).powf(weights.common_dilution);
    }
    factor
}

fn restart<'a>(
    sample: &Sample,
    weights: &EdgeWeights,
    nodes: &BTreeSet<&'a RepoPath>,
) -> BTreeMap<&'a RepoPath, f64> {
    let mass = |path: &RepoPath| {
        let mut mass = if sample.chat_files.contains(path) { weights.restart_chat } else { 0.0 };
        if sample.mentioned_files.contains(path) {
            mass = f64::max(mass, weights.restart_mentioned);
        }
        let is_mentioned = |part: &str| sample.mentioned_idents.iter().any(|mentioned| mentioned == part);
        if path.components().chain([path.stem()]).any(is_mentioned) {
            mass += weights.restart_path;
        }
        mass
    };
    let sum: f64 = nodes.iter().map(|path| mass(path)).sum();
    let share = |path: &RepoPath| if sum > 0.0 { mass(path) / sum } else { 1.0 / nodes.len() as f64 };
    nodes.iter().map(|&path| (path, share(path))).collect()
}
