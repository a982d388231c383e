//! Scans of one tree, one after the other: what decides on the list of files is looked at before the list is made anew.

#[cfg(all(test, target_os = "linux"))]
mod tests;
#[cfg(all(test, target_os = "linux"))]
mod watched_tests;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use repo_map_model::Interrupt;

use crate::file_system::{device, is_local, is_watchable};
use crate::scan::{caller_rules, scan_marked};
use crate::tree::{Listed, Tree};
use crate::watch::{Heard, Watch};
use crate::{Error, Root, Scan, ScanOptions, ScannedFile, StatFingerprint};

/// Scans one tree repeatedly. Every scan equals that of [`scan`](crate::scan()).
///
/// If no directory, rule file or git index has changed, the set of files is unchanged: files are only re-`stat`ed and nothing is listed,
/// which saves half of the work. Used only on local Linux file systems, and only from the third scan on, so one-shot runs pay nothing.
///
/// # Watching
///
/// On Linux 5.8 and later the directories of such a tree can be watched with inotify; a scan without events then costs next to nothing.
/// Rule files, git's index, files with several hard links and files that are mount points are still checked each time. After any change
/// of the mounted file systems everything is scanned and watched anew. inotify misses these until another event comes:
///
/// - writes through an open `mmap`;
/// - writes through a hard link that was made outside of the tree while it was watched;
/// - writes through file handles instead of names, as the kernel's NFS server makes them.
///
/// So watching is optional. On an overlay, as containers have it, the kernel tells of all that is done through it; its layers must
/// not be changed behind it, says the kernel's documentation, while it is mounted.
///
/// A directory takes one of the user's watches (`fs.inotify.max_user_watches`), about 1 KB of the kernel's memory; a tree that would take more than half
/// of them is looked at instead, and so are network file systems, FUSE, 9p, virtiofs and anything else that others may change.
/// Setting a watch costs 3 to 5 µs of CPU time a directory: 10 ms for the 3,231 of Django, two thirds of a look at its files.
#[derive(Debug, Default)]
pub struct Scanner {
    scans: usize,
    seen: Option<Seen>,
}

/// A scan, and what decided on its list of files.
#[derive(Debug)]
struct Seen {
    options: ScanOptions,
    caller_rules: String,
    /// Rule files and git's index.
    rules: Vec<Mark>,
    /// In path order.
    directories: Vec<Listed>,
    tree: Tree,
    scan: Scan,
    watched: Watched,
}

/// Whether the directories are watched.
#[derive(Debug, Default)]
enum Watched {
    #[default]
    No,
    Never,
    /// The watch stood before they were last asked.
    Since {
        watch: Watch,
        /// That the root was on.
        device: Option<u64>,
        /// The files that are asked each time.
        apart: Vec<usize>,
    },
}

/// The fingerprint of a path; `None` for what was not there.
type Mark = (PathBuf, Option<StatFingerprint>);

/// Fingerprints of what decides on the list of files, each taken before it was read.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// Every directory that was listed.
    pub(crate) directories: Vec<Mark>,
    /// Rule files and git's index.
    pub(crate) files: Vec<Mark>,
    /// Something else decided.
    pub(crate) unsure: bool,
}

impl Scanner {
    /// Nothing was scanned yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Scans. Runs on the current rayon pool, whatever [`ScanOptions::threads`] says where nothing is listed.
    ///
    /// # Errors
    /// As [`scan`](crate::scan()); and [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted).
    pub fn scan(
        &mut self,
        root: &Root,
        options: &ScanOptions,
        interrupt: Interrupt<'_>,
    ) -> Result<Scan, Error> {
        let changed = self.scan_if_changed(root, options, false, interrupt)?;
        // What is the same was seen.
        let seen = || self.seen.as_ref().map(|seen| seen.scan.clone()).unwrap_or_default();
        Ok(changed.unwrap_or_else(seen))
    }

