//! What words, git log and content say of the files, brought to the ranking as named signals.

use std::time::{Duration, Instant};

use repo_map_history::{DefinitionHistory, HistoryQuery, HistorySignals, Log};
use repo_map_lexical::{DefinitionSignals, FileSignals, Query};
use repo_map_model::RepoPath;
use repo_map_ranking::{Evidence, Signal};

use crate::history::History;
use crate::index::{Index, TreeWords, Workshop};

/// What a request asks of the stages.
pub(crate) struct Asked<'a> {
    /// `None` without a task.
    pub(crate) query: Option<&'a Query>,
    pub(crate) chat: &'a [RepoPath],
    /// `None` where the git log has no say.
    pub(crate) history: Option<&'a History>,
    pub(crate) past_messages: bool,
}

/// Collects the signals of all files; tells how long the words took.
pub(crate) fn collect(
    index: &Index,
    words: &TreeWords,
    workshop: &Workshop<'_>,
    asked: &Asked<'_>,
    took: &mut Duration,
) -> Evidence {
    let mut evidence = Evidence::new();
    of_content(index, &mut evidence);
    if let Some(query) = asked.query {
        evidence.set_task();
        let start = Instant::now();
        of_words(index, words, workshop, query, &mut evidence);
        *took = start.elapsed();
    }
    if let Some(log) = asked.history.and_then(History::log) {
        of_log(index, log, asked, &mut evidence);
    }
    evidence
}

fn of_content(index: &Index, evidence: &mut Evidence) {
    let files = &index.facts().sizes;
    evidence.files(Signal::Size, files.iter().map(|&(file, size, _)| (file, size)));
    evidence
        .files(Signal::NoLanguage, files.iter().filter(|(.., known)| !known).map(|&(file, ..)| (file, 1.0)));
}

fn of_words(
    index: &Index,
    words: &TreeWords,
    workshop: &Workshop<'_>,
    query: &Query,
    evidence: &mut Evidence,
) {
    let corpus = index.corpus();
    let scores = words.score(query, workshop);
    let found: Vec<_> =
        scores.files.iter().filter_map(|score| Some((corpus.file(score.path.as_str())?, score))).collect();
    for (at, signal) in named(FileSignals::NAMES).into_iter().enumerate() {
        evidence.files(signal, found.iter().map(|(file, score)| (*file, score.signals.values()[at])));
    }
    let definitions = evidence.definitions(&named(DefinitionSignals::NAMES));
    for (file, score) in found {
        for definition in &score.definitions {
            definitions.set(file, definition.definition, &definition.signals.values());
        }
    }
}

fn of_log(index: &Index, log: &Log, asked: &Asked<'_>, evidence: &mut Evidence) {
    let corpus = index.corpus();
    let words: Vec<(&str, f32)> = match asked.query.filter(|_| asked.past_messages) {
        Some(query) => query.words().iter().map(|word| (word.text.as_str(), word.weight)).collect(),
        None => Vec::new(),
    };
    let chat: Vec<&str> = asked.chat.iter().map(RepoPath::as_str).collect();
    let query = HistoryQuery::default().words(&words).chat_files(&chat);
    let signals = log.signals(&query, index.paths().map(RepoPath::as_str));
    let files: Vec<_> = index.paths().map(|path| corpus.file(path.as_str())).collect();
    for (at, signal) in named(HistorySignals::NAMES).into_iter().enumerate() {
        let values = files.iter().zip(&signals).filter_map(|(file, of)| Some(((*file)?, of.values()[at])));
        evidence.files(signal, values);
    }

    let touched = log.touched_files().filter_map(|path| Some((path, corpus.file(path)?)));
    let touched: Vec<_> = touched
        .flat_map(|(path, file)| {
            let names = (0..).map_while(move |at| Some((at, corpus.definition_name(file, at)?)));
            names.map(move |(at, name)| (path, file, at, name))
        })
        .collect();
    let signals = log.definition_signals(&words, touched.iter().map(|&(path, .., name)| (path, name)));
    let definitions = evidence.definitions(&named(DefinitionHistory::NAMES));
    for ((_, file, at, _), signals) in touched.into_iter().zip(signals) {
        if signals != DefinitionHistory::default() {
            definitions.set(file, at, &signals.values());
        }
    }
}

/// The ranking's signals of these names, all of which it knows.
fn named(names: &[&str]) -> Vec<Signal> {
    names.iter().filter_map(|name| Signal::by_name(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One that the ranking does not know would shift the values of those after it.
    #[test]
    fn each_signal_of_words_and_log_is_one_of_the_ranking() {
        for names in
            [FileSignals::NAMES, DefinitionSignals::NAMES, HistorySignals::NAMES, DefinitionHistory::NAMES]
        {
            let known: Vec<&str> = named(names).into_iter().map(Signal::as_str).collect();
            assert_eq!(known, names);
        }
    }
}
