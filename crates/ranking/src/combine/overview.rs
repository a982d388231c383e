//! What stands for a tree that nobody asks anything of: the definitions that the rest of it leans on.

use std::cmp::Reverse;
use std::sync::OnceLock;

use repo_map_model::RepoPath;

use super::columns::{Columns, log_shares};
use super::nouns::{FileName, SIGNALS, is_noun, values};
use super::signals::Signal;
use super::uses::uses;
use super::{Chances, DefinitionChance, FileChance, Occasion, Weights};
use crate::graph::{Counts, OverviewOrder, Placed, ReferenceGraph, Uses, read_overview};
use crate::score::rounded;
use crate::{Corpus, PathClass, RankRequest};

/// What all definitions have together; the rest is shared among files by what they are, so that each has a place.
const OF_DEFINITIONS: f64 = 0.99;

/// What a file that a program wrote has for itself: less than any other.
const OF_GENERATED: f64 = 0.000_1;

/// A file stands for so many of its definitions, the best: ten thousand names of registers are no reason to list theirs.
const OF_FILE: usize = 4;

/// Definitions whose order is kept as long as the graph: more than a map of any usual budget chooses from.
const KEPT: usize = 1 << 14;

/// Weighs all definitions of the tree; a file has what the best of its definitions have together.
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
    let counts = graph.counts.get_or_init(|| Counts {
        uses: OnceLock::new(),
        sums: OnceLock::new(),
        weights: of_signals.into(),
        order: OnceLock::new(),
    });
    let is_same = counts.weights == of_signals;
    let uses = || counts.uses.get_or_init(|| uses(corpus, graph));
    let sums = || match is_same {
        true => counts.sums.get_or_init(|| sums(corpus, graph, uses(), of_signals)).clone(),
        false => sums(corpus, graph, uses(), of_signals),
    };
    let of_request;
    let order = match request.folder {
        // What is asked for most often is worked out once.
        None if is_same && limit <= KEPT => {
            let kept = || read_overview(graph.kept.as_ref()?, graph, &of_signals);
            counts
                .order
                .get_or_init(|| kept().unwrap_or_else(|| order(graph, sums(), uses(), double, None, KEPT)))
        }
        folder => {
            of_request = order(graph, sums(), uses(), double, folder, limit);
            &of_request
        }
    };
    let all = &graph.nodes.definitions;
    let best = &order.definitions[..limit.min(order.definitions.len())];
    let mut columns: Vec<Vec<f32>> = vec![Vec::with_capacity(best.len()); SIGNALS.len()];
    let mut definitions = Vec::with_capacity(best.len());
    for (&Placed { chance, row: of, is_double, uses }, row) in best.iter().zip(0..) {
        let node = all.row_of(of as usize);
        let at = of as usize - all.start(node);
        let definition = &all.row(node)[at];
        let name = FileName::of(&graph.nodes.paths[node]);
        let values = values(corpus, graph, node, &name, definition, uses, is_double);
        columns.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
        definitions.push(DefinitionChance {
            file: graph.nodes.files[node],
            definition: at as u32,
            chance,
            row,
        });
    }
    let mut definition_columns = Columns::new(best.len());
    SIGNALS.into_iter().zip(columns).for_each(|(signal, values)| definition_columns.push(signal, values));
    definition_columns.weigh(weights, table);
    let file =
        |&(chance, row): &(f64, u32)| FileChance { file: graph.nodes.files[row as usize], chance, row };
    Chances {
        occasion: Occasion::Overview,
        files: order.files.iter().map(file).collect(),
        definitions,
        file_worth: weights.worth("files_of_overview"),
        definition_worth: weights.worth("definitions_of_overview"),
        file_columns: Columns::new(graph.file_count()),
        definition_columns,
        known: Vec::new(),
    }
}

