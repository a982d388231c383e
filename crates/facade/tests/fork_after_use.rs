//! The risk: a server that forks its workers waits for ever for threads and locks that a child does not have.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "tests, whose helpers are no tests")]

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use repo_map_cache::StorageBackend;
use repo_map_cache::{
    CacheConfig, CacheManager, MapCache, MapCacheKey, MapRequest, RepoMapper, Tag, TagCache, TagKind,
    TreeCache,
};
use repo_map_cache_core::MemoryBackend;

/// No child takes nearly as long, on however loaded a machine: after that it hangs.
const DEADLINE: Duration = Duration::from_secs(120);

/// One after the other on one thread: a child waits for ever for the lock that a thread of the harness takes where it begins and ends.
#[test]
fn no_fork_is_a_trap() {
    let risks: [(&str, fn()); 6] = [
        ("a child maps with what its parent has used", a_child_maps_with_what_its_parent_has_used),
        (
            "a child has an environment of its own",
            a_child_has_an_environment_of_its_own_in_the_cache_of_its_parent,
        ),
        ("a fork in the middle of a map", a_fork_in_the_middle_of_another_threads_map_is_no_trap),
        ("typed caches serve a child", typed_caches_serve_a_child_from_what_its_parent_has_kept),
        (
            "typed caches of foreign or no storage",
            typed_caches_of_foreign_or_no_storage_keep_a_childs_values_in_its_memory,
        ),
        (
            "a fork while typed caches are in use",
            a_fork_while_typed_caches_and_their_watch_are_in_use_is_no_trap,
        ),
    ];
    for (risk, test) in risks {
        println!("{risk}");
        test();
    }
}

fn tree() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for file in 0..30 {
        let calls: String = (0..10).map(|at| format!("    step_{}_{at}()\n", (file + at) % 30)).collect();
        let defined: String = (0..10).map(|at| format!("def step_{file}_{at}():\n{calls}\n")).collect();
        fs::write(root.path().join(format!("part{file}.py")), defined).unwrap();
        fs::write(
            root.path().join(format!("part{file}.rs")),
            format!("fn run_{file}() {{ stop_{file}() }}\n"),
        )
        .unwrap();
        fs::write(root.path().join(format!("part{file}.js")), format!("function go_{file}() {{ stop() }}\n"))
            .unwrap();
    }
    root
}

fn mapper(root: &Path, cache: CacheConfig) -> RepoMapper {
    RepoMapper::builder(root).threads(2).cache(cache).build().unwrap()
}

fn map(mapper: &RepoMapper, task: &str) -> String {
    mapper.map(&MapRequest::new(700).task(task)).unwrap().text
}

/// Whether `work` came to `true` in a child of this process.
fn in_child(work: impl FnOnce() -> bool) -> bool {
    // SAFETY: the child goes on with this thread alone, takes no lock of the other tests, and ends without running what is registered
    // for the end of the process.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let is_right = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or(false);
        // SAFETY: it ends the child at once.
        unsafe { libc::_exit(if is_right { 0 } else { 1 }) };
    }
    assert!(child > 0);
    let since = Instant::now();
    loop {
        let mut status = 0;
        // SAFETY: the status is a number of this frame, and the child is this process's own.
        let waited = unsafe { libc::waitpid(child, &mut status, libc::WNOHANG) };
        if waited == child {
            return libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0;
        }
        if since.elapsed() > DEADLINE {
            // SAFETY: the child was not waited for, so the number is its own.
            unsafe { libc::kill(child, libc::SIGKILL) };
            // SAFETY: a null pointer asks for no status.
            unsafe { libc::waitpid(child, std::ptr::null_mut(), 0) };
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn check(cache: impl Fn() -> CacheConfig) {
    let root = tree();
    let used = mapper(root.path(), cache());
    let (first, second) = (map(&used, "step 3"), map(&used, "step 7"));
    assert!(in_child(|| map(&used, "step 3") == first && map(&used, "step 7") == second), "in a child");
    assert!(
        in_child(|| in_child(|| map(&used, "step 7") == second) && map(&used, "step 3") == first),
        "in its child"
    );
    // The children have left the parent's threads and store alone.
    fs::write(root.path().join("part0.py"), "def step_7():\n    pass\n").unwrap();
    let fresh = mapper(root.path(), CacheConfig::in_memory());
    assert_eq!(map(&used, "step 7"), map(&fresh, "step 7"));
    // A child that drops what it inherits takes nothing from its parent.
    let mut kept = Some(used);
    assert!(in_child(|| {
        let _ = map(kept.as_ref().unwrap(), "step 3");
        drop(kept.take());
        true
    }));
    assert_eq!(map(kept.as_ref().unwrap(), "step 7"), map(&fresh, "step 7"));
}

fn a_child_maps_with_what_its_parent_has_used() {
    check(CacheConfig::in_memory);
}

fn a_child_has_an_environment_of_its_own_in_the_cache_of_its_parent() {
    let cache = tempfile::tempdir().unwrap();
    check(|| CacheConfig::at(cache.path()));
    let root = tree();
    let used = mapper(root.path(), CacheConfig::at(cache.path()));
    map(&used, "step 3");
    // The child's store is the durable one: it says nothing of memory.
    let request = MapRequest::new(700).task("step 4");
    assert!(in_child(|| used.map(&request).is_ok_and(|map| map.notices.is_empty())));
}

fn a_fork_in_the_middle_of_another_threads_map_is_no_trap() {
    let (root, cache) = (tree(), tempfile::tempdir().unwrap());
    let expected = map(&mapper(root.path(), CacheConfig::in_memory()), "step 3");
    let (used, is_over) = (mapper(root.path(), CacheConfig::at(cache.path())), AtomicBool::new(false));
    let (made, alone) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        // One thread asks the same mapper for ever other maps, one makes mappers and drops them.
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                let task = format!("step {}", made.fetch_add(1, Ordering::Relaxed));
                assert!(!map(&used, &task).is_empty());
            }
        });
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                assert_eq!(map(&mapper(root.path(), CacheConfig::in_memory()), "step 3"), expected);
                alone.fetch_add(1, Ordering::Relaxed);
            }
        });
        // What this test starts itself, by the standard library, has begun.
        while made.load(Ordering::Relaxed) == 0 || alone.load(Ordering::Relaxed) == 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
        let mut wrong = Vec::new();
        for round in 0..20 {
            std::thread::sleep(Duration::from_millis(round * 7 % 40));
            if !in_child(|| map(&used, "step 3") == expected) {
                wrong.push(round);
            }
        }
        is_over.store(true, Ordering::Relaxed);
        assert!(wrong.is_empty(), "{wrong:?}");
    });
}

