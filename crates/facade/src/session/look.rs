//! The look at the tree: whether a request wants one, and what it changes in the snapshot.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use repo_map_files::{ErrorKind as ScanErrorKind, Root, ScanOptions, Scanner};
use repo_map_model::{Interrupt, RepoPath};

use super::Session;
use super::last_look::LastLook;
use crate::error::Error;
use crate::index::Survey;
use crate::kept_map::KeptMap;
use crate::limits::{Interrupted, Limits};
use crate::map::{CacheReport, Timings};
use crate::progress::Stage;
use crate::request::{MapRequest, RefreshMode};
use crate::snapshot::Tree;

/// The tree for one request.
pub(crate) struct Seen {
    pub(crate) tree: Tree,
    pub(crate) report: CacheReport,
    /// The deadline came first.
    pub(crate) is_partial: bool,
    /// The map of the request, where it was found before any tags were read: then the index has none.
    pub(crate) kept: Option<KeptMap>,
}

/// What a look came to.
enum Looked {
    /// The tree is as the request wants it; what the cache gave, where it was looked at.
    At(Option<CacheReport>),
    /// A map was kept of the tree as it is.
    Kept(Box<Seen>),
}

/// What a request wants of the tree.
#[derive(Clone, Copy)]
pub(super) struct Wants {
    mode: RefreshMode,
    pub(super) words: bool,
    pub(super) history: bool,
    /// The map that was kept is enough.
    kept: bool,
}

impl Session {
    /// Looks at the tree if the request's mode asks for it. At the deadline it gives what is there.
    pub(crate) fn look(
        &self,
        request: &MapRequest,
        limits: &Limits<'_>,
        timings: &mut Timings,
    ) -> Result<Seen, Error> {
        self.look_or_recall(request, false, limits, timings)
    }

    /// The same. Where the map that was kept is enough, it may be given before any tags are read.
    pub(super) fn look_or_recall(
        &self,
        request: &MapRequest,
        kept: bool,
        limits: &Limits<'_>,
        timings: &mut Timings,
    ) -> Result<Seen, Error> {
        limits.check()?;
        self.store.begin_run(self.plan.root.path());
        let mode = request.refresh.unwrap_or(self.settings().cache.refresh_mode);
        let (words, history) = (self.wants_words(request), self.wants_history(request));
        let wants = Wants { mode, words, history, kept };
        let tree = self.tree().clone();
        if mode == RefreshMode::Manual && tree.has(wants) {
            return Ok(self.seen(tree, None));
        }
        let ask = || limits.is_due();
        let interrupt = Interrupt::new(&ask);
        let Some(mut look) = self.look.take(interrupt) else {
            limits.check()?;
            // In this order: what is read by now is in the snapshot.
            let unread = self.unread.get();
            let mut tree = self.tree().clone();
            tree.add_paths(&unread);
            return Ok(Seen { is_partial: true, ..self.seen(tree, None) });
        };
        self.check_whole()?;
        let mut tree = self.tree().clone();
        let looked = self.look_with(&mut look, request, wants, &mut tree, interrupt, timings);
        let is_partial = match looked {
            Ok(Looked::At(report)) => return Ok(self.seen(tree, report)),
            Ok(Looked::Kept(seen)) => return Ok(*seen),
            Err(Ended::Interrupted) => true,
            Err(Ended::Failed(error)) => return Err(error),
        };
        limits.check()?;
        // What nobody else has seen is better than nothing.
        if let Some(index) = &look.unfinished_index {
            tree.index = index.clone();
        }
        if let Some(words) = &look.unfinished_words {
            tree.words = words.clone();
        }
        tree.add_paths(&self.unread.get());
        Ok(Seen { is_partial, ..self.seen(tree, None) })
    }

    /// Looks at the tree, whatever the mode of a request.
    pub(crate) fn refresh(&self, limits: &Limits<'_>) -> Result<CacheReport, Error> {
        limits.check()?;
        self.store.begin_run(self.plan.root.path());
        let ask = || limits.is_due();
        let interrupt = Interrupt::new(&ask);
        let refreshed = match self.look.take(interrupt) {
            Some(mut look) => {
                self.check_whole()?;
                self.rescan(&mut look, interrupt)
            }
            None => Err(Ended::Interrupted),
        };
        match refreshed {
            Ok(report) => Ok(report),
            Err(Ended::Failed(error)) => Err(error),
            Err(Ended::Interrupted) => {
                Err(limits.check().err().unwrap_or_else(|| limits.deadline_exceeded()))
            }
        }
    }

    fn rescan(&self, look: &mut LastLook, interrupt: Interrupt<'_>) -> Result<CacheReport, Ended> {
        let mut tree = self.tree().clone();
        let scan = self.scan(look, interrupt, &mut Timings::default(), |scanner, root, options| {
            scanner.scan(root, options, interrupt)
        })?;
        let survey = Survey::unasked(scan);
        let report = self.update_index(look, &mut tree, survey, true, interrupt, &mut Timings::default())?;
        // Where a request has wanted it.
        if tree.history.is_read() {
            self.update_history(&mut tree, interrupt)?;
        }
        Ok(report)
    }

