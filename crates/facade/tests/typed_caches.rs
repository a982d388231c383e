//! The risk: a value of a file as it was, a value that is lost, or one cache that does not see what another did.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use std::convert::Infallible;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::time::{Duration, SystemTime};

#[cfg(unix)]
use repo_map_cache::TreeCache;
use repo_map_cache::{
    CacheConfig, CacheManager, ErrorKind, MapCache, MapCacheKey, MapRequest, Pressure, RepoMapper, Tag,
    TagCache, TagKind,
};

fn def(name: &str, line: i64) -> Tag {
    Tag::new(name, TagKind::Definition, line)
}

fn tags(directory: &Path) -> TagCache {
    TagCache::open(&CacheConfig::at(directory)).unwrap()
}

#[test]
fn a_path_that_is_no_file_is_a_plain_key_and_no_tags_are_a_value() {
    let directory = tempfile::tempdir().unwrap();
    let cache = tags(directory.path());
    cache.set("test.py", &[def("func1", 10)]);
    cache.set("empty.py", &[]);
    assert_eq!(cache.get("./test.py").as_deref(), Some(&[def("func1", 10)][..]));
    assert_eq!(cache.get("empty.py").as_deref(), Some(&[][..]));
    cache.invalidate("test.py");
    assert_eq!(cache.get("test.py"), None);
    let statistics = cache.statistics();
    assert_eq!((statistics.hits, statistics.misses, statistics.requests), (2, 1, 3));
    assert!((statistics.hit_rate - 2.0 / 3.0).abs() < 1e-9);
}

#[test]
fn an_edited_file_is_a_miss_and_a_touched_one_is_not() {
    let directory = tempfile::tempdir().unwrap();
    let source = directory.path().join("a.py");
    let cache = tags(&directory.path().join("cache"));
    fs::write(&source, "def one(): pass\n").unwrap();
    let modified = fs::metadata(&source).unwrap().modified().unwrap();
    cache.set(&source, &[def("one", 0)]);
    let touch = |time| fs::File::options().write(true).open(&source).unwrap().set_modified(time).unwrap();

    touch(SystemTime::now() + Duration::from_secs(10));
    assert_eq!(cache.get(&source).as_deref(), Some(&[def("one", 0)][..]), "touched, not changed");
    fs::write(&source, "def two(): pass\n").unwrap();
    touch(modified);
    assert_eq!(cache.get(&source), None, "of the same length and time");
    assert_eq!(cache.statistics().stale, 1, "stale is not missing");
    fs::write(&source, "def one(): pass\n").unwrap();
    assert!(cache.get(&source).is_some(), "changed back");
    fs::remove_file(&source).unwrap();
    assert_eq!(cache.get(&source), None, "no file any more");
}

#[test]
fn values_survive_a_reopen() {
    let directory = tempfile::tempdir().unwrap();
    let all = [def("naïve_名前", 7), Tag::new("g", TagKind::Reference, -1)];
    let cache = tags(directory.path());
    cache.set("test.py", &all);
    cache.close().unwrap();
    assert_eq!(tags(directory.path()).get("test.py").as_deref(), Some(&all[..]));
}

#[cfg(unix)]
#[test]
fn handles_of_one_directory_see_each_other() {
    let directory = tempfile::tempdir().unwrap();
    let link = directory.path().join("link");
    let real = directory.path().join("cache");
    fs::create_dir(&real).unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    let (one, two) = (tags(&real), tags(&link));
    one.set("a.py", &[def("f", 1)]);
    assert!(two.get("a.py").is_some());
    two.invalidate("a.py");
    assert_eq!(one.get("a.py"), None, "not even from its memory");
    let config = CacheConfig::at(&real);
    let (maps, trees) = (MapCache::open(&config).unwrap(), TreeCache::open(&config).unwrap());
    let key = MapCacheKey::new([""; 0], ["a.py"], 1024);
    maps.set(&key, "a.py:\n│def f():\n");
    trees.set("a.py", [1], "│def f():\n");
    let manager = CacheManager::open(&config).unwrap();
    assert_eq!(manager.maps().get(&key).as_deref(), Some("a.py:\n│def f():\n"));
    assert_eq!(manager.trees().get("a.py", [1]).as_deref(), Some("│def f():\n"));
}

