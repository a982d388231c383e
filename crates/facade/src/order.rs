//! The order of files and definitions, and what it makes of the map.

use std::collections::{HashMap, HashSet};

use repo_map_model::RepoPath;
use repo_map_ranking::{Chances, Corpus, FileId, Ranking};
use repo_map_render::{Claim, Item, Rendered};

use crate::map::RankedPath;

/// Bounds of how many definitions are offered to the packing.
const FEWEST_CLAIMS: usize = 800;
const MOST_CLAIMS: usize = 20_000;

/// The order of files and definitions, however it came about.
pub(crate) enum Order {
    /// By references alone.
    Walk(Ranking),
    /// By all signals.
    Chances(Chances),
}

/// A definition with its score.
pub(crate) struct OrderedDefinition {
    pub(crate) file: FileId,
    pub(crate) definition: u32,
    pub(crate) score: f64,
    pub(crate) known_for_chat: Option<f32>,
}

impl Order {
    /// The word for the weights that made it.
    pub(crate) fn occasion(&self) -> &'static str {
        match self {
            Self::Walk(_) => "references",
            Self::Chances(chances) => chances.occasion.as_str(),
        }
    }

    /// The definitions, best first.
    pub(crate) fn definitions(&self) -> Box<dyn Iterator<Item = OrderedDefinition> + '_> {
        match self {
            Self::Walk(ranking) => Box::new(ranking.definitions.iter().map(|of| OrderedDefinition {
                file: of.file,
                definition: of.definition,
                score: of.score,
                known_for_chat: None,
            })),
            Self::Chances(chances) => Box::new(chances.definitions.iter().map(|of| OrderedDefinition {
                file: of.file,
                definition: of.definition,
                score: of.chance,
                known_for_chat: chances.known_for_chat(of),
            })),
        }
    }

    /// What each signal says of the definition at a place of the order, from 0.
    pub(crate) fn definition_values(&self, at: usize) -> Vec<f32> {
        match self {
            Self::Walk(ranking) => {
                ranking.definitions.get(at).map(|of| of.score as f32).into_iter().collect()
            }
            Self::Chances(chances) => chances.definitions.get(at).map_or_else(Vec::new, |of| {
                chances.definition_signals(of).into_iter().map(|share| share.value).collect()
            }),
        }
    }

    /// What each signal says of the file at a place of the order, from 0.
    pub(crate) fn file_values(&self, at: usize) -> Vec<f32> {
        match self {
            Self::Walk(ranking) => ranking.files.get(at).map(|of| of.score as f32).into_iter().collect(),
            Self::Chances(chances) => chances.files.get(at).map_or_else(Vec::new, |of| {
                chances.file_signals(of).into_iter().map(|share| share.value).collect()
            }),
        }
    }

    /// Every file, best first, with its score.
    pub(crate) fn files(&self) -> Box<dyn Iterator<Item = (FileId, f64)> + '_> {
        match self {
            Self::Walk(ranking) => Box::new(ranking.files.iter().map(|ranked| (ranked.file, ranked.score))),
            Self::Chances(chances) => {
                Box::new(chances.files.iter().map(|chance| (chance.file, chance.chance)))
            }
        }
    }
}

/// What each file is worth to the map: as many files and definitions as the budget could show at the very most.
pub(crate) fn claims(corpus: &Corpus, chances: &Chances, budget: usize) -> Vec<Claim> {
    let most = most_claims(budget);
    let files = chances.files.iter().filter(|chance| chance.chance > 0.0).take(most / 2);
    let mut place = HashMap::new();
    let mut claims: Vec<Claim> = files
        .zip(0..)
        .map(|(chance, at)| {
            place.insert(chance.file, at);
            Claim::new(corpus.path(chance.file).clone(), chances.file_worth * chance.chance)
        })
        .collect();
    for chance in chances.definitions.iter().take(most) {
        if let Some(&at) = place.get(&chance.file) {
            let claim: &mut Claim = &mut claims[at];
            claim.definitions.push((chance.definition, chances.definition_worth * chance.chance));
        }
    }
    claims
}

/// How many definitions a page of this budget may choose from.
pub(crate) fn most_claims(budget: usize) -> usize {
    budget.clamp(FEWEST_CLAIMS, MOST_CLAIMS)
}

/// Puts files before all others, on the page and in the packing: chances sum to 1, so one is worth more than they are together.
pub(crate) fn put_first(claims: &mut Vec<Claim>, paths: Vec<RepoPath>) {
    for path in paths.into_iter().rev() {
        let known = claims.iter().position(|claim| claim.path == path);
        let mut claim = known.map_or_else(|| Claim::new(path, 0.0), |at| claims.remove(at));
        claim.gain = 1.0;
        // A manifest is named, not read out.
        claim.definitions.clear();
        claims.insert(0, claim);
    }
}

/// What is printed, best first: important root files, so many definitions, then files that have none, but for those of the chat, which are sorted.
pub(crate) fn items(
    corpus: &Corpus,
    ranking: &Ranking,
    limit: usize,
    important: Vec<RepoPath>,
    chat: &[RepoPath],
) -> Vec<Item> {
    let definitions = ranking
        .definitions
        .iter()
        .take(limit)
        .map(|ranked| Item::definition(corpus.path(ranked.file).clone(), ranked.definition));
    let bare = ranking
        .files
        .iter()
        .filter(|ranked| corpus.definition_name(ranked.file, 0).is_none())
        .map(|ranked| corpus.path(ranked.file).clone())
        .filter(|path| chat.binary_search(path).is_err());
    let important = important.into_iter().map(Item::file);
    important.chain(definitions).chain(bare.map(Item::file)).collect()
}

/// Place and score of the printed files among all.
pub(crate) fn places(corpus: &Corpus, order: &Order, rendered: &Rendered) -> HashMap<RepoPath, (usize, f64)> {
    let shown: HashSet<FileId> =
        rendered.files.iter().filter_map(|file| corpus.file(file.path.as_str())).collect();
    let ranked = order.files().zip(1..).filter(|((file, _), _)| shown.contains(file));
    // The shown ones are among the first.
    let ranked = ranked.take(shown.len());
    ranked.map(|((file, score), place)| (corpus.path(file).clone(), (place, score))).collect()
}

pub(crate) fn paths(corpus: &Corpus, order: &Order) -> Vec<RankedPath> {
    order.files().map(|(file, score)| RankedPath { path: corpus.path(file).clone(), score }).collect()
}