    /// Brings the log up to `HEAD`.
    pub(super) fn update_history(
        &self,
        tree: &mut Tree,
        interrupt: Interrupt<'_>,
    ) -> Result<(), Interrupted> {
        let progress = self.settings().progress.as_deref();
        let root = self.plan.root.path();
        if let Some(history) = tree.history.refreshed(root, &self.store, interrupt, progress)? {
            tree.history = Arc::new(history);
            self.tree().history = tree.history.clone();
        }
        Ok(())
    }

    pub(super) fn seen(&self, tree: Tree, report: Option<CacheReport>) -> Seen {
        let mut report = report.unwrap_or(CacheReport { kept: tree.index.len(), ..CacheReport::default() });
        let statistics = self.store.statistics();
        (report.corrupt, report.errors) = (statistics.corrupt, statistics.errors);
        Seen { tree, report, is_partial: false, kept: None }
    }

    /// Brings the tree to what the request wants; gives what the cache gave, where the tree was looked at.
    fn look_with(
        &self,
        look: &mut LastLook,
        request: &MapRequest,
        wants: Wants,
        tree: &mut Tree,
        interrupt: Interrupt<'_>,
        timings: &mut Timings,
    ) -> Result<Looked, Ended> {
        let before = look.named.take();
        let named = (wants.mode == RefreshMode::Files).then(|| -> BTreeSet<RepoPath> {
            let files = request.chat_files.iter().chain(&request.mentioned_files);
            files.filter_map(|file| self.inside(file)).collect()
        });
        let Wants { mode, words, history, .. } = wants;
        let stale = match mode {
            RefreshMode::Auto | RefreshMode::Stat | RefreshMode::Always => true,
            RefreshMode::Files => {
                let is_changed = |path| self.is_changed(&tree.index, path);
                look.is_behind || named != before || named.iter().flatten().any(is_changed)
            }
            RefreshMode::Manual => false,
        };
        let mut report = None;
        if stale || !tree.is_scanned {
            match self.look_at_files(look, request, wants, tree, interrupt, timings)? {
                Looked::At(looked) => report = looked,
                kept @ Looked::Kept(_) => return Ok(kept),
            }
        }
        let is_quiet = !stale || mode != RefreshMode::Always && tree.words.is_settled(&tree.index);
        if words && !(is_quiet && tree.words.is_of(&tree.index)) {
            let start = Instant::now();
            self.update_words(look, tree, mode != RefreshMode::Always, interrupt)?;
            timings.words = start.elapsed();
        }
        if history && (stale || !tree.history.is_read()) {
            let start = Instant::now();
            self.update_history(tree, interrupt)?;
            timings.history = start.elapsed();
        }
        look.named = named;
        Ok(Looked::At(report))
    }

    fn look_at_files(
        &self,
        look: &mut LastLook,
        request: &MapRequest,
        wants: Wants,
        tree: &mut Tree,
        interrupt: Interrupt<'_>,
        timings: &mut Timings,
    ) -> Result<Looked, Ended> {
        let mode = wants.mode;
        let is_known = tree.is_scanned && !look.is_behind && mode != RefreshMode::Always;
        let settled = tree.index.settled().filter(|_| is_known);
        let scan = match settled {
            Some(_) => self.scan(look, interrupt, timings, |scanner, root, options| {
                scanner.scan_if_changed(root, options, mode == RefreshMode::Auto, interrupt)
            })?,
            None => {
                let scan = |scanner: &mut Scanner, root: &Root, options: &ScanOptions| {
                    scanner.scan(root, options, interrupt)
                };
                Some(self.scan(look, interrupt, timings, scan)?)
            }
        };
        let Some(scan) = scan else {
            let report = CacheReport { kept: settled.unwrap_or_default(), ..CacheReport::default() };
            return Ok(Looked::At(Some(report)));
        };
        let trust_stat = mode != RefreshMode::Always;
        let mut survey = Survey::unasked(scan);
        // Who looks when he likes is answered from one tree: that of the first request.
        let is_first = !tree.is_scanned && look.unfinished_index.is_none();
        let table = if is_first && trust_stat { self.kept_table() } else { None };
        if wants.kept && is_first && !matches!(mode, RefreshMode::Always | RefreshMode::Manual) {
            let start = Instant::now();
            survey = Survey::of(survey.into_scan(), table.as_ref(), &self.workshop(true, interrupt));
            if let Some(seen) = self.recall_of(&survey, request, wants, tree, interrupt, timings) {
                // What the scanner has seen, the index has not.
                look.is_behind = true;
                self.is_ahead.store(true, Ordering::Relaxed);
                timings.tags = start.elapsed();
                return Ok(Looked::Kept(Box::new(seen)));
            }
        }
        self.restore(look, table);
        self.update_index(look, tree, survey, trust_stat, interrupt, timings)
            .map(|report| Looked::At(Some(report)))
    }

