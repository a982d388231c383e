//! Bringing the index to the state of a scan: the store is asked first, then the source is read.

use std::sync::mpsc;

use rayon::prelude::*;
use repo_map_files::{Root, Scan, SkipReason, StatFingerprint, hash, read};
use repo_map_model::RepoPath;
use repo_map_ranking::PathClass;
use repo_map_tags::{ExtractOptions, Language};

use super::folder_head::is_folder_head;
use super::keep::{Keeper, Parsed, Tags};
use super::{Index, IndexedFile};
use crate::clock::now_ns;
use crate::extraction::{Extractor, Unparsed};
use crate::map::CacheReport;
use crate::progress::Progress;
use crate::records::ArchivedTagRecord;
use crate::store::{Identity, TagStore};

/// Files that a thread takes at once: waking the collecting thread for each would cost as much as a small file.
const BATCH: usize = 8;

/// Larger texts that no grammar reads are data.
pub(super) const MAX_TEXT_BYTES: u64 = 1 << 18;

/// Finished batches that may wait for the thread that collects them.
const WAITING: usize = 64;

/// What an update works with.
pub(crate) struct Workshop<'a> {
    pub(crate) root: &'a Root,
    pub(crate) store: &'a TagStore,
    pub(crate) extractor: &'a Extractor,
    pub(crate) threads: &'a rayon::ThreadPool,
    pub(crate) progress: Option<&'a dyn Progress>,
    /// Whether an equal `stat` stands for equal content.
    pub(crate) trust_stat: bool,
}

/// A file whose content has to be looked at, or whose tags have to be extracted.
struct Job {
    path: RepoPath,
    stat: StatFingerprint,
    /// Set where the content is known and only its tags are missing.
    identity: Option<Identity>,
}

/// What became of a job.
struct Done {
    job: usize,
    recorded_ns: i64,
    read: Result<Read, SkipReason>,
}

struct Read {
    stat: StatFingerprint,
    identity: Identity,
    /// None for a file in no language of ours.
    tags: Option<Result<Tags, Unparsed>>,
}

impl Index {
    /// Brings the index to the state of the scan. Costs time for what changed only, beside one pass over the scan.
    pub(crate) fn update(&mut self, scan: Scan, workshop: &Workshop<'_>) -> CacheReport {
        let mut report = CacheReport::default();
        self.lost.clear();
        self.facts.take();
        self.generation += 1;
        self.drop_missing(&scan, workshop.store);
        let (candidates, unread) = self.candidates(&scan, workshop, &mut report);
        self.settled = (candidates.is_empty() && !unread).then_some(report.kept);
        let jobs = self.ask_store(candidates, workshop, &mut report);
        self.read_source(jobs, workshop, &mut report);
        self.skipped = scan.skipped;
        if self.corpus.compact() {
            self.touch();
        }
        report
    }

    fn drop_missing(&mut self, scan: &Scan, store: &TagStore) {
        let mut present = scan.files.iter().peekable();
        let (corpus, mut is_other) = (&mut self.corpus, false);
        // Both are sorted by path: one pass.
        self.files.retain(|path, file| {
            while present.next_if(|file| file.path < *path).is_some() {}
            let kept = present.peek().is_some_and(|file| file.path == *path);
            if !kept {
                corpus.remove_file(path.as_str());
                file.identity.into_iter().for_each(|identity| store.release(identity));
                is_other = true;
            }
            kept
        });
        if is_other {
            self.touch();
        }
    }

