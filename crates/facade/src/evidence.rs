//! What words, git log and content say of the files, brought to the ranking as named signals.

use repo_map_history::HistorySignals;
use repo_map_lexical::{DefinitionSignals, FileSignals, Query};
use repo_map_model::RepoPath;
use repo_map_ranking::Evidence;

use crate::history::History;
use crate::index::{Index, TreeWords};
use crate::store::TagStore;

/// What a request asks of the stages.
pub(crate) struct Asked<'a> {
    /// `None` without a task.
    pub(crate) query: Option<&'a Query>,
    pub(crate) chat: &'a [RepoPath],
    /// `None` where the git log has no say.
    pub(crate) history: Option<&'a History>,
    pub(crate) past_messages: bool,
}

/// Files of this size and larger are alike, as the logarithm of their bytes.
const LARGE: f32 = 14.0;

/// Collects the signals of all files.
pub(crate) fn collect(index: &Index, words: &TreeWords, store: &TagStore, asked: &Asked<'_>) -> Evidence {
    let mut evidence = Evidence::new();
    of_content(index, &mut evidence);
    if let Some(query) = asked.query {
        evidence.set_task();
        of_words(index, words, store, query, &mut evidence);
    }
    if let Some(history) = asked.history.filter(|history| history.is_known()) {
        evidence.set_log();
        of_history(index, history, asked, &mut evidence);
    }
    evidence
}

fn of_content(index: &Index, evidence: &mut Evidence) {
    let corpus = index.corpus();
    let files =
        || index.sizes().filter_map(|(path, bytes, known)| Some((corpus.file(path.as_str())?, bytes, known)));
    let size = |bytes: u64| ((bytes as f32).ln_1p() / LARGE).min(1.0);
    evidence.files("size", files().map(|(file, bytes, _)| (file, size(bytes))));
    evidence.files("no_language", files().filter(|(.., known)| !known).map(|(file, ..)| (file, 1.0)));
}

fn of_words(index: &Index, words: &TreeWords, store: &TagStore, query: &Query, evidence: &mut Evidence) {
    let corpus = index.corpus();
    let scores = words.score(query, store);
    let found: Vec<_> =
        scores.files.iter().filter_map(|score| Some((corpus.file(score.path.as_str())?, score))).collect();
    for (at, &signal) in FileSignals::NAMES.iter().enumerate() {
        evidence.files(signal, found.iter().map(|(file, score)| (*file, score.signals.values()[at])));
    }
    evidence.definition_signals(DefinitionSignals::NAMES);
    for (file, score) in found {
        for definition in &score.definitions {
            evidence.definition(file, definition.definition, &definition.signals.values());
        }
    }
}

fn of_history(index: &Index, history: &History, asked: &Asked<'_>, evidence: &mut Evidence) {
    let corpus = index.corpus();
    let words: Vec<(&str, f32)> = match asked.query.filter(|_| asked.past_messages) {
        Some(query) => query.words().iter().map(|word| (word.text.as_str(), word.weight)).collect(),
        None => Vec::new(),
    };
    let chat: Vec<&str> = asked.chat.iter().map(RepoPath::as_str).collect();
    let signals = history.signals(&words, &chat, index.paths().map(RepoPath::as_str));
    let files: Vec<_> = index.paths().map(|path| corpus.file(path.as_str())).collect();
    for (at, &signal) in HistorySignals::NAMES.iter().enumerate() {
        let values = files.iter().zip(&signals).filter_map(|(file, of)| Some(((*file)?, of.values()[at])));
        evidence.files(signal, values);
    }
}
