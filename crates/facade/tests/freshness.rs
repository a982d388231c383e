//! The risk: a map that speaks of a tree as it was, or a run that repeats work that was done.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

mod support;

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use repo_map_cache::{MapRequest, RefreshMode, RepoMap, RepoMapper};
use support::Stored as _;

/// Long enough ago that a `stat` proves something.
fn settle(root: &Path) {
    for entry in fs::read_dir(root).unwrap() {
        let file = fs::File::open(entry.unwrap().path()).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(3600)).unwrap();
    }
}

fn tree() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("core.py"), "class Engine:\n    def start(self):\n        return 1\n")
        .unwrap();
    fs::write(root.path().join("app.py"), "from core import Engine\n\ndef main():\n    Engine().start()\n")
        .unwrap();
    root
}

/// The modes that look at the tree for each request.
const MODES: [RefreshMode; 3] = [RefreshMode::Auto, RefreshMode::Stat, RefreshMode::Always];

fn map(mapper: &RepoMapper, mode: RefreshMode) -> RepoMap {
    mapper.map(&MapRequest::new(512).refresh(mode)).unwrap()
}

#[test]
fn an_edit_of_equal_length_within_one_clock_tick_is_seen() {
    for mode in MODES {
        let root = tree();
        let mapper = support::builder(root.path()).build().unwrap();
        assert!(map(&mapper, mode).text.contains("class Engine"));
        fs::write(root.path().join("core.py"), "class Enigma:\n    def start(self):\n        return 1\n")
            .unwrap();
        let after = map(&mapper, mode);
        assert!(
            after.text.contains("class Enigma") && !after.text.contains("class Engine"),
            "{}",
            after.text
        );
    }
}

#[test]
fn an_edit_with_the_old_times_put_back_is_seen() {
    for mode in MODES {
        let root = tree();
        let cache = tempfile::tempdir().unwrap();
        let open = || support::builder(root.path()).stored_in(cache.path()).build().unwrap();
        let path = root.path().join("core.py");
        let before = fs::metadata(&path).unwrap().modified().unwrap();
        assert!(map(&open(), mode).text.contains("class Engine"));
        fs::write(&path, "class Enigma:\n    def start(self):\n        return 1\n").unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_modified(before).unwrap();
        assert!(map(&open(), mode).text.contains("class Enigma"));
    }
}

#[test]
fn new_and_deleted_files_change_the_map() {
    for mode in MODES {
        let root = tree();
        let mapper = support::builder(root.path()).build().unwrap();
        let before = map(&mapper, mode);
        fs::write(root.path().join("more.py"), "def added():\n    main()\n").unwrap();
        fs::remove_file(root.path().join("core.py")).unwrap();
        let after = map(&mapper, mode);
        assert!(after.text.contains("def added") && !after.text.contains("class Engine"), "{}", after.text);
        assert_ne!(before.freshness.tree_digest, after.freshness.tree_digest);
        assert_eq!(after.freshness.files, 2);
    }
}

#[test]
fn a_fresh_process_takes_tags_from_the_store_and_gives_the_same_bytes() {
    for mode in MODES {
        let root = tree();
        let cache = tempfile::tempdir().unwrap();
        let open = || support::builder(root.path()).stored_in(cache.path()).build().unwrap();
        let cold = map(&open(), mode);
        assert_eq!((cold.cache.hits, cold.cache.misses), (0, 2));
        let warm = map(&open(), mode);
        assert_eq!((warm.cache.hits, warm.cache.misses), (2, 0));
        assert_eq!(cold.text, warm.text);
        assert_eq!(cold.freshness, warm.freshness);
    }
}

#[test]
fn another_checkout_of_the_same_content_needs_no_parsing() {
    for mode in MODES {
        let (one, two) = (tree(), tree());
        let cache = tempfile::tempdir().unwrap();
        let open = |root: &Path| support::builder(root).stored_in(cache.path()).build().unwrap();
        map(&open(one.path()), mode);
        let shared = map(&open(two.path()), mode);
        assert_eq!((shared.cache.hits, shared.cache.misses), (2, 0));
    }
}

#[test]
fn one_mapper_reads_only_what_changed() {
    for mode in [RefreshMode::Auto, RefreshMode::Stat] {
        let root = tree();
        settle(root.path());
        let mapper = support::builder(root.path()).build().unwrap();
        map(&mapper, mode);
        // A file's change time cannot be set: wait until the fingerprints are beyond doubt.
        std::thread::sleep(Duration::from_millis(2_100));
        map(&mapper, mode);
        fs::write(root.path().join("app.py"), "def main():\n    pass\n").unwrap();
        let after = map(&mapper, mode);
        assert_eq!((after.cache.kept, after.cache.misses), (1, 1));
    }
}

#[test]
fn manual_looks_once_and_when_told() {
    let root = tree();
    let mapper = support::builder(root.path()).build().unwrap();
    map(&mapper, RefreshMode::Manual);
    fs::write(root.path().join("more.py"), "def added():\n    main()\n").unwrap();
    assert!(!map(&mapper, RefreshMode::Manual).text.contains("added"));
    mapper.refresh().unwrap();
    assert!(map(&mapper, RefreshMode::Manual).text.contains("added"));
}

#[test]
fn a_file_that_changed_behind_a_manual_mapper_is_left_out_not_misquoted() {
    let root = tree();
    let mapper = support::builder(root.path()).build().unwrap();
    map(&mapper, RefreshMode::Manual);
    fs::write(root.path().join("core.py"), "# moved\n\n\nclass Engine:\n    pass\n").unwrap();
    let stale = map(&mapper, RefreshMode::Manual);
    assert!(!stale.text.contains("# moved") && !stale.text.contains("core.py:"), "{}", stale.text);
}

#[test]
fn files_mode_looks_again_when_other_files_are_named_or_a_named_one_changed() {
    let root = tree();
    let mapper = support::builder(root.path()).build().unwrap();
    let ask = |chat: &str| {
        mapper.map(&MapRequest::new(512).refresh(RefreshMode::Files).chat_files([chat])).unwrap()
    };
    ask("app.py");
    fs::write(root.path().join("more.py"), "def added():\n    main()\n").unwrap();
    assert!(!ask("app.py").text.contains("added"), "nothing that is named has changed");
    assert!(ask("core.py").text.contains("added"), "another file is named");
    fs::write(root.path().join("more.py"), "def renamed():\n    main()\n").unwrap();
    fs::write(root.path().join("core.py"), "class Engine:\n    pass\n").unwrap();
    assert!(ask("core.py").text.contains("renamed"), "the named file has changed");
}

#[test]
fn always_trusts_no_stat() {
    let root = tree();
    settle(root.path());
    let mapper = support::builder(root.path()).build().unwrap();
    map(&mapper, RefreshMode::Auto);
    let again = map(&mapper, RefreshMode::Always);
    assert_eq!((again.cache.kept, again.cache.hits), (0, 2), "every file was read and hashed again");
}
