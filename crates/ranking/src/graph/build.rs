use ahash::HashMap;
use std::sync::OnceLock;

use repo_map_model::RepoPath;

use super::classes::classes;
use super::kept::read_base;
use super::names::Collected;
use super::{Definition, Kept, NONE, Names, Nodes, ReferenceGraph, Rows};
use crate::corpus::CorpusFile;
use crate::{Corpus, FileId, PathClass, Preset};

pub(super) fn build(corpus: &Corpus, preset: Preset) -> ReferenceGraph {
    let files = present(corpus);
    let slots: Vec<&CorpusFile> = files.iter().map(|id| &corpus.slots()[id.index()]).collect();
    let Collected { names, definitions } = Names::collect(corpus, &slots);
    let classes = classes(corpus, &slots, &names, &definitions);
    joined(corpus, preset, files, &slots, names, definitions, classes, None)
}

/// What follows from the corpus, with what was kept; `None` where that is none.
pub(super) fn restore(corpus: &Corpus, preset: Preset, kept: Kept) -> Option<ReferenceGraph> {
    let files = present(corpus);
    let slots: Vec<&CorpusFile> = files.iter().map(|id| &corpus.slots()[id.index()]).collect();
    let mut classes = None;
    let collected = Names::collect_with(corpus, &slots, |names| {
        let (found, uses) = read_base(&kept, slots.len(), names)?;
        classes = Some(found);
        Some(uses)
    });
    let Collected { names, definitions } = collected?;
    Some(joined(corpus, preset, files, &slots, names, definitions, classes?, Some(kept)))
}

/// The files in the order of their paths.
fn present(corpus: &Corpus) -> Vec<FileId> {
    let mut files: Vec<FileId> = (0..corpus.slots().len() as u32)
        .map(FileId)
        .filter(|id| corpus.slots()[id.index()].present)
        .collect();
    files.sort_unstable_by_key(|&id| corpus.path(id));
    files
}

#[expect(clippy::too_many_arguments, reason = "the parts of one graph")]
fn joined(
    corpus: &Corpus,
    preset: Preset,
    files: Vec<FileId>,
    slots: &[&CorpusFile],
    names: Names,
    definitions: Rows<Definition>,
    classes: Vec<PathClass>,
    kept: Option<Kept>,
) -> ReferenceGraph {
    let mut of_file = vec![NONE; corpus.slots().len()];
    files.iter().enumerate().for_each(|(node, file)| of_file[file.index()] = node as u32);
    let nodes = Nodes {
        paths: slots.iter().map(|file| file.path.clone()).collect(),
        folders: numbered(slots.iter().map(|file| file.path.parent())),
        indexes: slots.iter().map(|file| is_index(&file.path)).collect(),
        main_language: main_language(slots.iter().map(|file| file.path.extension()), &classes),
        classes,
        generated: slots.iter().map(|file| file.generated).collect(),
        files,
        of_file,
        is_user: names.users(slots.len()),
        definitions,
    };
    ReferenceGraph {
        preset,
        kept,
        nodes,
        names,
        walk: OnceLock::new(),
        used: OnceLock::new(),
        imports: OnceLock::new(),
        counts: OnceLock::new(),
        paths: OnceLock::new(),
    }
}

/// Whether a file lists or gathers what its folder has: by the names that module systems prescribe, or the folder's own.
fn is_index(path: &RepoPath) -> bool {
    let name = path.file_name();
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let folder = path.parent().rsplit('/').next().unwrap_or_default();
    matches!(stem, "mod" | "lib" | "index" | "__init__") || (stem == folder && !stem.is_empty())
}

/// How much of the source of the tree has the extension of each file: 1 for all of it, 0 for less than a 150th and for what is no
/// source; logarithmic, so that the second and the third language of a tree still have most of it.
fn main_language<'a>(
    extensions: impl Iterator<Item = Option<&'a str>> + Clone,
    classes: &[PathClass],
) -> Vec<f32> {
    let is_source = |class: &PathClass| *class == PathClass::Source;
    let all = classes.iter().filter(|class| is_source(class)).count() as f32;
    let mut counts: HashMap<Option<&str>, f32> = HashMap::default();
    for (extension, _) in extensions.clone().zip(classes).filter(|(_, class)| is_source(class)) {
        *counts.entry(extension).or_default() += 1.0;
    }
    let share = |(extension, class): (Option<&str>, &PathClass)| match counts.get(&extension) {
        Some(count) if is_source(class) => (1.0 + (count / all).ln() / 5.0).max(0.0),
        _ => 0.0,
    };
    extensions.zip(classes).map(share).collect()
}

/// The same number for the same folder, in the order in which they come.
fn numbered<'a>(folders: impl Iterator<Item = &'a str>) -> Vec<u32> {
    let mut numbers = HashMap::default();
    let number = |folder| {
        let next = numbers.len() as u32;
        *numbers.entry(folder).or_insert(next)
    };
    folders.map(number).collect()
}

#[cfg(test)]
mod tests {
    use repo_map_model::RepoPath;

    use super::*;

    #[test]
    fn folders_and_the_files_that_stand_for_them_are_known() {
        let mut corpus = Corpus::new();
        for path in ["a/b.rs", "a/b/mod.rs", "a/b/x.rs", "a.rs", "a/index.d.ts", "mod/x.py", "pkg/pkg.go"] {
            corpus.set_file(&RepoPath::new(path).unwrap(), [], []);
        }
        let nodes = ReferenceGraph::build(&corpus, Preset::default()).nodes;
        let of = |path: &str| nodes.paths.iter().position(|known| known.as_str() == path).unwrap();
        let folder = |path| nodes.folders[of(path)];
        assert_eq!(folder("a/b/mod.rs"), folder("a/b/x.rs"));
        assert!(["a.rs", "a/b/x.rs", "pkg/pkg.go"].iter().all(|path| folder(path) != folder("a/b.rs")));
        let indexes = nodes.paths.iter().zip(&nodes.indexes).filter(|(_, is)| **is);
        let indexes: Vec<&str> = indexes.map(|(path, _)| path.as_str()).collect();
        assert_eq!(indexes, ["a/b/mod.rs", "a/index.d.ts", "pkg/pkg.go"]);
    }

    #[test]
    fn the_language_that_most_source_has_counts_most() {
        let paths = ["a.rs", "b.rs", "c.rs", "d.sh", "tests/e.sh", "README.md", "Cargo.toml", "Makefile"];
        let paths = paths.map(|path| RepoPath::new(path).unwrap());
        let classes: Vec<PathClass> = paths.iter().map(PathClass::of).collect();
        let found = main_language(paths.iter().map(RepoPath::extension), &classes);
        // Of five files of source three are Rust, one is a script, and one has no extension.
        let share = |part: f32| 1.0 + part.ln() / 5.0;
        let expected = [share(0.6), share(0.6), share(0.6), share(0.2), 0.0, 0.0, 0.0, share(0.2)];
        assert_eq!(found, expected);
        let many = std::iter::repeat_n(Some("c"), 400).chain([Some("awk")]);
        let found = main_language(many, &[PathClass::Source; 401]);
        assert!(found[0] > 0.99 && found[400] == 0.0, "{} {}", found[0], found[400]);
    }
}
