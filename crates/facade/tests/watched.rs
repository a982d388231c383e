//! The risk: a mapper that trusts the kernel's word, and gives a map of a tree as it was.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]
#![expect(clippy::print_stdout, reason = "what is skipped is said")]

mod support;

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use proptest::prelude::*;
use repo_map_cache::{MapRequest, RefreshMode, RepoMapper};

/// Only the kernel sets the time of a change: it is waited for, until it is long enough ago to be believed.
const REST: Duration = Duration::from_millis(2_100);

const NAMES: [&str; 6] =
    ["core.py", "app.py", "lib/store.py", "lib/deep/disk.py", "notes.md", "lib/data.bin"];

fn tree() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join("lib/deep")).unwrap();
    git(root.path(), &["init", "-q"]);
    for name in NAMES {
        fs::write(root.path().join(name), text(name, 0)).unwrap();
    }
    root
}

/// Of the same length for each version.
fn text(name: &str, version: u8) -> String {
    let name: String = name.chars().filter(char::is_ascii_alphabetic).collect();
    format!("class {name}{version}:\n    def start{version}(self):\n        return other{version}()\n")
}

fn git(folder: &Path, arguments: &[&str]) {
    let who = ["-c", "user.name=t", "-c", "user.email=t@localhost"];
    Command::new("git").arg("-C").arg(folder).args(who).args(arguments).output().unwrap();
}

fn mapper(root: &Path) -> RepoMapper {
    support::builder(root).threads(1).build().unwrap()
}

/// Maps that show each file, with what is not in their text.
fn maps(mapper: &RepoMapper, mode: RefreshMode) -> Vec<String> {
    let requests = [MapRequest::new(1024), MapRequest::new(1024).task("start the disk of lib/store.py")];
    let map = |request: MapRequest| {
        let map = mapper.map(&request.refresh(mode)).unwrap();
        format!("{}\n{:?}\n{:?}", map.text, map.files, map.freshness)
    };
    requests.map(map).into()
}

/// Maps until the tree is watched: once it has rested.
fn watch(root: &Path, mapper: &RepoMapper) {
    std::thread::sleep(REST);
    watch_rested(root, mapper);
}

fn watch_rested(root: &Path, mapper: &RepoMapper) {
    // What is mounted meanwhile ends a watch, and the next look begins another.
    let is_heard = (0..6).any(|_| {
        maps(mapper, RefreshMode::Auto);
        is_watched(root)
    });
    assert!(is_heard, "the tree is looked at: nothing here would be shown of what the kernel tells");
}

/// Whether this process hears of the folder: it has told the kernel so by its inode.
fn is_watched(root: &Path) -> bool {
    let sign = format!("ino:{:x} ", fs::metadata(root).unwrap().ino());
    let told = fs::read_dir("/proc/self/fdinfo").unwrap().flatten();
    // Other threads close files meanwhile.
    told.filter_map(|file| fs::read_to_string(file.path()).ok())
        .flat_map(|told| told.lines().map(str::to_owned).collect::<Vec<_>>())
        .any(|line| line.starts_with("inotify ") && line.contains(&sign))
}

/// Whether folders of temporary files are on a file system whose changes are all told.
fn is_watchable(root: &Path) -> bool {
    let told = Command::new("stat").args(["-f", "-c", "%T"]).arg(root).output().unwrap();
    let of = String::from_utf8(told.stdout).unwrap();
    let is_told = ["ext2/ext3", "xfs", "btrfs", "tmpfs", "overlayfs"].contains(&of.trim());
    if !is_told {
        println!("skipped: trees on {} are looked at each time", of.trim());
    }
    is_told
}

/// One mapper asks the kernel, the other each file.
fn check(root: &Path, [mapper, asking]: &[RepoMapper; 2], after: &str) {
    let expected = maps(&self::mapper(root), RefreshMode::Always);
    assert_eq!(maps(mapper, RefreshMode::Auto), expected, "{after}");
    assert_eq!(maps(asking, RefreshMode::Stat), expected, "by each stat: {after}");
}

