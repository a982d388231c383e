//! The risk: a change that the kernel does not tell of, or that is lost on the way.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]
#![expect(clippy::print_stdout, reason = "what is skipped is said")]

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use repo_map_model::Interrupt;

use super::{Scanner, Watched, is_watchable};
use crate::{Root, Scan, ScanOptions, locate, scan};

/// A tree in a folder, and who watches it.
struct Stage {
    _mounted: Option<Mounted>,
    /// Where the tree is, and things beside it.
    top: PathBuf,
    _folder: tempfile::TempDir,
    root: Root,
    options: ScanOptions,
    scanner: Scanner,
    last: Scan,
}

/// Something that is mounted, until it is dropped.
struct Mounted(PathBuf);

impl Mounted {
    fn new(arguments: &[&str], at: &Path) -> Option<Self> {
        let mount = Command::new("mount").args(arguments).arg(at).output();
        let is_there = mount.is_ok_and(|output| output.status.success());
        if !is_there {
            println!("skipped: mount {arguments:?} is not permitted here");
        }
        is_there.then(|| Self(at.to_owned()))
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(&self.0).status().unwrap();
    }
}

fn tree(top: &Path) {
    let at = |name: &str| top.join("tree").join(name);
    fs::create_dir_all(at("src/deep")).unwrap();
    git(&at(""), &["init", "-q"]);
    for name in ["src/a.py", "src/deep/b.py", "c.py", "made.out"] {
        fs::write(at(name), "x = 1\n").unwrap();
    }
}

impl Stage {
    /// `None` where the folder of temporary files cannot be watched.
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        tree(folder.path());
        Self::at_top(folder.path().to_owned(), folder, None)
    }

    /// The tree in a layer below what is written, as containers have it. `None` where that is not permitted.
    fn on_an_overlay() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["lower", "upper", "work", "top"] {
            fs::create_dir(at(name)).unwrap();
        }
        tree(&at("lower"));
        let [lower, upper, work] = ["lower", "upper", "work"].map(|name| at(name).display().to_string());
        let options = format!("lowerdir={lower},upperdir={upper},workdir={work}");
        let mounted = Mounted::new(&["-t", "overlay", "-o", &options, "repo-map-test"], &at("top"))?;
        Self::at_top(at("top"), folder, Some(mounted))
    }

    fn at_top(top: PathBuf, folder: tempfile::TempDir, mounted: Option<Mounted>) -> Option<Self> {
        let root = locate(&top.join("tree")).unwrap();
        if !is_watchable(root.path()) {
            println!("skipped: {} cannot be watched", root.path().display());
            return None;
        }
        Some(Self {
            _mounted: mounted,
            top,
            _folder: folder,
            root,
            options: ScanOptions::default(),
            scanner: Scanner::new(),
            last: Scan::default(),
        })
    }

    fn at(&self, name: &str) -> PathBuf {
        self.top.join("tree").join(name)
    }

    /// What is known of the tree after a look.
    fn look(&mut self) -> &Scan {
        if let Some(scan) =
            self.scanner.scan_if_changed(&self.root, &self.options, true, Interrupt::NEVER).unwrap()
        {
            self.last = scan;
        }
        &self.last
    }

    /// Looks until the kernel alone is asked.
    fn watch(&mut self) {
        let is_heard = |stage: &mut Self| {
            stage.look();
            let seen = stage.scanner.seen.as_mut();
            let root = &stage.root;
            seen.is_some_and(|seen| matches!(seen.watched, Watched::Since { .. }) && seen.is_quiet(root))
        };
        if !is_heard(self) {
            // Only the kernel sets the time of a change: it is waited for.
            std::thread::sleep(std::time::Duration::from_millis(2_100));
            assert!((0..4).any(|_| is_heard(self)), "nobody watches");
        }
    }

    /// The first look after a change, made while the tree is watched, sees what a scan sees.
    fn check(&mut self, change: impl FnOnce(&Self)) {
        self.watch();
        change(self);
        let expected = scan(&self.root, &self.options).unwrap();
        assert_eq!(*self.look(), expected);
        assert_eq!(*self.look(), expected, "and the next one too");
    }
}

fn git(folder: &Path, arguments: &[&str]) {
    let who = ["-c", "user.name=t", "-c", "user.email=t@localhost"];
    assert!(Command::new("git").arg("-C").arg(folder).args(who).args(arguments).status().unwrap().success());
}

