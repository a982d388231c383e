use ahash::HashMap;
use petgraph::dot::Dot;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::graph::ReferenceGraph;
use crate::route::heaviest_name;
use crate::{Corpus, Ranking};

/// The best files of a ranking and the references between them, in Graphviz's DOT language.
///
/// An edge bears the name that weighs most among those that lead from one file to the other.
pub fn to_dot(corpus: &Corpus, graph: &ReferenceGraph, ranking: &Ranking, files: usize) -> String {
    let mut drawn = DiGraph::<&str, &str>::new();
    let shown: Vec<(usize, NodeIndex)> = ranking
        .files
        .iter()
        .take(files)
        .filter_map(|ranked| graph.node(ranked.file))
        .map(|node| (node, drawn.add_node(graph.nodes.paths[node].as_str())))
        .collect();

    let mut definers: HashMap<usize, Vec<NodeIndex>> = HashMap::default();
    for &(node, index) in &shown {
        for &group in graph.links.defines.row(node) {
            definers.entry(group as usize).or_default().push(index);
        }
    }
    for &(node, from) in &shown {
        let mut heaviest: Vec<(NodeIndex, f64, usize)> = Vec::new();
        for (group, weight) in graph.links.row(node) {
            let others = definers.get(&group).into_iter().flatten().filter(|&&to| to != from);
            heaviest.extend(others.map(|&to| (to, weight, group)));
        }
        heaviest.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
        heaviest.dedup_by_key(|(to, ..)| *to);
        for (to, _, group) in heaviest {
            drawn.add_edge(from, to, heaviest_name(corpus, graph, node, group).unwrap_or_default());
        }
    }
    Dot::new(&drawn).to_string()
}