    /// The files that may be other than the index knows them. Those that are never read are settled here; whether there were any.
    fn candidates(
        &mut self,
        scan: &Scan,
        workshop: &Workshop<'_>,
        report: &mut CacheReport,
    ) -> (Vec<Job>, bool) {
        let largest = ExtractOptions::default().max_bytes as u64;
        let (mut candidates, mut unread) = (Vec::new(), Vec::new());
        let mut known = self.files.iter().peekable();
        for file in &scan.files {
            // Both are sorted by path: one pass.
            while known.next_if(|(path, _)| **path < file.path).is_some() {}
            let known = known.next_if(|(path, _)| **path == file.path).map(|(_, known)| known);
            // What had its tags taken may hold source and is not too large, as long as it is the same.
            if workshop.trust_stat && known.is_some_and(|known| known.is(&file.stat)) {
                report.kept += 1;
            } else if !may_hold_source(&file.path, file.stat.size) {
                let is_new = known.is_none_or(|known| !known.is_unread(&file.stat));
                unread.extend(is_new.then_some((file, None)));
            } else if file.stat.size > largest {
                let is_new = known.is_none_or(|known| !known.is_passed_over(&file.stat));
                unread.extend(is_new.then_some((file, Some(SkipReason::TooLarge))));
            } else {
                candidates.push(Job { path: file.path.clone(), stat: file.stat, identity: None });
            }
        }
        let is_any = !unread.is_empty();
        unread.into_iter().for_each(|(file, reason)| self.set_unread(&file.path, file.stat, reason));
        (candidates, is_any)
    }

    /// Takes from the store what it knows. What is left has to be read.
    fn ask_store(
        &mut self,
        candidates: Vec<Job>,
        workshop: &Workshop<'_>,
        report: &mut CacheReport,
    ) -> Vec<Job> {
        let mut jobs = candidates;
        if !workshop.trust_stat || jobs.is_empty() {
            return jobs;
        }
        let mut identities = vec![None; jobs.len()];
        let files = jobs.iter().map(|job| (&job.path, &job.stat));
        workshop
            .store
            .known_files(workshop.root.path(), files, |job, identity| identities[job] = Some(identity));

        let recorded_ns = now_ns();
        let (mut wanted, mut contents) = (Vec::new(), Vec::new());
        for (index, identity) in identities.into_iter().enumerate() {
            let Some(identity) = identity else { continue };
            let job = &mut jobs[index];
            job.identity = Some(identity);
            if self.is_identical(&job.path, identity) {
                self.set_seen(&job.path, job.stat, recorded_ns);
                report.kept += 1;
            } else if let Some(language) = identity.language {
                wanted.push(index);
                contents.push((language, identity.content));
            } else {
                self.set_tags(&job.path, job.stat, recorded_ns, identity, None);
                report.hits += 1;
            }
        }
        workshop.store.known_tags(&contents, |index, record| {
            let job = &jobs[wanted[index]];
            if let (Some(record), Some(identity)) = (record, job.identity) {
                self.set_tags(&job.path, job.stat, recorded_ns, identity, Some(record));
                report.hits += 1;
            }
        });
        jobs.retain(|job| job.identity.is_none_or(|identity| !self.is_identical(&job.path, identity)));
        jobs
    }

    /// Reads files, on all threads; what is new goes to the store.
    fn read_source(&mut self, mut jobs: Vec<Job>, workshop: &Workshop<'_>, report: &mut CacheReport) {
        if jobs.is_empty() {
            return;
        }
        // The largest first, so that none of them is begun when the other threads are done.
        jobs.sort_by(|a, b| b.stat.size.cmp(&a.stat.size).then_with(|| a.path.cmp(&b.path)));
        if let Some(progress) = workshop.progress {
            progress.start(jobs.len());
        }
        let (sender, receiver) = mpsc::sync_channel(WAITING);
        // This thread collects, the pool's work: no other is needed, where there may be none to be had.
        workshop.threads.in_place_scope(|scope| {
            let jobs = &jobs;
            scope.spawn(move |_| {
                // Batches of their own length each: the default halves the list, and its first half has the large files.
                jobs.par_chunks(BATCH).enumerate().with_max_len(1).for_each(|(batch, jobs)| {
                    let done = work(batch * BATCH, jobs, workshop);
                    // The receiver lives until every sender is gone.
                    let _ = sender.send(done);
                });
            });
            let mut keeper = Keeper::new(workshop.store, workshop.root);
            for Done { job, recorded_ns, read } in receiver.into_iter().flatten() {
                let path = &jobs[job].path;
                match read.map(Read::parsed) {
                    Ok(Ok(read)) => {
                        self.finish(path, &read, recorded_ns, workshop, report);
                        keeper.keep(path, jobs[job].identity, read, recorded_ns);
                    }
                    // Nothing is kept of it: the next look finds it as new as this one did.
                    Ok(Err((stat, unparsed))) => self.set_unparsed(path, stat, &unparsed),
                    Err(reason) => self.set_lost(path, reason),
                }
                if let Some(progress) = workshop.progress {
                    progress.file(path);
                }
            }
            keeper.finish();
        });
        if let Some(progress) = workshop.progress {
            progress.finish();
        }
    }