#[test]
fn each_kind_of_change_is_in_the_next_map() {
    let tree = tree();
    if !is_watchable(tree.path()) {
        return;
    }
    let at = |name: &str| tree.path().join(name);
    let mappers = [mapper(tree.path()), mapper(tree.path())];
    let same_stat = || {
        let before = fs::metadata(at("core.py")).unwrap().modified().unwrap();
        fs::write(at("core.py"), text("core.py", 7)).unwrap();
        File::options().write(true).open(at("core.py")).unwrap().set_modified(before).unwrap();
    };
    let changes: [(&str, &dyn Fn()); 10] = [
        ("edit", &|| fs::write(at("app.py"), "def longer_than_before():\n    pass\n").unwrap()),
        ("edit of equal size and time", &same_stat),
        ("edit of a text", &|| fs::write(at("notes.md"), "start the disk, start the store\n").unwrap()),
        ("edit of data", &|| fs::write(at("lib/data.bin"), vec![0; 9_000]).unwrap()),
        ("create", &|| fs::write(at("lib/deep/new.py"), text("new", 1)).unwrap()),
        ("delete", &|| fs::remove_file(at("lib/deep/new.py")).unwrap()),
        ("rename of a folder", &|| fs::rename(at("lib"), at("library")).unwrap()),
        ("rules", &|| fs::write(at(".gitignore"), "library/\n").unwrap()),
        ("git add", &|| git(tree.path(), &["add", "-f", "library/store.py", "core.py"])),
        ("git commit", &|| git(tree.path(), &["commit", "-q", "-m", "start the engine"])),
    ];
    for (name, change) in changes {
        watch(tree.path(), &mappers[0]);
        change();
        check(tree.path(), &mappers, name);
        check(tree.path(), &mappers, name);
    }
    git(tree.path(), &["checkout", "-q", "-b", "other"]);
    git(tree.path(), &["rm", "-q", "core.py"]);
    git(tree.path(), &["commit", "-q", "-m", "stop"]);
    watch(tree.path(), &mappers[0]);
    git(tree.path(), &["checkout", "-q", "-"]);
    check(tree.path(), &mappers, "git checkout");
}

/// One thing that is done to a tree. A file is named by its place among [`NAMES`].
#[derive(Clone, Debug)]
enum Change {
    Write(usize, u8),
    SameStat(usize, u8),
    Append(usize),
    Truncate(usize),
    /// Its time is set to what it was.
    Touch(usize),
    Mode(usize, u8),
    Remove(usize),
    /// An editor's way to save.
    Save(usize, u8),
    Symlink(usize),
    RenameFolder,
    /// A folder in a folder, with files in it at once.
    NewFolder(u8),
    RemoveFolder(u8),
    Ignore(usize),
    MapIgnore(usize),
    Add,
    Unstage,
}

fn change() -> impl Strategy<Value = Change> {
    let (file, version) = (0..NAMES.len(), 0..9_u8);
    let both = (file.clone(), version);
    let folder = 0..3_u8;
    prop_oneof![
        5 => both.clone().prop_map(|(file, version)| Change::Write(file, version)),
        5 => both.clone().prop_map(|(file, version)| Change::SameStat(file, version)),
        3 => file.clone().prop_map(Change::Append),
        2 => file.clone().prop_map(Change::Truncate),
        2 => file.clone().prop_map(Change::Touch),
        2 => both.clone().prop_map(|(file, version)| Change::Mode(file, version)),
        1 => file.clone().prop_map(Change::Remove),
        3 => both.prop_map(|(file, version)| Change::Save(file, version)),
        1 => file.clone().prop_map(Change::Symlink),
        2 => Just(Change::RenameFolder),
        2 => folder.clone().prop_map(Change::NewFolder),
        1 => folder.prop_map(Change::RemoveFolder),
        1 => file.clone().prop_map(Change::Ignore),
        1 => file.prop_map(Change::MapIgnore),
        1 => Just(Change::Add),
        1 => Just(Change::Unstage),
    ]
}

