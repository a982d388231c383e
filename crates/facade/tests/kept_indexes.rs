//! The risk: an index that one process leaves to the next says something of a tree that it is not of.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

mod support;

use std::fs;
use std::path::Path;
use std::time::Duration;

use repo_map_cache::{MapRequest, RepoMap};
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

fn requests() -> [MapRequest; 3] {
    [
        MapRequest::new(700),
        MapRequest::new(700).task("start the engine of C7 and run it"),
        MapRequest::new(700).chat_files([name(4), name(17)]),
    ]
}

/// The maps of a process that finds the store as it is, and what the first of them took from it.
fn stored(root: &Path, cache: &Path) -> (Vec<RepoMap>, usize, usize) {
    let mapper = support::builder(root).stored_in(cache).build().unwrap();
    let maps: Vec<RepoMap> = requests().iter().map(|request| mapper.map(request).unwrap()).collect();
    let first = maps[0].cache;
    (maps, first.hits, first.misses)
}

fn check(root: &Path, cache: &Path, misses: usize) {
    let plain = support::builder(root).build().unwrap();
    let (maps, hits, missed) = stored(root, cache);
    for (request, found) in requests().iter().zip(maps) {
        let expected = plain.map(request).unwrap();
        assert_eq!(found.text, expected.text);
        assert_eq!((found.files, found.omitted), (expected.files, expected.omitted));
        assert_eq!((found.reading, found.freshness), (expected.reading, expected.freshness));
    }
    assert_eq!(missed, misses, "of {hits}");
}

#[test]
fn whatever_becomes_of_the_tree_the_next_process_maps_it_as_if_it_had_never_been_seen() {
    let (root, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (root, cache) = (root.path(), cache.path());
    let write = |at: usize, edition: usize| {
        let path = root.join(name(at));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text(at, edition)).unwrap();
    };
    (0..FILES).for_each(|at| write(at, 0));
    fs::write(root.join("README.md"), "# Engines\n\nThey start.\n").unwrap();
    fs::write(root.join("long.py"), format!("x = {}\n", "1 + ".repeat(30_000))).unwrap();
    // The kernel's time of a file proves something when it is so long ago.
    std::thread::sleep(Duration::from_millis(2_100));
    check(root, cache, FILES + 2);
    check(root, cache, 0);
    write(5, 1);
    check(root, cache, 1);
    fs::rename(root.join(name(9)), root.join("p1/renamed.py")).unwrap();
    fs::remove_file(root.join(name(11))).unwrap();
    check(root, cache, 0);
    write(5, 0);
    write(11, 0);
    check(root, cache, 0);
    // So many that the index is kept anew, with what it had.
    (20..60).for_each(|at| write(at, 2));
    check(root, cache, 40);
    check(root, cache, 0);
    fs::write(root.join("README.md"), "# Engines\n\nThey stop.\n").unwrap();
    (0..FILES)
        .filter(|at| at % 3 == 0 && *at != 9)
        .for_each(|at| fs::remove_file(root.join(name(at))).unwrap());
    check(root, cache, 1);
    check(root, cache, 0);
}
