//! What a random walk over the graph needs: groups of names, and the weights of the edges to them.

use super::names::NameCount;
use super::{Definition, Groups, Names, ReferenceGraph, Rows, RowsBuilder};
use crate::weights::NameShape;
use crate::{Corpus, EdgeWeights};

/// Made when a walk is first asked for: what stands for a tree without a task needs none of it.
#[derive(Clone, Debug)]
pub(crate) struct Walk {
    pub(crate) groups: Groups,
    pub(crate) links: Links,
    /// Name → the code of its [`NameShape`].
    pub(super) shapes: Vec<u8>,
}

/// The edges from nodes to groups, and what a solver needs to know of each node.
#[derive(Clone, Debug)]
pub(crate) struct Links {
    /// Node → the groups that it references, ascending.
    pub(crate) groups: Rows<u32>,
    /// Beside the entries of `groups`, row by row: the weight to each definer of the group.
    pub(crate) weights: Rows<f64>,
    /// Node → the groups that it is a definer of, ascending.
    pub(crate) defines: Rows<u32>,
    /// Weight of all references of a node, to all definers.
    pub(crate) out: Vec<f64>,
    /// Weight of a node's references to itself.
    pub(crate) to_self: Vec<f64>,
    /// Weight of a node's self-edges for definitions that nobody references.
    pub(crate) unreferenced: Vec<f64>,
}

impl Walk {
    pub(super) fn of(corpus: &Corpus, graph: &ReferenceGraph) -> Self {
        let (edges, names) = (&graph.preset.edges, &graph.names);
        let shape = |&symbol: &_| edges.shape(corpus.symbols().name(symbol)).code();
        let shapes: Vec<u8> = names.symbols.iter().map(shape).collect();
        let groups = Groups::of(names, edges);
        let references = references(graph.file_count(), names);
        let (links, weights) = weighted(edges, &groups, &shapes, &references);
        let links = Links::joined(edges, names, &groups, &graph.nodes.definitions, links, weights);
        Self { groups, links, shapes }
    }

    /// Weight of a single reference to a name, to each of its definers, before the request.
    pub(crate) fn name_factor(&self, edges: &EdgeWeights, name: usize, group: usize) -> f64 {
        self.groups.factors[group] * edges.shape_factor(NameShape::from_code(self.shapes[name]))
    }
}

/// Node → the defined names that it references, ascending.
fn references(nodes: usize, names: &Names) -> Rows<NameCount> {
    let mut lengths = vec![0; nodes];
    names.uses.iter().flatten().for_each(|of| lengths[of.node as usize] += 1);
    let mut references = RowsBuilder::new(&lengths);
    for (row, name) in names.uses.iter().zip(0..) {
        row.iter().for_each(|of| references.push(of.node as usize, NameCount { name, count: of.count }));
    }
    references.build()
}

impl Links {
    pub(super) fn joined(
        edges: &EdgeWeights,
        names: &Names,
        groups: &Groups,
        definitions: &Rows<Definition>,
        links: Rows<u32>,
        weights: Rows<f64>,
    ) -> Self {
        let nodes = links.len();
        let defines = inverted(nodes, &groups.definers);
        let mut this = Self {
            out: Vec::with_capacity(links.len()),
            to_self: Vec::with_capacity(links.len()),
            unreferenced: definitions
                .iter()
                .map(|row| edges.unreferenced * unreferenced_names(names, row) as f64)
                .collect(),
            groups: links,
            weights,
            defines,
        };
        for node in 0..nodes {
            let mut own = this.defines.row(node);
            let (mut out, mut to_self) = (0.0, 0.0);
            for (group, weight) in this.row(node) {
                out += weight * groups.definers.row(group).len() as f64;
                while own.first().is_some_and(|&first| (first as usize) < group) {
                    own = &own[1..];
                }
                if own.first().is_some_and(|&first| first as usize == group) {
                    to_self += weight;
                }
            }
            this.out.push(out);
            this.to_self.push(to_self);
        }
        this
    }
}