/// What a change cannot be done to, it leaves alone.
fn apply(root: &Path, change: &Change) {
    let at = |file: usize| root.join(NAMES[file]);
    let write = |path: PathBuf, file: usize, version: u8| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        // A link may lead into a folder that is gone.
        drop(fs::write(path, text(NAMES[file], version)));
    };
    let open = |file: usize| File::options().append(true).open(at(file));
    match *change {
        Change::Write(file, version) => write(at(file), file, version),
        Change::SameStat(file, version) => {
            let before = fs::metadata(at(file)).and_then(|of| of.modified());
            write(at(file), file, version);
            if let Ok(before) = before {
                open(file).unwrap().set_modified(before).unwrap();
            }
        }
        Change::Append(file) => drop(open(file).map(|mut file| file.write_all(b"def more(): pass\n"))),
        Change::Truncate(file) => drop(open(file).map(|file| file.set_len(20))),
        Change::Touch(file) => {
            drop(open(file).and_then(|file| file.set_modified(file.metadata()?.modified()?)));
        }
        Change::Mode(file, version) => {
            let mode = if version % 2 == 0 { 0o600 } else { 0o644 };
            drop(fs::set_permissions(at(file), fs::Permissions::from_mode(mode)));
        }
        Change::Remove(file) => drop(fs::remove_file(at(file))),
        Change::Save(file, version) => {
            let draft = root.join("draft~");
            write(draft.clone(), file, version);
            // Its folder may be gone.
            drop(fs::rename(draft, at(file)));
        }
        Change::Symlink(file) => {
            drop(fs::remove_file(at(file)));
            drop(symlink("core.py", at(file)));
        }
        Change::RenameFolder => {
            drop(
                fs::rename(root.join("lib"), root.join("moved"))
                    .or_else(|_| fs::rename(root.join("moved"), root.join("lib"))),
            );
        }
        Change::NewFolder(version) => {
            let folder = root.join(format!("new{version}/inner"));
            write(folder.join("a.py"), 0, version);
            write(folder.join("deep/b.py"), 1, version);
        }
        Change::RemoveFolder(version) => drop(fs::remove_dir_all(root.join(format!("new{version}")))),
        Change::Ignore(file) => fs::write(root.join(".gitignore"), NAMES[file]).unwrap(),
        Change::MapIgnore(file) => fs::write(root.join(".repomapignore"), NAMES[file]).unwrap(),
        Change::Add => git(root, &["add", "."]),
        Change::Unstage => git(root, &["rm", "-r", "-q", "--cached", "."]),
    }
}

proptest! {
    // All trees of a case rest together, which takes longer than their changes.
    #![proptest_config(ProptestConfig { cases: 1, max_shrink_iters: 8, ..ProptestConfig::default() })]

    #[test]
    fn any_changes_give_the_maps_of_a_fresh_mapper(
        plans in prop::collection::vec(prop::collection::vec(prop::collection::vec(change(), 1..4), 5), 12),
    ) {
        let stages: Vec<_> = plans.iter().map(|plan| {
            let tree = tree();
            let mappers = [mapper(tree.path()), mapper(tree.path())];
            maps(&mappers[0], RefreshMode::Auto);
            (tree, mappers, plan)
        }).collect();
        if !is_watchable(stages[0].0.path()) {
            return Ok(());
        }
        for round in 0..5 {
            std::thread::sleep(REST);
            for (tree, mappers, plan) in &stages {
                watch_rested(tree.path(), &mappers[0]);
                for change in &plan[round] {
                    apply(tree.path(), change);
                    check(tree.path(), mappers, &format!("{change:?} in round {round} of {plan:?}"));
                }
                check(tree.path(), mappers, &format!("again, in round {round} of {plan:?}"));
            }
        }
    }
}
