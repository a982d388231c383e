//! The risks: a request waits for another one's refresh, or sees half of it; a cancelled one goes on, or loses what was done.
#![expect(clippy::unwrap_used, reason = "tests, whose helpers are no tests")]

mod support;

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use repo_map_cache::{
    CancellationToken, ErrorKind, MapRequest, Preset, Progress, RefreshMode, RepoMap, RepoMapper, Stage,
};
use support::Stored as _;

const FILES: usize = 60;

fn write(root: &Path, file: usize, word: &str) {
    let next = (file + 1) % FILES;
    let text = format!(
        "class Part{file}:\n    def {word}_{file}(self):\n        \"\"\"Moves the {word}.\"\"\"\n        return {word}_{next}()\n"
    );
    fs::write(root.join(format!("part_{file}.py")), text).unwrap();
}

fn tree() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    (0..FILES).for_each(|file| write(root.path(), file, "crane"));
    root
}

fn requests() -> Vec<MapRequest> {
    vec![
        MapRequest::new(600),
        MapRequest::new(600).task("the crane of part 7 does not move"),
        MapRequest::new(300).chat_files(["part_3.py"]),
        MapRequest::new(900).task("crane_12").chat_files(["part_30.py"]),
    ]
}

/// Runs something where a stage has come so far; 0 is its beginning.
struct At<F> {
    stage: Stage,
    count: u64,
    seen: AtomicU64,
    run: F,
}

impl<F: Fn() + Send + Sync> At<F> {
    fn new(stage: Stage, count: u64, run: F) -> Arc<Self> {
        Arc::new(Self { stage, count, seen: AtomicU64::new(0), run })
    }
}

impl<F: Fn() + Send + Sync> Progress for At<F> {
    fn begin(&self, stage: Stage, _: Option<u64>) {
        if stage == self.stage && self.count == 0 && self.seen.fetch_add(1, Ordering::Relaxed) == 0 {
            (self.run)();
        }
    }

    fn advance(&self, stage: Stage, done: u64) {
        if stage == self.stage {
            let before = self.seen.fetch_add(done, Ordering::Relaxed);
            if before < self.count && before + done >= self.count {
                (self.run)();
            }
        }
    }

    fn end(&self, _: Stage) {}
}

#[test]
fn threads_get_the_maps_that_each_would_get_alone() {
    let root = tree();
    let alone = |request: &MapRequest| support::builder(root.path()).build().unwrap().map(request).unwrap();
    let expected: Vec<String> = requests().iter().map(|request| alone(request).text).collect();
    for threads in [1, 2] {
        let mapper = support::builder(root.path()).threads(threads).build().unwrap();
        thread::scope(|scope| {
            for start in 0..8 {
                let (mapper, expected) = (&mapper, &expected);
                scope.spawn(move || {
                    for (at, request) in requests().iter().enumerate().cycle().skip(start).take(12) {
                        // No two maps of one request are the same one that was kept.
                        let request = request.clone().full_ranking(true);
                        assert_eq!(mapper.map(&request).unwrap().text, expected[at]);
                    }
                });
            }
        });
    }
}

/// What a snapshot makes once is asked for by all at the same time: whoever makes it must not be given another's question
/// meanwhile.
#[test]
fn the_first_requests_of_a_tree_may_come_at_once() {
    let root = tree();
    for preset in [Preset::Default, Preset::Aider] {
        for _ in 0..10 {
            let mapper = support::builder(root.path()).preset(preset).threads(4).build().unwrap();
            mapper.refresh().unwrap();
            let start = Barrier::new(16);
            thread::scope(|scope| {
                for at in 0..16 {
                    let (mapper, start) = (&mapper, &start);
                    scope.spawn(move || {
                        start.wait();
                        let request = MapRequest::new(300).task(format!("the crane of part {at}"));
                        mapper.map(&request).unwrap();
                    });
                }
            });
        }
    }
}

#[test]
fn maps_are_of_one_state_while_the_tree_changes() {
    let root = tree();
    let request = MapRequest::new(4_000).refresh(RefreshMode::Stat);
    let mapper = support::builder(root.path()).build().unwrap();
    let fresh = || support::builder(root.path()).build().unwrap().map(&request).unwrap().text;
    let mut states = vec![fresh()];
    for word in ["winch", "hoist"] {
        (0..FILES).for_each(|file| write(root.path(), file, word));
        states.push(fresh());
    }
    (0..FILES).for_each(|file| write(root.path(), file, "crane"));
    mapper.map(&request).unwrap();
    let manual = request.clone().refresh(RefreshMode::Manual).full_ranking(true);
    let is_done = AtomicU64::new(0);
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while is_done.load(Ordering::Relaxed) == 0 {
                    let map = mapper.map(&manual).unwrap();
                    // Rows of files that have changed on disk since are left out.
                    let words = ["crane", "winch", "hoist"].map(|word| map.text.contains(word));
                    let count = words.iter().filter(|has| **has).count();
                    assert!(count <= 1, "{}", map.text);
                }
            });
        }
        for word in ["winch", "hoist"] {
            (0..FILES).for_each(|file| write(root.path(), file, word));
            mapper.map(&request).unwrap();
        }
        is_done.store(1, Ordering::Relaxed);
    });
    assert_eq!(mapper.map(&request).unwrap().text, states[2]);
}

