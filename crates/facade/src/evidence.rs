//! What words, git log and content say of the files, brought to the ranking as named signals.

use std::sync::Arc;
use std::time::{Duration, Instant};

use repo_map_lexical::{DefinitionSignals, FileSignals, Known, Query, Scores};
use repo_map_model::RepoPath;
use repo_map_ranking::{Evidence, Signal};

use crate::history::History;
use crate::index::{Index, Workshop};
use crate::recent::Recent;
use crate::snapshot::Tree;

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

/// Collects the signals of all files; tells how long the words took.
pub(crate) fn collect(
    tree: &Tree,
    recent: &Recent<Arc<[u8]>>,
    workshop: &Workshop<'_>,
    asked: &Asked<'_>,
    took: &mut Duration,
) -> Collected {
    let (mut evidence, mut has_all_words, mut finds_nothing) = (Evidence::new(), true, false);
    let mut known = None;
    let index = &tree.index;
    of_content(index, &mut evidence);
    if let Some(query) = asked.query {
        evidence.set_task();
        let start = Instant::now();
        let (scores, is_whole) = tree.words.score(query, recent, workshop);
        has_all_words = is_whole;
        known = Some(scores.known);
        finds_nothing = scores.files.is_empty();
        of_words(index, &scores, &mut evidence);
        *took = start.elapsed();
    }
    if let Some(history) = asked.history {
        let words: Vec<(&str, f32)> = match asked.query.filter(|_| asked.past_messages) {
            Some(query) => query.words().iter().map(|word| (word.text.as_str(), word.weight)).collect(),
            None => Vec::new(),
        };
        history.collect(index, &words, asked.chat, &mut evidence);
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
