//! What a file reaches by its imports, and which of a name's definers it means.

use std::{iter, mem};

use crate::Corpus;
use crate::graph::{Imports, Link, ReferenceGraph};

/// A name that more files define is used by its own name, not by where it is: no use of it is resolved.
pub(super) const MOST_RESOLVED: usize = 16;

/// So many of the index files that a file imports hand something on to it.
const MOST_INDEXES: usize = 8;

/// A mark costs so much less than a look-up.
const WORTH_MARKING: usize = 4;

/// How much of its attention the user gives to each of a name's definers where it references the name: all of them together 1.
pub(super) fn shares_of(graph: &ReferenceGraph, reached: &mut Reached<'_>, name: usize) -> Vec<(u32, f32)> {
    let definers: Vec<u32> = graph.names.definers(name).take(MOST_RESOLVED + 1).collect();
    let mut meant = Vec::new();
    resolve(graph, &definers, reached.user, &mut meant, |definer| reached.has(definer));
    if meant.is_empty() && definers.len() <= MOST_RESOLVED {
        meant = (0..definers.len()).collect();
    }
    let share = 1.0 / meant.len().max(1) as f32;
    meant.into_iter().map(|at| (definers[at], share)).collect()
}

/// Which of a name's definers a user means, by their places among these.
///
/// A name says not which of its definers is meant. Where the user imports some of them, or else lies beside some, those are; none where
/// nothing tells.
pub(super) fn resolve(
    graph: &ReferenceGraph,
    definers: &[u32],
    user: usize,
    meant: &mut Vec<usize>,
    mut is_imported: impl FnMut(u32) -> bool,
) {
    meant.clear();
    if definers.len() > MOST_RESOLVED {
        return;
    }
    meant.extend((0..definers.len()).filter(|&at| is_imported(definers[at])));
    if meant.is_empty() {
        let folder = |node: u32| graph.nodes.folders[node as usize];
        let beside = |&at: &usize| folder(definers[at]) == graph.nodes.folders[user];
        meant.extend((0..definers.len()).filter(beside));
    }
}

/// Which files one file after the other imports, itself or through the index files that it imports: what a package hands on.
///
/// Nothing is listed that is handed on: in a tree where all import what gathers all, that would be a list of all files for each. It is
/// marked where that is less work than to ask for each definer.
pub(super) struct Reached<'g> {
    graph: &'g ReferenceGraph,
    imports: &'g Imports,
    user: usize,
    /// The index files that the user imports.
    indexes: Vec<u32>,
    /// Look-ups that are to come, at most.
    asked: usize,
    is_marked: Option<bool>,
    /// By node: the last user that reaches it, and 1.
    marks: Vec<u32>,
}

impl<'g> Reached<'g> {
    pub(super) fn new(corpus: &Corpus, graph: &'g ReferenceGraph) -> Self {
        Self {
            graph,
            imports: graph.imports(corpus),
            user: 0,
            indexes: Vec::new(),
            asked: 0,
            is_marked: None,
            marks: vec![0; graph.file_count()],
        }
    }

    /// Goes on to a user.
    pub(super) fn begin(&mut self, user: usize, asked: usize) {
        (self.user, self.asked, self.is_marked) = (user, asked, None);
        let row = self.imports.imported.row(user);
        #[cfg(test)]
        LISTED.set(LISTED.get() + 1);
        let indexes =
            row.iter().map(|link| link.node).filter(|&node| self.graph.nodes.indexes[node as usize]);
        self.indexes.clear();
        self.indexes.extend(indexes.take(MOST_INDEXES));
    }

    pub(super) fn has(&mut self, file: u32) -> bool {
        let is_marked = match self.is_marked {
            Some(is_marked) => is_marked,
            None => self.mark(),
        };
        match is_marked {
            true => self.marks[file as usize] == self.user as u32 + 1,
            false => self.rows().any(|row| row.binary_search_by_key(&file, |link| link.node).is_ok()),
        }
    }

    /// What the user imports, and what each of its index files does.
    fn rows(&self) -> impl Iterator<Item = &'g [Link]> {
        let indexes = self.indexes.iter().map(|&index| index as usize);
        let imported = &self.imports.imported;
        iter::once(self.user).chain(indexes).map(|node| imported.row(node))
    }

    /// In a tree where all import what gathers all, marking would cost all files for each.
    fn mark(&mut self) -> bool {
        let links = self.rows().map(<[Link]>::len).sum::<usize>();
        let is_marked = links <= self.asked * WORTH_MARKING;
        if is_marked {
            let mark = self.user as u32 + 1;
            let mut marks = mem::take(&mut self.marks);
            self.rows().flatten().for_each(|link| marks[link.node as usize] = mark);
            self.marks = marks;
        }
        *self.is_marked.insert(is_marked)
    }
}

#[cfg(test)]
thread_local! {
    /// The users on this thread whose index files were listed.
    pub(super) static LISTED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

#[cfg(test)]
mod tests {
    use repo_map_model::{DefinitionKind, RepoPath};

    use super::*;
    use crate::Preset;

    #[test]
    fn a_file_reaches_the_same_marked_and_looked_up() {
        let mut corpus = Corpus::new();
        let names: Vec<String> = (0..30).map(|at| format!("m{at}")).collect();
        for (at, name) in names.iter().enumerate() {
            // Every fifth gathers its folder; each imports three others, some of them through such a one.
            let file = if at % 5 == 0 { "__init__" } else { name.as_str() };
            let path = RepoPath::new(&format!("p{}/{file}.py", at / 5)).unwrap();
            let file = corpus.set_file(&path, [(name.as_str(), DefinitionKind::Class, false)], []);
            let imports =
                [at * 7 + 1, at * 3 + 5, at / 5 * 5].map(|other| names[other % names.len()].as_str());
            corpus.set_imports(file, imports);
        }
        let graph = ReferenceGraph::build(&corpus, Preset::default());
        let [mut marked, mut looked_up] = [(); 2].map(|()| Reached::new(&corpus, &graph));
        let imported = &graph.imports(&corpus).imported;
        let has_row = |node: usize, file: u32| imported.row(node).iter().any(|link| link.node == file);
        let mut found = 0;
        for user in 0..names.len() {
            marked.begin(user, names.len());
            looked_up.begin(user, 0);
            for file in 0..names.len() as u32 {
                let indexes = imported.row(user).iter().map(|link| link.node as usize);
                let mut indexes = indexes.filter(|&node| graph.nodes.indexes[node]);
                let has = has_row(user, file) || indexes.any(|node| has_row(node, file));
                assert_eq!((marked.has(file), looked_up.has(file)), (has, has));
                found += usize::from(has);
            }
            assert_eq!((marked.is_marked, looked_up.is_marked), (Some(true), Some(false)));
        }
        assert!((60..600).contains(&found), "{found}");
    }
}
