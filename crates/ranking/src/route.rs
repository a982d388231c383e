use petgraph::algo::astar;
use petgraph::visit::EdgeRef;

use crate::graph::ReferenceGraph;
use crate::prompt::name_factor;
use crate::view::BipartiteView;
use crate::{Corpus, FileId};

/// One step of the walk: a file references a name that another file defines.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hop {
    /// The file with the reference.
    pub from: FileId,
    /// The name; where several lead to the same definers, the one that weighs most.
    pub name: String,
    /// The file with the definition.
    pub to: FileId,
}

/// The likeliest way of the walk from one file to another, without restarts: why is this file here?
///
/// Empty from a file to itself; `None` where no references lead there, or a file was not there at build. Dijkstra's algorithm:
/// at most a second for Linux.
pub fn path_between(corpus: &Corpus, graph: &ReferenceGraph, from: FileId, to: FileId) -> Option<Vec<Hop>> {
    let (start, end) = (graph.node(from)? as u32, graph.node(to)? as u32);
    let view = BipartiteView(graph);
    let (_, vertices) = astar(view, start, |vertex| vertex == end, |step| *step.weight(), |_| 0.0)?;
    let hops = vertices.windows(3).step_by(2).filter_map(|step| {
        let (from, to) = (step[0] as usize, step[2] as usize);
        let group = view.group(step[1])?;
        let name = heaviest_name(corpus, graph, from, group)?;
        Some(Hop { from: graph.nodes.files[from], name: name.to_owned(), to: graph.nodes.files[to] })
    });
    Some(hops.collect())
}

/// The name of a group by which a node references it most; of equals the first in the alphabet.
pub(crate) fn heaviest_name<'a>(
    corpus: &'a Corpus,
    graph: &ReferenceGraph,
    node: usize,
    group: usize,
) -> Option<&'a str> {
    let names = graph.groups.names.row(group).iter().filter_map(|&name| {
        let name = name as usize;
        let uses = graph.names.uses.row(name);
        let at = uses.binary_search_by_key(&(node as u32), |of| of.node).ok()?;
        let weight = name_factor(graph, name, group) * f64::from(uses[at].count).sqrt();
        Some((weight, corpus.symbols().name(graph.names.symbols[name])))
    });
    names.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1))).map(|(_, name)| name)
}
