//! How many files lean on each definition.

use repo_map_model::RepoPath;

use crate::graph::{Imports, Link, ReferenceGraph};
use crate::{Corpus, PathClass};

/// A name that more files define is used by its own name, not by where it is: no use of it is resolved.
const MOST_RESOLVED: usize = 16;

/// So many of the index files that a file imports hand something on to it.
const MOST_INDEXES: usize = 8;

/// How many other files use a definition.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Uses {
    /// Source files; the share of each where several definitions may be meant.
    pub(super) source: f32,
    /// Tests, examples, and code in documentation.
    pub(super) tests: f32,
    /// A file that stands for its folder imports the name from here.
    pub(super) exported: bool,
    /// Documents that name it in code spans.
    pub(super) documents: f32,
    /// Other files of code whose comments do.
    pub(super) comments: f32,
    /// How many files of source define the name.
    pub(super) definers: u32,
}

/// Counts the files that use each definition; node after node, in the order of its definitions.
pub(super) fn uses(corpus: &Corpus, graph: &ReferenceGraph) -> Vec<Uses> {
    let mut starts = Vec::with_capacity(graph.file_count());
    let mut all = 0;
    for row in graph.nodes.definitions.iter() {
        starts.push(all);
        all += row.len();
    }
    let mut found = vec![Uses::default(); all];
    let reach = Reach::of(corpus, graph);
    let mut definers: Vec<u32> = Vec::new();
    let mut counts: Vec<Uses> = Vec::new();
    let mut meant: Vec<usize> = Vec::new();
    for (name, told) in told(corpus, graph).into_iter().enumerate() {
        definers.clear();
        definers.extend(graph.names.definers(name));
        counts.clear();
        counts.resize(definers.len(), Uses::default());
        let mut unresolved = Uses::default();
        for of in graph.names.uses.row(name) {
            if definers.binary_search(&of.node).is_ok() {
                continue;
            }
            let user = of.node as usize;
            let is_test = match graph.nodes.classes[user] {
                PathClass::Source => false,
                PathClass::Test | PathClass::Example | PathClass::Docs => true,
                _ => continue,
            };
            let add = |to: &mut Uses, share: f32| {
                if is_test {
                    to.tests += share;
                } else {
                    to.source += share;
                    to.exported |= graph.nodes.indexes[user] && imports_name(corpus, graph, user, name);
                }
            };
            resolve(graph, &reach, user, &definers, &mut meant);
            if meant.is_empty() {
                add(&mut unresolved, 1.0 / definers.len() as f32);
            } else {
                let share = 1.0 / meant.len() as f32;
                meant.iter().for_each(|&at| add(&mut counts[at], share));
            }
        }
        let of_source = |node: &&u32| graph.nodes.classes[**node as usize] == PathClass::Source;
        let of_source = definers.iter().filter(of_source).count() as u32;
        for place in graph.names.places.row(name) {
            let at = definers.binary_search(&place.node).expect("who has a place is a definer");
            let of = &mut found[starts[place.node as usize] + place.definition as usize];
            *of = Uses {
                source: counts[at].source + unresolved.source,
                tests: counts[at].tests + unresolved.tests,
                documents: told.documents,
                comments: told.comments,
                definers: of_source,
                ..counts[at]
            };
        }
    }
    found
}

/// How many documents, and how many files of code in their comments, write each name as code. Who defines it speaks of itself.
fn told(corpus: &Corpus, graph: &ReferenceGraph) -> Vec<Uses> {
    let mut told = vec![Uses::default(); graph.names.len()];
    for (node, file) in graph.nodes.files.iter().enumerate() {
        let is_document = match graph.nodes.classes[node] {
            PathClass::Docs => !is_log(&graph.nodes.paths[node]),
            PathClass::Source | PathClass::Example => false,
            _ => continue,
        };
        for &symbol in &corpus.slots()[file.index()].mentions {
            let Some(name) = graph.names.of_symbol(symbol) else { continue };
            if is_document {
                told[name].documents += 1.0;
            } else if !graph.names.definers(name).take(MOST_RESOLVED).any(|definer| definer as usize == node)
            {
                told[name].comments += 1.0;
            }
        }
    }
    told
}

/// Whether a document tells what changed: it names what is new, not what matters.
fn is_log(path: &RepoPath) -> bool {
    let name = path.file_name().to_ascii_lowercase();
    ["change", "history", "release", "news"].iter().any(|word| name.contains(word))
}

