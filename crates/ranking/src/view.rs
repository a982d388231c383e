//! The graph as petgraph's algorithms see it, without a copy.

use std::iter;

use ahash::HashSet;
use petgraph::visit::{
    Data, EdgeRef, GraphBase, GraphRef, IntoEdgeReferences, IntoEdges, IntoNeighbors, IntoNodeIdentifiers,
    NodeCompactIndexable, NodeCount, NodeIndexable, Visitable,
};

use crate::graph::ReferenceGraph;

/// The bipartite graph: vertices are files, then groups; edges lead from a file to the groups that it references and
/// from a group to its definers.
///
/// The weight of a path is the negative logarithm of the probability that the walk takes it, so the shortest path
/// between two files is the likeliest.
#[derive(Clone, Copy)]
pub(crate) struct BipartiteView<'a>(pub(crate) &'a ReferenceGraph);

/// A step of the walk.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    from: u32,
    to: u32,
    cost: f64,
}

impl<'a> BipartiteView<'a> {
    /// The group of a vertex, if it is one.
    pub(crate) fn group(self, vertex: u32) -> Option<usize> {
        (vertex as usize).checked_sub(self.0.file_count())
    }

    fn steps(self, from: u32) -> impl Iterator<Item = Step> + 'a {
        let graph = self.0;
        let group = self.group(from);
        let file = if group.is_none() { Some(from as usize) } else { None };
        let into_groups = file.into_iter().flat_map(move |file| {
            let out = graph.links.out[file] + graph.links.unreferenced[file];
            graph.links.row(file).filter(|&(_, weight)| weight > 0.0).map(move |(group, weight)| {
                let definers = graph.groups.definers.row(group).len();
                let to = (graph.file_count() + group) as u32;
                Step { from, to, cost: -(weight * definers as f64 / out).ln().min(0.0) }
            })
        });
        let into_files = group.into_iter().flat_map(move |group| {
            let definers = graph.groups.definers.row(group);
            let cost = (definers.len() as f64).ln();
            definers.iter().map(move |&to| Step { from, to, cost })
        });
        into_groups.chain(into_files)
    }
}

impl GraphBase for BipartiteView<'_> {
    type NodeId = u32;
    type EdgeId = (u32, u32);
}

impl GraphRef for BipartiteView<'_> {}

impl Data for BipartiteView<'_> {
    type NodeWeight = ();
    type EdgeWeight = f64;
}

impl EdgeRef for Step {
    type NodeId = u32;
    type EdgeId = (u32, u32);
    type Weight = f64;

    fn source(&self) -> u32 {
        self.from
    }

    fn target(&self) -> u32 {
        self.to
    }

    fn weight(&self) -> &f64 {
        &self.cost
    }

    fn id(&self) -> (u32, u32) {
        (self.from, self.to)
    }
}

impl NodeCount for BipartiteView<'_> {
    fn node_count(&self) -> usize {
        self.0.file_count() + self.0.groups.len()
    }
}

impl NodeIndexable for BipartiteView<'_> {
    fn node_bound(&self) -> usize {
        self.node_count()
    }

    fn to_index(&self, vertex: u32) -> usize {
        vertex as usize
    }

    fn from_index(&self, index: usize) -> u32 {
        index as u32
    }
}

impl NodeCompactIndexable for BipartiteView<'_> {}

impl Visitable for BipartiteView<'_> {
    type Map = HashSet<u32>;

    fn visit_map(&self) -> Self::Map {
        HashSet::default()
    }

    fn reset_map(&self, map: &mut Self::Map) {
        map.clear();
    }
}

impl IntoNodeIdentifiers for BipartiteView<'_> {
    type NodeIdentifiers = std::ops::Range<u32>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        0..self.node_count() as u32
    }
}

impl<'a> IntoNeighbors for BipartiteView<'a> {
    type Neighbors = iter::Map<<Self as IntoEdges>::Edges, fn(Step) -> u32>;

    fn neighbors(self, vertex: u32) -> Self::Neighbors {
        self.edges(vertex).map(|step| step.to)
    }
}

impl<'a> IntoEdges for BipartiteView<'a> {
    type Edges = Box<dyn Iterator<Item = Step> + 'a>;

    fn edges(self, vertex: u32) -> Self::Edges {
        Box::new(self.steps(vertex))
    }
}

impl<'a> IntoEdgeReferences for BipartiteView<'a> {
    type EdgeRef = Step;
    type EdgeReferences = Box<dyn Iterator<Item = Step> + 'a>;

    fn edge_references(self) -> Self::EdgeReferences {
        Box::new(self.node_identifiers().flat_map(move |vertex| self.steps(vertex)))
    }
}

#[cfg(test)]
mod tests {
    use petgraph::algo::{connected_components, dijkstra, has_path_connecting};
    use repo_map_model::{DefinitionKind, RepoPath};

    use super::*;
    use crate::{Corpus, Preset};

    /// `a` and `b` reference what `b` and `c` define; `lone` references itself.
    fn graph() -> ReferenceGraph {
        let mut corpus = Corpus::new();
        let mut set = |path: &str, definition: &'static str, references: &[(&'static str, u32)]| {
            let definitions = [(definition, DefinitionKind::Function, false)];
            corpus.set_file(&RepoPath::new(path).unwrap(), definitions, references.iter().copied());
        };
        set("a", "main", &[("f", 1), ("g", 4)]);
        set("b", "f", &[("g", 1)]);
        set("c", "g", &[]);
        set("lone", "h", &[("h", 1)]);
        ReferenceGraph::build(&corpus, Preset::aider())
    }

    #[test]
    fn algorithms_run_on_the_view() {
        let graph = graph();
        let view = BipartiteView(&graph);
        assert_eq!(connected_components(view), 2);
        assert!(has_path_connecting(view, 0, 2, None));
        assert!(!has_path_connecting(view, 2, 0, None) && !has_path_connecting(view, 0, 3, None));
    }

    #[test]
    fn distances_are_probabilities_of_the_walk() {
        let graph = graph();
        let distances = dijkstra(BipartiteView(&graph), 0, None, |step| *step.weight());
        // From a: 1 of 3.1 to f, 2 of 3.1 to g, 0.1 of 3.1 to the unreferenced main.
        let to = |file: u32| (-distances[&file]).exp();
        assert!((to(1) - 1.0 / 3.1).abs() < 1e-12 && (to(2) - 2.0 / 3.1).abs() < 1e-12);
        assert_eq!(distances.get(&3), None);
    }
}
