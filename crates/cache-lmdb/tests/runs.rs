//! The risk: a tree that does not quite fit finds little of itself in the next run, or pushes out what is worth more.

use std::sync::Arc;
use std::time::Duration;

use repo_map_cache_core::{Fingerprint, Key, Keyspace, Lookup, Store, StoreOptions};
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions};

const TAGS: Keyspace = Keyspace::new("tags");
const WORDS: Keyspace = Keyspace::new("words");
const FILES: Keyspace = Keyspace::new("files");
const SPACES: [Keyspace; 3] = [TAGS, WORDS, FILES];
const VERSION: Fingerprint = Fingerprint::new(1);
const LIMIT: u64 = 16 << 20;
const LENGTH: usize = 1500;

/// A tree's key or an entry's, spread over the whole table.
fn key(name: &str, number: u64) -> Key {
    let mut bytes = [0; 32];
    let mut state = number.wrapping_add(name.bytes().map(u64::from).sum::<u64>() << 32);
    for chunk in bytes.chunks_exact_mut(8) {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        chunk.copy_from_slice(&(bits ^ (bits >> 31)).to_le_bytes());
    }
    Key::new(bytes)
}

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder can be made"))
    }

    /// A process that works on a tree.
    fn run(&self, tree: &str, limit: u64) -> Store {
        let mut options = LmdbOptions::new(&SPACES);
        options.max_size = limit;
        options.last_to_go = vec![FILES];
        let backend = LmdbBackend::open(&self.0, &options).expect("the directory is fit");
        // Full batches: how full the pages are must not depend on how busy the machine is.
        let mut options = StoreOptions::default();
        options.linger = Duration::from_secs(10);
        let store = Store::new(Arc::new(backend), &SPACES, options).expect("a store can be opened");
        store.begin_run(&key(tree, u64::MAX));
        store
    }
}

fn is_there(store: &Store, space: Keyspace, tree: &str, number: u64) -> bool {
    store.get(space, &key(tree, number), VERSION, |lookup| match lookup {
        Lookup::Hit(_) => true,
        Lookup::Miss => false,
        other => panic!("{other:?}"),
    })
}

/// Looks everything up and puts what is missing, as a mapper does; gives the number of hits.
fn use_all(store: &Store, space: Keyspace, tree: &str, numbers: std::ops::Range<u64>) -> u64 {
    let missing: Vec<u64> = numbers.clone().filter(|&number| !is_there(store, space, tree, number)).collect();
    for &number in &missing {
        store.put(space, key(tree, number), VERSION, &[1; LENGTH]);
    }
    store.flush().expect("what was put can be committed");
    numbers.count() as u64 - missing.len() as u64
}

fn held(store: &Store, space: Keyspace) -> u64 {
    store.backend().usage(space).expect("a store tells what it holds").expect("LMDB counts its entries").items
}

/// How many entries of this test have a place in a store of that limit.
fn places(limit: u64) -> u64 {
    let place = Place::new();
    let store = place.run("probe", limit);
    use_all(&store, TAGS, "probe", 0..limit / LENGTH as u64);
    held(&store, TAGS)
}

#[test]
fn a_run_of_a_tree_that_does_not_fit_finds_all_that_has_a_place_each_time() {
    let fitting = places(LIMIT);
    for part in [80, 90, 99] {
        let place = Place::new();
        let all = fitting * 100 / part;
        use_all(&place.run("tree", LIMIT), TAGS, "tree", 0..all);
        let mut before = 0;
        for run in 0..4 {
            let store = place.run("tree", LIMIT);
            let hits = use_all(&store, TAGS, "tree", 0..all);
            assert!(hits * 100 >= all * (part - 2), "{hits} of {all} in run {run} of {part}");
            assert!(hits >= before, "{hits} after {before}");
            assert_eq!(store.statistics(TAGS).dropped, all - held(&store, TAGS));
            assert_eq!(store.backend().usage(TAGS).unwrap().unwrap().evictions, 0);
            before = hits;
        }
    }
}

#[test]
fn a_value_that_has_no_place_is_refused_at_once_and_one_that_replaces_is_not() {
    let place = Place::new();
    let store = place.run("tree", LIMIT);
    use_all(&store, TAGS, "tree", 0..2 * places(LIMIT));
    let commits = store.commit_durations().counts.iter().sum::<u64>();
    assert!(!store.offer(TAGS, key("tree", u64::MAX - 1), VERSION, &[1; LENGTH]));
    store.flush().unwrap();
    assert_eq!(store.commit_durations().counts.iter().sum::<u64>(), commits);
    assert!(!is_there(&store, TAGS, "tree", u64::MAX - 1));
    let kept = (0..u64::MAX).find(|&number| is_there(&store, TAGS, "tree", number)).unwrap();
    assert!(store.offer(TAGS, key("tree", kept), VERSION, &[2; LENGTH]));
    store.flush().unwrap();
    let is_new = |lookup: Lookup<'_>| matches!(lookup, Lookup::Hit(payload) if payload[0] == 2);
    assert!(store.get(TAGS, &key("tree", kept), VERSION, is_new));
}

