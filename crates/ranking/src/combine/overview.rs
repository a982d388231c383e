//! What stands for a tree that nobody asks anything of: the definitions that the rest of it leans on.

use std::cmp::Reverse;

use super::columns::{Columns, log_shares};
use super::nouns::{FileName, SIGNALS, is_noun, values};
use super::signals::Signal;
use super::uses::uses;
use super::{Chances, DefinitionChance, FileChance, Occasion, Weights};
use crate::graph::{Counts, ReferenceGraph, Uses};
use crate::score::rounded;
use crate::{Corpus, PathClass, RankRequest};

/// What all definitions have together; the rest is shared among files by what they are, so that each has a place.
const OF_DEFINITIONS: f64 = 0.99;

/// A definition by its node and its position there.
#[derive(Clone, Copy)]
struct Place {
    node: usize,
    at: usize,
}

/// Weighs all definitions of the tree; a file has what its definitions have together.
///
/// Cost: the definitions of the tree and, once a graph, the uses of their names, two look-ups each; signals are kept of the best alone.
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
    let counts = graph.counts.get_or_init(|| {
        let uses = uses(corpus, graph);
        Counts { sums: sums(corpus, graph, &uses, of_signals), uses, weights: of_signals.into() }
    });
    let uses = &counts.uses;
    let mut sums = match counts.weights == of_signals {
        true => counts.sums.clone(),
        false => sums(corpus, graph, uses, of_signals),
    };
    let files = graph.file_count();
    let all = &graph.nodes.definitions;
    let mut is_out: Vec<bool> = Vec::with_capacity(uses.len());
    let is_shown: Vec<bool> =
        graph.nodes.paths.iter().map(|path| request.folder.is_none_or(|folder| path.is_in(folder))).collect();
    let mut nouns = 0;
    for (node, is_shown) in is_shown.iter().enumerate() {
        let name = FileName::of(&graph.nodes.paths[node]);
        for definition in all.row(node) {
            let is_noun = *is_shown && is_noun(&name, graph.nodes.classes[node], definition);
            nouns += usize::from(is_noun);
            is_out.push(!is_noun);
        }
    }
    let rows = |node: usize| all.start(node)..all.start(node) + all.row(node).len();
    if nouns == 0 {
        is_shown.iter().enumerate().for_each(|(node, is_shown)| is_out[rows(node)].fill(!is_shown));
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
        let node = all.row_of(row as usize);
        Place { node, at: row as usize - all.start(node) }
    };
    let mut columns: Vec<Vec<f32>> = vec![Vec::with_capacity(order.len()); SIGNALS.len()];
    let mut definitions = Vec::with_capacity(order.len());
    for (&(Reverse(chance), of), row) in order.iter().zip(0..) {
        let Place { node, at } = place(of);
        let definition = &all.row(node)[at];
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

    let of_file = |node: usize| shares[rows(node)].iter().sum::<f64>();
    Chances {
        occasion: Occasion::Overview,
        files: ordered(graph, &(0..files).map(of_file).collect::<Vec<_>>(), &is_shown),
        definitions,
        file_worth: weights.worth("files_of_overview"),
        definition_worth: weights.worth("definitions_of_overview"),
        file_columns: Columns::new(files),
        definition_columns,
        known: Vec::new(),
    }
}

/// The weighted sums of the signals of all definitions, none of which is a double yet.
fn sums(corpus: &Corpus, graph: &ReferenceGraph, uses: &[Uses], weights: [f64; SIGNALS.len()]) -> Vec<f64> {
    let mut sums = Vec::with_capacity(uses.len());
    for (node, path) in graph.nodes.paths.iter().enumerate() {
        let name = FileName::of(path);
        for definition in graph.nodes.definitions.row(node) {
            let values = values(corpus, graph, node, &name, definition, uses[sums.len()], false);
            sums.push(values.iter().zip(weights).map(|(value, weight)| f64::from(*value) * weight).sum());
        }
    }
    sums
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

#[cfg(test)]
mod tests {
    use repo_map_model::{DefinitionKind, RepoPath};

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

    /// What is kept of a graph for the next map must not be that of other weights.
    #[test]
    fn a_graph_that_was_weighed_before_is_weighed_the_same_again_and_by_other_weights_otherwise() {
        let mut corpus = Corpus::new();
        for (at, name) in [("a.py", "Engine"), ("b.py", "_private"), ("c.py", "run")] {
            let defined = [(name, DefinitionKind::Class, false)];
            corpus.set_file(&RepoPath::new(at).unwrap(), defined, [("Engine", 1)]);
        }
        let request = RankRequest { limit: usize::MAX, ..RankRequest::default() };
        let mut other = Weights::default();
        other.replace("[overview definitions]\nprivate_name = 9\n").unwrap();
        let told = |graph: &ReferenceGraph, weights: &Weights| {
            let chances = combine(&corpus, graph, &request, &Evidence::new(), weights);
            chances.definitions.iter().map(|of| (of.file, of.chance.to_bits())).collect::<Vec<_>>()
        };
        let graph = || ReferenceGraph::build(&corpus, Preset::default());
        let (kept, weights) = (graph(), Weights::default());
        let (first, by_others) = (told(&graph(), &weights), told(&graph(), &other));
        assert_ne!(first, by_others);
        assert_eq!(
            [told(&kept, &weights), told(&kept, &other), told(&kept, &weights)],
            [first.clone(), by_others, first]
        );
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
