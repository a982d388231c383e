//! The risk: an index that one process leaves to the next says something of a tree that it is not of.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

mod support;

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use repo_map_cache::{MapRequest, RepoMap, RepoMapper};
use repo_map_cache_core::{Key, Keyspace, StorageBackend};
use repo_map_tags::Language;
use support::Stored as _;

/// Enough that the index is kept.
const FILES: usize = 520;

fn text(at: usize, edition: usize) -> String {
    let (other, third) = ((at * 7 + edition) % FILES, (at * 31 + 3) % FILES);
    format!(
        "from m{other} import f{other}\n\n\nclass C{at}:\n    def run_{edition}(self):\n        return f{other}() + f{third}()\n\n\n\
         def f{at}():\n    \"\"\"Starts engine {edition} of C{third}.\"\"\"\n    return C{at}().run_{edition}()\n"
    )
}

fn name(at: usize) -> String {
    format!("p{}/m{at}.py", at % 13)
}

/// What is asked of a tree in a round: maps that were kept in an earlier one are none of these.
fn requests(round: usize) -> [MapRequest; 4] {
    let budget = 700 + round;
    [
        MapRequest::new(budget),
        MapRequest::new(budget).task("start the engine of C7 and run it"),
        MapRequest::new(budget).chat_files([name(4), name(17)]),
        MapRequest::new(budget).mentioned_idents(["f3"]),
    ]
}

/// The maps of a process that finds the store as it is are those of one that has none; what the first of them took from the store, and
/// what it read.
fn compare(plain: &RepoMapper, mapper: &RepoMapper, requests: &[MapRequest]) -> (usize, usize) {
    let maps: Vec<RepoMap> = requests.iter().map(|request| mapper.map(request).unwrap()).collect();
    let first = maps[0].cache;
    for (request, found) in requests.iter().zip(maps) {
        let expected = plain.map(request).unwrap();
        assert!(!found.cache.map_hit);
        assert_eq!(found.text, expected.text);
        assert_eq!((found.files, found.omitted), (expected.files, expected.omitted));
        assert_eq!((found.reading, found.freshness), (expected.reading, expected.freshness));
    }
    (first.hits, first.misses)
}

/// Two processes, one after the other: the first leaves what the second begins with.
fn check(root: &Path, cache: &Path, round: &mut usize, misses: usize) {
    let plain = support::builder(root).build().unwrap();
    for misses in [misses, 0] {
        *round += 1;
        let mapper = support::builder(root).stored_in(cache).build().unwrap();
        let (hits, missed) = compare(&plain, &mapper, &requests(*round));
        assert_eq!(missed, misses, "of {hits} in round {round}");
    }
}

fn write(root: &Path, at: usize, edition: usize) {
    let path = root.join(name(at));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text(at, edition)).unwrap();
}

#[test]
fn whatever_becomes_of_the_tree_the_next_process_maps_it_as_if_it_had_never_been_seen() {
    let (root, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (root, cache) = (root.path(), cache.path());
    let (write, round) = (|at: usize, edition: usize| write(root, at, edition), &mut 0);
    (0..FILES).for_each(|at| write(at, 0));
    fs::write(root.join("README.md"), "# Engines\n\nThey start.\n").unwrap();
    fs::write(root.join("long.py"), format!("x = {}\n", "1 + ".repeat(30_000))).unwrap();
    // The kernel's time of a file proves something when it is so long ago.
    std::thread::sleep(Duration::from_millis(2_100));
    // Prose is read where the build has its language.
    let prose = usize::from(Language::by_id("markdown").is_some());
    check(root, cache, round, FILES + 1 + prose);
    check(root, cache, round, 0);
    // A line that no tag is of: the graph stays.
    fs::write(root.join(name(6)), text(6, 0) + "# Others start.\n").unwrap();
    check(root, cache, round, 1);
    write(5, 1);
    check(root, cache, round, 1);
    fs::rename(root.join(name(9)), root.join("p1/renamed.py")).unwrap();
    fs::remove_file(root.join(name(11))).unwrap();
    check(root, cache, round, 0);
    write(5, 0);
    write(11, 0);
    check(root, cache, round, 0);
    // So many that the index is kept anew, with what it had.
    (20..60).for_each(|at| write(at, 2));
    check(root, cache, round, 40);
    check(root, cache, round, 0);
    fs::write(root.join("README.md"), "# Engines\n\nThey stop.\n").unwrap();
    (0..FILES)
        .filter(|at| at % 3 == 0 && *at != 9)
        .for_each(|at| fs::remove_file(root.join(name(at))).unwrap());
    check(root, cache, round, prose);
    check(root, cache, round, 0);
}

#[test]
fn an_index_whose_parts_are_damaged_or_gone_gives_the_maps_that_it_gave() {
    let (root, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let root = root.path();
    (0..FILES).for_each(|at| write(root, at, 0));
    std::thread::sleep(Duration::from_millis(2_100));
    let backend = support::durable(cache.path());
    let plain = support::builder(root).build().unwrap();
    let compare = |round: usize| {
        let mapper = RepoMapper::builder(root).backend(backend.clone()).build().unwrap();
        // The parts of an overview, of words and of a walk are asked for in any order.
        let mut requests = requests(round);
        requests.rotate_left(round % 4);
        compare(&plain, &mapper, &requests)
    };
    compare(0);
    let whole = records(&*backend);
    assert!(whole.len() > 500, "{}", whole.len());
    type Change = fn(&mut Vec<u8>) -> bool;
    let damage: Change = |bytes| {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0xff;
        true
    };
    for (round, (step, change)) in
        [(2, damage), (2, |_| false), (1, damage), (1, |_| false)].into_iter().enumerate()
    {
        for first in 0..step {
            let mut write = backend.write().unwrap();
            for (at, (key, bytes)) in whole.iter().enumerate() {
                let mut bytes = bytes.clone();
                match at % step != first || change(&mut bytes) {
                    true => write.put(INDEXES, key, &bytes).unwrap(),
                    false => drop(write.delete(INDEXES, key).unwrap()),
                }
            }
            write.commit().unwrap();
            assert_eq!(compare(1 + round * 2 + first).1, 0, "tags are there");
        }
    }
    // What was gone is kept again.
    assert_eq!(records(&*backend).len(), whole.len());
}

const INDEXES: Keyspace = Keyspace::new("indexes");

fn records(backend: &dyn StorageBackend) -> Vec<(Key, Vec<u8>)> {
    let mut records = Vec::new();
    backend
        .read()
        .unwrap()
        .scan(INDEXES, &[], &mut |key, bytes| {
            records.push((*key, bytes.to_vec()));
            ControlFlow::Continue(())
        })
        .unwrap();
    records
}
