//! The git log of a mapper's root: read when a request needs it, kept in the store, extended by what is new.

use std::path::Path;

use repo_map_history::{Log, LogEnd, LogOptions};
use repo_map_lexical::{FileWords, words};

use crate::store::TagStore;

/// What the git log knows of a tree. Nothing before it is first [refreshed](Self::refresh).
#[derive(Default)]
pub(crate) struct History {
    log: Option<Log>,
    /// It was said that the log is not whole.
    told: bool,
}

impl History {
    /// Brings the log up to `HEAD`: from what is in memory, else from the store, else from git. Returns what is to be said about it, once.
    ///
    /// Costs a look at `HEAD` when it has not moved, and one at each new commit when it has.
    pub(crate) fn refresh(&mut self, root: &Path, store: &TagStore) -> Option<String> {
        let in_memory = self.log.is_some();
        let before = self.log.take().or_else(|| Log::from_bytes(&store.history(root)?).ok());
        let state = |log: &Log| (log.head(), log.end(), log.len());
        let known = before.as_ref().map(state);
        // Words change with the records of files: both come from one function.
        let options = LogOptions::default().words_version(FileWords::FORMAT);
        let log = Log::read(root, &options, before, |line, each| words(line, each));
        // A tree without git has nothing that is worth storing.
        if known != Some(state(&log)) && (in_memory || known.is_some() || !log.is_empty()) {
            store.remember_history(root, &log.to_bytes());
        }
        let notice = notice(&log).filter(|_| !self.told);
        self.told |= notice.is_some();
        self.log = Some(log);
        notice
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

    /// The log, where it says anything.
    pub(crate) fn log(&self) -> Option<&Log> {
        self.log.as_ref().filter(|log| !log.is_empty())
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
