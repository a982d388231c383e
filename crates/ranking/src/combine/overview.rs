//! What stands for a tree that nobody asks anything of: the definitions that the rest of it leans on.

use std::cmp::Reverse;

use repo_map_model::{DefinitionKind, RepoPath};

use super::columns::{Columns, log_shares};
use super::logs::ln_1p;
use super::signals::Signal;
use super::uses::{Uses, uses};
use super::{Chances, DefinitionChance, FileChance, Occasion, Weights};
use crate::corpus::Role;
use crate::graph::{Definition, ReferenceGraph};
use crate::path_class::is_data;
use crate::score::rounded;
use crate::{Corpus, PathClass, RankRequest};

/// What all definitions have together; the rest is shared among files by what they are, so that each has a place.
const OF_DEFINITIONS: f64 = 0.99;

/// A name that no more files define is one of its own.
const FEW_DEFINERS: f32 = 3.0;

/// The signals, in the order of [`values`].
const SIGNALS: [Signal; 25] = [
    Signal::UsedBySource,
    Signal::UsedByTests,
    Signal::Exported,
    Signal::Documented,
    Signal::Told,
    Signal::SharedName,
    Signal::Private,
    Signal::EntryPoint,
    Signal::Interface,
    Signal::Namesake,
    Signal::Double,
    Signal::Lines,
    Signal::Type,
    Signal::Constructor,
    Signal::Data,
    Signal::Field,
    Signal::Module,
    Signal::Declaration,
    Signal::Test,
    Signal::Local,
    Signal::Example,
    Signal::Docs,
    Signal::Vendored,
    Signal::Generated,
    Signal::MainLanguage,
];

/// A definition by its node and its position there.
#[derive(Clone, Copy)]
struct Place {
    node: usize,
    at: usize,
}

/// Weighs all definitions of the tree; a file has what its definitions have together.
///
/// Cost: the definitions of the tree and the uses of their names, two look-ups each; signals are kept of the best alone.
pub(super) fn weigh(
    corpus: &Corpus,
    graph: &ReferenceGraph,
    weights: &Weights,
    request: &RankRequest<'_>,
) -> Chances {
    let limit = request.limit;
    let table = Occasion::Overview.definitions();
    let of_signals = SIGNALS.map(|signal| f64::from(weights.of(table, signal)));
    let double = f64::from(weights.of(table, Signal::Double));
    let uses = uses(corpus, graph);
    let files = graph.file_count();
    let mut starts = Vec::with_capacity(files + 1);
    let mut sums: Vec<f64> = Vec::with_capacity(uses.len());
    let mut is_out: Vec<bool> = Vec::with_capacity(uses.len());
    let is_shown: Vec<bool> =
        graph.nodes.paths.iter().map(|path| request.folder.is_none_or(|folder| path.is_in(folder))).collect();
    let mut nouns = 0;
    for (node, is_shown) in is_shown.iter().enumerate() {
        let start = sums.len();
        starts.push(start);
        let name = FileName::of(&graph.nodes.paths[node]);
        for (at, definition) in graph.nodes.definitions.row(node).iter().enumerate() {
            let is_noun = *is_shown && is_noun(&name, graph.nodes.classes[node], definition);
            nouns += usize::from(is_noun);
            is_out.push(!is_noun);
            let values = values(corpus, graph, node, &name, definition, uses[start + at], false);
            sums.push(values.iter().zip(of_signals).map(|(value, weight)| f64::from(*value) * weight).sum());
        }
    }
    starts.push(sums.len());
    if nouns == 0 {
        for (rows, is_shown) in starts.windows(2).zip(&is_shown) {
            is_out[rows[0]..rows[1]].fill(!is_shown);
        }
    }
    let is_double = doubles(graph, &sums, &is_out);
    sums.iter_mut().zip(&is_double).filter(|(_, is)| **is).for_each(|(sum, _)| *sum += double);
    let shares: Vec<f64> = log_shares(sums, |row| is_out[row]).into_iter().map(f64::exp).collect();

    let mut order: Vec<(Reverse<u64>, u32)> =
        shares.iter().map(|share| Reverse(rounded(*share).to_bits())).zip(0..).collect();
    if limit < order.len() {
        if limit > 0 {
            order.select_nth_unstable(limit - 1);
        }
        order.truncate(limit);
    }
    order.sort_unstable();
    let place = |row: u32| {
        let node = starts.partition_point(|&start| start <= row as usize) - 1;
        Place { node, at: row as usize - starts[node] }
    };
    let mut columns: Vec<Vec<f32>> = vec![Vec::with_capacity(order.len()); SIGNALS.len()];
    let mut definitions = Vec::with_capacity(order.len());
    for (&(Reverse(chance), of), row) in order.iter().zip(0..) {
        let Place { node, at } = place(of);
        let definition = &graph.nodes.definitions.row(node)[at];
        let name = FileName::of(&graph.nodes.paths[node]);
        let double = is_double[of as usize];
        let values = values(corpus, graph, node, &name, definition, uses[of as usize], double);
        columns.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
        let file = graph.nodes.files[node];
        definitions.push(DefinitionChance {
            file,
            definition: at as u32,
            chance: f64::from_bits(chance),
            row,
        });
    }
    let mut definition_columns = Columns::new(order.len());
    SIGNALS.into_iter().zip(columns).for_each(|(signal, values)| definition_columns.push(signal, values));
    definition_columns.weigh(weights, table);

    let of_file = |node: usize| shares[starts[node]..starts[node + 1]].iter().sum::<f64>();
    Chances {
        occasion: Occasion::Overview,
        files: ordered(graph, &(0..files).map(of_file).collect::<Vec<_>>(), &is_shown),
        definitions,
        file_worth: weights.worth("files_of_overview"),
        definition_worth: weights.worth("definitions_of_overview"),
        file_columns: Columns::new(files),
        definition_columns,
    }
}

