//! How much the tree leans on each definition, whatever is asked for.

use std::sync::OnceLock;

/// How many other files use a definition.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Uses {
    /// Source files; the share of each where several definitions may be meant.
    pub(crate) source: f32,
    /// Tests, examples, and code in documentation.
    pub(crate) tests: f32,
    /// A file that stands for its folder imports the name from here.
    pub(crate) exported: bool,
    /// Documents that name it in code spans.
    pub(crate) documents: f32,
    /// Other files of code whose comments do.
    pub(crate) comments: f32,
    /// How many files of source define the name.
    pub(crate) definers: u32,
}

/// Counted when a map without a task is first asked for, and kept as long as the graph: another budget or folder needs no other.
#[derive(Clone, Debug)]
pub(crate) struct Counts {
    /// Node after node, in the order of its definitions.
    pub(crate) uses: OnceLock<Vec<Uses>>,
    /// The same: the weighted sum of its signals.
    pub(crate) sums: OnceLock<Vec<f64>>,
    /// The weights that sums and order are made with.
    pub(crate) weights: Vec<f64>,
    /// What they come to for the whole tree.
    pub(crate) order: OnceLock<OverviewOrder>,
}

/// What stands for a tree, best first.
#[derive(Clone, Debug)]
pub(crate) struct OverviewOrder {
    pub(crate) definitions: Vec<Placed>,
    /// The chance of each file, and its node.
    pub(crate) files: Vec<(f64, u32)>,
}

/// A definition by its row among those of all nodes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed {
    pub(crate) chance: f64,
    pub(crate) row: u32,
    /// A better one has its name.
    pub(crate) is_double: bool,
    pub(crate) uses: Uses,
}
