//! How many files lean on each definition.

use repo_map_model::RepoPath;

use super::reach::{MOST_RESOLVED, Reached, resolve};
use super::targets::{Reference, Targets};
use crate::graph::{Names, ReferenceGraph, Rows, Uses};
use crate::{Corpus, PathClass};

/// Counts the files that use each definition; node after node, in the order of its definitions.
pub(super) fn uses(corpus: &Corpus, graph: &ReferenceGraph) -> Vec<Uses> {
    let counted = Counted::of(corpus, graph);
    let told = told(corpus, graph, &counted.definers);
    let definitions = &graph.nodes.definitions;
    let mut found = vec![Uses::default(); definitions.entries()];
    for (name, told) in told.into_iter().enumerate() {
        let definers = counted.definers.row(name);
        let of_source = |node: &&u32| graph.nodes.classes[**node as usize] == PathClass::Source;
        let of_source = definers.iter().filter(of_source).count() as u32;
        let [source, tests] = counted.unresolved[name];
        for place in graph.names.places.row(name) {
            let of = &mut found[definitions.start(place.node as usize) + place.definition as usize];
            let at = definers.binary_search(&place.node).expect("who has a place is a definer");
            let own = counted.resolved[counted.definers.start(name) + at];
            *of = Uses {
                source: own.source + source,
                tests: own.tests + tests,
                exported: own.exported,
                documents: told.documents,
                comments: told.comments,
                definers: of_source,
            };
        }
    }
    found
}

/// What the references of all files come to.
struct Counted {
    /// Name → the nodes that define it, each once, ascending.
    definers: Rows<u32>,
    /// Beside the entries of `definers`: the uses that are known to be of this definer.
    resolved: Vec<Resolved>,
    /// Name → what each of its definers has of the uses of which nothing is known: of source, of tests.
    unresolved: Vec<[f32; 2]>,
}

#[derive(Clone, Copy, Default)]
struct Resolved {
    source: f32,
    tests: f32,
    exported: bool,
}

impl Counted {
    /// File after file, so that what a file imports is looked up once for all names that it uses. The shares of a definer are added up in
    /// the order of files.
    fn of(corpus: &Corpus, graph: &ReferenceGraph) -> Self {
        let names = &graph.names;
        let definers = definers(names);
        let mut resolved = vec![Resolved::default(); definers.entries()];
        let mut unresolved = vec![[0.0_f32; 2]; names.len()];
        let mut reached = Reached::new(corpus, graph);
        let targets = Targets::of(graph, &definers);
        let (mut possible, mut nodes, mut meant) = (Vec::new(), Vec::new(), Vec::new());
        for (user, file) in graph.nodes.files.iter().enumerate() {
            let is_test = match graph.nodes.classes[user] {
                PathClass::Source => false,
                PathClass::Test | PathClass::Example | PathClass::Docs => true,
                _ => continue,
            };
            let is_index = graph.nodes.indexes[user] && !is_test;
            let slot = &corpus.slots()[file.index()];
            reached.begin(user, slot.references.len());
            for reference in &slot.references {
                let Some(name) = names.of_symbol(reference.symbol) else { continue };
                let those = definers.row(name);
                if those.binary_search(&(user as u32)).is_ok() {
                    continue;
                }
                if those.len() > MOST_RESOLVED {
                    if targets.is_possible(user, name) {
                        unresolved[name][usize::from(is_test)] += 1.0 / those.len() as f32;
                    }
                    continue;
                }
                let of = Reference {
                    name: corpus.symbols().name(reference.symbol),
                    is_imported: slot.imports.binary_search(&reference.symbol).is_ok(),
                    is_single: reference.count == 1,
                };
                targets.possible(user, name, those, &of, &mut possible);
                nodes.clear();
                nodes.extend(possible.iter().map(|&at| those[at]));
                // Of a single definer it is asked only for what is exported: the use is of it either way.
                match possible.len() {
                    0 => continue,
                    1 if !is_index => meant.clear(),
                    _ => resolve(graph, &nodes, user, &mut meant, |definer| reached.has(definer)),
                }
                meant.iter_mut().for_each(|at| *at = possible[*at]);
                if meant.is_empty() && possible.len() == those.len() {
                    unresolved[name][usize::from(is_test)] += 1.0 / those.len() as f32;
                    continue;
                }
                let found = if meant.is_empty() { &possible } else { &meant };
                let share = 1.0 / found.len() as f32;
                let is_exported = !meant.is_empty() && is_index && of.is_imported;
                for &at in found {
                    let of = &mut resolved[definers.start(name) + at];
                    *(if is_test { &mut of.tests } else { &mut of.source }) += share;
                    of.exported |= is_exported;
                }
            }
        }
        Self { definers, resolved, unresolved }
    }
}

