//! Bringing the index to the state of a scan: the store is asked first, then the source is read.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use rayon::prelude::*;
use repo_map_files::{Scan, SkipReason as UnreadReason, Skipped, StatFingerprint};
use repo_map_model::{CancellationToken, RepoPath};

use super::change::{FileChange, Found, Record, Target};
use super::keep::{Keeper, Origin, Parsed};
use super::work::{Done, Job, Read, batches, work};
use super::worth_reading::may_hold_source;
use super::{Index, IndexedFile, Survey, Workshop};
use crate::clock::now_ns;
use crate::limits::Interrupted;
use crate::map::CacheReport;
use crate::progress::Stage;
use crate::skipped_file::SkipCause;
use crate::store::Identity;

/// Finished batches that may wait for the thread that collects them.
const WAITING: usize = 64;

/// How often the thread that collects asks whether the work is still wanted.
const PATIENCE: Duration = Duration::from_millis(5);

/// What an update found, to be applied.
pub(crate) struct Changes {
    pub(super) files: Vec<FileChange<'static>>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) settled: Option<usize>,
}

impl Index {
    /// Brings an index that nobody has seen yet to the state of the scan. One that was interrupted is taken up where it ended.
    pub(crate) fn fill(
        &mut self,
        Survey { scan, identities }: Survey,
        workshop: &Workshop<'_>,
    ) -> Result<CacheReport, Interrupted> {
        self.begin_changes();
        self.begin_arrivals();
        let mut update = Update::of(Target::Own(self), workshop);
        let settled = update.run(&scan, identities.as_deref());
        let report = update.report;
        self.end_arrivals();
        self.end_changes(scan.skipped, settled?);
        Ok(report)
    }

    /// What is other in the scan. Costs time for what changed only, beside one pass over the scan.
    pub(crate) fn compare(
        &self,
        scan: Scan,
        workshop: &Workshop<'_>,
    ) -> Result<(Changes, CacheReport), Interrupted> {
        let mut update = Update::of(Target::Shared { known: self, changes: Vec::new() }, workshop);
        let settled = update.run(&scan, None)?;
        let report = update.report;
        Ok((Changes { files: update.target.into_changes(), skipped: scan.skipped, settled }, report))
    }
}

/// One way from a scan to an index.
struct Update<'a> {
    target: Target<'a, Index>,
    workshop: &'a Workshop<'a>,
    report: CacheReport,
    /// What is read now was read before, and is put in place of that.
    is_again: bool,
}

impl<'a> Update<'a> {
    fn of(target: Target<'a, Index>, workshop: &'a Workshop<'a>) -> Self {
        Self { target, workshop, report: CacheReport::default(), is_again: false }
    }

    /// Gives how many files an equal scan would keep, where it would change nothing.
    fn run(
        &mut self,
        scan: &Scan,
        identities: Option<&[Option<Identity>]>,
    ) -> Result<Option<usize>, Interrupted> {
        self.drop_missing(scan);
        let (candidates, unread) = self.candidates(scan, identities);
        let settled = (candidates.is_empty() && !unread).then_some(self.report.kept);
        let jobs = self.ask_store(candidates, identities.is_some())?;
        self.read_source(jobs)?;
        Ok(settled)
    }

    fn put(&mut self, path: &RepoPath, what: Found<'_>) {
        self.target.put(FileChange { path: path.clone(), what });
    }

    fn drop_missing(&mut self, scan: &Scan) {
        let mut present = scan.files.iter().peekable();
        let mut gone = Vec::new();
        // Both are sorted by path: one pass.
        for (path, file) in &self.target.known().files {
            while present.next_if(|file| file.path < *path).is_some() {}
            if present.peek().is_none_or(|file| file.path != *path) {
                gone.push((path.clone(), file.identity));
            }
        }
        for (path, identity) in gone {
            identity.into_iter().for_each(|identity| self.workshop.store.release(identity));
            self.put(&path, Found::Nothing);
        }
    }