/// A mapper whose refreshes of changed files stop until they are told to go on.
fn stopped(root: &Path) -> (Arc<RepoMapper>, Receiver<()>, Sender<()>) {
    let ((is_there, there), (go, may_go)) = (channel(), channel());
    // The first refresh is of all files; the second is that of one.
    let (is_there, may_go) = (Mutex::new(is_there), Mutex::new(may_go));
    let progress = At::new(Stage::Parse, FILES as u64 + 1, move || {
        is_there.lock().unwrap().send(()).unwrap();
        may_go.lock().unwrap().recv().unwrap();
    });
    let mapper = support::builder(root).progress(progress).build().unwrap();
    (Arc::new(mapper), there, go)
}

#[test]
fn a_request_that_needs_no_refresh_waits_for_none() {
    let root = tree();
    let (mapper, there, go) = stopped(root.path());
    let request = MapRequest::new(4_000).task("crane");
    let before = mapper.map(&request).unwrap();
    fs::write(root.path().join("new.py"), "class Gantry:\n    pass\n").unwrap();
    let refreshing = thread::spawn({
        let (mapper, request) = (mapper.clone(), request.clone());
        move || mapper.map(&request).unwrap()
    });
    there.recv().unwrap();
    let manual = mapper.map(&request.clone().refresh(RefreshMode::Manual).full_ranking(true)).unwrap();
    assert_eq!(manual.text, before.text);
    // Who wants to see the newest tree waits, and may give up.
    let token = CancellationToken::new();
    token.cancel();
    let error = mapper.map(&request.clone().cancellation(&token)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    let late = mapper.map(&request.clone().deadline(Instant::now())).unwrap();
    assert!(late.is_partial && late.text == before.text, "{}", late.text);
    go.send(()).unwrap();
    assert!(refreshing.join().unwrap().text.contains("class Gantry"));
    assert!(mapper.map(&request).unwrap().text.contains("class Gantry"));
}

#[test]
fn who_cannot_wait_for_the_first_look_at_a_tree_has_its_paths() {
    let root = tree();
    let ((is_there, there), (go, may_go)) = (channel(), channel::<()>());
    let (is_there, may_go) = (Mutex::new(is_there), Mutex::new(may_go));
    let progress = At::new(Stage::Parse, 0, move || {
        is_there.lock().unwrap().send(()).unwrap();
        may_go.lock().unwrap().recv().unwrap();
    });
    let mapper = Arc::new(support::builder(root.path()).progress(progress).build().unwrap());
    let request = MapRequest::new(2_000).task("move the crane of part 7");
    let first = thread::spawn({
        let (mapper, request) = (mapper.clone(), request.clone());
        move || mapper.map(&request).unwrap()
    });
    there.recv().unwrap();
    let early = mapper.map(&request.clone().deadline(Instant::now())).unwrap();
    go.send(()).unwrap();
    assert!(early.is_partial && early.freshness.files == FILES, "{:?}", early.freshness);
    assert!(!early.text.is_empty());
    let whole = first.join().unwrap();
    assert!(!whole.is_partial && whole.text == mapper.map(&request).unwrap().text);
}

#[test]
fn a_host_may_ask_from_the_threads_of_a_pool_of_its_own() {
    let root = tree();
    let mapper = support::builder(root.path()).threads(2).build().unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let alone = mapper.map(&MapRequest::new(300)).unwrap().text;
    pool.install(|| {
        (0..12).into_par_iter().for_each(|_| {
            let request = MapRequest::new(300).refresh(RefreshMode::Always).full_ranking(true);
            assert_eq!(mapper.map(&request).unwrap().text, alone);
        });
    });
}

#[test]
fn an_interrupted_refresh_is_made_up_for_by_the_next_request_of_any_mode() {
    let root = tree();
    let token = CancellationToken::new();
    let progress = At::new(Stage::Parse, FILES as u64 + 1, {
        let token = token.clone();
        move || token.cancel()
    });
    let mapper = support::builder(root.path()).progress(progress).build().unwrap();
    let request = MapRequest::new(4_000).refresh(RefreshMode::Files).chat_files(["part_3.py"]);
    mapper.map(&request).unwrap();
    // Both files have to be read; the request is cancelled after the first.
    for file in ["new_a.py", "new_b.py"] {
        fs::write(root.path().join(file), "class Gantry:\n    pass\n").unwrap();
    }
    let other = request.chat_files(["part_4.py"]);
    let cancelled = mapper.map(&other.clone().cancellation(&token));
    assert!(cancelled.is_err_and(|error| error.kind() == ErrorKind::Cancelled));
    assert!(mapper.map(&other).unwrap().text.contains("class Gantry"));
}

#[test]
fn a_panic_of_whoever_hears_of_the_progress_ends_its_request_alone() {
    let root = tree();
    let progress = At::new(Stage::Parse, 1, || panic!("nobody listens"));
    let mapper = support::builder(root.path()).progress(progress).build().unwrap();
    let asked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| mapper.map(&MapRequest::new(900))));
    assert!(asked.is_err());
    let fresh = support::builder(root.path()).build().unwrap().map(&MapRequest::new(900)).unwrap();
    assert_eq!(mapper.map(&MapRequest::new(900)).unwrap().text, fresh.text);
}