/// Whether the caches give and take values here: `old` was kept before, and `name` is new to them.
fn serves(manager: &CacheManager, old: Option<&str>, name: &str) -> bool {
    let tags = |name: &str| vec![Tag::new(name, TagKind::Definition, 1)];
    let finds = |name: &str| {
        let key = MapCacheKey::new([name], ["other.py"], 64);
        manager.tags().get(name).as_deref() == Some(&tags(name)[..])
            && manager.maps().get(&key).as_deref() == Some(name)
            && manager.trees().get(name, [1]).as_deref() == Some(name)
    };
    let had = old.is_none_or(finds);
    manager.tags().set(name, &tags(name));
    manager.maps().set(&MapCacheKey::new([name], ["other.py"], 64), name);
    manager.trees().set(name, [1], name);
    manager.adapt();
    had && finds(name) && manager.flush().is_ok() && manager.statistics().dropped_writes == 0
}

fn typed_caches_serve_a_child_from_what_its_parent_has_kept() {
    let folder = tempfile::tempdir().unwrap();
    let config = CacheConfig::at(folder.path());
    let mut manager = Some(CacheManager::open(&config).unwrap());
    let of = |manager: &Option<CacheManager>, old, name| serves(manager.as_ref().unwrap(), old, name);
    assert!(of(&manager, None, "parent"));
    assert!(in_child(|| of(&manager, Some("parent"), "child")), "in a child");
    assert!(of(&manager, Some("child"), "later"), "what a child keeps, its parent finds");
    assert!(in_child(|| in_child(|| of(&manager, Some("later"), "grandchild"))), "in its child");
    // A child that drops what it inherits takes nothing from its parent.
    assert!(in_child(|| {
        let served = of(&manager, Some("later"), "last");
        drop(manager.take());
        served
    }));
    assert!(of(&manager, Some("last"), "end"));
    let (tags, maps, trees) = (
        TagCache::open(&config).unwrap(),
        MapCache::open(&config).unwrap(),
        TreeCache::open(&config).unwrap(),
    );
    let key = MapCacheKey::new(["end"], ["other.py"], 64);
    assert!(in_child(|| {
        tags.get("end").is_some() && maps.get(&key).is_some() && trees.get("end", [1]).is_some()
    }));
}

fn typed_caches_of_foreign_or_no_storage_keep_a_childs_values_in_its_memory() {
    let backend: std::sync::Arc<dyn StorageBackend> = std::sync::Arc::new(MemoryBackend::default());
    let config = CacheConfig::in_memory();
    for manager in [CacheManager::on(&backend, &config).unwrap(), CacheManager::open(&config).unwrap()] {
        assert!(serves(&manager, None, "parent"));
        assert!(in_child(|| serves(&manager, None, "child")));
        assert!(serves(&manager, Some("parent"), "later"));
    }
}

fn a_fork_while_typed_caches_and_their_watch_are_in_use_is_no_trap() {
    let folder = tempfile::tempdir().unwrap();
    let mut manager = Some(CacheManager::open(&CacheConfig::at(folder.path())).unwrap());
    let shared = (manager.as_ref().unwrap().tags().clone(), AtomicBool::new(false));
    let kept = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let (tags, is_over) = &shared;
            for round in 0..u64::MAX {
                if is_over.load(Ordering::Relaxed) {
                    return;
                }
                tags.set(format!("key {}", round % 500), &[Tag::new("name", TagKind::Definition, 1)]);
                kept.store(true, Ordering::Relaxed);
            }
        });
        while !kept.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(1));
        }
        let mut wrong = Vec::new();
        for round in 0..20 {
            std::thread::sleep(Duration::from_millis(round * 3 % 17));
            let is_right = in_child(|| {
                let served = serves(manager.as_ref().unwrap(), None, "child");
                drop(manager.take());
                served
            });
            if !is_right {
                wrong.push(round);
            }
        }
        shared.1.store(true, Ordering::Relaxed);
        assert!(wrong.is_empty(), "{wrong:?}");
    });
}
