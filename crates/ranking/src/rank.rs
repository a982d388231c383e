use std::cmp::Reverse;

use crate::graph::ReferenceGraph;
use crate::prompt::Prompt;
use crate::score::rounded;
use crate::solve::{Solution, solve};
use crate::{Corpus, FileId, RankRequest, top};

/// Files and definitions, best first.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Ranking {
    /// Every file of the graph; those that the walk cannot visit come last with a score of 0.
    pub files: Vec<RankedFile>,
    /// The best definitions, none of a chat file, as many as the request asked for.
    pub definitions: Vec<RankedDefinition>,
    /// How many iterations or sweeps the ranks took.
    pub iterations: usize,
}

/// A file and its score.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct RankedFile {
    /// The file.
    pub file: FileId,
    /// The share of time that the walk spends in the file: all sum to 1.
    pub score: f64,
}

/// A definition and its score.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct RankedDefinition {
    /// The file.
    pub file: FileId,
    /// Position among the file's definitions, as they were given to the corpus.
    pub definition: u32,
    /// What flows through the definition's name into its file. Definitions of one name in one file share the flow.
    pub score: f64,
}

/// Orders all files and the best definitions for a request.
///
/// `corpus` gives names and paths their numbers: it must be the corpus that the graph was built from, also after
/// changes (the files are then ranked as they were at build).
///
/// Scores are rounded to a relative step of 1e-9. Equal ones are ordered by path, then by position in the file, so
/// the order never hangs on the last bits of a sum or on the order in which the corpus was filled.
pub fn rank(corpus: &Corpus, graph: &ReferenceGraph, request: &RankRequest<'_>) -> Ranking {
    let prompt = Prompt::new(corpus, graph, request);
    let walk = graph.walk(corpus);
    let solution = solve(graph, walk, &prompt);
    let is_generated = |file| graph.node(file).is_some_and(|node| graph.nodes.generated[node]);
    let mut files = files(graph, &solution);
    let mut definitions = top::definitions(graph, walk, &prompt, &solution, request.limit);
    // Stable: what programs wrote stands behind all else.
    files.sort_by_key(|ranked| is_generated(ranked.file));
    definitions.sort_by_key(|ranked| is_generated(ranked.file));
    Ranking { files, definitions, iterations: solution.iterations }
}

fn files(graph: &ReferenceGraph, solution: &Solution) -> Vec<RankedFile> {
    let mut order: Vec<(Reverse<u64>, u32)> = solution
        .rank
        .iter()
        .zip(0..)
        .map(|(rank, node)| {
            // Positive doubles are ordered as their bits are.
            (Reverse(rounded(*rank).to_bits()), node)
        })
        .collect();
    order.sort_unstable();
    order
        .into_iter()
        .map(|(Reverse(score), node)| RankedFile {
            file: graph.nodes.files[node as usize],
            score: f64::from_bits(score),
        })
        .collect()
}