/// Node → (groups, weights). A row's weights of one group are summed in the order of shape and count, which no
/// numbering of names changes: the same files give the same bits, however a corpus was filled.
fn weighted(
    edges: &EdgeWeights,
    groups: &Groups,
    shapes: &[u8],
    references: &Rows<NameCount>,
) -> (Rows<u32>, Rows<f64>) {
    const SHAPE_BITS: u32 = NameShape::COUNT.trailing_zeros();
    const COUNT_BITS: u32 = 32 - SHAPE_BITS;
    const MAX_COUNT: u32 = (1 << COUNT_BITS) - 1;
    let shape_factors: [f64; NameShape::COUNT] =
        std::array::from_fn(|code| edges.shape_factor(NameShape::from_code(code as u8)));

    let (mut lengths, mut links, mut weights) =
        (Vec::with_capacity(references.len()), Vec::new(), Vec::new());
    let mut keys: Vec<u64> = Vec::new();
    for row in references.iter() {
        keys.clear();
        keys.extend(row.iter().map(|reference| {
            let name = reference.name as usize;
            let group = groups.of_name(name).expect("a name that a file references has a group");
            let low = u32::from(shapes[name]) << COUNT_BITS | reference.count.min(MAX_COUNT);
            (group as u64) << 32 | u64::from(low)
        }));
        keys.sort_unstable();
        let before = links.len();
        for of_group in keys.chunk_by(|a, b| a >> 32 == b >> 32) {
            let group = (of_group[0] >> 32) as u32;
            let counted = of_group.iter().map(|&key| {
                let low = key as u32;
                shape_factors[(low >> COUNT_BITS) as usize] * f64::from(low & MAX_COUNT).sqrt()
            });
            links.push(group);
            weights.push(groups.factors[group as usize] * counted.sum::<f64>());
        }
        lengths.push((links.len() - before) as u32);
    }
    (Rows::joined(lengths.iter().copied(), links), Rows::joined(lengths.into_iter(), weights))
}

/// Node → the rows that hold it.
fn inverted(nodes: usize, rows: &Rows<u32>) -> Rows<u32> {
    let mut lengths = vec![0; nodes];
    rows.iter().flatten().for_each(|&node| lengths[node as usize] += 1);
    let mut inverted = RowsBuilder::new(&lengths);
    for (index, row) in rows.iter().enumerate() {
        row.iter().for_each(|&node| inverted.push(node as usize, index as u32));
    }
    inverted.build()
}

/// How many distinct names of a file's definitions no file references.
fn unreferenced_names(names: &Names, definitions: &[Definition]) -> usize {
    let mut unreferenced: Vec<u32> = definitions
        .iter()
        .map(|definition| definition.name)
        .filter(|&name| !names.is_referenced(name as usize))
        .collect();
    unreferenced.sort_unstable();
    unreferenced.dedup();
    unreferenced.len()
}

impl Links {
    /// The groups that a node references, with the weight to each definer.
    pub(crate) fn row(&self, node: usize) -> impl Iterator<Item = (usize, f64)> {
        let weights = self.weights.row(node);
        self.groups.row(node).iter().zip(weights).map(|(&group, &weight)| (group as usize, weight))
    }
}

#[cfg(test)]
mod tests {
    use repo_map_model::{DefinitionKind, RepoPath};

    use super::*;
    use crate::Preset;

    /// Rounded scores would hide it.
    #[test]
    fn weights_have_the_same_bits_however_names_are_numbered() {
        let names: Vec<String> =
            (0..40).map(|n| format!("{}{n}", ["f", "_g", "Long_name_"][n % 3])).collect();
        let bits = |reversed: bool| {
            let mut used: Vec<(&str, u32)> = names.iter().map(String::as_str).zip(1..).collect();
            if reversed {
                used.reverse();
            }
            let mut corpus = Corpus::new();
            corpus.set_file(&RepoPath::new("user").unwrap(), [], used);
            let defined = names.iter().map(|name| (name.as_str(), DefinitionKind::Function, false));
            corpus.set_file(&RepoPath::new("definer").unwrap(), defined, []);
            let graph = ReferenceGraph::build(&corpus, Preset::default());
            let weights = graph.walk(&corpus).links.weights.row(1);
            assert_eq!(weights.len(), 1);
            weights[0].to_bits()
        };
        assert_eq!(bits(false), bits(true));
    }
}