/// The same size, the same time of the last write.
fn rewrite(path: &Path, text: &str) {
    let before = fs::metadata(path).unwrap();
    assert_eq!(before.len(), text.len() as u64);
    fs::write(path, text).unwrap();
    File::options().write(true).open(path).unwrap().set_modified(before.modified().unwrap()).unwrap();
    assert_eq!(fs::metadata(path).unwrap().mtime_nsec(), before.mtime_nsec());
}

#[test]
fn contents_that_change_are_seen_at_once() {
    Stage::new().iter_mut().for_each(change_contents);
}

#[test]
fn contents_that_change_on_an_overlay_are_seen_at_once() {
    Stage::on_an_overlay().iter_mut().for_each(change_contents);
}

fn change_contents(stage: &mut Stage) {
    stage.check(|_| {});
    // Of a layer below.
    let mut open = File::options().append(true).open(stage.at("src/deep/b.py")).unwrap();
    stage.check(|_| open.write_all(b"more = 0\n").unwrap());
    stage.check(|stage| fs::write(stage.at("src/deep/b.py"), "x = 1\n").unwrap());
    stage.check(|stage| fs::write(stage.at("c.py"), "yy = 22\n").unwrap());
    stage.check(|stage| rewrite(&stage.at("src/deep/b.py"), "x = 2\n"));
    stage.check(|stage| fs::set_permissions(stage.at("c.py"), fs::Permissions::from_mode(0o600)).unwrap());
    stage.check(|stage| File::options().write(true).open(stage.at("c.py")).unwrap().set_len(2).unwrap());
    // Through a file that was open before.
    stage.watch();
    let mut open = File::options().append(true).open(stage.at("src/a.py")).unwrap();
    stage.check(|_| open.write_all(b"more = 1\n").unwrap());
    stage.check(|_| open.write_all(b"more = 2\n").unwrap());
}

#[test]
fn names_that_change_are_seen_at_once() {
    Stage::new().iter_mut().for_each(change_names);
}

#[test]
fn names_that_change_on_an_overlay_are_seen_at_once() {
    Stage::on_an_overlay().iter_mut().for_each(change_names);
}

fn change_names(stage: &mut Stage) {
    stage.check(|stage| fs::write(stage.at("src/deep/new.py"), "").unwrap());
    stage.check(|stage| {
        fs::create_dir_all(stage.at("more/and/more")).unwrap();
        fs::write(stage.at("more/and/more/x.py"), "x = 1\n").unwrap();
    });
    stage.check(|stage| fs::write(stage.at("more/and/more/x.py"), "x = 22\n").unwrap());
    stage.check(|stage| fs::rename(stage.at("more/and"), stage.at("src/and")).unwrap());
    stage.check(|stage| fs::write(stage.at("src/and/more/x.py"), "x = 333\n").unwrap());
    stage.check(|stage| fs::remove_dir_all(stage.at("src/and")).unwrap());
    stage.check(|stage| {
        // An editor's way to save.
        fs::write(stage.at("c.py~"), "x = 4\n").unwrap();
        fs::rename(stage.at("c.py~"), stage.at("c.py")).unwrap();
    });
    let beside = stage.top.join("beside.py");
    fs::write(&beside, "x = 55\n").unwrap();
    stage.check(|stage| fs::rename(&beside, stage.at("c.py")).unwrap());
    stage.check(|stage| fs::rename(stage.at("src/a.py"), &beside).unwrap());
    stage.check(|stage| fs::rename(&beside, stage.at("src/a.py")).unwrap());
    stage.check(|stage| {
        fs::remove_file(stage.at("c.py")).unwrap();
        std::os::unix::fs::symlink("src/a.py", stage.at("c.py")).unwrap();
    });
}

#[test]
fn rules_and_git_are_asked_each_time() {
    let Some(mut stage) = Stage::new() else { return };
    stage.check(|stage| fs::write(stage.at(".gitignore"), "*.out\n").unwrap());
    stage.check(|stage| fs::write(stage.at(".gitignore"), "*.tmp\n").unwrap());
    stage.check(|stage| fs::write(stage.at(".git/info/exclude"), "made.*\n").unwrap());
    stage.check(|stage| git(&stage.at(""), &["add", "-f", "made.out"]));
    stage.check(|stage| {
        git(&stage.at(""), &["add", "c.py"]);
        git(&stage.at(""), &["commit", "-q", "-m", "one"]);
    });
    stage.check(|stage| {
        git(&stage.at(""), &["checkout", "-q", "-b", "other"]);
        git(&stage.at(""), &["rm", "-q", "c.py"]);
        git(&stage.at(""), &["commit", "-q", "-m", "two"]);
    });
    stage.check(|stage| git(&stage.at(""), &["checkout", "-q", "-"]));
}

