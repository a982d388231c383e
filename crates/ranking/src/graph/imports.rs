//! Which files import which, as far as names tell.

use ahash::HashMap;
use repo_map_model::RepoPath;

use super::{Definition, Names, Nodes, Rows, RowsBuilder};
use crate::Corpus;
use crate::symbols::Symbol;

/// A name that may mean more files than this means none of them.
const MOST_MEANT: usize = 16;

/// What one imported name gives to the files that it may mean, together. Whole numbers: their sums are the same in any order.
const ONE: u32 = 1 << 16;

/// The edges from importing to imported files, both ways.
#[derive(Clone, Debug)]
pub(crate) struct Imports {
    /// Node → what it imports.
    pub(crate) imported: Rows<Link>,
    /// Node → what imports it.
    pub(crate) importers: Rows<Link>,
    /// Node → the sum of what it imports.
    pub(crate) out: Vec<u32>,
}

/// One end of an edge, in the order of nodes, with its weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) node: u32,
    pub(crate) weight: u32,
}

impl Imports {
    /// Resolves the imported names of all files.
    ///
    /// Tags say the last part of a module's path and the names that are taken from it, not where the module lies. So a name
    /// means the files that are called so (for `__init__`, `index` and `mod`, and for Go, whose packages are folders: the files
    /// whose folder is) and the files that define it; it is shared among them. A file that is
    /// meant by its module and by what is taken from it has both shares, and stands out from others that are called alike.
    pub(super) fn resolve(corpus: &Corpus, nodes: &Nodes, names: &Names) -> Self {
        let mut called: HashMap<&str, Vec<u32>> = HashMap::default();
        for ((path, definitions), node) in nodes.paths.iter().zip(nodes.definitions.iter()).zip(0..) {
            if let Some(name) = module_name(path, definitions) {
                called.entry(name).or_default().push(node);
            }
        }
        // Each name that is imported is looked up once, not once for each file that imports it.
        let mut is_imported = vec![false; corpus.symbols().len()];
        let files = nodes.files.iter().map(|file| &corpus.slots()[file.index()]);
        files.flat_map(|file| &file.imports).for_each(|symbol| is_imported[symbol.0 as usize] = true);
        let mut modules: HashMap<Symbol, Vec<u32>> = HashMap::default();
        let mut is_module = vec![false; corpus.symbols().len()];
        for (id, _) in (0..).zip(&is_imported).filter(|(_, is)| **is) {
            if let Some(nodes) = called.remove(corpus.symbols().name(Symbol(id))) {
                modules.insert(Symbol(id), nodes);
                is_module[id as usize] = true;
            }
        }
        let mut links: Vec<Link> = Vec::new();
        let mut lengths = Vec::with_capacity(nodes.files.len());
        let mut meant = Vec::new();
        for (file, node) in nodes.files.iter().zip(0..) {
            let start = links.len();
            for &symbol in &corpus.slots()[file.index()].imports {
                let called = match is_module[symbol.0 as usize] {
                    true => modules.get(&symbol).map_or(&[][..], Vec::as_slice),
                    false => &[],
                };
                share(called.iter().copied(), node, &mut meant, &mut links);
                if let Some(name) = names.of_symbol(symbol) {
                    share(names.definers(name), node, &mut meant, &mut links);
                }
            }
            lengths.push(merge(&mut links, start).len() as u32);
        }
        Self::of(Rows::joined(lengths.into_iter(), links))
    }
}

impl Imports {
    pub(super) fn of(imported: Rows<Link>) -> Self {
        let sum = |row: &[Link]| row.iter().map(|link| link.weight).fold(0, u32::saturating_add);
        Self { importers: turned(&imported), out: imported.iter().map(sum).collect(), imported }
    }
}

/// What a file is imported as; none for files that define nothing.
pub(super) fn module_name<'p>(path: &'p RepoPath, definitions: &[Definition]) -> Option<&'p str> {
    if definitions.is_empty() {
        return None;
    }
    let stands_for_folder =
        path.extension() == Some("go") || ["__init__", "index", "mod"].contains(&path.stem());
    Some(if stands_for_folder { path.parent().rsplit('/').next()? } else { path.stem() })
}

/// Shares one name among the files that it may mean, but for the one that imports.
fn share(candidates: impl Iterator<Item = u32>, own: u32, meant: &mut Vec<u32>, links: &mut Vec<Link>) {
    meant.clear();
    meant.extend(candidates.take(MOST_MEANT + 1));
    if meant.len() <= MOST_MEANT {
        let weight = ONE / meant.len().max(1) as u32;
        links.extend(meant.iter().filter(|&&node| node != own).map(|&node| Link { node, weight }));
    }
}

