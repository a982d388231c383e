//! The risk: a map that was kept for another tree, request or option; or ranking what was ranked before.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

mod support;

use std::fs;
use std::path::Path;

use repo_map_cache::{MapRequest, Preset, RepoMap, RepoMapperBuilder, Style, Tokenizer, Weights};
use support::Stored as _;

fn tree() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("core.py"), "class Engine:\n    def start(self):\n        return 1\n")
        .unwrap();
    fs::write(root.path().join("gears.py"), "def shift_gear_upwards():\n    return 2\n").unwrap();
    fs::write(
        root.path().join("app.py"),
        "from core import Engine\nfrom gears import shift_gear_upwards\n\ndef main():\n    Engine().start()\n    shift_gear_upwards()\n",
    )
    .unwrap();
    root
}

fn builder(root: &Path, cache: &Path) -> RepoMapperBuilder {
    support::builder(root).stored_in(cache)
}

fn same(one: &RepoMap, two: &RepoMap) {
    assert_eq!(one.text, two.text);
    assert_eq!((&one.files, one.tokens_used, one.omitted), (&two.files, two.tokens_used, two.omitted));
    assert_eq!((&one.freshness, &one.notices), (&two.freshness, &two.notices));
}

#[test]
fn a_repeated_request_is_answered_without_ranking_in_any_process_and_byte_for_byte() {
    let (root, cache) = (tree(), tempfile::tempdir().unwrap());
    let request = MapRequest::new(300).chat_files(["app.py", "nowhere.py"]).mentioned_idents(["b", "a"]);
    let mapper = builder(root.path(), cache.path()).build().unwrap();
    let first = mapper.map(&request).unwrap();
    let again = mapper.map(&request).unwrap();
    assert_eq!((first.cache.map_hit, again.cache.map_hit), (false, true));
    same(&first, &again);
    drop(mapper);
    let mapper = builder(root.path(), cache.path()).threads(1).build().unwrap();
    let request =
        MapRequest::new(300).chat_files(["nowhere.py", "./app.py"]).mentioned_idents(["a", "b", "a"]);
    let later = mapper.map(&request).unwrap();
    assert!(later.cache.map_hit && later.timings.rank.is_zero());
    same(&first, &later);
}

/// The risk: what is found before the tags are read lacks what only they tell, or answers for a tree that it is not of.
#[test]
fn a_kept_map_that_is_found_before_the_tags_are_read_tells_all_that_the_first_told() {
    let (root, cache) = (tree(), tempfile::tempdir().unwrap());
    let long = format!("x = {}\n", "1 + ".repeat(300_000));
    fs::write(root.path().join("long.py"), long).unwrap();
    fs::write(root.path().join("odd.py"), "def (:\n  ((((\n".repeat(40)).unwrap();
    fs::write(root.path().join("notes.txt"), "the engine starts\n").unwrap();
    // The kernel's time of a file proves something when it is so long ago.
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    let requests = [
        MapRequest::new(300),
        MapRequest::new(300).task("start the engine"),
        MapRequest::new(300).chat_files(["app.py"]),
    ];
    for request in requests {
        let first = builder(root.path(), cache.path()).build().unwrap();
        let (first, skipped) = (first.map(&request).unwrap(), first.skipped());
        assert!(!first.cache.map_hit && first.reading.all.files >= 4 && !skipped.is_empty());
        let mapper = builder(root.path(), cache.path()).build().unwrap();
        let again = mapper.map(&request).unwrap();
        assert!(again.cache.map_hit && again.cache.misses == 0 && again.timings.graph.is_zero());
        same(&first, &again);
        assert_eq!(first.reading, again.reading);
        let before = mapper.memory();
        assert_eq!(mapper.skipped(), skipped, "the tree is looked at now");
        assert!(mapper.memory() > before, "until then no tags were held");
        let third = mapper.map(&request).unwrap();
        assert!(third.cache.map_hit);
        assert_eq!(
            (&third.text, &third.freshness, &third.reading),
            (&first.text, &first.freshness, &first.reading)
        );
    }
    // Another text, a file less: nothing is given ahead.
    let request = MapRequest::new(300).task("start the engine");
    fs::write(root.path().join("notes.txt"), "the engine stops\n").unwrap();
    assert!(!builder(root.path(), cache.path()).build().unwrap().map(&request).unwrap().cache.map_hit);
    fs::remove_file(root.path().join("gears.py")).unwrap();
    let map = builder(root.path(), cache.path()).build().unwrap().map(&request).unwrap();
    assert!(!map.cache.map_hit && !map.text.contains("shift_gear"), "{}", map.text);
}

