//! Scans of one tree, one after the other: what decides on the list of files is looked at before the list is made anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use rayon::prelude::*;

use crate::scan::{caller_rules, scan_marked};
use crate::{Error, Root, Scan, ScanOptions, ScannedFile, StatFingerprint};

/// Scans one tree again and again. Every scan is what [`scan`](crate::scan()) would give.
///
/// Where no directory, no rule file and no index of git has changed since they were surely seen as they are, the same files
/// are there: they are asked for their `stat` and nothing is listed, which is half of the work. That is believed of
/// file systems of this machine alone, on Linux, and only from the third scan on: who scans once pays nothing for it.
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
    marks: Marks,
    scan: Scan,
}

/// Fingerprints of what decides on the list of files, each taken before it was read.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// Every directory that was listed.
    pub(crate) directories: Vec<(PathBuf, Option<StatFingerprint>)>,
    /// Rule files and git's index; `None` for what was not there.
    pub(crate) files: Vec<(PathBuf, Option<StatFingerprint>)>,
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
        self.scans += 1;
        let caller_rules = caller_rules(options)?;
        let before = self.seen.take();
        let same = before.filter(|seen| seen.options == *options && seen.caller_rules == caller_rules);
        if let Some((seen, scan)) = same.and_then(|seen| seen.again(root)) {
            self.seen = Some(seen);
            return Ok(scan);
        }
        let is_marked = self.scans > 1 && is_local(root.path());
        let recorded_ns = now_ns();
        let mut marks = is_marked.then(Marks::default);
        let scan = scan_marked(root, options, &mut marks)?;
        let marks = marks.filter(|marks| marks.is_settled(recorded_ns));
        self.seen =
            marks.map(|marks| Seen { options: options.clone(), caller_rules, marks, scan: scan.clone() });
        Ok(scan)
    }
}

impl Seen {
    /// The same files with the `stat` of now. `None` where there may be others.
    fn again(self, root: &Root) -> Option<(Self, Scan)> {
        let same = |(path, stat): &(PathBuf, Option<StatFingerprint>)| mark(path) == *stat;
        let is_same = self.marks.files.iter().all(same)
            && self.marks.directories.par_iter().with_min_len(256).all(same);
        if !is_same {
            return None;
        }
        let look = |file: &ScannedFile| {
            let metadata = root.path().join(file.path.as_str()).symlink_metadata().ok()?;
            let stat = metadata.is_file().then(|| StatFingerprint::of(&metadata))?;
            Some(ScannedFile { path: file.path.clone(), stat })
        };
        let files = self.scan.files.par_iter().with_min_len(256).map(look).collect::<Option<_>>()?;
        let scan = Scan { files, skipped: self.scan.skipped.clone() };
        Some((self, scan))
    }
}

impl Marks {
    /// Whether any later change shows in a mark.
    fn is_settled(&self, recorded_ns: i64) -> bool {
        let settled = |(_, stat): &(PathBuf, Option<StatFingerprint>)| {
            stat.is_none_or(|stat| stat.is_settled(recorded_ns))
        };
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

/// Whether the path is on a file system that is known to change a directory's times with its entries, at once.
#[cfg(target_os = "linux")]
fn is_local(path: &Path) -> bool {
    /// By the magic numbers of `statfs(2)`: bcachefs, btrfs, ext2 to 4, f2fs, overlay, tmpfs, XFS, ZFS.
    const LOCAL: [u32; 8] =
        [0xca45_1a4e, 0x9123_683e, 0xef53, 0xf2f5_2010, 0x794c_7630, 0x0102_1994, 0x5846_5342, 0x2fc1_2fc1];
    rustix::fs::statfs(path).is_ok_and(|facts| LOCAL.contains(&(facts.f_type as u32)))
}

#[cfg(not(target_os = "linux"))]
fn is_local(_: &Path) -> bool {
    false
}

fn now_ns() -> i64 {
    // A clock before 1970 settles nothing.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    since.and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or(i64::MIN)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use crate::{locate, scan};

    /// Only the kernel sets the time of a change: it is waited for.
    fn settle() {
        std::thread::sleep(std::time::Duration::from_millis(2_100));
    }

    #[test]
    fn what_is_not_listed_again_is_what_a_scan_finds() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("src/deep")).unwrap();
        let git = |arguments: &[&str]| {
            let mut git = std::process::Command::new("git");
            assert!(git.arg("-C").arg(folder.path()).args(arguments).status().unwrap().success());
        };
        git(&["init", "-q"]);
        for name in ["src/a.py", "src/deep/b.py", "c.py", "made.out"] {
            fs::write(at(name), "x = 1\n").unwrap();
        }
        fs::write(at(".ignore"), "*.log\n").unwrap();
        fs::write(at(".gitignore"), "*.out\n").unwrap();
        git(&["add", "c.py"]);
        let root = locate(folder.path()).unwrap();
        let options = ScanOptions::default();
        let mut scanner = Scanner::new();
        let mut check = |listed: bool| {
            let seen = scanner.scan(&root, &options).unwrap();
            assert_eq!(seen, scan(&root, &options).unwrap());
            assert_eq!(scanner.seen.is_none(), listed, "whether it may be believed the next time");
        };
        check(true);
        settle();
        check(false);
        check(false);
        // What a file holds is its own affair.
        fs::write(at("c.py"), "y = 22\n").unwrap();
        check(false);
        let changes: [&dyn Fn(); 8] = [
            &|| git(&["add", "-f", "made.out"]),
            &|| fs::write(at(".git/info/exclude"), "*.py\n").unwrap(),
            &|| fs::write(at("src/deep/new.py"), "").unwrap(),
            &|| fs::remove_file(at("src/a.py")).unwrap(),
            &|| fs::write(at(".ignore"), "*.py\n").unwrap(),
            &|| fs::remove_file(at(".ignore")).unwrap(),
            &|| fs::rename(at("src/deep"), at("deep")).unwrap(),
            &|| std::os::unix::fs::symlink("c.py", at("link.py")).unwrap(),
        ];
        for change in changes {
            change();
            check(true);
            check(true);
        }
        settle();
        check(false);
        check(false);
        // Between two scans of a settled tree, where the first is believed.
        let changes: [&dyn Fn(); 2] =
            [&|| fs::write(at("more.py"), "").unwrap(), &|| git(&["rm", "-q", "--cached", "made.out"])];
        for change in changes {
            change();
            check(true);
            settle();
            check(false);
        }
    }
}
