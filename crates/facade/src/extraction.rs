//! Where files are parsed: in this process, or in worker processes that may die of a file.
//!
//! A grammar's scanner is C code that can abort or never come back, and nothing in its process can catch that.
//! So a front end lets other processes parse:
//!
//! ```text
//! Extractor ── batch of sources ──► worker process (serve_extraction)
//!     ▲                                   │ one record each, in order
//!     └─────────── records ◄──────────────┘
//!  a worker that crashes, with one file alone, costs that file: its record says so
//! ```
//!
//! | End of a worker | What it says of its file |
//! |---|---|
//! | by a signal of its own (`ABRT`, `SEGV` …), by CPU time without end | deadly: remembered with the content |
//! | killed, stopped, frozen, starved, exited | nothing: no record, a notice, tried again by the next look |
//!
//! Nobody is waited for without end: one thread looks after all workers of a mapper (`watch.rs`).

mod account;
mod command;
mod ending;
mod pool;
mod protocol;
mod record;
mod serve;
mod shared;
mod unparsed;
mod ward;
mod watch;
mod watched;
mod worker;

use std::path::Path;
use std::sync::Arc;

use repo_map_model::{CancellationToken, ContentHash, FileTags};
use repo_map_tags::{Language, LanguageSet, Outcome, SkipReason};

use crate::error::{Error, ErrorKind};
use crate::queries;
use crate::records::{ArchivedTagRecord, TagRecord};
use crate::size_limit;
use crate::store::TagStore;
use crate::tagged_file::{TaggedFile, load};
use pool::WorkerPool;
use record::record_until;

pub use command::WorkerCommand;
pub use serve::serve_extraction;
pub(crate) use unparsed::{Parsed, Unparsed};

/// Reads tags of single files, on this process's own threads or in worker processes.
pub struct Extractor {
    mode: Mode,
    languages: Arc<LanguageSet>,
    max_file_bytes: u64,
}

enum Mode {
    Here,
    Workers(WorkerPool),
}

impl Extractor {
    /// Parses where it is called. A file that aborts its parser aborts the program.
    pub fn in_process() -> Self {
        Self::of(Mode::Here)
    }

    /// Lets worker processes parse; they are started when they are first needed and end with the extractor.
    pub fn in_workers(command: WorkerCommand) -> Self {
        Self::of(Mode::Workers(WorkerPool::new(command)))
    }

    fn of(mode: Mode) -> Self {
        Self { mode, languages: Arc::default(), max_file_bytes: size_limit::default_bytes() }
    }

    /// The largest file that is tagged, in bytes, up to 64 MiB; 1 MiB unless set.
    #[must_use]
    pub fn max_file_bytes(mut self, bytes: u64) -> Self {
        self.max_file_bytes = bytes.min(size_limit::MOST_BYTES);
        self
    }

    /// Takes a user's own queries from a folder: `python.scm` adds to the query for Python or, when its first
    /// line is `; replaces`, takes its place.
    ///
    /// # Errors
    /// [`ErrorKind::Unreadable`](crate::ErrorKind::Unreadable) for the folder or a file in it, [`ErrorKind::Misconfigured`](crate::ErrorKind::Misconfigured) for a query that does not fit
    /// its language.
    pub fn queries(self, folder: &Path) -> Result<Self, Error> {
        Ok(self.speaking(Arc::new(queries::read(folder)?)))
    }

    pub(crate) fn speaking(mut self, languages: Arc<LanguageSet>) -> Self {
        if let Mode::Workers(pool) = &mut self.mode {
            pool.speak(languages.clone());
        }
        self.languages = languages;
        self
    }

    /// The same, shared.
    pub(crate) fn shared_languages(&self) -> Arc<LanguageSet> {
        self.languages.clone()
    }

    /// The languages with their queries.
    pub(crate) fn languages(&self) -> &LanguageSet {
        &self.languages
    }

    /// Reads and tags a file. Text in another encoding than UTF-8 is decoded.
    ///
    /// # Errors
    /// As [`TaggedFile::read`]; and [`ErrorKind::Resources`](crate::ErrorKind::Resources) when the process that parses it was killed or
    /// stopped from outside.
    pub fn read(&self, path: &Path) -> Result<TaggedFile, Error> {
        let (bytes, language) = load(path, &self.languages)?;
        let record = self.record(language, &bytes);
        let record = record.map_err(|unparsed| {
            Error::new(ErrorKind::Resources, format!("{}: {unparsed}; try again", path.display())).at(path)
        })?;
        let record = ArchivedTagRecord::access(&record);
        let outcome = record.and_then(ArchivedTagRecord::outcome);
        let parts = record.and_then(ArchivedTagRecord::to_tags).zip(outcome);
        let (tags, outcome) = parts.expect("a record that was made a moment ago can be read");
        let misfit_bytes = record.map_or(0, ArchivedTagRecord::misfit_bytes);
        Ok(TaggedFile::new(language, tags, outcome, misfit_bytes, &bytes))
    }

    /// What is to be said of how files are parsed: that the worker program could not be used. Once.
    pub fn take_notice(&self) -> Option<String> {
        match &self.mode {
            Mode::Here => None,
            Mode::Workers(pool) => pool.take_notice(),
        }
    }

    /// The record of each source, in order.
    ///
    /// Once nobody wants them any more, those that are left are [`Unparsed`].
    pub(crate) fn records(&self, sources: &[(Language, &[u8])], token: &CancellationToken) -> Vec<Parsed> {
        match &self.mode {
            Mode::Here => {
                sources.iter().map(|(language, source)| record_until(*language, source, token)).collect()
            }
            Mode::Workers(pool) => pool.records(sources, token),
        }
    }

    /// Ends the workers that parse for a token: nobody wants what they would find.
    pub(crate) fn give_up(&self, token: &CancellationToken) {
        if let Mode::Workers(pool) = &self.mode {
            pool.give_up(token);
        }
    }

    /// The tags of a content: those that the store knows, or what is found now, which the store is told. An error where
    /// nothing can be found now.
    pub(crate) fn tags(
        &self,
        store: &TagStore,
        language: Language,
        content: &ContentHash,
        source: &[u8],
    ) -> Result<FileTags, Unparsed> {
        let stored = store.tags(language, content);
        if let Some(tags) = stored.and_then(|record| ArchivedTagRecord::access(&record)?.to_tags()) {
            return Ok(tags);
        }
        let record = self.record(language, source)?;
        // Another limit is no other key.
        if !self.is_too_large(source) {
            store.remember_tags(language, content, &record);
        }
        Ok(ArchivedTagRecord::access(&record).and_then(ArchivedTagRecord::to_tags).unwrap_or_default())
    }

    fn is_too_large(&self, source: &[u8]) -> bool {
        source.len() as u64 > self.max_file_bytes
    }

    /// The record of one source.
    fn record(&self, language: Language, source: &[u8]) -> Parsed {
        if self.is_too_large(source) {
            let outcome = Outcome::Skipped(SkipReason::TooLarge);
            return Ok(TagRecord::new(&FileTags::default(), outcome, 0).to_bytes());
        }
        self.records(&[(language, source)], &CancellationToken::new())
            .pop()
            .expect("there is a record for each source")
    }
}

impl TaggedFile {
    /// Reads and tags a file. Bytes that are not UTF-8 are shown as replacement characters.
    ///
    /// # Errors
    /// [`ErrorKind::Unreadable`] when the file cannot be read, [`ErrorKind::UnknownLanguage`] when neither its
    /// name nor its content tells a language of this build.
    pub fn read(path: &Path) -> Result<Self, Error> {
        Extractor::in_process().read(path)
    }
}
