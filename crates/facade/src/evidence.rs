//! What words, git log and content say of the files, brought to the ranking as named signals.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use repo_map_lexical::{DefinitionSignals, FileSignals, Known, Query, Scores};
use repo_map_model::{FileTags, RepoPath};
use repo_map_ranking::{Evidence, FileId, Signal};

use crate::history::History;
use crate::index::{Index, Workshop};
use crate::pointed::definitions_around;
use crate::recent::Recent;
use crate::snapshot::Tree;

/// In so many files the definitions around places are sought.
const MAX_FILES_POINTED: usize = 64;

/// What a request asks of the stages.
pub(crate) struct Asked<'a> {
    /// `None` without a task.
    pub(crate) query: Option<&'a Query>,
    pub(crate) chat: &'a [RepoPath],
    /// `None` where the git log has no say.
    pub(crate) history: Option<&'a History>,
    pub(crate) past_messages: bool,
}

/// What was collected.
pub(crate) struct Collected {
    pub(crate) evidence: Evidence,
    /// Whether the words of all files were there, as far as they count.
    pub(crate) has_all_words: bool,
    /// Whether the task has words and no file has any of them.
    pub(crate) finds_nothing: bool,
    /// How much of a task's words the tree knows; `None` without a task.
    pub(crate) known: Option<Known>,
}

/// Collects the signals of all files; tells how long the words took. `tags` gives those of a file as the index knows it.
pub(crate) fn collect(
    tree: &Tree,
    recent: &Recent<Arc<[u8]>>,
    workshop: &Workshop<'_>,
    asked: &Asked<'_>,
    took: &mut Duration,
    tags: impl FnMut(&RepoPath) -> Option<Arc<FileTags>>,
) -> Collected {
    let (mut evidence, mut has_all_words, mut finds_nothing) = (Evidence::new(), true, false);
    let mut known = None;
    let index = &tree.index;
    of_content(index, &mut evidence);
    if let Some(query) = asked.query {
        evidence.set_task();
        let start = Instant::now();
        let (scores, is_whole) = tree.words.score(query, recent, index, workshop);
        has_all_words = is_whole;
        known = Some(scores.known);
        finds_nothing = scores.files.is_empty();
        of_words(index, &scores, &mut evidence);
        has_all_words &= of_places(index, &scores, tags, &mut evidence);
        *took = start.elapsed();
    }
    if let Some(history) = asked.history {
        let words: Vec<(&str, f32)> = match asked.query.filter(|_| asked.past_messages) {
            Some(query) => query.words().iter().map(|word| (word.text.as_str(), word.weight)).collect(),
            None => Vec::new(),
        };
        // The weights of churn were fitted beside those of messages: a task is told better without both than without these.
        let churn = asked.query.is_none() || asked.past_messages;
        history.collect(index, &words, asked.chat, churn, &mut evidence);
    }
    Collected { evidence, has_all_words, finds_nothing, known }
}

fn of_content(index: &Index, evidence: &mut Evidence) {
    let files = &index.facts().sizes;
    evidence.files(Signal::Size, files.iter().map(|&(file, size, _)| (file, size)));
    evidence
        .files(Signal::NoLanguage, files.iter().filter(|(.., known)| !known).map(|&(file, ..)| (file, 1.0)));
}

fn of_words(index: &Index, scores: &Scores, evidence: &mut Evidence) {
    let corpus = index.corpus();
    let found: Vec<_> =
        scores.files.iter().filter_map(|score| Some((corpus.file(score.path.as_str())?, score))).collect();
    for (at, signal) in Signal::by_names(FileSignals::NAMES).into_iter().enumerate() {
        evidence.files(signal, found.iter().map(|(file, score)| (*file, score.signals.values()[at])));
    }
    let definitions = evidence.definitions(&Signal::by_names(DefinitionSignals::NAMES));
    for (file, score) in found {
        for definition in &score.definitions {
            definitions.set(file, definition.definition, &definition.signals.values());
        }
    }
}

/// What is defined around the places that the task points to. Whether the tags of all these files could be had.
fn of_places(
    index: &Index,
    scores: &Scores,
    mut tags: impl FnMut(&RepoPath) -> Option<Arc<FileTags>>,
    evidence: &mut Evidence,
) -> bool {
    if scores.pointed.is_empty() {
        return true;
    }
    let mut is_whole = true;
    let mut files: BTreeMap<&RepoPath, Option<Arc<FileTags>>> = BTreeMap::new();
    let mut found: BTreeMap<(FileId, u32), f32> = BTreeMap::new();
    for place in &scores.pointed {
        if files.len() >= MAX_FILES_POINTED && !files.contains_key(&place.path) {
            continue;
        }
        let Some(file) = index.corpus().file(place.path.as_str()) else { continue };
        if !index.is_tagged(place.path.as_str()) {
            continue;
        }
        let tags = files.entry(&place.path).or_insert_with(|| tags(&place.path));
        is_whole &= tags.is_some();
        let Some(tags) = tags else { continue };
        for definition in definitions_around(tags, place) {
            let share = found.entry((file, definition)).or_default();
            *share = share.max(place.share);
        }
    }
    let definitions = evidence.definitions(&[Signal::Around]);
    found.into_iter().for_each(|((file, definition), share)| definitions.set(file, definition, &[share]));
    is_whole
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One that the ranking does not know would shift the values of those after it.
    #[test]
    fn each_signal_of_words_is_one_of_the_ranking() {
        for names in [FileSignals::NAMES, DefinitionSignals::NAMES] {
            let known: Vec<&str> = Signal::by_names(names).into_iter().map(Signal::as_str).collect();
            assert_eq!(known, names);
        }
    }
}