    /// The files that may be other than the index knows them. Those that are never read are settled here; whether there were any.
    fn candidates(&mut self, scan: &Scan, identities: Option<&[Option<Identity>]>) -> (Vec<Job>, bool) {
        let largest = self.workshop.max_file_bytes;
        let (mut candidates, mut unread, mut kept) = (Vec::new(), Vec::new(), 0);
        let mut known = self.target.known().files.iter().peekable();
        for (at, file) in scan.files.iter().enumerate() {
            // Both are sorted by path: one pass.
            while known.next_if(|(path, _)| **path < file.path).is_some() {}
            let known = known.next_if(|(path, _)| **path == file.path).map(|(_, known)| known);
            // What had its tags taken may hold source and is not too large, as long as it is the same.
            if self.workshop.trust_stat && known.is_some_and(|known| known.is(&file.stat)) {
                kept += 1;
            } else if !may_hold_source(&file.path, file.stat.size) {
                let is_new = known.is_none_or(|known| !known.is_unread(&file.stat));
                unread.extend(is_new.then_some((file, None)));
            } else if file.stat.size > largest {
                let is_new = known.is_none_or(|known| !known.is_passed_over(&file.stat));
                unread.extend(is_new.then_some((file, Some(SkipCause::Unread(UnreadReason::TooLarge)))));
            } else {
                let identity = identities.and_then(|identities| identities[at]);
                candidates.push(Job { path: file.path.clone(), stat: file.stat, identity });
            }
        }
        self.report.kept += kept;
        let is_any = !unread.is_empty();
        unread.into_iter().for_each(|(file, cause)| {
            self.put(&file.path, Found::Path { stat: file.stat, cause });
        });
        (candidates, is_any)
    }

    /// Takes from the store what it knows. What is left has to be read.
    fn ask_store(&mut self, mut jobs: Vec<Job>, is_surveyed: bool) -> Result<Vec<Job>, Interrupted> {
        let workshop = self.workshop;
        if !workshop.trust_stat || jobs.is_empty() {
            return Ok(jobs);
        }
        let mut identities: Vec<Option<Identity>> = jobs.iter().map(|job| job.identity).collect();
        if !is_surveyed {
            let files = jobs.iter().map(|job| (&job.path, &job.stat));
            let known = &mut |job: usize, identity| identities[job] = Some(identity);
            workshop.store.known_files(workshop.root.path(), files, workshop.interrupt, known)?;
        }

        let recorded_ns = now_ns();
        let (mut wanted, mut contents) = (Vec::new(), Vec::new());
        let mut is_settled = vec![false; jobs.len()];
        for (at, identity) in identities.into_iter().enumerate() {
            let Some(identity) = identity else { continue };
            let job = &mut jobs[at];
            job.identity = Some(identity);
            let stat = job.stat;
            if self.is_identical(&job.path, identity) {
                self.put(&jobs[at].path, Found::Same { stat, recorded_ns });
                self.report.kept += 1;
                is_settled[at] = true;
            } else if let Some(language) = identity.language {
                wanted.push(at);
                contents.push((language, identity.content));
            } else {
                self.put(&jobs[at].path, Found::Content { stat, recorded_ns, identity, record: None });
                self.report.hits += 1;
                is_settled[at] = true;
            }
        }
        workshop.store.known_tags(&contents, workshop.interrupt, |at, bytes| {
            let job = &jobs[wanted[at]];
            if let (Some(identity), record @ Some(_)) = (job.identity, Record::lent(bytes)) {
                self.put(&job.path, Found::Content { stat: job.stat, recorded_ns, identity, record });
                self.report.hits += 1;
                is_settled[wanted[at]] = true;
            }
        })?;
        let mut is_settled = is_settled.into_iter();
        jobs.retain(|_| !is_settled.next().unwrap_or_default());
        Ok(jobs)
    }

    /// Reads files; what is new goes to the store. What a shared cache gave is parsed after all, if it was found to lie.
    fn read_source(&mut self, jobs: Vec<Job>) -> Result<(), Interrupted> {
        let store = self.workshop.store;
        let before = self.report.hits;
        let lent = self.read_jobs(jobs)?;
        if !lent.is_empty() && store.shared().is_some_and(|shared| shared.is_distrusted()) {
            let identity = |job: &Job| job.identity;
            lent.iter().filter_map(identity).for_each(|identity| store.forget_tags(identity));
            self.report.hits = before.max(self.report.hits - lent.len());
            self.is_again = true;
            self.read_jobs(lent)?;
        }
        Ok(())
    }