/// The best definitions of the tree or a folder of it, and all files.
fn order(
    graph: &ReferenceGraph,
    mut sums: Vec<f64>,
    uses: &[Uses],
    double: f64,
    folder: Option<&RepoPath>,
    limit: usize,
) -> OverviewOrder {
    let all = &graph.nodes.definitions;
    let mut is_out: Vec<bool> = Vec::with_capacity(sums.len());
    let is_shown: Vec<bool> =
        graph.nodes.paths.iter().map(|path| folder.is_none_or(|folder| path.is_in(folder))).collect();
    let mut nouns = 0;
    for (node, is_shown) in is_shown.iter().enumerate() {
        let name = FileName::of(&graph.nodes.paths[node]);
        for definition in all.row(node) {
            let is_noun = *is_shown
                && !graph.nodes.generated[node]
                && is_noun(&name, graph.nodes.classes[node], definition);
            nouns += usize::from(is_noun);
            is_out.push(!is_noun);
        }
    }
    let rows = |node: usize| all.start(node)..all.start(node) + all.row(node).len();
    if nouns == 0 {
        let generated = &graph.nodes.generated;
        let is_written = |node: usize| is_shown[node] && !generated[node] && !all.row(node).is_empty();
        // What a program wrote stands for a tree that has nothing else.
        let has_written = (0..is_shown.len()).any(is_written);
        for (node, is_shown) in is_shown.iter().enumerate() {
            is_out[rows(node)].fill(!is_shown || has_written && generated[node]);
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
    let placed = |(Reverse(chance), row): (Reverse<u64>, u32)| Placed {
        chance: f64::from_bits(chance),
        row,
        is_double: is_double[row as usize],
        uses: uses[row as usize],
    };
    let mut best = Vec::new();
    let of_file = |node: usize| {
        best.clear();
        best.extend_from_slice(&shares[rows(node)]);
        best.sort_unstable_by(|a, b| b.total_cmp(a));
        best.iter().take(OF_FILE).sum::<f64>()
    };
    let of_files: Vec<f64> = (0..graph.file_count()).map(of_file).collect();
    OverviewOrder {
        definitions: order.into_iter().map(placed).collect(),
        files: ordered(graph, &of_files, &is_shown),
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
fn ordered(graph: &ReferenceGraph, of_definitions: &[f64], is_shown: &[bool]) -> Vec<(f64, u32)> {
    let of_class = |class: &PathClass| match class {
        PathClass::Source => 1.0,
        PathClass::Docs | PathClass::Example | PathClass::Test => 0.1,
        PathClass::Vendored | PathClass::Generated | PathClass::Config => 0.01,
    };
    let own = |node: usize| match (is_shown[node], graph.nodes.generated[node]) {
        (false, _) => 0.0,
        (true, true) => OF_GENERATED,
        (true, false) => of_class(&graph.nodes.classes[node]),
    };
    let own: Vec<f64> = (0..is_shown.len()).map(own).collect();
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
    let chance = |(Reverse(chance), row): (Reverse<u64>, u32)| (f64::from_bits(chance), row);
    order.into_iter().map(chance).collect()
}

#[cfg(test)]
mod tests {
    use repo_map_model::DefinitionKind;

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
    fn a_table_of_ten_thousand_names_is_not_the_first_of_files() {
        let names: Vec<String> = (0..10_000).map(|at| format!("REG_{at}")).collect();
        let mut corpus = Corpus::new();
        let mut add = |path: &str, defined: &[(&str, DefinitionKind)], used: &[&str]| {
            let defined = defined.iter().map(|(name, kind)| (*name, *kind, false));
            corpus.set_file(&RepoPath::new(path).unwrap(), defined, used.iter().map(|name| (*name, 1)));
        };
        let table: Vec<_> = names.iter().map(|name| (name.as_str(), DefinitionKind::Macro)).collect();
        add("regs.h", &table, &[]);
        add("queue.h", &[("queue", DefinitionKind::Struct)], &[]);
        for user in 0..20 {
            add(&format!("user{user}.c"), &[("run", DefinitionKind::Function)], &["queue"]);
        }
        let graph = ReferenceGraph::build(&corpus, Preset::default());
        let chances =
            combine(&corpus, &graph, &RankRequest::default(), &Evidence::new(), &Weights::default());
        assert_eq!(corpus.path(chances.files[0].file).as_str(), "queue.h");
    }

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
    fn fewer_are_the_first_of_more_also_of_those_that_are_kept() {
        let mut corpus = Corpus::new();
        for at in 0..40_usize {
            let (own, other) = (format!("f{}", at % 9), format!("f{}", at * 7 % 9));
            let defined = [(own.as_str(), DefinitionKind::Function, false)];
            corpus.set_file(&RepoPath::new(&format!("p{at}/m.py")).unwrap(), defined, [(other.as_str(), 1)]);
        }
        let graph = ReferenceGraph::build(&corpus, Preset::default());
        let told = |limit: usize| {
            let request = RankRequest { limit, ..RankRequest::default() };
            let chances = combine(&corpus, &graph, &request, &Evidence::new(), &Weights::default());
            let files = chances.files.iter().map(|of| (of.file, of.chance.to_bits())).collect::<Vec<_>>();
            let rows = chances.definitions.iter();
            (
                rows.map(|of| (of.file, of.chance.to_bits(), chances.definition_signals(of).len()))
                    .collect::<Vec<_>>(),
                files,
            )
        };
        let (all, files) = told(usize::MAX);
        assert_eq!(all.len(), 40);
        for limit in [0, 1, 7, 40, KEPT, KEPT + 1, 3] {
            assert_eq!(told(limit), (all[..limit.min(40)].to_vec(), files.clone()));
        }
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