#[test]
fn whatever_changes_a_map_changes_its_key() {
    let (root, cache) = (tree(), tempfile::tempdir().unwrap());
    let request = MapRequest::new(300);
    let hit = |builder: RepoMapperBuilder, request: &MapRequest| {
        builder.build().unwrap().map(request).unwrap().cache.map_hit
    };
    let plain = || builder(root.path(), cache.path());
    assert!(!hit(plain(), &request));
    assert!(hit(plain(), &request));
    for other in [
        MapRequest::new(299),
        request.clone().chat_files(["app.py"]),
        request.clone().mentioned_files(["app.py"]),
        request.clone().mentioned_idents(["app.py"]),
        request.clone().style(Style::Tree),
    ] {
        assert!(!hit(plain(), &other), "{other:?}");
        assert!(hit(plain(), &other), "{other:?}");
    }
    let aider = || plain().preset(Preset::Aider);
    let bytes = || plain().tokenizer(Tokenizer::bytes4());
    assert!(!hit(aider(), &request) && hit(aider(), &request));
    assert!(!hit(bytes(), &request) && hit(bytes(), &request));
    for (section, signal) in [("packing", "files"), ("overview definitions", "type"), ("task files", "size")]
    {
        let mut weights = Weights::default();
        weights.set(section, signal, 0.25).unwrap();
        let weighed = || plain().weights(weights.clone());
        assert!(!hit(weighed(), &request) && hit(weighed(), &request), "{section} {signal}");
    }
    assert!(!hit(plain().files(["core.py"]), &request), "another set of files");
}

#[test]
fn a_changed_tree_is_never_answered_with_the_old_map() {
    let (root, cache) = (tree(), tempfile::tempdir().unwrap());
    let mapper = builder(root.path(), cache.path()).build().unwrap();
    let request = MapRequest::new(300);
    let mut texts = Vec::new();
    for name in ["Engine", "Enigma", "Engine"] {
        fs::write(
            root.path().join("core.py"),
            format!("class {name}:\n    def start(self):\n        return 1\n"),
        )
        .unwrap();
        let map = mapper.map(&request).unwrap();
        assert!(map.text.contains(name), "{}", map.text);
        texts.push((map.text, map.cache.map_hit));
    }
    assert_eq!(texts[0].0, texts[2].0);
    assert!(texts[2].1, "changed back: the first map is the right one");
}

#[test]
fn what_a_callers_tokenizer_counts_is_not_believed_twice() {
    let (root, cache) = (tree(), tempfile::tempdir().unwrap());
    let map = |per_line: usize| {
        let tokenizer = Tokenizer::callback("lines", move |text| text.lines().count() * per_line);
        builder(root.path(), cache.path())
            .tokenizer(tokenizer)
            .build()
            .unwrap()
            .map(&MapRequest::new(8))
            .unwrap()
    };
    assert_ne!(map(1).text, map(2).text);
}

#[test]
fn the_size_of_a_file_that_is_not_read_is_part_of_the_tree() {
    let (root, cache) = (tree(), tempfile::tempdir().unwrap());
    fs::write(root.path().join("data.bin"), "1").unwrap();
    let mapper = builder(root.path(), cache.path()).build().unwrap();
    let request = MapRequest::new(300).task("start the engine");
    let before = mapper.map(&request).unwrap();
    fs::write(root.path().join("data.bin"), "1".repeat(100_000)).unwrap();
    let after = mapper.map(&request).unwrap();
    assert!(!after.cache.map_hit && after.files != before.files);
    let fresh = support::builder(root.path()).build().unwrap();
    same(&after, &fresh.map(&request).unwrap());
}