#[test]
fn a_cancelled_scan_ends_at_once_and_loses_nothing() {
    let root = tree();
    for stage in [Stage::Parse, Stage::Words] {
        let cache = tempfile::tempdir().unwrap();
        let token = CancellationToken::new();
        let progress = At::new(stage, 1, {
            let token = token.clone();
            move || token.cancel()
        });
        let builder = || support::builder(root.path()).threads(1).stored_in(cache.path());
        let request = MapRequest::new(900).task("move the crane of part 7");
        let mapper = builder().progress(progress).build().unwrap();
        let error = mapper.map(&request.clone().cancellation(&token)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled, "{stage:?}: {error}");
        drop(mapper);

        let map = builder().build().unwrap().map(&request).unwrap();
        assert!(map.cache.hits > 0, "{stage:?}: {:?}", map.cache);
        assert_eq!(map.cache.hits + map.cache.misses, FILES, "{stage:?}");
        let fresh = support::builder(root.path()).build().unwrap().map(&request).unwrap();
        assert_eq!(map.text, fresh.text, "{stage:?}");
    }
}

#[test]
fn the_same_mapper_goes_on_after_a_cancelled_request() {
    let root = tree();
    let token = CancellationToken::new();
    let progress = At::new(Stage::Parse, 8, {
        let token = token.clone();
        move || token.cancel()
    });
    let mapper = support::builder(root.path()).threads(1).progress(progress).build().unwrap();
    let request = MapRequest::new(900);
    assert_eq!(mapper.refresh_until(&token).unwrap_err().kind(), ErrorKind::Cancelled);
    let fresh = support::builder(root.path()).build().unwrap().map(&request).unwrap();
    let map = mapper.map(&request).unwrap();
    assert_eq!(map.text, fresh.text);
    assert!(map.cache.misses < FILES, "{:?}", map.cache);
}

/// Requests whose deadline comes when a stage begins.
fn at_the_deadline(stage: Stage, request: &MapRequest) -> (tempfile::TempDir, RepoMapper, RepoMap) {
    let root = tree();
    let deadline = Instant::now() + Duration::from_millis(1_500);
    let progress = At::new(stage, 0, move || {
        while Instant::now() < deadline {
            thread::sleep(Duration::from_millis(5));
        }
    });
    let mapper = support::builder(root.path()).progress(progress).build().unwrap();
    let map = mapper.map(&request.clone().deadline(deadline)).unwrap();
    (root, mapper, map)
}

#[test]
fn at_its_deadline_a_map_is_of_what_is_there_and_is_not_kept() {
    let request = MapRequest::new(2_000).task("move the crane of part 7");
    for (stage, files) in [(Stage::Scan, 0), (Stage::Parse, FILES), (Stage::Words, FILES)] {
        let (root, mapper, partial) = at_the_deadline(stage, &request);
        assert!(partial.is_partial, "{stage:?}");
        // Files whose content was not read take part by their paths.
        assert_eq!(partial.freshness.files, files, "{stage:?}: {:?}", partial.freshness);
        assert_eq!(partial.text.is_empty(), files == 0, "{stage:?}: {}", partial.text);
        let late = request.clone().deadline(Instant::now());
        assert_eq!(mapper.explain(&late, &[]).unwrap_err().kind(), ErrorKind::DeadlineExceeded);

        let whole = mapper.map(&request).unwrap();
        assert!(!whole.is_partial && !whole.cache.map_hit, "{stage:?}");
        let fresh = support::builder(root.path()).build().unwrap().map(&request).unwrap();
        assert_eq!(whole.text, fresh.text, "{stage:?}");
        let in_time = request.clone().deadline(Instant::now() + Duration::from_secs(600));
        assert!(!mapper.map(&in_time).unwrap().is_partial, "{stage:?}");
    }
}