/// Which definitions have the name of a better one: who has read that name learns little from another row of it.
fn doubles(graph: &ReferenceGraph, sums: &[f64], is_out: &[bool]) -> Vec<bool> {
    let names = || graph.nodes.definitions.iter().flatten().map(|of| of.name as usize);
    let mut best: Vec<Option<usize>> = vec![None; graph.names.len()];
    for (row, name) in names().enumerate().filter(|(row, _)| !is_out[*row]) {
        if best[name].is_none_or(|best| sums[best] < sums[row]) {
            best[name] = Some(row);
        }
    }
    names().enumerate().map(|(row, name)| best[name].is_some_and(|best| best != row)).collect()
}

/// Files, best first: by what their definitions have, and a little for what they are.
fn ordered(graph: &ReferenceGraph, of_definitions: &[f64], is_shown: &[bool]) -> Vec<FileChance> {
    let of_class = |class: &PathClass| match class {
        PathClass::Source => 1.0,
        PathClass::Docs | PathClass::Example | PathClass::Test => 0.1,
        PathClass::Vendored | PathClass::Generated | PathClass::Config => 0.01,
    };
    let own = |(class, is_shown): (&PathClass, &bool)| if *is_shown { of_class(class) } else { 0.0 };
    let own: Vec<f64> = graph.nodes.classes.iter().zip(is_shown).map(own).collect();
    let all: f64 = own.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    let known: f64 = of_definitions.iter().sum();
    let (of_known, of_own) = if known > 0.0 { (OF_DEFINITIONS, 1.0 - OF_DEFINITIONS) } else { (0.0, 1.0) };
    let share = |(own, of_definitions): (&f64, &f64)| {
        of_known * of_definitions / known.max(f64::MIN_POSITIVE) + of_own * own / all
    };
    let shares = own.iter().zip(of_definitions).map(share);
    let mut order: Vec<(Reverse<u64>, u32)> =
        shares.map(|share| Reverse(rounded(share).to_bits())).zip(0..).collect();
    order.sort_unstable();
    let chance = |(Reverse(chance), row): (Reverse<u64>, u32)| FileChance {
        file: graph.nodes.files[row as usize],
        chance: f64::from_bits(chance),
        row,
    };
    order.into_iter().map(chance).collect()
}

/// What the name of a file says of the definitions in it.
struct FileName<'p> {
    stem: &'p str,
    is_go: bool,
    is_data: bool,
    /// It holds no code but what others may call.
    is_interface: bool,
}

impl<'p> FileName<'p> {
    fn of(path: &'p RepoPath) -> Self {
        let is_interface =
            [".d.ts", ".d.cts", ".d.mts", ".pyi"].iter().any(|end| path.as_str().ends_with(end));
        Self {
            stem: path.stem(),
            is_go: path.extension() == Some("go"),
            is_data: is_data(path),
            is_interface,
        }
    }
}