    /// Reads files, on all threads; gives those whose tags came from a shared cache.
    fn read_jobs(&mut self, mut jobs: Vec<Job>) -> Result<Vec<Job>, Interrupted> {
        let mut lent = Vec::new();
        if jobs.is_empty() {
            return Ok(lent);
        }
        // The largest first, so that none of them is begun when the other threads are done.
        jobs.sort_by(|a, b| b.stat.size.cmp(&a.stat.size).then_with(|| a.path.cmp(&b.path)));
        let workshop = self.workshop;
        let progress = workshop.progress;
        progress.inspect(|progress| progress.begin(Stage::Parse, Some(jobs.len() as u64)));
        let (sender, receiver) = mpsc::sync_channel(WAITING);
        // What the threads of the pool ask, and the parsers: this thread cancels it.
        let token = &CancellationToken::new();
        if workshop.interrupt.is_due() {
            token.cancel();
        }
        // This thread collects, the pool's work: no other is needed, where there may be none to be had.
        let (jobs, shared) = (&jobs, &mut lent);
        let is_done = workshop.threads.in_place_scope(move |scope| {
            scope.spawn(move |_| {
                // Batches of their own length each: the default halves the list, and its first half has the large files.
                batches(jobs, workshop).par_iter().with_max_len(1).for_each(|(first, jobs)| {
                    if !token.is_cancelled() {
                        let done = work(*first, jobs, workshop, token);
                        // The receiver is gone where whoever hears of the progress panicked.
                        if sender.send(done).is_err() {
                            token.cancel();
                        }
                    }
                });
            });
            let mut keeper = Keeper::new(workshop.store, workshop.root);
            let mut taken = 0;
            loop {
                let batch = match receiver.recv_timeout(PATIENCE) {
                    Ok(batch) => batch,
                    Err(RecvTimeoutError::Timeout) => Vec::new(),
                    Err(RecvTimeoutError::Disconnected) => break,
                };
                if workshop.interrupt.is_due() {
                    token.cancel();
                    workshop.extractor.give_up(token);
                }
                for done in batch {
                    taken += usize::from(self.take(done, jobs, &mut keeper, shared));
                    progress.inspect(|progress| progress.advance(Stage::Parse, 1));
                }
            }
            keeper.finish();
            taken == jobs.len()
        });
        progress.inspect(|progress| progress.end(Stage::Parse));
        if is_done { Ok(lent) } else { Err(Interrupted) }
    }

    /// Takes what was read of a file; false where the reading was given up.
    fn take<'j>(
        &mut self,
        done: Done,
        jobs: &'j [Job],
        keeper: &mut Keeper<'j>,
        lent: &mut Vec<Job>,
    ) -> bool {
        let Done { job, recorded_ns, read } = done;
        let path = &jobs[job].path;
        match read.map(Read::parsed) {
            Ok(Ok(read)) => {
                self.finish(path, &read, recorded_ns);
                if read.origin() == Some(Origin::Shared) {
                    lent.push(Job { identity: Some(read.identity), ..jobs[job].clone() });
                }
                keeper.keep(path, jobs[job].identity, read, recorded_ns);
            }
            // Ended by us, perhaps: it says nothing of the file.
            Ok(Err(_)) if self.workshop.interrupt.is_due() => return false,
            // Nothing is kept of it: the next look finds it as new as this one did.
            Ok(Err((stat, unparsed))) => {
                let cause = Some(SkipCause::Interrupted(unparsed.to_string()));
                self.put(path, Found::Path { stat, cause });
            }
            Err(reason) => self.put(path, Found::Lost(reason)),
        }
        true
    }

    fn finish(&mut self, path: &RepoPath, read: &Parsed, recorded_ns: i64) {
        let Parsed { stat, identity, tags } = read;
        let is_parsed = read.origin() == Some(Origin::Parsed);
        *(if is_parsed { &mut self.report.misses } else { &mut self.report.hits }) += 1;
        if !self.is_again && self.is_identical(path, *identity) {
            return self.put(path, Found::Same { stat: *stat, recorded_ns });
        }
        let before = self.target.known().identity(path.as_str());
        before.into_iter().for_each(|identity| self.workshop.store.release(identity));
        let record = tags.as_ref().and_then(|tags| Record::lent(&tags.record));
        self.put(path, Found::Content { stat: *stat, recorded_ns, identity: *identity, record });
    }

    /// Whether the index holds the tags of this content under this path.
    fn is_identical(&self, path: &RepoPath, identity: Identity) -> bool {
        self.target.known().identity(path.as_str()) == Some(identity)
    }
}

impl IndexedFile {
    /// Whether the file is, beyond doubt, still the one that was read.
    pub(super) fn is(&self, stat: &StatFingerprint) -> bool {
        self.identity.is_some() && self.stat == *stat && stat.is_settled(self.recorded_ns)
    }

    /// Whether the file takes part by its path alone, for a reason, with this `stat`.
    fn is_passed_over(&self, stat: &StatFingerprint) -> bool {
        let is_final =
            matches!(&self.passed_over, Some(cause) if !matches!(cause, SkipCause::Interrupted(_)));
        self.identity.is_none() && is_final && self.stat == *stat
    }

    /// Whether the file takes part by its path alone, for no particular reason, with this `stat`.
    fn is_unread(&self, stat: &StatFingerprint) -> bool {
        self.identity.is_none() && self.passed_over.is_none() && self.stat == *stat
    }
}