    /// Takes what was read.
    fn finish(
        &mut self,
        path: &RepoPath,
        read: &Parsed,
        recorded_ns: i64,
        workshop: &Workshop<'_>,
        report: &mut CacheReport,
    ) {
        let Parsed { stat, identity, tags } = read;
        let is_new = tags.as_ref().is_some_and(|tags| tags.is_new);
        *(if is_new { &mut report.misses } else { &mut report.hits }) += 1;
        if self.is_identical(path, *identity) {
            return self.set_seen(path, *stat, recorded_ns);
        }
        let before = self.files.get(path).and_then(|known| known.identity);
        before.into_iter().for_each(|identity| workshop.store.release(identity));
        let record = tags.as_ref().and_then(|tags| ArchivedTagRecord::access(&tags.record));
        self.set_tags(path, *stat, recorded_ns, *identity, record);
    }

    /// Whether the index holds the tags of this content under this path.
    fn is_identical(&self, path: &RepoPath, identity: Identity) -> bool {
        self.files.get(path).is_some_and(|known| known.identity == Some(identity))
    }

    fn set_seen(&mut self, path: &RepoPath, stat: StatFingerprint, recorded_ns: i64) {
        if let Some(file) = self.files.get_mut(path) {
            (file.stat, file.recorded_ns) = (stat, recorded_ns);
        }
    }

    /// A file that takes part by its path alone.
    fn set_unread(&mut self, path: &RepoPath, stat: StatFingerprint, reason: Option<SkipReason>) {
        self.set_by_path(path, stat, reason.map(|reason| reason.to_string()), false);
    }

    /// A file whose tags are not to be had now, through no fault of its own.
    fn set_unparsed(&mut self, path: &RepoPath, stat: StatFingerprint, unparsed: &Unparsed) {
        self.set_by_path(path, stat, Some(unparsed.to_string()), true);
    }

    fn set_by_path(
        &mut self,
        path: &RepoPath,
        stat: StatFingerprint,
        passed_over: Option<String>,
        is_unparsed: bool,
    ) {
        let file = IndexedFile {
            stat,
            recorded_ns: 0,
            identity: None,
            definitions: 0,
            passed_over,
            summary: None,
            is_unparsed,
        };
        if self.files.insert(path.clone(), file).is_none_or(|before| before.identity.is_some()) {
            self.corpus.set_file(path, [], []);
            self.touch();
        }
    }

    /// A file that was there during the scan and cannot be read now.
    fn set_lost(&mut self, path: &RepoPath, reason: SkipReason) {
        self.lost.push((path.clone(), reason));
        if self.files.remove(path).is_some() {
            self.corpus.remove_file(path.as_str());
            self.touch();
        }
    }

