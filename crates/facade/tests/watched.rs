//! The risk: a mapper that trusts the kernel's word, and gives a map of a tree as it was.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use proptest::prelude::*;
use repo_map_cache::{MapRequest, RefreshMode, RepoMapper};

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
    RepoMapper::builder(root).threads(1).build().unwrap()
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
fn watch(mapper: &RepoMapper) {
    std::thread::sleep(Duration::from_millis(2_100));
    for _ in 0..3 {
        maps(mapper, RefreshMode::Watch);
    }
}

fn check(root: &Path, mapper: &RepoMapper, after: &str) {
    assert_eq!(maps(mapper, RefreshMode::Watch), maps(&self::mapper(root), RefreshMode::Auto), "{after}");
}

#[test]
fn each_kind_of_change_is_in_the_next_map() {
    let tree = tree();
    let at = |name: &str| tree.path().join(name);
    let mapper = mapper(tree.path());
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
        watch(&mapper);
        change();
        check(tree.path(), &mapper, name);
        check(tree.path(), &mapper, name);
    }
    git(tree.path(), &["checkout", "-q", "-b", "other"]);
    git(tree.path(), &["rm", "-q", "core.py"]);
    git(tree.path(), &["commit", "-q", "-m", "stop"]);
    watch(&mapper);
    git(tree.path(), &["checkout", "-q", "-"]);
    check(tree.path(), &mapper, "git checkout");
}

/// One thing that is done to a tree.
#[derive(Clone, Debug)]
enum Change {
    Write(usize, u8),
    SameStat(usize, u8),
    Remove(usize),
    Save(usize, u8),
    RenameFolder,
    Ignore(usize),
    Add,
    /// The tree rests, and is watched again.
    Rest,
}

fn change() -> impl Strategy<Value = Change> {
    let (file, version) = (0..NAMES.len(), 0..9_u8);
    prop_oneof![
        6 => (file.clone(), version.clone()).prop_map(|(file, version)| Change::Write(file, version)),
        6 => (file.clone(), version.clone()).prop_map(|(file, version)| Change::SameStat(file, version)),
        1 => file.clone().prop_map(Change::Remove),
        2 => (file.clone(), version).prop_map(|(file, version)| Change::Save(file, version)),
        1 => Just(Change::RenameFolder),
        1 => file.prop_map(Change::Ignore),
        1 => Just(Change::Add),
        1 => Just(Change::Rest),
    ]
}

fn apply(root: &Path, mapper: &RepoMapper, change: &Change) {
    let at = |file: usize| root.join(NAMES[file]);
    let write = |path: PathBuf, file: usize, version: u8| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text(NAMES[file], version)).unwrap();
    };
    match *change {
        Change::Write(file, version) => write(at(file), file, version),
        Change::SameStat(file, version) => {
            let before = fs::metadata(at(file)).and_then(|of| of.modified());
            write(at(file), file, version);
            if let Ok(before) = before {
                File::options().write(true).open(at(file)).unwrap().set_modified(before).unwrap();
            }
        }
        Change::Remove(file) => drop(fs::remove_file(at(file))),
        Change::Save(file, version) => {
            let draft = root.join("draft~");
            write(draft.clone(), file, version);
            // Its folder may be gone.
            drop(fs::rename(draft, at(file)));
        }
        Change::RenameFolder => {
            drop(
                fs::rename(root.join("lib"), root.join("moved"))
                    .or_else(|_| fs::rename(root.join("moved"), root.join("lib"))),
            );
        }
        Change::Ignore(file) => fs::write(root.join(".gitignore"), NAMES[file]).unwrap(),
        Change::Add => git(root, &["add", "."]),
        Change::Rest => watch(mapper),
    }
}

proptest! {
    // Each case waits for the tree to rest.
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 12, ..ProptestConfig::default() })]

    #[test]
    fn any_changes_give_the_maps_of_a_fresh_mapper(changes in prop::collection::vec(change(), 4..16)) {
        let tree = tree();
        let mapper = mapper(tree.path());
        watch(&mapper);
        for change in &changes {
            apply(tree.path(), &mapper, change);
            check(tree.path(), &mapper, &format!("{change:?} of {changes:?}"));
        }
    }
}
