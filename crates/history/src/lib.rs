//! Says what the git log knows of files and of definitions in them: churn, co-change, similar messages; and what differs between a commit
//! and the work tree ([`Changes`]).
//!
//! ```text
//! repository ──Log::read──► Log ──signals──► HistorySignals, one a path
//!                 ▲          │ as_bytes, from_bytes: kept between runs
//!                 └─ the Log before: only commits that are new are looked at
//! ```
//!
//! A [`Log`] holds the last commits before `HEAD`: which files each one changed, the words of its message, and for the
//! youngest ones the names of the definitions that they touched. Asking it costs no
//! git. Signals are not combined here: that is for whoever ranks.
//!
//! ```
//! use repo_map_history::{HistoryQuery, Log, LogEnd, LogOptions};
//!
//! let words = |message: &str, each: &mut dyn FnMut(&str)| message.split_whitespace().for_each(each);
//! let folder = tempfile::tempdir()?;
//! let log = Log::read(folder.path(), &LogOptions::default(), None, words);
//! assert_eq!(log.end(), LogEnd::NoRepository);
//!
//! let query = HistoryQuery::default().words(&[("session", 1.0)]).chat_files(&["src/session.py"]);
//! let signals = log.signals(&query, ["src/engine.py"]);
//! assert_eq!(signals[0].past_messages, 0.0);
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # Which commits
//!
//! | commit | counts |
//! |---|---|
//! | with one parent | what it changed against the parent: files added, removed and modified |
//! | the first, without a parent | all its files |
//! | merge | nothing: what it brings is in the commits that it merges |
//! | where a shallow clone was cut | nothing: what it changed is not known |
//! | with more than [`Log::MAX_FILES`] files | only its renames: it says nothing about its files |
//! | with more than ten thousand files, or trees beyond all measure | its message alone |
//!
//! A file that was moved keeps its past: content that is removed here and added there in one commit, and a file name
//! that is removed and added once, count as moved.
//!
//! # Which definitions
//!
//! Of the [youngest commits](LogOptions::named_commits) the texts are compared too. Around a changed line stand the nearest lines above that are indented
//! less, each less than the one before: the heads of its function, of its class. The words of these heads are kept, by hash; a definition was touched when its name is among
//! those of its file. So no parser runs on old texts, names whose signs no word has (`operator==`, `list->string`) are not found, and a
//! word that a head only mentions counts for a definition of that name.
//!
//! # Invariants
//!
//! - The log of a repository's state is the same whether it was read at once or extended from an earlier one, on every machine.
//! - Only commits that `HEAD` descends from are read: a log at an older commit knows nothing of later ones.
//! - What cannot be read is left out and [counted](Log::unreadable); no repository and no stored bytes make it panic.
//! - Work, memory and depth are bounded by counts, asked within each commit and over all: never by a clock, so a slow machine reads as much
//!   as a fast one.
//! - Nothing is written, no program is run, neither environment nor user configuration is read.
#![forbid(unsafe_code)]

mod ancestors;
mod changes;
mod commit;
mod diff;
mod hunks;
mod log;
mod message;
mod options;
mod paths;
mod record;
mod repository;
mod signals;
mod touched;
mod varint;
mod walk;

pub use ancestors::ancestors;
pub use changes::{Changes, ChangesError, WorkFile};
pub use log::{Log, LogEnd, LoggedCommit};
pub use options::LogOptions;
pub use record::InvalidLog;
pub use signals::{DefinitionHistory, HistoryQuery, HistorySignals};
