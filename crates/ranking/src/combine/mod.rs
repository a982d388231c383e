//! Named signals of files and definitions, weighed and turned into chances.

mod columns;
mod definitions;
mod evidence;
mod explain;
mod logs;
mod near;
mod neighbours;
mod nouns;
mod overview;
mod reach;
mod signals;
mod targets;
mod uses;
mod weights;

use std::cmp::Reverse;

use repo_map_model::RepoPath;

pub use evidence::{DefinitionEvidence, Evidence};
pub use explain::SignalShare;
pub(crate) use near::TreePaths;
pub use signals::Signal;
pub use weights::{InvalidWeight, InvalidWeights, Occasion, Weights};

use self::columns::{Columns, descending, log_shares, unit_roots};
use self::logs::ln_1p;
use self::near::{AllNear, beside};
use self::neighbours::{Step, import_step, step};
use self::weights::SEEDS;
use crate::graph::ReferenceGraph;
use crate::score::rounded;
use crate::{Corpus, FileId, PathClass, RankRequest};

/// Probabilities: how likely each file and definition is to be edited.
///
/// They are fitted to commits. Those of all files sum to 1, and so do those of all definitions.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Chances {
    /// What the map is wanted for.
    pub occasion: Occasion,
    /// Every file of the graph, best first; chat files last, with a chance of 0.
    pub files: Vec<FileChance>,
    /// The best definitions of the best files, best first, none of a chat file: as many as the request asked for.
    pub definitions: Vec<DefinitionChance>,
    /// What listing a file with a chance of 1 is worth.
    pub file_worth: f64,
    /// What showing a definition with a chance of 1 is worth.
    pub definition_worth: f64,
    pub(crate) file_columns: Columns,
    pub(crate) definition_columns: Columns,
    pub(crate) known: Vec<f32>,
}

/// A file and its chance.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct FileChance {
    /// The file.
    pub file: FileId,
    /// From 0 to 1.
    pub chance: f64,
    pub(crate) row: u32,
}

/// A definition and its chance.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct DefinitionChance {
    /// The file.
    pub file: FileId,
    /// Position among the file's definitions, as they were given to the corpus.
    pub definition: u32,
    /// From 0 to 1.
    pub chance: f64,
    pub(crate) row: u32,
}

/// Weighs all that is known of files and definitions.
///
/// A chance is `exp(w·x)` over the sum of it for all files (or definitions), where `x` are the [signals](Evidence) of the file
/// and `w` the [`Weights`] of the request's [`Occasion`]: a conditional logit. So signals add up, none can veto another, and a
/// weight tells by which factor a full signal raises the chance. References are followed one step in both
/// directions from the files that the other signals find.
///
/// Ties are ordered by path, then by position in the file. Cost: files times signals, the definitions of the best files, and
/// the references of the best 64.
pub fn combine(
    corpus: &Corpus,
    graph: &ReferenceGraph,
    request: &RankRequest<'_>,
    evidence: &Evidence,
    weights: &Weights,
) -> Chances {
    let nodes = graph.file_count();
    let mut is_chat = vec![false; nodes];
    let chat: Vec<(u32, f64)> = request
        .chat_files
        .iter()
        .filter_map(|path| graph.node(corpus.file(path.as_str())?))
        .map(|node| (node as u32, 1.0))
        .collect();
    chat.iter().for_each(|&(node, _)| is_chat[node as usize] = true);
    let occasion = match (evidence.task, chat.is_empty()) {
        (true, true) => Occasion::Task,
        (true, false) => Occasion::TaskAndChat,
        (false, false) => Occasion::Chat,
        (false, true) => Occasion::Overview,
    };

    if occasion == Occasion::Overview {
        return overview::weigh(corpus, graph, weights, request);
    }
    let mut columns = Columns::new(nodes);
    of_evidence(graph, request, corpus, evidence, &mut columns);
    of_paths(graph, &mut columns);
    columns.push(Signal::Used, graph.used(corpus).to_vec());

    let seeds = if evidence.task { seeds(&mut columns, weights) } else { Vec::new() };
    let from_seeds = step(corpus, graph, &seeds);
    if evidence.task {
        let beside = beside(&graph.nodes.folders, &seeds);
        let of_index =
            beside.iter().zip(&graph.nodes.indexes).map(|(value, is)| if *is { *value } else { 0.0 });
        columns.push(Signal::IndexOfSeeds, of_index.collect());
        columns.push(Signal::SeedsInFolder, beside);
        columns.push(Signal::UsedBySeeds, unit_roots(from_seeds.used.clone()));
        columns.push(Signal::UsesSeeds, unit_roots(from_seeds.users.clone()));
        let [imported, importers] = import_step(graph.imports(corpus), &seeds);
        columns.push(Signal::ImportedBySeeds, unit_roots(imported));
        columns.push(Signal::ImportsSeeds, unit_roots(importers));
    }
    let from_chat = step(corpus, graph, &chat);
    if !chat.is_empty() {
        of_chat(corpus, graph, request.chat_files, &from_chat, &mut columns);
        let [imported, importers] = import_step(graph.imports(corpus), &chat);
        columns.push(Signal::ImportedByChat, unit_roots(imported));
        columns.push(Signal::ImportsChat, unit_roots(importers));
    }
    columns.weigh(weights, occasion.files());
    let mut sums = columns.sums();
    put_behind(&mut sums, &graph.nodes.generated, &is_chat);
    let shares = log_shares(sums, |node| is_chat[node]);

    let files = ordered(graph, &shares);
    let definitions = definitions::Weighing {
        corpus,
        graph,
        evidence,
        weights,
        occasion,
        chat: &chat,
        steps: [(Signal::UsedBySeeds, &from_seeds), (Signal::UsedByChat, &from_chat)],
    }
    .weigh(&files, &shares, request.limit);
    Chances {
        occasion,
        files,
        definitions: definitions.best,
        file_worth: weights.worth("files"),
        definition_worth: weights.worth(if evidence.task { "definitions" } else { "definitions_of_chat" }),
        file_columns: columns,
        definition_columns: definitions.columns,
        known: definitions.known,
    }
}

