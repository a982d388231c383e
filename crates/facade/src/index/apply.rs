//! What a refresh found becomes a part of the index.

use repo_map_files::{Skipped, StatFingerprint};
use repo_map_model::RepoPath;
use repo_map_tags::Outcome;

use super::change::{Changing, FileChange, Found, Record};
use super::folder_head::is_folder_head;
use super::update::Changes;
use super::{Index, IndexedFile};
use crate::records::ArchivedTagRecord;
use crate::skipped_file::SkipCause;

impl Changing for Index {
    type Change<'c> = FileChange<'c>;

    fn apply(&mut self, change: FileChange<'_>) {
        let FileChange { path, what } = change;
        match what {
            Found::Nothing => self.remove(&path),
            Found::Lost(reason) => {
                self.remove(&path);
                self.lost.push((path, reason));
            }
            Found::Same { stat, recorded_ns } => {
                if let Some(file) = self.files.get_mut(&path) {
                    (file.stat, file.recorded_ns) = (stat, recorded_ns);
                }
            }
            Found::Path { stat, cause } => {
                let file = IndexedFile {
                    stat,
                    recorded_ns: 0,
                    identity: None,
                    definitions: 0,
                    misfit_bytes: None,
                    passed_over: cause,
                    summary: None,
                };
                self.set_by_path(&path, file);
            }
            Found::Content { stat, recorded_ns, identity, record } => {
                let record = record.as_ref().and_then(Record::get);
                self.set_tags(&path, record);
                let outcome = record.and_then(ArchivedTagRecord::outcome);
                let file = IndexedFile {
                    stat,
                    recorded_ns,
                    identity: Some(identity),
                    definitions: record.map_or(0, |record| record.definitions().count()),
                    misfit_bytes: record
                        .filter(|_| outcome == Some(Outcome::CompleteWithSyntaxErrors))
                        .map(ArchivedTagRecord::misfit_bytes),
                    passed_over: outcome.and_then(|outcome| outcome.skip_reason()).map(SkipCause::Untagged),
                    summary: record
                        .filter(|_| is_folder_head(&path))
                        .and_then(ArchivedTagRecord::summary)
                        .map(Into::into),
                };
                self.set(path, file);
            }
        }
    }

    fn keep(change: FileChange<'_>) -> FileChange<'static> {
        change.keep()
    }
}

impl Index {
    /// Takes what [`compare`](Self::compare) found.
    pub(crate) fn apply_all(&mut self, changes: Changes) {
        let Changes { files, skipped, settled } = changes;
        self.begin_changes();
        files.into_iter().for_each(|change| self.apply(change));
        self.end_changes(skipped, settled);
    }

    /// Lets files take part by their paths whose content was not read yet: for an answer that cannot wait.
    pub(crate) fn add_paths(&mut self, files: &[(RepoPath, StatFingerprint)]) {
        self.begin_changes();
        for (path, stat) in files {
            if !self.files.contains_key(path) {
                self.apply(FileChange { path: path.clone(), what: Found::Path { stat: *stat, cause: None } });
            }
        }
    }

    pub(super) fn begin_changes(&mut self) {
        self.lost.clear();
        self.facts.take();
        self.folders.take();
        self.settled = None;
        self.generation += 1;
    }

    /// Nothing is known yet, and each file will come once.
    pub(super) fn begin_arrivals(&mut self) {
        self.arriving = self.files.is_empty().then(Vec::new);
    }

    pub(super) fn end_arrivals(&mut self) {
        if let Some(arriving) = self.arriving.take() {
            self.files = arriving.into_iter().collect();
        }
    }

    pub(super) fn end_changes(&mut self, skipped: Vec<Skipped>, settled: Option<usize>) {
        self.skipped = skipped;
        self.settled = settled;
        if self.corpus.compact() {
            self.touch();
        }
    }

    fn remove(&mut self, path: &RepoPath) {
        if self.files.remove(path).is_some() {
            self.corpus.remove_file(path.as_str());
            self.touch();
        }
    }

    /// A file that takes part by its path alone.
    fn set_by_path(&mut self, path: &RepoPath, file: IndexedFile) {
        if self.set(path.clone(), file).is_none_or(|before| before.identity.is_some()) {
            self.corpus.set_file(path, [], []);
            self.touch();
        }
    }

    fn set_tags(&mut self, path: &RepoPath, record: Option<&ArchivedTagRecord>) {
        let before = self.corpus.changes();
        match record {
            Some(record) => drop(self.corpus.set_tags(path, record)),
            None => drop(self.corpus.set_file(path, [], [])),
        }
        match self.corpus.changes() == before {
            true => drop(self.digest.take()),
            false => self.touch(),
        }
    }
}
