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

#[test]
fn a_ceiling_is_kept_between_requests_and_changes_no_map() {
    let root = tempfile::tempdir().unwrap();
    (0..FILES).for_each(|file| write(root.path(), file, 0));
    let (free, cache) = (mapper(root.path()), tempfile::tempdir().unwrap());
    let bound = |bytes| {
        let builder = RepoMapper::builder(root.path()).cache(CacheConfig::at(cache.path()).l1_max_items(0));
        builder.max_memory(bytes).build().unwrap()
    };
    let (nothing, some) = (bound(0), bound(64 << 10));
    let unbound = bound(u64::MAX);
    for task in ["step 3", "step_4_0_7", "", "step 3"] {
        let expected = map(&free, task).text;
        for bounded in [&nothing, &some, &unbound] {
            // A map that was kept is given without the tree.
            bounded.refresh().unwrap();
            assert_eq!(map(bounded, task).text, expected, "{task}");
        }
        // What the cache takes by itself is the same for all.
        let of_tree = |mapper: &RepoMapper| mapper.memory() - nothing.memory();
        assert!(of_tree(&some) <= 64 << 10, "{}", of_tree(&some));
        assert!(of_tree(&unbound) > 64 << 10, "the tree is larger than the ceiling");
    }
}

/// Edits, tasks and switches of branches, as many as a mapper sees in weeks: `cargo test -p repo-map-cache --test long_lives -- --ignored`
/// takes some minutes.
#[test]
#[ignore = "takes some minutes"]
fn weeks_of_use_take_no_more_than_a_fresh_mapper() {
    const TREE: usize = 2_000;
    const EDITS: usize = 10_000;
    let root = tempfile::tempdir().unwrap();
    let write = |file: usize, edition: usize| {
        let (folder, next) = (root.path().join(format!("part{}", file % 40)), (file * 7 + 1) % TREE);
        fs::create_dir_all(&folder).unwrap();
        let function = |at: usize| {
            format!("def step_{file}_{edition}_{at}(engine):\n    return step_{next}_0_{at}(engine)\n\n")
        };
        fs::write(folder.join(format!("file{file}.py")), (0..8).map(function).collect::<String>()).unwrap();
    };
    (0..TREE).for_each(|file| write(file, 0));
    let lasting = mapper(root.path());
    map(&lasting, "step");
    for edit in 0..EDITS {
        write(edit * 13 % TREE, edit + 1);
        if edit % 100 == 0 {
            // Another branch: a tenth of the tree is another one, and back.
            (0..TREE / 10).for_each(|file| write(file * 10, edit + 2));
            lasting.refresh().unwrap();
            (0..TREE / 10).for_each(|file| write(file * 10, 0));
        }
        match edit % 10 {
            0..3 => drop(map(&lasting, &format!("step {edit} of the engine {}", edit * 31))),
            _ => drop(lasting.refresh().unwrap()),
        }
    }
    let fresh = mapper(root.path());
    for task in ["step 7 of the engine", "step 9 of the engine 31"] {
        assert_eq!(map(&lasting, task).text, map(&fresh, task).text);
    }
    let (lasting, fresh) = (lasting.memory(), fresh.memory());
    println!("{lasting} bytes after weeks, {fresh} afresh: {:.2}", lasting as f64 / fresh as f64);
    assert!(lasting * 10 <= fresh * 13, "{lasting} of {fresh}");
}