#[test]
fn keys_of_maps_do_not_depend_on_order_and_depend_on_everything_else() {
    let key = |chat: &[&str], idents: &[&str], tokens| {
        let mut key = MapCacheKey::new(chat.iter().copied(), ["o"], tokens);
        key.mentioned_idents = idents.iter().map(ToString::to_string).collect();
        key
    };
    assert_eq!(key(&["a", "b"], &["x", "y"], 1), key(&["b", "a"], &["y", "x"], 1));
    let cache = MapCache::open(&CacheConfig::in_memory()).unwrap();
    cache.set(&key(&["a", "b"], &["x"], 1), "map");
    for other in [key(&["a"], &["x"], 1), key(&["a", "b"], &[], 1), key(&["a", "b"], &["x"], 2)] {
        assert_eq!(cache.get(&other), None);
    }
    let mut moved = key(&["a", "b"], &[], 1);
    moved.mentioned_fnames = ["x".to_owned()].into();
    assert_eq!(cache.get(&moved), None, "a name is not a file");
    let (here, there) = (key(&["a", "b"], &["x"], 1), key(&["a", "b"], &["x"], 1).root("/elsewhere"));
    assert_ne!(here, there);
    assert_eq!(cache.get(&there), None, "a map of another project");
    cache.set(&there, "other map");
    assert_eq!(cache.get(&here).as_deref(), Some("map"));
}

#[test]
fn many_maps_are_looked_up_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let config = CacheConfig::at(directory.path());
    let keys: Vec<_> =
        (0..50).map(|number| MapCacheKey::new([format!("chat{number}.py")], ["o.py"], 1024)).collect();
    let cache = MapCache::open(&config).unwrap();
    for (number, key) in keys[..30].iter().enumerate() {
        cache.set(key, format!("map {number}"));
    }
    let found = |cache: &MapCache| {
        let texts = cache.get_many(&keys).into_iter();
        texts.map(|text| text.map(|text| text.to_string())).collect::<Vec<_>>()
    };
    let expected: Vec<_> = (0..50).map(|number| (number < 30).then(|| format!("map {number}"))).collect();
    assert_eq!(found(&cache), expected);
    cache.close().unwrap();
    let again = MapCache::open(&config).unwrap();
    assert_eq!(found(&again), expected);
    let statistics = again.statistics();
    assert_eq!((statistics.requests, statistics.hits, statistics.misses), (50, 30, 20));
}

#[test]
fn a_changed_file_takes_its_maps_and_trees_along() {
    let directory = tempfile::tempdir().unwrap();
    let manager = CacheManager::open(&CacheConfig::at(directory.path())).unwrap();
    let chat = MapCacheKey::new(["a.py"], ["b.py"], 1024);
    let other = MapCacheKey::new(["c.py"], ["a.py", "b.py"], 1024);
    let free = MapCacheKey::new(["c.py"], ["b.py"], 1024);
    for key in [&chat, &other, &free] {
        manager.maps().set(key, "map");
    }
    manager.tags().set("a.py", &[def("f", 1)]);
    manager.trees().set("a.py", [1, 2], "one");
    manager.trees().set("a.py", [3], "two");
    manager.trees().set("b.py", [1], "three");
    manager.file_changed("./a.py");
    assert_eq!(manager.tags().get("a.py"), None);
    assert_eq!((manager.maps().get(&chat), manager.maps().get(&other)), (None, None));
    assert!(manager.maps().get(&free).is_some());
    assert_eq!((manager.trees().get("a.py", [2, 1]), manager.trees().get("a.py", [3])), (None, None));
    assert_eq!(manager.trees().get("b.py", [1]).as_deref(), Some("three"));
}

#[test]
fn memory_can_shrink_and_every_value_stays_readable() {
    let directory = tempfile::tempdir().unwrap();
    let cache = tags(directory.path());
    let name = |number: i64| format!("file{number}.py");
    (0..1000).for_each(|number| cache.set(name(number), &[def("f", number)]));
    let in_memory = || cache.statistics().tiers[0].items;
    assert_eq!(in_memory(), 1000);
    cache.resize(250);
    assert!(in_memory() <= 250, "{}", in_memory());
    cache.evict_to(100);
    assert!(in_memory() <= 100, "{}", in_memory());
    assert!((0..1000).all(|number| cache.get(name(number)).as_deref() == Some(&[def("f", number)][..])));
}

#[test]
fn tags_are_computed_once_for_many_threads_and_errors_are_not_kept() {
    let cache = TagCache::open(&CacheConfig::in_memory()).unwrap();
    assert_eq!(cache.get_or_compute("a.py", || Err::<Vec<Tag>, _>("no")), Err("no"));
    let (calls, gate) = (AtomicUsize::new(0), Barrier::new(8));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                gate.wait();
                let tags = cache.get_or_compute("a.py", || {
                    calls.fetch_add(1, Ordering::SeqCst);
                    std::thread::sleep(Duration::from_millis(50));
                    Ok::<_, Infallible>(vec![def("f", 1)])
                });
                assert_eq!(tags.as_deref(), Ok(&[def("f", 1)][..]));
            });
        }
    });
    assert_eq!(calls.into_inner(), 1);
}

