//! Scans of one tree, one after the other: what decides on the list of files is looked at before the list is made anew.

#[cfg(all(test, target_os = "linux"))]
mod tests;
#[cfg(all(test, target_os = "linux"))]
mod watched_tests;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::scan::{caller_rules, scan_marked};
use crate::tree::{Listed, Tree};
use crate::watch::{Heard, Watch};
use crate::{Error, Root, Scan, ScanOptions, ScannedFile, StatFingerprint};

/// Scans one tree again and again. Every scan is what [`scan`](crate::scan()) would give.
///
/// Where no directory, no rule file and no index of git has changed since they were surely seen as they are, the same files
/// are there: they are asked for their `stat` and nothing is listed, which is half of the work. That is believed of
/// file systems of this machine alone, on Linux, and only from the third scan on: who scans once pays nothing for it.
///
/// # Watching
///
/// Of such a tree the kernel can tell what changes in its directories (inotify); then a look at a tree without changes costs next to nothing.
/// What it tells is whole for what programs of this machine do by name: a file with another name elsewhere is asked each time. Not told are
///
/// - writes through a mapping (`mmap`), until the file is closed;
/// - writes through a name that a file was given outside the tree while it was watched (`ln`), and through the kernel's NFS server;
/// - a file system that is mounted over a directory of the tree.
///
/// So it is the caller's to ask for it. It takes one of the user's watches (`fs.inotify.max_user_watches`) a directory. Where
/// there are too few, on overlay and network file systems and off Linux the tree is looked at instead.
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
        /// The files that are asked each time.
        linked: Vec<usize>,
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
    /// As [`scan`](crate::scan()).
    pub fn scan(&mut self, root: &Root, options: &ScanOptions) -> Result<Scan, Error> {
        let changed = self.scan_if_changed(root, options, false)?;
        // What is the same was seen.
        let seen = || self.seen.as_ref().map(|seen| seen.scan.clone()).unwrap_or_default();
        Ok(changed.unwrap_or_else(seen))
    }

    /// Scans; `None` when every file and every fingerprint is as the scan before found it. With `watch` the directories are
    /// [watched](Self#watching) where they can be.
    ///
    /// # Errors
    /// As [`scan`](crate::scan()).
    pub fn scan_if_changed(
        &mut self,
        root: &Root,
        options: &ScanOptions,
        watch: bool,
    ) -> Result<Option<Scan>, Error> {
        self.scans += 1;
        let caller_rules = caller_rules(options)?;
        let before = self.seen.take();
        let same = before.filter(|seen| seen.options == *options && seen.caller_rules == caller_rules);
        if let Some(mut seen) = same
            && let Some(is_same) = seen.again(root, watch)
        {
            let scan = (!is_same).then(|| seen.scan.clone());
            self.seen = Some(seen);
            return Ok(scan);
        }
        let is_marked = self.scans > 1 && is_local(root.path());
        let recorded_ns = now_ns();
        let mut marks = is_marked.then(Marks::default);
        let scan = scan_marked(root, options, &mut marks)?;
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
    fn again(&mut self, root: &Root, watch: bool) -> Option<bool> {
        if !self.rules.iter().all(|(path, stat)| mark(path) == *stat) {
            return None;
        }
        if watch && self.is_quiet(root) {
            return Some(true);
        }
        let round = self.tree.ask(root.path(), &self.directories, &self.scan.files)?;
        round.changed.iter().for_each(|&(file, stat)| self.scan.files[file].stat = stat);
        if let Watched::Since { linked, .. } = &mut self.watched {
            *linked = round.linked;
        }
        Some(round.changed.is_empty())
    }

    /// Whether nothing was heard of the tree since it was asked, and its path still leads to it. Sets the watch where there is none: what happens from now on is heard.
    fn is_quiet(&mut self, root: &Root) -> bool {
        if let Watched::Since { watch, linked } = &self.watched {
            match watch.heard() {
                Heard::Nothing => {
                    let linked = linked.iter().all(|&file| self.is_as_it_was(root, file));
                    return linked && mark(root.path()) == self.directories.first().map(|listed| listed.1);
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
                Some(watch) => Watched::Since { watch, linked: Vec::new() },
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

/// The device that a path is on; file systems may be mounted below a root that keep no times of directories.
#[cfg(target_os = "linux")]
pub(crate) fn device(path: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;

    fs::symlink_metadata(path).ok().map(|metadata| metadata.dev())
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn device(_: &Path) -> Option<u64> {
    None
}

/// By the magic numbers of `statfs(2)`: bcachefs, btrfs, ext2 to 4, f2fs, tmpfs, XFS, ZFS.
#[cfg(target_os = "linux")]
const LOCAL: [u32; 7] =
    [0xca45_1a4e, 0x9123_683e, 0xef53, 0xf2f5_2010, 0x0102_1994, 0x5846_5342, 0x2fc1_2fc1];

/// Whether the path is on a file system that is known to change a directory's times with its entries, at once.
#[cfg(target_os = "linux")]
fn is_local(path: &Path) -> bool {
    const OVERLAY: u32 = 0x794c_7630;
    file_system(path).is_some_and(|of| of == OVERLAY || LOCAL.contains(&of))
}

/// Whether all that programs of this machine do by name on its file system is told to who watches. An overlay's lower directories are
/// changed behind it.
#[cfg(target_os = "linux")]
fn is_watchable(path: &Path) -> bool {
    file_system(path).is_some_and(|of| LOCAL.contains(&of))
}

#[cfg(target_os = "linux")]
fn file_system(path: &Path) -> Option<u32> {
    rustix::fs::statfs(path).ok().map(|facts| facts.f_type as u32)
}

#[cfg(not(target_os = "linux"))]
fn is_local(_: &Path) -> bool {
    false
}

#[cfg(not(target_os = "linux"))]
fn is_watchable(_: &Path) -> bool {
    false
}

fn now_ns() -> i64 {
    // A clock before 1970 settles nothing.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    since.and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or(i64::MIN)
}
