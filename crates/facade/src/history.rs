//! The git log of a mapper's root: read when a request needs it, kept in the store, extended by what is new.

use std::path::Path;

use repo_map_history::{DefinitionHistory, HistoryQuery, HistorySignals, Log, LogEnd, LogOptions};
use repo_map_lexical::{FileWords, words};
use repo_map_model::{Interrupt, RepoPath};
use repo_map_ranking::{Evidence, Signal};

use crate::index::Index;
use crate::limits::Interrupted;
use crate::progress::{Progress, Stage};
use crate::store::TagStore;

/// What the git log knows of a tree. Nothing before it is first [refreshed](Self::refreshed).
#[derive(Default)]
pub(crate) struct History {
    log: Option<Log>,
}

impl History {
    /// The log up to `HEAD`: from what is in memory, else from the store, else from git. `None` where it is up to date.
    ///
    /// Costs a look at `HEAD` when it has not moved, and one at each new commit when it has.
    pub(crate) fn refreshed(
        &self,
        root: &Path,
        store: &TagStore,
        interrupt: Interrupt<'_>,
        progress: Option<&dyn Progress>,
    ) -> Result<Option<Self>, Interrupted> {
        // Words change with the records of files: both come from one function.
        let options = LogOptions::default().words_version(FileWords::FORMAT);
        if self.log.as_ref().is_some_and(|log| log.is_current(root, &options)) {
            return Ok(None);
        }
        let in_memory = self.log.is_some();
        let before = self.log.clone().or_else(|| Log::from_bytes(&store.history(root, Log::FORMAT)?).ok());
        let state = |log: &Log| (log.head(), log.end(), log.len());
        let known = before.as_ref().map(state);
        progress.inspect(|progress| progress.begin(Stage::Log, None));
        let log = Log::read_until(root, &options, before, interrupt, |line, each| words(line, each));
        progress.inspect(|progress| progress.end(Stage::Log));
        // One that was interrupted takes the place of a shorter one alone: it has not come to all that the other had.
        let is_more =
            log.end() != LogEnd::Interrupted || known.as_ref().is_none_or(|(.., len)| log.len() > *len);
        // A tree without git has nothing that is worth storing.
        if is_more && known != Some(state(&log)) && (in_memory || known.is_some() || !log.is_empty()) {
            store.remember_history(root, Log::FORMAT, &log.to_bytes());
        }
        if log.end() == LogEnd::Interrupted {
            return Err(Interrupted);
        }
        Ok(Some(Self { log: Some(log) }))
    }

    /// What is to be said of it.
    pub(crate) fn notice(&self) -> Option<String> {
        self.log.as_ref().and_then(notice)
    }

    /// Whether there is a log, though it may be of an earlier `HEAD`.
    pub(crate) fn is_read(&self) -> bool {
        self.log.is_some()
    }

    /// What tells this log from others of the same repository: how far it reaches, and how much of it is known.
    pub(crate) fn state(&self) -> String {
        self.log.as_ref().map_or_else(String::new, |log| {
            format!("{:?} {:?} {} {}", log.head(), log.end(), log.len(), log.unreadable())
        })
    }

    /// What it says of files and definitions, brought to the ranking as named signals. `churn`: whether what changes often counts.
    pub(crate) fn collect(
        &self,
        index: &Index,
        words: &[(&str, f32)],
        chat: &[RepoPath],
        churn: bool,
        evidence: &mut Evidence,
    ) {
        if let Some(log) = self.log.as_ref().filter(|log| !log.is_empty()) {
            of_log(index, log, words, chat, churn, evidence);
        }
    }
}

fn of_log(
    index: &Index,
    log: &Log,
    words: &[(&str, f32)],
    chat: &[RepoPath],
    churn: bool,
    evidence: &mut Evidence,
) {
    let corpus = index.corpus();
    let chat: Vec<&str> = chat.iter().map(RepoPath::as_str).collect();
    let query = HistoryQuery::default().words(words).chat_files(&chat);
    let signals = log.signals(&query, index.paths().map(RepoPath::as_str));
    let files: Vec<_> = index.paths().map(|path| corpus.file(path.as_str())).collect();
    let counts = |signal: &Signal| churn || !matches!(signal, Signal::Churn | Signal::ChurnLong);
    let named = Signal::by_names(HistorySignals::NAMES).into_iter().enumerate();
    for (at, signal) in named.filter(|(_, signal)| counts(signal)) {
        let values = files.iter().zip(&signals).filter_map(|(file, of)| Some(((*file)?, of.values()[at])));
        evidence.files(signal, values);
    }

    if !churn && words.is_empty() {
        return;
    }
    let touched = log.touched_files().filter_map(|path| Some((path, corpus.file(path)?)));
    let touched: Vec<_> = touched
        .flat_map(|(path, file)| {
            let names = (0..).map_while(move |at| Some((at, corpus.definition_name(file, at)?)));
            names.map(move |(at, name)| (path, file, at, name))
        })
        .collect();
    let signals = log.definition_signals(words, touched.iter().map(|&(path, .., name)| (path, name)));
    let definitions = evidence.definitions(&Signal::by_names(DefinitionHistory::NAMES));
    for ((_, file, at, _), signals) in touched.into_iter().zip(signals) {
        if signals != DefinitionHistory::default() {
            definitions.set(file, at, &signals.values());
        }
    }
}

/// What the caller should know: nothing where there is no git, for that is no fault.
fn notice(log: &Log) -> Option<String> {
    match (log.end(), log.unreadable()) {
        (LogEnd::Unreadable, _) => Some("the git log cannot be read; files are ranked without it".to_owned()),
        (LogEnd::Work, _) => Some(format!(
            "the git log takes more work than a map is given: its {} youngest commits count, the others do not",
            log.len()
        )),
        (_, unreadable) if unreadable > 0 => {
            Some(format!("the changes of {unreadable} commits cannot be read: the repository lacks objects"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One that the ranking does not know would shift the values of those after it.
    #[test]
    fn each_signal_of_the_log_is_one_of_the_ranking() {
        for names in [HistorySignals::NAMES, DefinitionHistory::NAMES] {
            let known: Vec<&str> = Signal::by_names(names).into_iter().map(Signal::as_str).collect();
            assert_eq!(known, names);
        }
    }
}
