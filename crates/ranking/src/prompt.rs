use ahash::HashSet;
use repo_map_model::RepoPath;

use crate::graph::{Names, ReferenceGraph, Walk};
use crate::{Corpus, RankRequest};

/// What a request changes: vectors and a few added weights, never the graph.
///
/// Chat files' references count 50 times. A row is divided by its sum, so that is the same as dividing what does not
/// count 50 times, the row's self-edges, by 50.
#[derive(Debug)]
pub(crate) struct Prompt {
    /// Where the walk restarts: sums to 1 over the nodes it can visit; empty if there are none.
    pub(crate) restart: Vec<f64>,
    /// Sum of a node's weights, self-edges included; 0 for a node that the walk leaves only by restarting.
    pub(crate) out: Vec<f64>,
    /// Weight of a node's self-edges.
    pub(crate) self_edges: Vec<f64>,
    /// The part of both that restarts instead of arriving.
    pub(crate) lost: Vec<f64>,
    /// Weight that mentioned names add to references, by node and group.
    pub(crate) added: Vec<AddedWeight>,
    /// Ascending.
    pub(crate) mentioned_names: Vec<usize>,
    pub(crate) is_chat: Vec<bool>,
}

/// More weight from a node to each definer of a group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AddedWeight {
    pub(crate) node: usize,
    pub(crate) group: usize,
    pub(crate) weight: f64,
}

impl Prompt {
    pub(crate) fn new(corpus: &Corpus, graph: &ReferenceGraph, request: &RankRequest<'_>) -> Self {
        let (edges, walk) = (&graph.preset.edges, graph.walk(corpus));
        let mut is_chat = vec![false; graph.file_count()];
        nodes_of(corpus, graph, request.chat_files).for_each(|node| is_chat[node] = true);

        let mentioned_names = defined_names(corpus, &graph.names, request.mentioned_idents);
        let added = added_weights(graph, walk, &mentioned_names);
        let mut out = walk.links.out.clone();
        let mut to_self = walk.links.to_self.clone();
        for more in &added {
            let definers = walk.groups.definers.row(more.group);
            out[more.node] += more.weight * definers.len() as f64;
            if definers.binary_search(&(more.node as u32)).is_ok() {
                to_self[more.node] += more.weight;
            }
        }
        let mut self_edges = walk.links.unreferenced.clone();
        for (weight, _) in self_edges.iter_mut().zip(&is_chat).filter(|(_, chat)| **chat) {
            *weight /= edges.chat_reference;
        }
        out.iter_mut().zip(&self_edges).for_each(|(out, weight)| *out += weight);
        let lost = to_self.iter().zip(&self_edges).map(|(row, edges)| row + edges);
        let lost = lost.map(|own| own * (1.0 - graph.preset.edges.own_share)).collect();
        let restart = restart(corpus, graph, request, &is_chat);
        Self { restart, out, self_edges, lost, added, mentioned_names, is_chat }
    }
}

fn nodes_of<'a>(
    corpus: &'a Corpus,
    graph: &'a ReferenceGraph,
    paths: &'a [RepoPath],
) -> impl Iterator<Item = usize> + 'a {
    paths.iter().filter_map(|path| graph.node(corpus.file(path.as_str())?))
}

fn defined_names(corpus: &Corpus, names: &Names, mentioned: &[String]) -> Vec<usize> {
    let mut defined: Vec<usize> =
        mentioned.iter().filter_map(|name| names.of_symbol(corpus.symbols().get(name)?)).collect();
    defined.sort_unstable();
    defined.dedup();
    defined
}

fn added_weights(graph: &ReferenceGraph, walk: &Walk, mentioned: &[usize]) -> Vec<AddedWeight> {
    let more = graph.preset.edges.mentioned_name - 1.0;
    let mut added = Vec::new();
    for &name in mentioned {
        let Some(group) = walk.groups.of_name(name) else { continue };
        let factor = more * walk.name_factor(&graph.preset.edges, name, group);
        added.extend(graph.names.uses.row(name).iter().map(|of| AddedWeight {
            node: of.node as usize,
            group,
            weight: factor * f64::from(of.count).sqrt(),
        }));
    }
    added.sort_unstable_by(|a, b| {
        (a.node, a.group).cmp(&(b.node, b.group)).then(a.weight.total_cmp(&b.weight))
    });
    added
}

fn restart(corpus: &Corpus, graph: &ReferenceGraph, request: &RankRequest<'_>, is_chat: &[bool]) -> Vec<f64> {
    let edges = &graph.preset.edges;
    let mut mass: Vec<f64> =
        is_chat.iter().map(|&chat| if chat { edges.restart_chat } else { 0.0 }).collect();
    for node in nodes_of(corpus, graph, request.mentioned_files) {
        mass[node] = mass[node].max(edges.restart_mentioned);
    }
    if !request.mentioned_idents.is_empty() {
        let mentioned: HashSet<&str> = request.mentioned_idents.iter().map(String::as_str).collect();
        for (path, mass) in graph.nodes.paths.iter().zip(&mut mass) {
            if mentioned.contains(path.stem()) || path.components().any(|part| mentioned.contains(part)) {
                *mass += edges.restart_path;
            }
        }
    }
    normalised(graph, mass)
}

/// Restart mass over the nodes that the walk can visit, uniform where the request gives them none.
fn normalised(graph: &ReferenceGraph, mut mass: Vec<f64>) -> Vec<f64> {
    let unlinked = |(node, _): &(usize, &mut f64)| !graph.is_linked(*node);
    mass.iter_mut().enumerate().filter(unlinked).for_each(|(_, mass)| *mass = 0.0);
    let mut sum: f64 = mass.iter().sum();
    if sum <= 0.0 || !sum.is_finite() {
        mass = (0..mass.len()).map(|node| if graph.is_linked(node) { 1.0 } else { 0.0 }).collect();
        sum = mass.iter().sum();
    }
    if sum > 0.0 {
        mass.iter_mut().for_each(|mass| *mass /= sum);
    }
    mass
}
