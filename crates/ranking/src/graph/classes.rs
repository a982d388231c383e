//! What files are for, where more is known than their paths: which documents are code of the package, and which files are put together from others.

use ahash::{HashMap, HashSet};
use repo_map_model::RepoPath;

use super::imports::module_name;
use super::{Definition, Names, Rows};
use crate::corpus::CorpusFile;
use crate::{Corpus, PathClass};

/// A file with fewer definitions is nobody's copy.
const LEAST_DEFINITIONS: usize = 40;
/// A copy holds most of so many other files.
const LEAST_PARTS: usize = 4;
/// Names with more definers tell of none of them.
const MOST_DEFINERS: usize = 6;
/// So many names tell whether a file is worth a closer look.
const SAMPLE: usize = 64;

/// The classes of paths, corrected by imports and definitions. Nodes are in the order of `paths`.
pub(super) fn classes(
    corpus: &Corpus,
    slots: &[&CorpusFile],
    names: &Names,
    definitions: &Rows<Definition>,
) -> Vec<PathClass> {
    let mut classes = PathClass::of_all(slots.iter().map(|file| &file.path));
    for (class, _) in classes.iter_mut().zip(slots).filter(|(_, file)| file.generated) {
        *class = PathClass::Generated;
    }
    make_source(corpus, slots, definitions, &mut classes);
    make_copies(names, definitions, &mut classes);
    classes
}

/// Code below `docs` that the source imports is source, if no other file of source is called so; so is code that has tests beside it, and what
/// lies in one folder with that.
fn make_source(
    corpus: &Corpus,
    slots: &[&CorpusFile],
    definitions: &Rows<Definition>,
    classes: &mut [PathClass],
) {
    let is_code = |path: &RepoPath| !PathClass::is_prose(path);
    let documents =
        classes.iter().enumerate().filter(|(_, class)| **class == PathClass::Docs).map(|(node, _)| node);
    let documents: Vec<usize> =
        documents.filter(|&node| is_code(&slots[node].path) && !definitions.row(node).is_empty()).collect();
    if documents.is_empty() {
        return;
    }
    let kind = |node: usize| (slots[node].path.parent(), slots[node].path.extension());
    let tested: HashSet<_> = documents
        .iter()
        .filter(|&&node| has_test(corpus, &slots[node].path))
        .map(|&node| kind(node))
        .collect();
    let symbol = |node: usize| {
        let name = module_name(&slots[node].path, definitions.row(node))?;
        corpus.symbols().get(name)
    };
    let source = || (0..slots.len()).filter(|&node| classes[node] == PathClass::Source);
    let known: HashSet<_> = source().filter_map(symbol).collect();
    let imported: HashSet<_> = source().flat_map(|node| slots[node].imports.iter().copied()).collect();
    let found: Vec<usize> = documents
        .into_iter()
        .filter(|&node| {
            tested.contains(&kind(node))
                || symbol(node).is_some_and(|of| imported.contains(&of) && !known.contains(&of))
        })
        .collect();
    found.into_iter().for_each(|node| classes[node] = PathClass::Source);
}

/// Whether a test of this very file lies beside it.
fn has_test(corpus: &Corpus, path: &RepoPath) -> bool {
    let (folder, stem, extension) = (path.parent(), path.stem(), path.extension().unwrap_or_default());
    let marks = [("", "_test"), ("test_", ""), ("", ".test"), ("", ".spec"), ("", "_spec")];
    marks
        .iter()
        .any(|(before, after)| corpus.file(&format!("{folder}/{before}{stem}{after}.{extension}")).is_some())
}