/// Sorts the links from `start` on and adds those to one node up.
fn merge(links: &mut Vec<Link>, start: usize) -> &[Link] {
    links[start..].sort_unstable_by_key(|link| link.node);
    let mut kept = start;
    for at in start..links.len() {
        let link = links[at];
        if kept > start && links[kept - 1].node == link.node {
            links[kept - 1].weight = links[kept - 1].weight.saturating_add(link.weight);
        } else {
            links[kept] = link;
            kept += 1;
        }
    }
    links.truncate(kept);
    &links[start..]
}

fn turned(rows: &Rows<Link>) -> Rows<Link> {
    let mut lengths = vec![0; rows.len()];
    rows.iter().flatten().for_each(|link| lengths[link.node as usize] += 1);
    let mut turned = RowsBuilder::new(&lengths);
    for (row, node) in rows.iter().zip(0..) {
        row.iter().for_each(|link| turned.push(link.node as usize, Link { node, weight: link.weight }));
    }
    turned.build()
}

#[cfg(test)]
mod tests {
    use repo_map_model::DefinitionKind;

    use super::*;
    use crate::{Preset, ReferenceGraph};

    /// Files as (path, what it defines, what it imports); the expected links of the first as (path, 65,536ths).
    fn check(files: &[(&str, &[&str], &[&str])], expected: &[(&str, u32)]) {
        for turn in 0..files.len() {
            let mut corpus = Corpus::new();
            let mut order = files.to_vec();
            order.rotate_left(turn);
            for (path, defined, imported) in order {
                let defined = defined.iter().map(|name| (*name, DefinitionKind::Function, false));
                let file = corpus.set_file(
                    &RepoPath::new(path).unwrap(),
                    defined,
                    imported.iter().map(|name| (*name, 1)),
                );
                corpus.set_imports(file, imported.iter().copied());
            }
            let graph = ReferenceGraph::build(&corpus, Preset::default());
            let node = graph.node(corpus.file(files[0].0).unwrap()).unwrap();
            let row = graph.imports(&corpus).imported.row(node);
            let mut found: Vec<_> = row
                .iter()
                .map(|link| (graph.nodes.paths[link.node as usize].as_str(), link.weight))
                .collect();
            found.sort_by_key(|(path, _)| expected.iter().position(|(known, _)| known == path));
            assert_eq!(found, expected);
            let back: u32 = graph.imports(&corpus).importers.iter().flatten().map(|link| link.weight).sum();
            let forth: u32 = graph.imports(&corpus).out.iter().sum();
            assert_eq!(back, forth);
        }
    }

    #[test]
    fn what_is_taken_from_a_module_tells_modules_of_one_name_apart() {
        check(
            &[
                ("app/run.py", &["main"], &["errors", "NotReady"]),
                ("app/errors.py", &["NotReady"], &[]),
                ("other/errors.py", &["Broken"], &[]),
                ("errors.txt", &[], &[]),
            ],
            &[("app/errors.py", ONE / 2 + ONE), ("other/errors.py", ONE / 2)],
        );
    }

    #[test]
    fn folders_are_imported_by_the_files_that_stand_for_them() {
        check(
            &[
                ("web/start.ts", &["start"], &["store"]),
                ("web/store/index.ts", &["open"], &[]),
                ("web/store/disk.ts", &["write"], &[]),
            ],
            &[("web/store/index.ts", ONE)],
        );
        check(
            &[
                ("cmd/main.go", &["main"], &["labels"]),
                ("labels/a.go", &["A"], &[]),
                ("labels/b.go", &["B"], &[]),
            ],
            &[("labels/a.go", ONE / 2), ("labels/b.go", ONE / 2)],
        );
    }

    #[test]
    fn a_name_of_many_files_means_none() {
        let names: Vec<String> = (0..=MOST_MEANT).map(|at| format!("d{at}/types.c")).collect();
        let mut files: Vec<(&str, &[&str], &[&str])> = vec![("main.c", &["main"], &["types"])];
        files.extend(names.iter().map(|path| (path.as_str(), &["type_of"][..], &[][..])));
        check(&files, &[]);
        check(
            &files[..=MOST_MEANT],
            &files[1..=MOST_MEANT].iter().map(|file| (file.0, ONE / 16)).collect::<Vec<_>>(),
        );
    }
}
