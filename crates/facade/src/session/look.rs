//! The look at the tree: whether a request wants one, and what it changes in the index.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use repo_map_files::{Root, Scan, ScanOptions, Scanner};
use repo_map_model::RepoPath;

use super::Session;
use crate::error::Error;
use crate::index::Workshop;
use crate::map::{CacheReport, Timings};
use crate::request::{MapRequest, RefreshMode};

impl Session {
    /// Looks at the tree if the request's mode asks for it.
    pub(crate) fn look(&mut self, request: &MapRequest, timings: &mut Timings) -> Result<CacheReport, Error> {
        self.store.begin_run(self.root.path());
        let named = |session: &Self| -> BTreeSet<RepoPath> {
            let files = request.chat_files.iter().chain(&request.mentioned_files);
            files.filter_map(|file| session.inside(file)).collect()
        };
        let named = named(self);
        let mode = request.refresh.unwrap_or(self.options.cache.refresh_mode);
        let stale = match mode {
            RefreshMode::Auto | RefreshMode::Stat | RefreshMode::Always => true,
            RefreshMode::Files => named != self.named || named.iter().any(|path| self.is_changed(path)),
            RefreshMode::Manual => false,
        };
        self.named = named;
        if self.wants_history() && (stale || !self.history.is_read()) {
            let start = Instant::now();
            self.notices.extend(self.history.refresh(self.root.path(), &self.store));
            timings.history = start.elapsed();
        }
        let words = self.wants_words(request) && (stale || !self.words.is_read());
        let settled = self.index.settled().filter(|_| mode != RefreshMode::Always);
        let scan = match settled {
            _ if self.scanned && !stale => None,
            Some(_) => self.scan_if_changed(mode == RefreshMode::Auto, timings)?,
            None => Some(self.scan(timings)?),
        };
        let is_same = stale && scan.is_none();
        let mut report = self.update(scan, words, mode != RefreshMode::Always, timings);
        if let Some(kept) = settled.filter(|_| is_same) {
            report.kept = kept;
        }
        Ok(report)
    }

    /// Looks at the tree, whatever the mode of a request.
    pub(crate) fn rescan(&mut self) -> Result<CacheReport, Error> {
        self.store.begin_run(self.root.path());
        let timings = &mut Timings::default();
        let scan = self.scan(timings)?;
        Ok(self.update(Some(scan), false, true, timings))
    }

    fn scan(&mut self, timings: &mut Timings) -> Result<Scan, Error> {
        let options = self.scan_options();
        self.timed_scan(timings, |scanner, root| scanner.scan(root, &options))
    }

    /// `None` where the tree is as the last scan found it.
    fn scan_if_changed(&mut self, watch: bool, timings: &mut Timings) -> Result<Option<Scan>, Error> {
        let options = self.scan_options();
        self.timed_scan(timings, |scanner, root| scanner.scan_if_changed(root, &options, watch))
    }

    fn timed_scan<R: Send>(
        &mut self,
        timings: &mut Timings,
        scan: impl FnOnce(&mut Scanner, &Root) -> Result<R, repo_map_files::Error> + Send,
    ) -> Result<R, Error> {
        let start = Instant::now();
        let (scanner, root) = (&mut self.scanner, &self.root);
        let scan = self.threads.install(|| scan(scanner, root));
        timings.scan = start.elapsed();
        scan.map_err(|error| Error::of_files(&error))
    }

    fn scan_options(&self) -> ScanOptions {
        let subtree = self.root.subtree().filter(|_| self.options.subtree_only).cloned();
        let only =
            self.options.files.as_ref().map(|files| {
                files.iter().filter_map(|file| self.inside(Path::new(file))).collect::<Vec<_>>()
            });
        let mut options = ScanOptions::default().subtree(subtree).only(only);
        for file in &self.options.ignore_files {
            options = options.ignore_file(file);
        }
        options
    }

    /// Brings the index to a scan if there is one, and then the words to the index if they are wanted.
    fn update(
        &mut self,
        scan: Option<Scan>,
        words: bool,
        trust_stat: bool,
        timings: &mut Timings,
    ) -> CacheReport {
        // Not by the method of this name: the index changes meanwhile.
        let workshop = Workshop {
            root: &self.root,
            store: &self.store,
            extractor: &self.extractor,
            threads: &self.threads,
            progress: self.options.progress.as_deref(),
            trust_stat,
        };
        let mut report = CacheReport { kept: self.index.len(), ..CacheReport::default() };
        if let Some(scan) = scan {
            self.trusts_stat = trust_stat;
            let start = Instant::now();
            report = self.index.update(scan, &workshop);
            self.scanned = true;
            timings.tags = start.elapsed();
        }
        if words {
            let start = Instant::now();
            self.words.update(&self.index, &workshop);
            timings.words = start.elapsed();
        }
        let statistics = self.store.statistics();
        (report.corrupt, report.errors) = (statistics.corrupt, statistics.errors);
        report
    }
}
