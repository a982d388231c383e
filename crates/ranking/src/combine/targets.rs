//! Which definitions a use can be of at all, by its language and by what its file imports.

use repo_map_model::DefinitionKind;

use crate::family::Family;
use crate::graph::{ReferenceGraph, Rows};

/// The uses of a name in a file.
pub(super) struct Reference<'c> {
    pub(super) name: &'c str,
    pub(super) is_imported: bool,
    /// It stands there once.
    pub(super) is_single: bool,
}

pub(super) struct Targets<'g> {
    graph: &'g ReferenceGraph,
    /// Node → its family.
    families: Vec<Family>,
    /// Name → the family of all its definers, if they have one.
    one_family: Vec<Option<Family>>,
}

impl<'g> Targets<'g> {
    /// Cost: one look at each path and at each definer of each name.
    pub(super) fn of(graph: &'g ReferenceGraph, definers: &Rows<u32>) -> Self {
        let families: Vec<Family> = graph.nodes.paths.iter().map(Family::of).collect();
        let one_family = |those: &[u32]| {
            let mut all = those.iter().map(|node| families[*node as usize]);
            let first = all.next()?;
            all.all(|family| family == first).then_some(first)
        };
        let one_family = definers.iter().map(one_family).collect();
        Self { graph, families, one_family }
    }

    /// Whether a use in a file can be of a name's definers, as far as they are of one family.
    pub(super) fn is_possible(&self, user: usize, name: usize) -> bool {
        self.one_family[name].is_none_or(|other| self.families[user].names(other))
    }

    /// The places among a name's definers of those that a use in a file can mean.
    ///
    /// - None of another family of languages.
    /// - Where a small letter keeps a name in its folder, none of another folder.
    /// - What is imported is no field and, but in languages of the JVM, no method: no import can name one.
    /// - Where imports name files, one that is not used beside means what is defined in a file of that name.
    pub(super) fn possible(
        &self,
        user: usize,
        name: usize,
        definers: &[u32],
        of: &Reference<'_>,
        possible: &mut Vec<usize>,
    ) {
        possible.clear();
        if !self.is_possible(user, name) {
            return;
        }
        possible.extend(0..definers.len());
        let family = self.families[user];
        if self.one_family[name].is_none() {
            possible.retain(|at| family.names(self.families[definers[*at] as usize]));
        }
        let nodes = &self.graph.nodes;
        if family.keeps_in_folder(of.name) {
            possible.retain(|at| nodes.folders[definers[*at] as usize] == nodes.folders[user]);
        }
        if of.is_imported {
            let is_called_so = |at: usize| nodes.paths[definers[at] as usize].stem() == of.name;
            let is_of_file = family.includes_files() && of.is_single;
            let is_imported = |at: usize| !is_of_file && !self.is_member(name, definers[at], family);
            possible.retain(|&at| is_called_so(at) || is_imported(at));
        }
    }

    /// Whether all that a file defines by a name are members, which no import of this family can name.
    fn is_member(&self, name: usize, node: u32, family: Family) -> bool {
        let of_file = self.graph.nodes.definitions.row(node as usize);
        let is_member = |kind: DefinitionKind| {
            kind == DefinitionKind::Field || kind == DefinitionKind::Method && !family.imports_methods()
        };
        let mut of_name = self.graph.names.places.row(name).iter().filter(|place| place.node == node);
        of_name.all(|place| is_member(of_file[place.definition as usize].kind))
    }
}
