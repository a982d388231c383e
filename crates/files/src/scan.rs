use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use rayon::iter::Either;
use rayon::prelude::*;
use repo_map_bounded_io::read_named;
use repo_map_model::{Interrupt, RepoPath};

use crate::again::{Marks, mark};
use crate::git::{Repository, Tracked};
use crate::read;
use crate::root::Git;
use crate::rules::Rules;
use crate::walk::{Found, Walk, is_below, rule_text};
use crate::{Error, ErrorKind, Root, SkipReason, Skipped, StatFingerprint};

/// Of a file of rules that the caller names.
const CALLER_RULES_LIMIT: u64 = 16 << 20;

/// What to scan. The default takes the whole root by all rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanOptions {
    subtree: Option<RepoPath>,
    only: Option<Vec<RepoPath>>,
    threads: usize,
    ignore_files: Vec<PathBuf>,
    use_git: bool,
}

/// The files of a tree, and what was left out of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scan {
    /// In path order, each once.
    pub files: Vec<ScannedFile>,
    /// In path order. What rules hide is not here.
    pub skipped: Vec<Skipped>,
}

/// A file and what a `stat` said of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScannedFile {
    /// Where it is below the root.
    pub path: RepoPath,
    /// Its fingerprint.
    pub stat: StatFingerprint,
}

/// Finds the files below a root and takes the fingerprint of each. Reads directories, rule files and git's index, no source file.
///
/// Costs one listing a directory and one `stat` a file.
///
/// # Errors
/// When the root or a file of [`ScanOptions::ignore_file`] cannot be read.
pub fn scan(root: &Root, options: &ScanOptions) -> Result<Scan, Error> {
    scan_marked(root, options, &mut None, Interrupt::NEVER)
}

/// Scans, and fills the marks where they are wanted.
pub(crate) fn scan_marked(
    root: &Root,
    options: &ScanOptions,
    marks: &mut Option<Marks>,
    interrupt: Interrupt<'_>,
) -> Result<Scan, Error> {
    fs::read_dir(root.path()).map_err(|error| Error::from_io(root.path(), error))?;
    let rules = Rules::of_caller(&caller_rules(options)?);
    let is_marked = marks.is_some();
    let found = on_threads(options.threads, || match &options.only {
        Some(only) => listed(root, options, only),
        None => walked(root, options, rules, is_marked, interrupt),
    });
    if interrupt.is_due() {
        return Err(Error::new(ErrorKind::Interrupted, root.path()));
    }
    let Found { files, mut skipped, marks: found_marks } = found;
    *marks = marks.take().map(|_| found_marks);
    skipped.sort_unstable();
    skipped.dedup();
    Ok(Scan { files, skipped })
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self { subtree: None, only: None, threads: 0, ignore_files: Vec::new(), use_git: true }
    }
}

impl ScanOptions {
    /// Only what lies at or below this path: the files that a scan of the whole root finds there.
    #[must_use]
    pub fn subtree(mut self, subtree: Option<RepoPath>) -> Self {
        self.subtree = subtree;
        self
    }

    /// Exactly these files instead of a walk, whatever the rules say of them.
    /// Those that are missing or not regular are skipped with a reason.
    #[must_use]
    pub fn only(mut self, files: Option<Vec<RepoPath>>) -> Self {
        self.only = files;
        self
    }

    /// The number of threads. 0, the default, stands for the current rayon pool. The result is the same for any.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    /// One more file of rules like `.repomapignore`: relative to the root, and weaker than the tree's own of that kind.
    #[must_use]
    pub fn ignore_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.ignore_files.push(path.into());
        self
    }

    /// Whether git's index and git's rules count. They do by default.
    #[must_use]
    pub fn use_git(mut self, use_git: bool) -> Self {
        self.use_git = use_git;
        self
    }
}

fn walked(
    root: &Root,
    options: &ScanOptions,
    rules: Arc<Rules>,
    is_marked: bool,
    interrupt: Interrupt<'_>,
) -> Found {
    let subtree = options.subtree.as_ref().map(RepoPath::as_str);
    let repository = match &root.git {
        Git::Repository(repository) if options.use_git => Some(repository),
        _ => None,
    };
    let index = repository
        .filter(|_| is_marked)
        .map(|repository| (repository.index.clone(), mark(&repository.index)));
    let tracked = repository.and_then(Repository::tracked);
    let exclude = repository.map(|repository| repository.exclude.as_path());
    let walk = Walk::new(root.path()).git(options.use_git, tracked.as_ref(), exclude).subtree(subtree);
    let mut found = walk.marked(is_marked).interrupt(interrupt).run(rules);
    if interrupt.is_due() {
        return found;
    }
    found.marks.files.extend(index);
    found.files.sort_unstable();
    // A directory that changes while it is listed may name an entry twice.
    found.files.dedup_by(|later, earlier| later.path == earlier.path);
    match &tracked {
        Some(tracked) => note_missing(root, tracked, subtree, &mut found),
        None if options.use_git && !matches!(root.git, Git::None) => {
            found.skipped.push(Skipped::new(".git", SkipReason::GitUnreadable));
            found.marks.unsure = true;
        }
        None => {}
    }
    found
}

/// Reports the tracked files that the work tree lacks.
fn note_missing(root: &Root, tracked: &Tracked, subtree: Option<&str>, found: &mut Found) {
    let range = match subtree {
        Some(subtree) => tracked.below(&tracked.all(), subtree),
        None => tracked.all(),
    };
    let mut files = found.files.iter().map(|file| file.path.as_str()).peekable();
    for path in tracked.checked_out(range) {
        while files.next_if(|file| *file < path).is_some() {}
        // What is there and was not taken, the map's rules hide or the walk has reported.
        if files.peek() != Some(&path) && is_missing(root, path) {
            found.skipped.push(Skipped::new(path, SkipReason::Vanished));
        }
    }
}

fn is_missing(root: &Root, path: &str) -> bool {
    root.path()
        .join(path)
        .symlink_metadata()
        .is_err_and(|error| SkipReason::of_io(&error) == SkipReason::Vanished)
}

fn listed(root: &Root, options: &ScanOptions, only: &[RepoPath]) -> Found {
    let in_subtree = |path: &&RepoPath| match &options.subtree {
        Some(subtree) => is_below(subtree.as_str(), path.as_str()),
        None => true,
    };
    let mut paths: Vec<_> = only.iter().filter(in_subtree).collect();
    paths.sort_unstable();
    paths.dedup();
    let (files, skipped) =
        paths.into_par_iter().partition_map(|path| match read::fingerprint(root.path(), path) {
            Ok(stat) => Either::Left(ScannedFile { path: path.clone(), stat }),
            Err(reason) => Either::Right(Skipped::new(path.as_str(), reason)),
        });
    // The list itself is what decides: there is nothing to be spared.
    Found { files, skipped, marks: Marks { unsure: true, ..Marks::default() } }
}

pub(crate) fn caller_rules(options: &ScanOptions) -> Result<String, Error> {
    let read = |path: &PathBuf| {
        // A path that the caller names may be a link or a pipe.
        let bytes =
            read_named(path, CALLER_RULES_LIMIT).map_err(|error| Error::ignore_file(path, error.into()))?;
        Ok(rule_text(&bytes))
    };
    options.ignore_files.iter().map(read).collect()
}

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    if threads == 0 {
        return work();
    }
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(work),
        // The machine gives no more threads; the pool that there is does the same work.
        Err(_) => work(),
    }
}