fn values(
    corpus: &Corpus,
    graph: &ReferenceGraph,
    node: usize,
    file: &FileName<'_>,
    of: &Definition,
    uses: Uses,
    is_double: bool,
) -> [f32; 25] {
    let flag = |is: bool| if is { 1.0 } else { 0.0 };
    // Most have none.
    let of_uses = |uses: f32| if uses > 0.0 { uses.ln_1p() } else { 0.0 };
    let class = graph.nodes.classes[node];
    let name = corpus.symbols().name(graph.names.symbols[of.name as usize]);
    let is_module = of.kind == DefinitionKind::Module;
    [
        of_uses(uses.source),
        of_uses(uses.tests),
        flag(uses.exported),
        of_uses(uses.documents),
        of_uses(uses.comments),
        (uses.definers as f32 / FEW_DEFINERS).max(1.0).ln(),
        flag(is_private(file, name)),
        flag(name == "main" && of.kind.is_callable()),
        flag(file.is_interface),
        flag(is_namesake(file, name)),
        flag(is_double),
        ln_1p(usize::from(of.lines)),
        flag(of.kind.is_type()),
        flag(of.kind == DefinitionKind::Constructor),
        flag(!of.kind.is_type() && !of.kind.is_callable() && !is_module),
        flag(of.kind == DefinitionKind::Field),
        flag(is_module),
        flag(of.role == Role::Declaration),
        flag(class == PathClass::Test || of.role == Role::Test),
        flag(of.role == Role::Local),
        flag(class == PathClass::Example),
        flag(class == PathClass::Docs),
        flag(class == PathClass::Vendored),
        flag(class == PathClass::Generated),
        graph.nodes.main_language[node],
    ]
}

/// Whether a definition may stand for the tree: headings and keys of settings do not as long as there is code, nor does a line that
/// only names a module of another file.
fn is_noun(file: &FileName<'_>, class: PathClass, of: &Definition) -> bool {
    let is_heading = of.kind == DefinitionKind::Module;
    let is_other = file.is_data || class == PathClass::Config || (class == PathClass::Docs && is_heading);
    !(is_other || (is_heading && of.role == Role::Declaration))
}

/// By the conventions of languages whose names tell: an underscore before it, in Go a small letter.
fn is_private(file: &FileName<'_>, name: &str) -> bool {
    let is_small = || name.chars().next().is_some_and(char::is_lowercase);
    name.starts_with('_') || (file.is_go && is_small())
}

/// Whether the file is called like what it defines, whatever the case and what joins the words.
fn is_namesake(file: &FileName<'_>, name: &str) -> bool {
    fn letters(text: &str) -> impl Iterator<Item = char> {
        text.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase())
    }
    letters(file.stem).eq(letters(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Evidence, Preset, combine};

    /// A file: its path, what it defines, what it uses.
    type File<'f> = (&'f str, &'f [(&'f str, DefinitionKind)], &'f [&'f str]);

    fn order(files: &[File<'_>]) -> Vec<String> {
        let mut corpus = Corpus::new();
        for (at, defined, used) in files {
            let defined = defined.iter().map(|(name, kind)| (*name, *kind, false));
            let used = used.iter().map(|name| (*name, 1));
            corpus.set_file(&RepoPath::new(at).unwrap(), defined, used);
        }
        let graph = ReferenceGraph::build(&corpus, Preset::default());
        let request = RankRequest { limit: usize::MAX, ..RankRequest::default() };
        let chances = combine(&corpus, &graph, &request, &Evidence::new(), &Weights::default());
        let shown = chances.definitions.iter().filter(|of| of.chance > 0.0);
        let told = shown.map(|of| {
            let name = corpus.definition_name(of.file, of.definition).unwrap();
            format!("{} {name}", corpus.path(of.file))
        });
        told.collect()
    }

    #[test]
    fn a_second_definition_of_a_name_stands_behind_all_other_names() {
        use DefinitionKind::{Class, Function};
        let found = order(&[
            ("a/engine.py", &[("Engine", Class)], &[]),
            ("b/other.py", &[("Engine", Class), ("lonely", Function)], &[]),
            ("c/user.py", &[("run", Function)], &["Engine"]),
        ]);
        assert_eq!(found[0], "a/engine.py Engine");
        assert_eq!(found.last().unwrap(), "b/other.py Engine", "{found:?}");
    }

    #[test]
    fn data_stands_for_no_tree_that_has_code_and_tests_come_last() {
        use DefinitionKind::{Class, Field};
        let of_tests: [File<'_>; 2] = [
            ("examples/app/package.json", &[("scripts", Field)], &[]),
            ("tests/test_engine.py", &[("TestEngine", Class)], &["scripts"]),
        ];
        assert_eq!(order(&of_tests[..1]).len(), 1);
        let source: File<'_> = ("engine.py", &[("Engine", Class)], &["TestEngine", "scripts"]);
        let found = order(&[of_tests[0], of_tests[1], source]);
        assert_eq!(found, ["engine.py Engine", "tests/test_engine.py TestEngine"]);
    }
}