    /// Scans; `None` when every file and every fingerprint is as the scan before found it. With `watch` the directories are
    /// [watched](Self#watching) where they can be.
    ///
    /// # Errors
    /// As [`scan`](crate::scan()); and [`ErrorKind::Interrupted`](crate::ErrorKind::Interrupted).
    pub fn scan_if_changed(
        &mut self,
        root: &Root,
        options: &ScanOptions,
        watch: bool,
        interrupt: Interrupt<'_>,
    ) -> Result<Option<Scan>, Error> {
        self.scans += 1;
        let caller_rules = caller_rules(options)?;
        let before = self.seen.take();
        let same = before.filter(|seen| seen.options == *options && seen.caller_rules == caller_rules);
        if let Some(mut seen) = same
            && let Some(is_same) = seen.again(root, watch, interrupt)
        {
            let scan = (!is_same).then(|| seen.scan.clone());
            self.seen = Some(seen);
            return Ok(scan);
        }
        let is_marked = self.scans > 1 && is_local(root.path());
        let recorded_ns = now_ns();
        let mut marks = is_marked.then(Marks::default);
        let scan = scan_marked(root, options, &mut marks, interrupt)?;
        let marks = marks.filter(|marks| marks.is_settled(recorded_ns));
        self.seen = marks.and_then(|marks| Seen::new(root, options, caller_rules, marks, &scan));
        Ok(Some(scan))
    }
}

impl Seen {
    fn new(
        root: &Root,
        options: &ScanOptions,
        caller_rules: String,
        marks: Marks,
        scan: &Scan,
    ) -> Option<Self> {
        let below =
            |(path, stat): Mark| Some((path.strip_prefix(root.path()).ok()?.to_str()?.to_owned(), stat?));
        let mut directories: Vec<Listed> = marks.directories.into_iter().map(below).collect::<Option<_>>()?;
        directories.sort_unstable();
        Some(Self {
            options: options.clone(),
            caller_rules,
            rules: marks.files,
            tree: Tree::new(&directories, &scan.files),
            directories,
            scan: scan.clone(),
            watched: Watched::No,
        })
    }

    /// Gives the same files the `stat` of now; whether all are as they were. `None` where there may be other files.
    fn again(&mut self, root: &Root, watch: bool, interrupt: Interrupt<'_>) -> Option<bool> {
        if !self.rules.iter().all(|(path, stat)| mark(path) == *stat) {
            return None;
        }
        if watch && self.is_quiet(root) {
            return Some(true);
        }
        let round = self.tree.ask(root.path(), &self.directories, &self.scan.files, interrupt)?;
        round.changed.iter().for_each(|&(file, stat)| self.scan.files[file].stat = stat);
        if let Watched::Since { apart, .. } = &mut self.watched {
            *apart = round.apart;
        }
        Some(round.changed.is_empty())
    }

    /// Whether nothing was heard of the tree since it was asked, and its path still leads to it. Sets the watch where there is none: what happens from now on is heard.
    fn is_quiet(&mut self, root: &Root) -> bool {
        if let Watched::Since { watch, device: before, apart } = &self.watched {
            match watch.heard() {
                Heard::Nothing => {
                    let apart = apart.iter().all(|&file| self.is_as_it_was(root, file));
                    let place = (device(root.path()), mark(root.path()));
                    return apart && place == (*before, self.directories.first().map(|listed| listed.1));
                }
                Heard::Something => return false,
                Heard::Lost => self.watched = Watched::No,
            }
        }
        if let Watched::No = self.watched {
            let paths: Vec<PathBuf> =
                self.directories.iter().map(|(path, _)| root.path().join(path)).collect();
            let watch = is_watchable(root.path()).then(|| Watch::of(paths.iter().map(PathBuf::as_path)));
            self.watched = match watch.flatten() {
                Some(watch) => Watched::Since { watch, device: device(root.path()), apart: Vec::new() },
                None => Watched::Never,
            };
        }
        false
    }

    fn is_as_it_was(&self, root: &Root, file: usize) -> bool {
        let ScannedFile { path, stat } = &self.scan.files[file];
        mark(&root.path().join(path.as_str())) == Some(*stat)
    }
}

impl Marks {
    /// Whether any later change shows in a mark.
    fn is_settled(&self, recorded_ns: i64) -> bool {
        let settled = |(_, stat): &Mark| stat.is_none_or(|stat| stat.is_settled(recorded_ns));
        !self.unsure
            && self.files.iter().all(settled)
            && self.directories.iter().all(|mark| mark.1.is_some() && settled(mark))
    }
}

/// The fingerprint of what a path names, links not followed.
pub(crate) fn mark(path: &Path) -> Option<StatFingerprint> {
    fs::symlink_metadata(path).ok().map(|metadata| StatFingerprint::of(&metadata))
}

fn now_ns() -> i64 {
    // A clock before 1970 settles nothing.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    since.and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or(i64::MIN)
}
