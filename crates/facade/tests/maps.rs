//! The risk: a map that changes when nothing has changed, or that nobody would paste into a prompt.

mod support;

use std::path::Path;

use repo_map_cache::{MapRequest, Preset, RepoMapperBuilder, Style};
use support::Stored as _;
use tempfile::TempDir;

/// One realistic file of each of nine languages.
const FILES: [&str; 9] = [
    "c.c",
    "cpp.cpp",
    "go.go",
    "java.java",
    "javascript.js",
    "python.py",
    "rust.rs",
    "tsx.tsx",
    "typescript.ts",
];

/// A tree of their own: a fixture of another language must not change the maps.
fn languages() -> TempDir {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/languages");
    let root = tempfile::tempdir().expect("a temporary folder");
    for name in FILES {
        std::fs::copy(fixtures.join(name), root.path().join(name)).expect("the fixture is there");
    }
    root
}

fn mapper(root: &TempDir) -> RepoMapperBuilder {
    support::builder(root.path()).subtree_only(true)
}

#[test]
fn outline_of_nine_languages() {
    let map = mapper(&languages()).build().unwrap().map(&MapRequest::new(1200)).unwrap();
    insta::assert_snapshot!(map.text);
}

#[test]
fn tree_of_nine_languages() {
    let map = mapper(&languages()).build().unwrap().map(&MapRequest::new(1200).style(Style::Tree)).unwrap();
    insta::assert_snapshot!(map.text);
}

/// What the words of a task make of the same tree.
#[test]
fn task_on_nine_languages() {
    let task = "Queue::push must return Full when the queue of jobs is over its limit (rust.rs)";
    let map = mapper(&languages()).build().unwrap().map(&MapRequest::new(300).task(task)).unwrap();
    insta::assert_snapshot!(map.text);
}

/// A stack trace as the task, and a file in the chat.
#[test]
fn trace_and_chat_file_on_nine_languages() {
    let trace =
        "QueueFull: no room\n  at submit (javascript.js:20:5)\n  File \"/srv/python.py\", line 63, in put\n";
    let request = MapRequest::new(300).task(trace).chat_files(["typescript.ts"]);
    let map = mapper(&languages()).build().unwrap().map(&request).unwrap();
    insta::assert_snapshot!(map.text);
}

#[test]
fn threads_cache_and_repetition_change_no_byte() {
    let root = languages();
    let cache = tempfile::tempdir().unwrap();
    for style in [Style::Outline, Style::Tree] {
        for preset in [Preset::Default, Preset::Aider] {
            let request =
                MapRequest::new(2000).style(style).mentioned_idents(["main", "new"]).full_ranking(true);
            let answer = |builder: RepoMapperBuilder| {
                let map = builder.preset(preset).build().unwrap().map(&request).unwrap();
                (map.text, map.files, map.ranking, map.freshness)
            };
            let expected = answer(mapper(&root).threads(1));
            for threads in [1, 2, 8] {
                assert_eq!(answer(mapper(&root).threads(threads)), expected, "{threads} threads");
                let stored = mapper(&root).threads(threads).stored_in(cache.path());
                assert_eq!(answer(stored), expected, "{threads} threads, stored tags");
            }
        }
    }
}

#[test]
fn a_mapper_that_followed_changes_equals_one_that_starts_anew() {
    let root = languages();
    let write = |name: &str, text: &str| std::fs::write(root.path().join(name), text).unwrap();
    let request = MapRequest::new(1500).full_ranking(true);
    let following = support::builder(root.path()).build().unwrap();
    following.map(&request).unwrap();
    let edits: [&dyn Fn(); 5] = [
        &|| write("new.py", "class Added:\n    def run(self):\n        return Added()\n"),
        &|| write("python.py", "def only_this():\n    return Added().run()\n"),
        &|| std::fs::remove_file(root.path().join("go.go")).unwrap(),
        &|| std::fs::rename(root.path().join("c.c"), root.path().join("moved.c")).unwrap(),
        &|| write("new.py", ""),
    ];
    for edit in edits {
        edit();
        let followed = following.map(&request).unwrap();
        let anew = support::builder(root.path()).build().unwrap().map(&request).unwrap();
        assert_eq!(followed.text, anew.text);
        assert_eq!(followed.ranking, anew.ranking);
        assert_eq!(followed.freshness, anew.freshness);
    }
}