fn definers(names: &Names) -> Rows<u32> {
    let mut lengths = Vec::with_capacity(names.len());
    let mut all: Vec<u32> = Vec::new();
    for name in 0..names.len() {
        let before = all.len();
        all.extend(names.definers(name));
        lengths.push((all.len() - before) as u32);
    }
    Rows::joined(lengths.into_iter(), all)
}

/// How many documents, and how many files of code in their comments, write each name as code. Who defines it speaks of itself.
fn told(corpus: &Corpus, graph: &ReferenceGraph, definers: &Rows<u32>) -> Vec<Uses> {
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
            } else if definers.row(name).binary_search(&(node as u32)).is_err() {
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

    #[test]
    fn a_use_counts_for_no_definition_that_its_language_or_its_import_cannot_name() {
        let mut corpus = Corpus::new();
        let mut set =
            |at: &str, kind: DefinitionKind, defines: &[&'static str], uses: &[(&'static str, u32)]| {
                let defines = defines.iter().map(|name| (*name, kind, false));
                let file = corpus.set_file(&RepoPath::new(at).unwrap(), defines, uses.iter().copied());
                corpus.set_imports(file, uses.iter().filter(|(_, count)| *count > 1).map(|(name, _)| *name));
            };
        set("web/input.ts", DefinitionKind::Field, &["time"], &[]);
        set("api/search.go", DefinitionKind::Field, &["json", "Text"], &[]);
        set("api/text.go", DefinitionKind::Function, &["Text", "text"], &[]);
        set(
            "main.go",
            DefinitionKind::Function,
            &["run"],
            &[("time", 9), ("json", 3), ("Text", 2), ("text", 1)],
        );
        let graph = ReferenceGraph::build(&corpus, Preset::default());
        let found: Vec<f32> = uses(&corpus, &graph).iter().map(|of| of.source).collect();
        // json, Text; Text, text; run; time.
        assert_eq!(found, [0.0, 0.0, 1.0, 0.0, 0.0, 0.0]);
    }

    /// Thousands of files include `kernel.h`, and a field `kernel` was what the tree leaned on.
    #[test]
    fn a_file_that_is_included_is_no_use_of_a_field_that_is_called_so() {
        let mut corpus = Corpus::new();
        let mut set = |at: &str, defines: &[&'static str], uses: &[(&'static str, u32)], imports: &[&str]| {
            let defines = defines.iter().map(|name| (*name, DefinitionKind::Struct, false));
            let file = corpus.set_file(&RepoPath::new(at).unwrap(), defines, uses.iter().copied());
            corpus.set_imports(file, imports.iter().copied());
        };
        set("include/queue.h", &["queue"], &[], &[]);
        set("net/other.h", &["kernel", "list"], &[], &[]);
        set("a.c", &[], &[("queue", 1), ("kernel", 1)], &["queue", "kernel"]);
        set("b.c", &[], &[("list", 2)], &["list"]);
        set("c.c", &[], &[("kernel", 2)], &["kernel"]);
        let graph = ReferenceGraph::build(&corpus, Preset::default());
        let found: Vec<f32> = uses(&corpus, &graph).iter().map(|of| of.source).collect();
        assert_eq!(found, [1.0, 1.0, 1.0]);
    }

    /// The seventeenth was taken for another than itself.
    #[test]
    fn no_definer_of_a_common_name_counts_as_one_that_tells_of_it() {
        let mut corpus = Corpus::new();
        for at in 0..20 {
            let path = RepoPath::new(&format!("{at}/core.py")).unwrap();
            let file = corpus.set_file(&path, [("Engine", DefinitionKind::Class, false)], []);
            corpus.set_mentions(file, ["Engine"]);
        }
        let file = corpus.set_file(&RepoPath::new("z.py").unwrap(), [], [("Engine", 1)]);
        corpus.set_mentions(file, ["Engine"]);
        let graph = ReferenceGraph::build(&corpus, Preset::default());
        assert!(uses(&corpus, &graph).iter().all(|of| of.comments == 1.0));
    }
}