    fn scan<R: Send>(
        &self,
        look: &mut LastLook,
        interrupt: Interrupt<'_>,
        timings: &mut Timings,
        scan: impl FnOnce(&mut Scanner, &Root, &ScanOptions) -> Result<R, repo_map_files::Error> + Send,
    ) -> Result<R, Ended> {
        let start = Instant::now();
        let options = self.scan_options();
        let progress = self.settings().progress.as_deref();
        progress.inspect(|progress| progress.begin(Stage::Scan, None));
        let (scanner, root) = (&mut look.scanner, &self.plan.root);
        let scan = self.threads.install(|| scan(scanner, root, &options));
        progress.inspect(|progress| progress.end(Stage::Scan));
        timings.scan = start.elapsed();
        let scan = scan.map_err(|error| match error.kind() {
            ScanErrorKind::Interrupted => Ended::Interrupted,
            _ => Ended::Failed(Error::of_files(error)),
        });
        // What the scanner has seen by now, nobody else has.
        look.is_behind |= scan.is_err() || interrupt.is_due();
        scan
    }

    pub(super) fn scan_options(&self) -> ScanOptions {
        let settings = self.settings();
        let subtree = self.plan.root.subtree().filter(|_| settings.subtree_only).cloned();
        let only = settings
            .files
            .as_ref()
            .map(|files| files.iter().filter_map(|file| self.inside(Path::new(file))).collect::<Vec<_>>());
        let mut options = ScanOptions::default().subtree(subtree).only(only);
        for file in &settings.ignore_files {
            options = options.ignore_file(file);
        }
        options
    }

    /// Brings the index to a scan. Other requests see it when it is whole.
    fn update_index(
        &self,
        look: &mut LastLook,
        tree: &mut Tree,
        survey: Survey,
        trust_stat: bool,
        interrupt: Interrupt<'_>,
        timings: &mut Timings,
    ) -> Result<CacheReport, Ended> {
        let start = Instant::now();
        let workshop = self.workshop(trust_stat, interrupt);
        look.is_behind = true;
        let mut report = if tree.is_scanned {
            let (changes, report) = tree.index.compare(survey.into_scan(), &workshop)?;
            self.change(&mut tree.index, |tree| &mut tree.index, |index| index.apply_all(changes));
            self.tree().trusts_stat = trust_stat;
            tree.trusts_stat = trust_stat;
            report
        } else {
            self.unread.set(survey.scan());
            let index = look.unfinished_index.get_or_insert_default();
            let report = Arc::make_mut(index).fill(survey, &workshop)?;
            let index = look.unfinished_index.take().unwrap_or_default();
            let mut shared = self.tree();
            (shared.index, shared.is_scanned, shared.trusts_stat) = (index, true, trust_stat);
            *tree = shared.clone();
            drop(shared);
            self.unread.clear();
            report
        };
        look.is_behind = false;
        look.kept_index.count(&mut report);
        timings.tags = start.elapsed();
        Ok(report)
    }

    /// Changes a part of the snapshot: in place where no answer is being made from it, else a copy, which takes its place when it is
    /// ready. Only who has the look changes any.
    fn change<T: Clone + Default>(
        &self,
        own: &mut Arc<T>,
        part: impl Fn(&mut Tree) -> &mut Arc<T>,
        apply: impl FnOnce(&mut T),
    ) {
        // Its own, that of the snapshot, and those of answers.
        if Arc::strong_count(own) > 2 {
            apply(Arc::make_mut(own));
            *part(&mut self.tree()) = own.clone();
        } else {
            *own = Arc::default();
            let mut tree = self.tree();
            let shared = part(&mut tree);
            apply(Arc::make_mut(shared));
            *own = shared.clone();
        }
    }

    /// Brings the words to the index.
    fn update_words(
        &self,
        look: &mut LastLook,
        tree: &mut Tree,
        trust_stat: bool,
        interrupt: Interrupt<'_>,
    ) -> Result<(), Ended> {
        let workshop = self.workshop(trust_stat, interrupt);
        if tree.words.is_empty() {
            let words = look.unfinished_words.get_or_insert_with(|| self.kept_words());
            Arc::make_mut(words).fill(&tree.index, &workshop)?;
            tree.words = look.unfinished_words.take().unwrap_or_default();
            self.tree().words = tree.words.clone();
        } else {
            let changes = tree.words.compare(&tree.index, &workshop)?;
            let index = tree.index.clone();
            self.change(&mut tree.words, |tree| &mut tree.words, |words| words.apply_all(&index, changes));
        }
        Ok(())
    }
}

/// Why a look came to no end.
enum Ended {
    Interrupted,
    Failed(Error),
}

impl From<Interrupted> for Ended {
    fn from(_: Interrupted) -> Self {
        Self::Interrupted
    }
}

impl Tree {
    /// Whether a request that looks at nothing can be answered from it.
    fn has(&self, wants: Wants) -> bool {
        self.is_scanned
            && (!wants.words || self.words.is_of(&self.index))
            && (!wants.history || self.history.is_read())
    }
}