#[test]
fn what_another_tree_left_makes_way_and_the_tree_used_last_stays_longest() {
    let place = Place::new();
    let third = places(LIMIT) / 3;
    use_all(&place.run("old", LIMIT), TAGS, "old", 0..third);
    use_all(&place.run("new", LIMIT), TAGS, "new", 0..third);
    // A run that finds everything counts as a use.
    assert_eq!(use_all(&place.run("old", LIMIT), TAGS, "old", 0..third), third);
    let store = place.run("third", LIMIT);
    use_all(&store, TAGS, "third", 0..third * 3 / 2);
    assert_eq!(store.statistics(TAGS).dropped, 0);
    assert_eq!(use_all(&store, TAGS, "third", 0..third * 3 / 2), third * 3 / 2);
    drop(store);
    let store = place.run("nobody", LIMIT);
    let left = |tree| (0..third).filter(|&number| is_there(&store, TAGS, tree, number)).count() as u64;
    assert_eq!(left("old"), third);
    assert!(left("new") < third, "something had to go");
}

#[test]
fn two_trees_in_turn_each_find_what_the_other_had_no_need_for() {
    let place = Place::new();
    let two_thirds = places(LIMIT) * 2 / 3;
    for round in 0..6 {
        for tree in ["one", "other"] {
            let hits = use_all(&place.run(tree, LIMIT), TAGS, tree, 0..two_thirds);
            assert!(round == 0 || hits > two_thirds / 4, "{hits} of {two_thirds} in round {round}");
        }
    }
}

#[test]
fn contents_that_are_no_more_go_before_what_this_run_did_not_ask_for() {
    let place = Place::new();
    let half = places(LIMIT) / 2;
    let store = place.run("tree", LIMIT);
    use_all(&store, TAGS, "tree", 0..half);
    use_all(&store, WORDS, "tree", 0..half - 600);
    drop(store);
    // Each run finds some files edited; none asks for words.
    for edit in 1..=10 {
        let store = place.run("tree", LIMIT);
        use_all(&store, TAGS, "tree", edit * 100..half + edit * 100);
        assert_eq!(store.statistics(TAGS).dropped, 0, "edit {edit}");
    }
    let store = place.run("tree", LIMIT);
    assert_eq!(use_all(&store, TAGS, "tree", 1000..half + 1000), half);
    assert_eq!(use_all(&store, WORDS, "tree", 0..half - 600), half - 600);
}

#[test]
fn a_process_that_lives_long_has_room_for_what_replaces_what_it_let_go() {
    let place = Place::new();
    let fitting = places(LIMIT);
    let store = place.run("tree", LIMIT);
    use_all(&store, TAGS, "tree", 0..fitting);
    for number in 0..fitting {
        store.mark(TAGS, &key("tree", number), false);
        store.put(TAGS, key("tree", fitting + number), VERSION, &[1; LENGTH]);
    }
    store.flush().unwrap();
    let kept = (fitting..2 * fitting).filter(|&number| is_there(&store, TAGS, "tree", number)).count() as u64;
    // Pages from which entries went are not full.
    assert!(kept * 10 > fitting * 8, "{kept} of {fitting}");
}

#[test]
fn records_that_go_last_have_a_place_in_a_full_store_and_are_the_last_of_their_tree() {
    let place = Place::new();
    let fitting = places(LIMIT);
    let store = place.run("tree", LIMIT);
    use_all(&store, TAGS, "tree", 0..2 * fitting);
    for number in 0..500 {
        assert!(store.offer(FILES, key("tree", number), VERSION, &[1; 100]));
    }
    store.flush().unwrap();
    drop(store);
    let store = place.run("other", LIMIT);
    use_all(&store, TAGS, "other", 0..fitting * 4 / 5);
    let files = (0..500).filter(|&number| is_there(&store, FILES, "tree", number)).count();
    assert_eq!((files, store.statistics(TAGS).dropped), (500, 0));
}

#[test]
fn a_shortage_names_a_bound_that_does() {
    for part in [50, 90] {
        let all = places(LIMIT) * 100 / part;
        let store = Place::new();
        let store = store.run("tree", LIMIT);
        use_all(&store, TAGS, "tree", 0..all);
        let shortage = store.shortage().expect("not all had a place");
        assert!(shortage.bound == LIMIT && shortage.needed > LIMIT);
        let roomy = Place::new();
        let roomy = roomy.run("tree", shortage.needed);
        use_all(&roomy, TAGS, "tree", 0..all);
        assert_eq!((roomy.statistics(TAGS).dropped, roomy.shortage()), (0, None));
        assert!(shortage.needed < LIMIT * 100 / part * 5 / 4, "{shortage:?}");
    }
}
