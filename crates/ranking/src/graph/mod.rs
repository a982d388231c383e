//! The bipartite graph of files and names.

mod build;
mod classes;
mod counts;
mod groups;
mod imports;
mod kept;
mod names;
mod rows;
mod walk;

use std::sync::OnceLock;

use repo_map_model::{DefinitionKind, RepoPath};

pub(crate) use counts::{Counts, OverviewOrder, Placed, Uses};
pub(crate) use groups::Groups;
pub(crate) use imports::{Imports, Link};
pub use kept::{GraphPart, KeptGraph};
pub(crate) use kept::{Kept, read_overview};
pub(crate) use names::{Names, Use};
pub(crate) use rows::{Rows, RowsBuilder};
pub(crate) use walk::{Links, Walk};

use crate::combine::TreePaths;
use crate::corpus::Role;
use crate::{Corpus, FileId, PathClass, Preset};

/// No such node, name or group.
pub(crate) const NONE: u32 = u32::MAX;

/// Which files reference names that which files define: fixed at build, never changed by a request.
///
/// The random walk goes from a file through a name that it references into a file that defines the name. The weight
/// does not depend on which definer is reached, so nothing is stored for (referencer, definer) pairs; and names with
/// the same definers are one group: 6 to 8 times fewer edges than pairs on Linux, Go and Django, exactly
/// the same walk.
///
/// Files are *nodes*, numbered in the order of their paths, so nothing depends on the order in which a corpus was
/// filled. A graph speaks of the corpus as it was at build: build again after a change (0.3 CPU s for Linux).
#[derive(Clone, Debug)]
pub struct ReferenceGraph {
    pub(crate) preset: Preset,
    /// Where it was restored from.
    pub(crate) kept: Option<Kept>,
    pub(crate) nodes: Nodes,
    pub(crate) names: Names,
    /// What a walk needs; weighed when one is first asked for.
    walk: OnceLock<Walk>,
    /// Counted when it is first asked for.
    used: OnceLock<Vec<f32>>,
    /// Resolved when they are first asked for.
    imports: OnceLock<Imports>,
    /// Filled by who weighs a tree as a whole.
    pub(crate) counts: OnceLock<Counts>,
    pub(crate) paths: OnceLock<TreePaths>,
}

/// The files in the order of their paths.
#[derive(Clone, Debug)]
pub(crate) struct Nodes {
    pub(crate) files: Vec<FileId>,
    pub(crate) paths: Vec<RepoPath>,
    /// A number for each folder, from 0: that of the node's file.
    pub(crate) folders: Vec<u32>,
    /// Whether the file stands for its folder, as `mod.rs` and `index.ts` do.
    pub(crate) indexes: Vec<bool>,
    pub(crate) classes: Vec<PathClass>,
    /// Whether the file itself says that a program wrote it, whatever its path says.
    pub(crate) generated: Vec<bool>,
    /// How common the language of the file is among the source of the tree.
    pub(crate) main_language: Vec<f32>,
    /// Node of a file id, [`NONE`] where the file was removed.
    pub(crate) of_file: Vec<u32>,
    pub(crate) definitions: Rows<Definition>,
    /// Whether the file references a name that some file defines.
    pub(crate) is_user: Vec<bool>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Definition {
    /// Index into [`Names`].
    pub(crate) name: u32,
    pub(crate) kind: DefinitionKind,
    pub(crate) role: Role,
    pub(crate) lines: u16,
}

impl ReferenceGraph {
    /// Builds the graph of a corpus. Linear in definitions and references but for sorting files and each file's row.
    pub fn build(corpus: &Corpus, preset: Preset) -> Self {
        build::build(corpus, preset)
    }

    /// The preset that the graph was built with; [`rank`](crate::rank) follows it.
    pub fn preset(&self) -> &Preset {
        &self.preset
    }

    /// How many files there are, with those that the walk never visits.
    pub fn file_count(&self) -> usize {
        self.nodes.files.len()
    }

    /// How many files the walk can visit: those that define a name or reference a defined one.
    pub fn node_count(&self) -> usize {
        (0..self.file_count()).filter(|&node| self.is_linked(node)).count()
    }

    /// How many edges the graph would have with one for each (referencer, name, definer), plus the self-edges.
    pub fn edge_count(&self) -> u64 {
        self.names.edge_count()
    }

    /// What a file is, by its path, its own head, what imports it and what it holds; `None` for a file that was not there at build.
    pub fn path_class(&self, file: FileId) -> Option<PathClass> {
        self.node(file).map(|node| self.nodes.classes[node])
    }

    /// The files in the order of their paths, with what they are.
    pub fn path_classes(&self) -> impl Iterator<Item = (&RepoPath, PathClass)> {
        self.nodes.paths.iter().zip(self.nodes.classes.iter().copied())
    }

    /// By node: how many files use names of it, a name shared among all files that define it; the logarithm, 1 for the most used.
    pub(crate) fn used(&self, corpus: &Corpus) -> &[f32] {
        self.used.get_or_init(|| {
            let kept = self.kept.as_ref().and_then(|kept| kept::read_used(kept, self.file_count()));
            if let Some(used) = kept {
                return used;
            }
            let groups = &self.walk(corpus).groups;
            let mut used = vec![0.0; self.file_count()];
            for (names, definers) in groups.names.iter().zip(groups.definers.iter()) {
                let users: usize = names.iter().map(|&name| self.names.uses.row(name as usize).len()).sum();
                let share = users as f64 / (definers.len() * definers.len()) as f64;
                definers.iter().for_each(|&node| used[node as usize] += share);
            }
            let top = used.iter().copied().fold(1.0, f64::max).ln_1p();
            used.into_iter().map(|users| (users.ln_1p() / top) as f32).collect()
        })
    }

    /// What a walk needs. `corpus` is the one that the graph was built of. On one thread, as all that is made once a graph: one of a pool
    /// that waited for others in here could be given the same question again.
    pub(crate) fn walk(&self, corpus: &Corpus) -> &Walk {
        self.walk.get_or_init(|| {
            let kept = self.kept.as_ref().and_then(|kept| kept::read_walk(kept, self));
            kept.unwrap_or_else(|| Walk::of(corpus, self))
        })
    }

    /// Which files import which. `corpus` is the one that the graph was built of.
    pub(crate) fn imports(&self, corpus: &Corpus) -> &Imports {
        self.imports.get_or_init(|| {
            let kept = self.kept.as_ref().and_then(|kept| kept::read_imports(kept, self.file_count()));
            kept.unwrap_or_else(|| Imports::resolve(corpus, &self.nodes, &self.names))
        })
    }

    pub(crate) fn node(&self, file: FileId) -> Option<usize> {
        self.nodes.of_file.get(file.index()).copied().filter(|&node| node != NONE).map(|node| node as usize)
    }

    /// Whether the walk can visit the node.
    pub(crate) fn is_linked(&self, node: usize) -> bool {
        self.nodes.is_user[node] || !self.nodes.definitions.row(node).is_empty()
    }
}