/// How much of its attention a user's reference to a name gives to each of the name's definers: all of them together 1.
pub(super) fn shares_of(
    graph: &ReferenceGraph,
    reach: &Reach<'_>,
    user: usize,
    name: usize,
) -> Vec<(u32, f32)> {
    let definers: Vec<u32> = graph.names.definers(name).take(MOST_RESOLVED + 1).collect();
    let mut meant = Vec::new();
    resolve(graph, reach, user, &definers, &mut meant);
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
fn resolve(graph: &ReferenceGraph, reach: &Reach<'_>, user: usize, definers: &[u32], meant: &mut Vec<usize>) {
    meant.clear();
    if definers.len() > MOST_RESOLVED {
        return;
    }
    meant.extend((0..definers.len()).filter(|&at| reach.has(user, definers[at])));
    if meant.is_empty() {
        let folder = |node: u32| graph.nodes.folders[node as usize];
        let beside = |&at: &usize| folder(definers[at]) == graph.nodes.folders[user];
        meant.extend((0..definers.len()).filter(beside));
    }
}

/// Which files each file imports, itself or through the index files that it imports: what a package hands on.
///
/// Nothing is listed that is handed on: in a tree where all import what gathers all, that would be a list of all files for each.
pub(super) struct Reach<'g> {
    imports: &'g Imports,
    /// By node: the index files that it imports.
    indexes: Vec<Vec<u32>>,
}

impl<'g> Reach<'g> {
    pub(super) fn of(corpus: &Corpus, graph: &'g ReferenceGraph) -> Self {
        let imports = graph.imports(corpus);
        let indexes = |row: &[Link]| {
            let nodes = row.iter().map(|link| link.node);
            nodes.filter(|&node| graph.nodes.indexes[node as usize]).take(MOST_INDEXES).collect()
        };
        Self { imports, indexes: imports.imported.iter().map(indexes).collect() }
    }

    fn has(&self, user: usize, file: u32) -> bool {
        let imports = |node: usize| {
            self.imports.imported.row(node).binary_search_by_key(&file, |link| link.node).is_ok()
        };
        imports(user) || self.indexes[user].iter().any(|&index| imports(index as usize))
    }
}

fn imports_name(corpus: &Corpus, graph: &ReferenceGraph, user: usize, name: usize) -> bool {
    let symbol = graph.names.symbols[name];
    corpus.slots()[graph.nodes.files[user].index()].imports.binary_search(&symbol).is_ok()
}

#[cfg(test)]
mod tests {
    use repo_map_model::DefinitionKind;

    use super::*;
    use crate::Preset;

    #[test]
    fn a_use_counts_for_the_definition_that_the_user_imports_or_has_beside_it() {
        let path = |text: &str| RepoPath::new(text).unwrap();
        let mut corpus = Corpus::new();
        let mut set = |at: &str, defines: Option<&'static str>, uses: &[&'static str], imports: &[&str]| {
            let defines = defines.map(|name| (name, DefinitionKind::Class, false));
            let file = corpus.set_file(&path(at), defines, uses.iter().map(|name| (*name, 1)));
            corpus.set_imports(file, imports.iter().copied());
        };
        set("a/core.py", Some("Engine"), &[], &[]);
        set("b/other.py", Some("Engine"), &[], &[]);
        set("a/__init__.py", Some("marker"), &["Engine"], &["core"]);
        // By the module, through the index of a package, by the folder, and by nothing.
        set("x/one.py", None, &["Engine"], &["core"]);
        set("x/two.py", None, &["Engine"], &["a"]);
        set("b/three.py", None, &["Engine"], &[]);
        set("tests/test_four.py", None, &["Engine"], &[]);
        let graph = ReferenceGraph::build(&corpus, Preset::default());
        let found = uses(&corpus, &graph);
        let of = |at: &str| {
            let node = graph.node(corpus.file(at).unwrap()).unwrap();
            let before = (0..node).map(|node| graph.nodes.definitions.row(node).len()).sum::<usize>();
            found[before]
        };
        let (core, other) = (of("a/core.py"), of("b/other.py"));
        assert_eq!((core.source, other.source), (3.0, 1.0));
        assert_eq!((core.tests, other.tests), (0.5, 0.5));
        assert_eq!(core.definers, 2);
    }
}
