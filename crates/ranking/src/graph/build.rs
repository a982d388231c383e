use ahash::HashMap;
use std::sync::OnceLock;

use rayon::prelude::*;
use repo_map_model::RepoPath;

use super::names::{Collected, NameCount};
use super::{Definition, Groups, Links, NONE, Names, Nodes, ReferenceGraph, Rows, RowsBuilder};
use crate::corpus::CorpusFile;
use crate::weights::NameShape;
use crate::{Corpus, EdgeWeights, FileId, PathClass, Preset};

pub(super) fn build(corpus: &Corpus, preset: Preset) -> ReferenceGraph {
    let mut files: Vec<FileId> = (0..corpus.slots().len() as u32)
        .map(FileId)
        .filter(|id| corpus.slots()[id.index()].present)
        .collect();
    files.sort_unstable_by_key(|&id| corpus.path(id));
    let slots: Vec<&CorpusFile> = files.iter().map(|id| &corpus.slots()[id.index()]).collect();

    let Collected { names, definitions, references } = Names::collect(corpus, &slots, &preset.edges);
    let groups = Groups::of(&names, &preset.edges);
    let links = Links::new(&preset.edges, &names, &groups, &definitions, &references);

    let mut of_file = vec![NONE; corpus.slots().len()];
    files.iter().enumerate().for_each(|(node, file)| of_file[file.index()] = node as u32);
    let classes: Vec<PathClass> = slots.par_iter().map(|file| PathClass::of(&file.path)).collect();
    let nodes = Nodes {
        paths: slots.iter().map(|file| file.path.clone()).collect(),
        folders: numbered(slots.iter().map(|file| file.path.parent())),
        indexes: slots.iter().map(|file| is_index(&file.path)).collect(),
        main_language: main_language(slots.iter().map(|file| file.path.extension()), &classes),
        classes,
        files,
        of_file,
        definitions,
    };
    ReferenceGraph { preset, nodes, names, groups, links, used: OnceLock::new(), imports: OnceLock::new() }
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

impl Links {
    fn new(
        edges: &EdgeWeights,
        names: &Names,
        groups: &Groups,
        definitions: &Rows<Definition>,
        references: &Rows<NameCount>,
    ) -> Self {
        let (links, weights) = weighted(edges, names, groups, references);
        let defines = inverted(references.len(), &groups.definers);
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
        for node in 0..references.len() {
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
    names: &Names,
    groups: &Groups,
    references: &Rows<NameCount>,
) -> (Rows<u32>, Rows<f64>) {
    const SHAPE_BITS: u32 = NameShape::COUNT.trailing_zeros();
    const COUNT_BITS: u32 = 32 - SHAPE_BITS;
    const MAX_COUNT: u32 = (1 << COUNT_BITS) - 1;
    let shape_factors: [f64; NameShape::COUNT] =
        std::array::from_fn(|code| edges.shape_factor(NameShape::from_code(code as u8)));

    let rows: Vec<Vec<(u32, f64)>> = (0..references.len())
        .into_par_iter()
        .map_init(Vec::new, |keys: &mut Vec<u64>, node| {
            keys.clear();
            keys.extend(references.row(node).iter().map(|reference| {
                let name = reference.name as usize;
                let group = groups.of_name(name).expect("a name that a file references has a group");
                let low = u32::from(names.shapes[name]) << COUNT_BITS | reference.count.min(MAX_COUNT);
                (group as u64) << 32 | u64::from(low)
            }));
            keys.sort_unstable();
            keys.chunk_by(|a, b| a >> 32 == b >> 32)
                .map(|of_group| {
                    let group = (of_group[0] >> 32) as u32;
                    let sum: f64 = of_group
                        .iter()
                        .map(|&key| {
                            let low = key as u32;
                            shape_factors[(low >> COUNT_BITS) as usize] * f64::from(low & MAX_COUNT).sqrt()
                        })
                        .sum();
                    (group, groups.factors[group as usize] * sum)
                })
                .collect()
        })
        .collect();
    let lengths: Vec<u32> = rows.iter().map(|row| row.len() as u32).collect();
    (
        Rows::joined(lengths.iter().copied(), rows.iter().flatten().map(|&(group, _)| group).collect()),
        Rows::joined(lengths.iter().copied(), rows.iter().flatten().map(|&(_, weight)| weight).collect()),
    )
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

#[cfg(test)]
mod tests {
    use repo_map_model::{DefinitionKind, RepoPath};

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
            let graph = build(&corpus, Preset::default());
            let weights = graph.links.weights.row(1);
            assert_eq!(weights.len(), 1);
            weights[0].to_bits()
        };
        assert_eq!(bits(false), bits(true));
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
