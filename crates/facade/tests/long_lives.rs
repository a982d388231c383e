//! The risk: a mapper that lives long holds what no file and no request has any more, until memory ends.
#![expect(clippy::unwrap_used, reason = "tests, whose helpers are no tests")]

use std::fs;
use std::path::Path;

use repo_map_cache::{CacheConfig, MapRequest, RepoMap, RepoMapper};

const FILES: usize = 20;
const FUNCTIONS: usize = 200;

/// Bytes; an eighth of what is configured as the size of a cache is what memory may take in its place.
const STORE: u64 = 1 << 20;
const TIERS: u64 = 1 << 20;
/// What is kept of the sources and records of the last maps, whatever the tree.
const RECENT: u64 = 2 * (16 << 20);

fn mapper(root: &Path) -> RepoMapper {
    let mut cache = CacheConfig::in_memory();
    (cache.max_size_mb, cache.l1_max_mb) = ((8 * STORE) >> 20, TIERS >> 20);
    RepoMapper::builder(root).cache(cache).build().unwrap()
}

/// All names of a file are others in each edition.
fn write(root: &Path, file: usize, edition: usize) {
    let function = |at: usize| {
        let next = (file + 1) % FILES;
        format!("def step_{file}_{edition}_{at}():\n    step_{next}_{edition}_{at}()\n")
    };
    fs::write(root.join(format!("part{file}.py")), (0..FUNCTIONS).map(function).collect::<String>()).unwrap();
}

fn map(mapper: &RepoMapper, task: &str) -> RepoMap {
    mapper.map(&MapRequest::new(500).task(task)).unwrap()
}

#[test]
fn names_and_contents_that_are_gone_take_no_memory_and_change_no_map() {
    let root = tempfile::tempdir().unwrap();
    let lasting = mapper(root.path());
    let (mut first, mut most) = (0, 0);
    for edition in 0..30 {
        (0..FILES).for_each(|file| write(root.path(), file, edition));
        fs::write(root.path().join(format!("gone{edition}.py")), "def gone():\n    pass\n").unwrap();
        map(&lasting, &format!("step {edition}"));
        fs::remove_file(root.path().join(format!("gone{edition}.py"))).unwrap();
        first = if edition == 0 { lasting.memory() } else { first };
        most = most.max(lasting.memory());
    }
    let fresh = mapper(root.path());
    assert_eq!(map(&lasting, "step 7").text, map(&fresh, "step 7").text);
    // The tree is of one size all the time. Half of the names may be gone before anybody looks.
    let ceiling = STORE + TIERS + RECENT + 4 * first;
    assert!(most < ceiling, "{most} of {ceiling}, {first} at first");
    assert!(first > 100_000, "{first}: that is no count of what is held");
}

#[test]
fn requests_that_nobody_repeats_take_no_memory_and_change_no_map() {
    let root = tempfile::tempdir().unwrap();
    (0..FILES).for_each(|file| write(root.path(), file, 0));
    let lasting = mapper(root.path());
    map(&lasting, "step");
    let first = lasting.memory();
    for task in 0..40 {
        map(&lasting, &format!("step {task} of {}", task * 31));
        assert!(
            lasting.memory() < first + STORE + TIERS + RECENT,
            "{task}: {} after {first}",
            lasting.memory()
        );
    }
    assert_eq!(map(&lasting, "step 7").text, map(&mapper(root.path()), "step 7").text);
}

#[test]
fn a_store_that_is_far_too_small_changes_no_map() {
    let root = tempfile::tempdir().unwrap();
    for file in 0..FILES {
        write(root.path(), file, 0);
        // Some three times the store: what the words of candidates are asked for is not there.
        let text: String = (0..20_000).map(|word| format!("word{} ", word * 17 + file)).collect();
        fs::write(root.path().join(format!("notes{file}.md")), text).unwrap();
    }
    let (small, ample) = (
        mapper(root.path()),
        RepoMapper::builder(root.path()).cache(CacheConfig::in_memory()).build().unwrap(),
    );
    for task in ["word17 step", "word340 step_3_0_7", "word51 and word68", "step_1_0_1"] {
        let request = MapRequest::new(2_000).task(task);
        assert_eq!(small.map(&request).unwrap().text, ample.map(&request).unwrap().text, "{task}");
    }
}