#[test]
fn more_changes_than_the_kernel_keeps_are_a_look() {
    let Some(mut stage) = Stage::new() else { return };
    stage.watch();
    let events = fs::read_to_string("/proc/sys/fs/inotify/max_queued_events").unwrap();
    let events: usize = events.trim().parse().unwrap();
    let mut open =
        ["c.py", "src/a.py"].map(|name| File::options().append(true).open(stage.at(name)).unwrap());
    // Equal events one after the other are told once.
    for _ in 0..(events / 2 + 10).min(1 << 20) {
        open.iter_mut().for_each(|file| file.write_all(b"#").unwrap());
    }
    stage.check(|stage| fs::write(stage.at("src/deep/b.py"), "last = 1\n").unwrap());
}

#[test]
fn a_name_outside_the_tree_is_no_way_around() {
    let Some(mut stage) = Stage::new() else { return };
    let outside = stage.top.join("outside.py");
    fs::hard_link(stage.at("c.py"), &outside).unwrap();
    stage.check(|_| rewrite(&outside, "x = 3\n"));
    stage.check(|_| fs::write(&outside, "x = 55555\n").unwrap());
    // Another tree in the place of this one: nothing in this one has changed.
    stage.watch();
    let moved = stage.top.join("moved");
    fs::create_dir_all(moved.join("tree")).unwrap();
    fs::write(moved.join("tree/other.py"), "x = 1\n").unwrap();
    let whole = stage.top.join("tree");
    fs::rename(&whole, stage.top.join("away")).unwrap();
    fs::rename(moved.join("tree"), &whole).unwrap();
    let paths: Vec<_> = stage.look().files.iter().map(|file| file.path.as_str().to_owned()).collect();
    assert_eq!(paths, ["other.py"]);
}

#[test]
fn what_is_mounted_in_the_tree_is_seen_at_once() {
    let Some(mut stage) = Stage::new() else { return };
    let outside = stage.top.join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("b.py"), "x = 22\n").unwrap();
    let places = ["src/deep", "src/deep", "c.py"].map(|name| stage.at(name));
    let [over, file] = [&outside, &outside.join("b.py")].map(|path| path.display().to_string());
    let kinds = [&["-t", "tmpfs", "repo-map-test"][..], &["--bind", &over], &["--bind", &file]];
    for (kind, at) in kinds.into_iter().zip(&places) {
        stage.watch();
        let Some(mounted) = Mounted::new(kind, at) else { return };
        let expected = scan(&stage.root, &stage.options).unwrap();
        assert_eq!(*stage.look(), expected, "{kind:?} mounted");
        if kind[0] == "--bind" {
            // By its other name.
            stage.check(|_| rewrite(&outside.join("b.py"), "x = 33\n"));
            stage.check(|_| fs::write(outside.join("b.py"), "x = 22\n").unwrap());
            stage.watch();
        }
        drop(mounted);
        let expected = scan(&stage.root, &stage.options).unwrap();
        assert_eq!(*stage.look(), expected, "{kind:?} gone");
    }
    stage.check(|stage| fs::write(stage.at("src/deep/b.py"), "x = 4444\n").unwrap());
}

#[test]
fn what_cannot_be_watched_is_looked_at() {
    let Some(mut stage) = Stage::new() else { return };
    stage.watch();
    let never = |stage: &mut Stage| stage.scanner.seen.as_mut().unwrap().watched = Watched::Never;
    never(&mut stage);
    fs::write(stage.at("c.py"), "x = 4444\n").unwrap();
    let expected = scan(&stage.root, &stage.options).unwrap();
    assert_eq!(*stage.look(), expected);
    assert!(matches!(stage.scanner.seen.as_ref().unwrap().watched, Watched::Never));
    let paths = [stage.at("src"), stage.at("none")];
    assert!(super::Watch::of(paths.iter().map(PathBuf::as_path)).is_none());
}