/// A file that holds the definitions of many others is made of them: `single_include/`, an amalgamation.
fn make_copies(names: &Names, definitions: &Rows<Definition>, classes: &mut [PathClass]) {
    let of_source = |node: usize, classes: &[PathClass]| classes[node] == PathClass::Source;
    let mut copies = Vec::new();
    for (own, node) in definitions.iter().zip(0_usize..) {
        if own.len() < LEAST_DEFINITIONS || !of_source(node, classes) {
            continue;
        }
        let mut held: Vec<u32> = own.iter().map(|of| of.name).collect();
        held.sort_unstable();
        held.dedup();
        let definers = |name: u32| {
            let found: Vec<u32> = names.definers(name as usize).take(MOST_DEFINERS + 1).collect();
            found.into_iter().filter(move |&other| other as usize != node)
        };
        let step = held.len().div_ceil(SAMPLE);
        let sample: Vec<u32> = held.iter().copied().step_by(step).collect();
        if sample.iter().filter(|&&name| definers(name).next().is_some()).count() * 2 < sample.len() {
            continue;
        }
        let mut parts: HashMap<u32, usize> = HashMap::default();
        for &name in &held {
            definers(name).for_each(|other| *parts.entry(other).or_default() += 1);
        }
        let is_part = |&(&other, &shared): &(&u32, &usize)| {
            let of_other = definitions.row(other as usize);
            // A smaller file, nearly all of which is there.
            of_other.len() >= 2 && of_other.len() * 2 < own.len() && shared * 10 >= distinct(of_other) * 8
        };
        let parts: Vec<usize> = parts.iter().filter(is_part).map(|(_, &shared)| shared).collect();
        if parts.len() >= LEAST_PARTS && parts.iter().sum::<usize>() * 2 >= held.len() {
            copies.push(node);
        }
    }
    copies.into_iter().for_each(|node| classes[node] = PathClass::Generated);
}

fn distinct(of: &[Definition]) -> usize {
    let names: HashSet<u32> = of.iter().map(|of| of.name).collect();
    names.len()
}

#[cfg(test)]
mod tests {
    use repo_map_model::DefinitionKind;

    use super::*;
    use crate::{Preset, ReferenceGraph};

    fn class(corpus: &Corpus, path: &str) -> PathClass {
        let graph = ReferenceGraph::build(corpus, Preset::default());
        graph.path_class(corpus.file(path).unwrap()).unwrap()
    }

    fn file(corpus: &mut Corpus, path: &str, names: &[&str]) -> crate::FileId {
        let definitions = names.iter().map(|name| (*name, DefinitionKind::Function, false));
        corpus.set_file(&RepoPath::new(path).unwrap(), definitions, [])
    }

    #[test]
    fn code_below_docs_that_the_package_imports_is_source() {
        let mut corpus = Corpus::new();
        let user = file(&mut corpus, "pkg/app.py", &["run"]);
        corpus.set_imports(user, ["helpers", "conf"]);
        file(&mut corpus, "pkg/conf.py", &["read"]);
        for path in ["docs/helpers.py", "docs/conf.py", "docs/other.py", "docs/helpers.md"] {
            file(&mut corpus, path, &["help"]);
        }
        assert_eq!(class(&corpus, "docs/helpers.py"), PathClass::Source);
        for path in ["docs/conf.py", "docs/other.py", "docs/helpers.md"] {
            assert_eq!(class(&corpus, path), PathClass::Docs, "{path}");
        }
    }

    #[test]
    fn code_below_docs_that_is_tested_is_source() {
        let mut corpus = Corpus::new();
        for path in
            ["doc/man.go", "doc/man_test.go", "doc/names.go", "doc/conf.py", "doc/a/main.go", "command.go"]
        {
            file(&mut corpus, path, &["print"]);
        }
        for (path, expected) in [
            ("doc/man.go", PathClass::Source),
            ("doc/names.go", PathClass::Source),
            ("doc/man_test.go", PathClass::Test),
            ("doc/conf.py", PathClass::Docs),
            ("doc/a/main.go", PathClass::Docs),
        ] {
            assert_eq!(class(&corpus, path), expected, "{path}");
        }
    }

    #[test]
    fn a_file_that_holds_the_definitions_of_many_is_their_copy() {
        let mut corpus = Corpus::new();
        let names: Vec<String> = (0..60).map(|at| format!("name{at}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for (at, part) in names.chunks(10).enumerate() {
            file(&mut corpus, &format!("include/part{at}.hpp"), part);
        }
        file(&mut corpus, "all/lib.hpp", &names);
        // Another backend of the same interface is as large as the first one.
        file(&mut corpus, "src/unlike.hpp", &["a", "b", "c"]);
        assert_eq!(class(&corpus, "all/lib.hpp"), PathClass::Generated);
        assert_eq!(class(&corpus, "include/part0.hpp"), PathClass::Source);
        let mut corpus = Corpus::new();
        for backend in ["posix", "windows", "wasm", "uefi", "none"] {
            file(&mut corpus, &format!("src/{backend}.rs"), &names);
        }
        assert_eq!(class(&corpus, "src/posix.rs"), PathClass::Source);
    }
}