#[test]
fn warming_tags_files_in_the_background_and_can_be_cancelled() {
    let directory = tempfile::tempdir().unwrap();
    let files: Vec<_> = (0..40)
        .map(|number| {
            let path = directory.path().join(format!("m{number}.py"));
            fs::write(&path, format!("def func{number}():\n    return helper{number}()\n")).unwrap();
            path
        })
        .collect();
    let manager = CacheManager::open(&CacheConfig::at(directory.path().join("cache"))).unwrap();
    let missing = directory.path().join("missing.py");
    let warming = manager.warm(files.iter().chain([&missing]), 4).unwrap();
    assert!(warming.wait(Some(Duration::from_secs(60))));
    assert_eq!(
        (warming.total(), warming.completed(), warming.failed(), warming.is_done()),
        (41, 41, 1, true)
    );
    let tags = manager.tags().get(&files[7]).unwrap();
    assert_eq!(tags.to_vec(), [def("func7", 0), Tag::new("helper7", TagKind::Reference, 1)]);

    let many = manager.warm(std::iter::repeat_n(missing, 1_000_000), 1).unwrap();
    many.cancel();
    assert!(many.wait(None));
    assert!(many.completed() < 1_000_000);
}

#[test]
fn under_pressure_the_memory_tiers_shrink_and_grow_back() {
    let is_high = Arc::new(std::sync::atomic::AtomicBool::new(true));
    let source = is_high.clone();
    let pressure = move || if source.load(Ordering::SeqCst) { Pressure::High } else { Pressure::Normal };
    let mut config = CacheConfig::in_memory();
    (config.l1_max_items, config.memory_pressure) = (1600, false);
    let manager = CacheManager::with_pressure(&config, pressure).unwrap();
    let fill = || (0..1600).for_each(|number| manager.tags().set(format!("{number}"), &[def("f", number)]));
    let in_memory = || manager.statistics().tags.tiers[0].items;
    fill();
    assert_eq!(in_memory(), 1600);
    let shares: Vec<f64> = (0..6).map(|_| manager.adapt()).collect();
    assert_eq!(shares, [0.5, 0.25, 0.125, 0.0625, 0.0625, 0.0625]);
    assert!(in_memory() <= 100, "{}", in_memory());
    assert!((0..1600).all(|number| manager.tags().get(format!("{number}")).is_some()));
    is_high.store(false, Ordering::SeqCst);
    assert!((manager.adapt() - 0.125).abs() < 1e-9);
    (0..3).for_each(|_| assert!(manager.adapt() > 0.2));
    fill();
    assert_eq!(in_memory(), 1600);
}

#[test]
fn statistics_are_told_for_each_cache_and_tier() {
    let directory = tempfile::tempdir().unwrap();
    let config = CacheConfig::at(directory.path());
    let manager = CacheManager::open(&config).unwrap();
    manager.tags().set("a.py", &[def("f", 1)]);
    manager.tags().get("a.py");
    manager.tags().get("b.py");
    manager.maps().get(&MapCacheKey::new([""; 0], ["a.py"], 1024));
    manager.flush().unwrap();
    let statistics = manager.statistics();
    assert!((statistics.tags.hit_rate - 0.5).abs() < 1e-9);
    assert_eq!((statistics.total_requests, statistics.maps.misses), (3, 1));
    let tiers: Vec<_> =
        statistics.tags.tiers.iter().map(|tier| (tier.tier, tier.hits, tier.misses, tier.items)).collect();
    assert_eq!(tiers, [("l1", 1, 1, 1), ("l2", 0, 1, 1)]);
    assert!(statistics.size_on_disk > 0 && statistics.tags.tiers[1].bytes > 0);
}

#[test]
fn bounds_that_are_not_in_force_are_told() {
    let directory = tempfile::tempdir().unwrap();
    let config = CacheConfig::at(directory.path());
    let cache = TagCache::open(&config).unwrap();
    let other = config.clone().l1_max_items(7);
    for error in [MapCache::open(&other).unwrap_err(), CacheManager::open(&other).unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::Misconfigured);
        assert!(error.to_string().contains("l1_max_items = 100000"), "{error}");
    }
    // A cache fails no map.
    let root = tempfile::tempdir().unwrap();
    let map =
        |config| RepoMapper::builder(root.path()).cache(config).build().unwrap().map(&MapRequest::new(9));
    let notices = map(other.clone()).unwrap().notices;
    assert!(notices.iter().any(|notice| notice.contains("other bounds")), "{notices:?}");
    assert!(map(config).unwrap().notices.is_empty());
    drop(cache);
    assert!(MapCache::open(&other).is_ok());
}