/// Takes from the sums of files that programs wrote what the best of them has more than the last of all others.
fn put_behind(sums: &mut [f64], generated: &[bool], is_chat: &[bool]) {
    let of = |wanted: bool| {
        let rows = sums.iter().zip(generated).zip(is_chat);
        rows.filter(move |((_, generated), is_chat)| **generated == wanted && !**is_chat)
            .map(|((sum, _), _)| *sum)
    };
    let (best, last) = (of(true).fold(f64::NEG_INFINITY, f64::max), of(false).fold(f64::INFINITY, f64::min));
    if best.is_finite() && last.is_finite() && best >= last {
        // By so much that rounding leaves no tie.
        let less = best - last + 1.0;
        sums.iter_mut().zip(generated).filter(|(_, generated)| **generated).for_each(|(sum, _)| *sum -= less);
    }
}

/// The signals that other stages give.
fn of_evidence(
    graph: &ReferenceGraph,
    request: &RankRequest<'_>,
    corpus: &Corpus,
    evidence: &Evidence,
    columns: &mut Columns,
) {
    let nodes = graph.file_count();
    for (signal, values) in &evidence.files {
        let mut column = vec![0.0; nodes];
        for &(file, value) in values {
            if let Some(node) = graph.node(file) {
                column[node] = value;
            }
        }
        if *signal == Signal::Mentioned {
            for path in request.mentioned_files {
                if let Some(node) = corpus.file(path.as_str()).and_then(|file| graph.node(file)) {
                    column[node] = column[node].max(1.0);
                }
            }
        }
        columns.push(*signal, column);
    }
}

fn of_paths(graph: &ReferenceGraph, columns: &mut Columns) {
    let classes = [
        (Signal::Test, PathClass::Test),
        (Signal::Example, PathClass::Example),
        (Signal::Docs, PathClass::Docs),
        (Signal::Vendored, PathClass::Vendored),
        (Signal::Generated, PathClass::Generated),
        (Signal::Config, PathClass::Config),
    ];
    for (signal, class) in classes {
        let is = |of: &PathClass| if *of == class { 1.0 } else { 0.0 };
        columns.push(signal, graph.nodes.classes.iter().map(is).collect());
    }
    columns.push(Signal::MainLanguage, graph.nodes.main_language.clone());
    let bare = |definitions: &[_]| if definitions.is_empty() { 1.0 } else { 0.0 };
    let none = (0..graph.file_count()).map(|node| bare(graph.nodes.definitions.row(node)));
    columns.push(Signal::NoDefinitions, none.collect());
}

fn of_chat(
    corpus: &Corpus,
    graph: &ReferenceGraph,
    chat: &[RepoPath],
    from_chat: &Step,
    columns: &mut Columns,
) {
    columns.push(Signal::UsedByChat, unit_roots(from_chat.used.clone()));
    columns.push(Signal::UsesChat, unit_roots(from_chat.users.clone()));
    let both = from_chat.used.iter().zip(&from_chat.users).zip(0..);
    let linked: Vec<(u32, f64)> = both.map(|((used, users), node)| (node, used + users)).collect();
    let further = step(corpus, graph, &linked);
    let both = further.used.iter().zip(&further.users).map(|(used, users)| used + users);
    columns.push(Signal::LinkedToChat, unit_roots(both.collect()));
    let paths = &graph.nodes.paths;
    let AllNear { same_folder, near, same_stem, shared_words, same_kind } =
        graph.paths.get_or_init(|| TreePaths::of(paths)).near(paths, chat);
    columns.push(Signal::SameFolder, same_folder);
    columns.push(Signal::NearChat, near);
    columns.push(Signal::SameStem, same_stem);
    columns.push(Signal::SharedWords, shared_words);
    columns.push(Signal::SameKind, same_kind);
}

/// The files that the words of the task and the log find, with their shares; adds what the order and the peaks of words say.
fn seeds(columns: &mut Columns, weights: &Weights) -> Vec<(u32, f64)> {
    let shares = log_shares(columns.sums_by(|signal| weights.of(SEEDS, signal)), |_| false);
    let mut order: Vec<(u64, u32)> = shares.iter().map(|&share| descending(share)).zip(0..).collect();
    order.sort_unstable();
    let mut places = vec![0.0; shares.len()];
    order.iter().enumerate().for_each(|(place, &(_, node))| places[node as usize] = -ln_1p(place) / 8.0);
    for (signal, sharp) in [(Signal::Path, Signal::PathSharp), (Signal::Body, Signal::BodySharp)] {
        if let Some(values) = columns.values(signal) {
            let squares = values.iter().map(|value| value * value).collect();
            columns.push(sharp, squares);
        }
    }
    columns.push(Signal::SeedPlace, places);
    (0..).zip(shares.into_iter().map(f64::exp)).collect()
}

/// Best first: by rounded share, then by path.
fn ordered(graph: &ReferenceGraph, shares: &[f64]) -> Vec<FileChance> {
    // No chance is below 0: they are ordered as their bits are.
    let mut order: Vec<(Reverse<u64>, u32)> =
        shares.iter().map(|share| Reverse(rounded(share.exp()).to_bits())).zip(0..).collect();
    order.sort_unstable();
    order
        .into_iter()
        .map(|(Reverse(chance), row)| FileChance {
            file: graph.nodes.files[row as usize],
            chance: f64::from_bits(chance),
            row,
        })
        .collect()
}