    fn set_tags(
        &mut self,
        path: &RepoPath,
        stat: StatFingerprint,
        recorded_ns: i64,
        identity: Identity,
        record: Option<&ArchivedTagRecord>,
    ) {
        match record {
            Some(record) => {
                let file = self.corpus.set_file(path, record.definitions(), record.reference_counts());
                self.corpus.set_spans(file, record.spans());
                self.corpus.set_imports(file, record.imports());
                self.corpus.set_mentions(file, record.mentions());
            }
            None => drop(self.corpus.set_file(path, [], [])),
        }
        self.touch();
        let reason = record.and_then(ArchivedTagRecord::outcome).and_then(|outcome| outcome.skip_reason());
        let file = IndexedFile {
            stat,
            recorded_ns,
            identity: Some(identity),
            definitions: record.map_or(0, |record| record.definitions().count()),
            passed_over: reason.map(|reason| reason.to_string()),
            summary: record
                .filter(|_| is_folder_head(path))
                .and_then(|record| record.summary())
                .map(Into::into),
            is_unparsed: false,
        };
        self.files.insert(path.clone(), file);
    }
}

impl Read {
    /// Without what could not be parsed: then the file's `stat` and the reason.
    fn parsed(self) -> Result<Parsed, (StatFingerprint, Unparsed)> {
        let Self { stat, identity, tags } = self;
        let tags = tags.transpose().map_err(|unparsed| (stat, unparsed))?;
        Ok(Parsed { stat, identity, tags })
    }
}

impl IndexedFile {
    /// Whether the file is, beyond doubt, still the one that was read.
    pub(super) fn is(&self, stat: &StatFingerprint) -> bool {
        self.identity.is_some() && self.stat == *stat && stat.is_settled(self.recorded_ns)
    }

    /// Whether the file takes part by its path alone, for a reason, with this `stat`.
    fn is_passed_over(&self, stat: &StatFingerprint) -> bool {
        self.identity.is_none() && self.passed_over.is_some() && !self.is_unparsed && self.stat == *stat
    }

    /// Whether the file takes part by its path alone, for no particular reason, with this `stat`.
    fn is_unread(&self, stat: &StatFingerprint) -> bool {
        self.identity.is_none() && self.passed_over.is_none() && self.stat == *stat
    }
}

/// Reads files and finds their tags. Runs on any thread; touches nothing but the files and the store.
fn work(first: usize, jobs: &[Job], workshop: &Workshop<'_>) -> Vec<Done> {
    let limit = ExtractOptions::default().max_bytes as u64;
    let mut done = Vec::with_capacity(jobs.len());
    // Sources that the store knows no tags of, and whose they are.
    let (mut sources, mut owners) = (Vec::new(), Vec::new());
    for (job, index) in jobs.iter().zip(first..) {
        // Before the read: a change after this moment must not look settled.
        let recorded_ns = now_ns();
        let read = read(workshop.root, &job.path, limit).map(|(bytes, stat)| {
            let content = hash(&bytes);
            let language = workshop.extractor.languages().detect(&job.path, &bytes);
            let known = language.and_then(|language| workshop.store.tags(language, &content));
            if let (Some(language), None) = (language, &known) {
                sources.push((language, bytes));
                owners.push(done.len());
            }
            let tags = known.map(|record| Ok(Tags { record, is_new: false }));
            Read { stat, identity: Identity { content, language }, tags }
        });
        done.push(Done { job: index, recorded_ns, read });
    }
    let sources: Vec<_> = sources.iter().map(|(language, bytes)| (*language, bytes.as_slice())).collect();
    for (record, owner) in workshop.extractor.records(&sources).into_iter().zip(owners) {
        if let Ok(read) = &mut done[owner].read {
            read.tags = Some(record.map(|record| Tags { record, is_new: true }));
        }
    }
    done
}

pub(super) fn may_hold_source(path: &RepoPath, size: u64) -> bool {
    match Language::of_path(path) {
        // A file without an extension may be a script: its first line tells.
        None => path.extension().is_none(),
        // Most texts are no documents: lists, data, what tests read.
        Some(language) if language.is_text() && path.extension().is_some() => {
            size <= MAX_TEXT_BYTES && PathClass::of(path) == PathClass::Docs
        }
        Some(_) => true,
    }
}
