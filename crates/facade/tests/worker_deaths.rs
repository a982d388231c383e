//! A file that takes its parser's process down costs that file, once, and nothing else; a worker that is harmed from outside
//! costs no file anything for good, and no program is waited for without end.
//!
//! The workers are this program itself, which dies where a source tells it to; so it has a main function of its
//! own (`harness = false`) and prints nothing to standard output in that role.
#![expect(clippy::print_stderr, clippy::unwrap_used, reason = "tests with a main function of their own")]

use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use repo_map_cache::{
    CacheConfig, CacheManager, Extractor, MapRequest, RepoMap, RepoMapper, RepoMapperBuilder, SkipReason,
    WorkerCommand, serve_extraction,
};

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("worker") => {
            return serve_extraction(Deadly(BufReader::new(io::stdin())), io::stdout()).unwrap();
        }
        Some("stranger") => return io::stdout().write_all(b"hello, I am no worker").unwrap(),
        Some("dribbler") => return dribble(),
        // For signals that only somebody else would send: this process, to itself.
        Some(role) if !role.starts_with('-') => {
            return serve_extraction(Doomed(BufReader::new(io::stdin()), role.to_owned()), io::stdout())
                .unwrap();
        }
        _ => {}
    }
    let tests: &[(&str, fn())] = &[
        ("workers_give_the_maps_of_one_process", workers_give_the_maps_of_one_process),
        ("a_deadly_file_costs_itself_alone", a_deadly_file_costs_itself_alone),
        ("a_deadly_file_is_not_tried_again", a_deadly_file_is_not_tried_again),
        (
            "a_program_that_is_no_worker_is_told_and_not_used",
            a_program_that_is_no_worker_is_told_and_not_used,
        ),
        ("single_files_survive_too", single_files_survive_too),
        ("warming_survives_a_deadly_file", warming_survives_a_deadly_file),
        ("a_file_whose_worker_exits_is_not_blamed", a_file_whose_worker_exits_is_not_blamed),
        #[cfg(unix)]
        (
            "a_file_whose_worker_is_killed_from_outside_is_not_blamed",
            a_file_whose_worker_is_killed_from_outside_is_not_blamed,
        ),
        #[cfg(unix)]
        ("a_stopped_worker_is_given_up", a_stopped_worker_is_given_up),
        #[cfg(unix)]
        ("a_program_that_is_silent_is_given_up", a_program_that_is_silent_is_given_up),
        ("a_program_that_dribbles_is_given_up", a_program_that_dribbles_is_given_up),
        #[cfg(target_os = "linux")]
        ("a_worker_without_work_ends", a_worker_without_work_ends),
    ];
    for (name, test) in tests {
        test();
        eprintln!("test {name} ... ok");
    }
}

/// Aborts, as a grammar's scanner does, when a source with this word comes along.
struct Deadly<R>(R);

const DEADLY: &str = "# it kills its parser\n";

impl<R: Read> Read for Deadly<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer)?;
        if buffer[..read].windows(DEADLY.len()).any(|piece| piece == DEADLY.as_bytes()) {
            std::process::abort();
        }
        Ok(read)
    }
}

/// Comes to the end that its role names, when a source with the word comes along.
struct Doomed<R>(R, String);

impl<R: Read> Read for Doomed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer)?;
        if buffer[..read].windows(DEADLY.len()).any(|piece| piece == DEADLY.as_bytes()) {
            if self.1 == "exit" {
                std::process::exit(7);
            }
            let own = std::process::id().to_string();
            let signal = format!("-{}", self.1);
            std::process::Command::new("kill").args([&signal, &own]).status().unwrap();
            // Until it is heard.
            loop {
                std::thread::sleep(std::time::Duration::from_secs(1));
            }
        }
        Ok(read)
    }
}

/// Greets as no worker does, a byte a second.
fn dribble() {
    loop {
        if io::stdout().write_all(b"r").and_then(|()| io::stdout().flush()).is_err() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_secs(1));
    }
}

fn command(role: &str) -> WorkerCommand {
    WorkerCommand::new(std::env::current_exe().unwrap()).argument(role)
}

/// Twenty modules that call each other; the eighth may be deadly.
fn tree(with_deadly: bool) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for index in 0..20 {
        let next = (index + 1) % 20;
        let mut text =
            format!("class Part{index}:\n    def run_{index}(self):\n        return run_{next}()\n");
        if with_deadly && index == 8 {
            text.insert_str(0, DEADLY);
        }
        std::fs::write(root.path().join(format!("part_{index}.py")), text).unwrap();
    }
    root
}

fn builder(root: &Path, role: &str) -> RepoMapperBuilder {
    RepoMapper::builder(root).workers(command(role)).threads(2)
}

fn map(builder: RepoMapperBuilder) -> (RepoMap, Vec<(String, String)>) {
    let mapper = builder.build().unwrap();
    let map = mapper.map(&MapRequest::new(4000)).unwrap();
    (map, mapper.skipped().into_iter().map(|skipped| (skipped.path, skipped.cause.to_string())).collect())
}

fn workers_give_the_maps_of_one_process() {
    let tree = tree(false);
    let (here, _) = map(RepoMapper::builder(tree.path()));
    let (there, skipped) = map(builder(tree.path(), "worker"));
    assert_eq!(there.text, here.text);
    assert!(here.text.contains("class Part8"), "{}", here.text);
    assert_eq!((there.notices, skipped), (Vec::new(), Vec::new()));
}

fn a_deadly_file_costs_itself_alone() {
    let (map, skipped) = map(builder(tree(true).path(), "worker"));
    for index in (0..20).filter(|index| *index != 8) {
        assert!(map.text.contains(&format!("class Part{index}\n")), "{}", map.text);
    }
    assert!(!map.text.contains("class Part8"), "{}", map.text);
    assert_eq!(skipped, [("part_8.py".to_owned(), SkipReason::ParserDied.to_string())]);
}

fn a_deadly_file_is_not_tried_again() {
    let (tree, cache) = (tree(true), tempfile::tempdir().unwrap());
    let cached = |role: &str| map(builder(tree.path(), role).cache(CacheConfig::at(cache.path())));
    let (cold, skipped) = cached("worker");
    // Whoever would parse now would notice that this is no worker.
    let (warm, skipped_warm) = cached("stranger");
    assert_eq!((cold.text, skipped), (warm.text, skipped_warm));
    assert_eq!((warm.cache.misses, warm.notices), (0, Vec::new()));
}

fn a_program_that_is_no_worker_is_told_and_not_used() {
    let tree = tree(false);
    let (here, _) = map(RepoMapper::builder(tree.path()));
    let absent = RepoMapper::builder(tree.path()).workers(WorkerCommand::new("/no/such/program"));
    for builder in [builder(tree.path(), "stranger"), absent] {
        let (map, skipped) = map(builder);
        assert_eq!((&map.text, skipped), (&here.text, Vec::new()));
        assert_eq!(map.notices.len(), 1, "{:?}", map.notices);
        assert!(map.notices[0].contains("cannot be used as a worker"), "{:?}", map.notices);
    }
}

fn warming_survives_a_deadly_file() {
    let tree = tree(true);
    let manager = CacheManager::open(&CacheConfig::in_memory()).unwrap().workers(command("worker"));
    let files: Vec<_> = (0..20).map(|index| tree.path().join(format!("part_{index}.py"))).collect();
    let warming = manager.warm(&files, 2).unwrap();
    assert!(warming.wait(None));
    assert_eq!((warming.completed(), warming.failed()), (20, 0));
    for (index, file) in files.iter().enumerate() {
        let tags = manager.tags().get(file).unwrap();
        assert_eq!(tags.is_empty(), index == 8, "{}: {tags:?}", file.display());
    }
}

fn single_files_survive_too() {
    let tree = tree(true);
    let extractor = Extractor::in_workers(command("worker"));
    let read = |name: &str| extractor.read(&tree.path().join(name)).unwrap();
    assert_eq!(read("part_8.py").outcome.skip_reason(), Some(SkipReason::ParserDied));
    let file = read("part_9.py");
    assert_eq!(file.tags.definitions().len(), 2);
    assert_eq!(file.lines().next(), Some("class Part9:"));
}

/// The file is left out of the map with a notice, and nothing is kept: the next run has the map of a run without any harm.
fn check_no_blame(role: &str, reason: &str) {
    let (tree, cache) = (tree(true), tempfile::tempdir().unwrap());
    let cached = |role: &str| map(builder(tree.path(), role).cache(CacheConfig::at(cache.path())));
    let (harmed, skipped) = cached(role);
    assert!(!harmed.text.contains("class Part8"), "{role}: {}", harmed.text);
    assert!(harmed.text.contains("class Part9"), "{role}: {}", harmed.text);
    let lacking = harmed.notices.iter().find(|notice| notice.contains("1 file lacks its definitions"));
    assert!(lacking.is_some_and(|notice| notice.contains(reason)), "{role}: {:?}", harmed.notices);
    assert!(skipped.iter().any(|(path, why)| path == "part_8.py" && why.contains(reason)), "{skipped:?}");

    let (healthy, skipped) = map(RepoMapper::builder(tree.path()).cache(CacheConfig::at(cache.path())));
    let (fresh, _) = map(RepoMapper::builder(tree.path()));
    assert_eq!(healthy.text, fresh.text, "{role}");
    assert!(!healthy.cache.map_hit, "{role}: a map that lacks a file was kept");
    assert_eq!((healthy.cache.misses, skipped, healthy.notices), (1, Vec::new(), Vec::new()), "{role}");
}

fn a_file_whose_worker_exits_is_not_blamed() {
    check_no_blame("exit", "exited with code 7");
}

#[cfg(unix)]
fn a_file_whose_worker_is_killed_from_outside_is_not_blamed() {
    for signal in ["KILL", "TERM", "XCPU"] {
        check_no_blame(signal, "was killed by signal");
    }
    // What a parser does to itself is told from that.
    let (_, skipped) = map(builder(tree(true).path(), "ILL"));
    assert_eq!(skipped, [("part_8.py".to_owned(), SkipReason::ParserDied.to_string())]);
}

#[cfg(unix)]
fn a_stopped_worker_is_given_up() {
    check_no_blame("STOP", "was stopped, frozen or starved");
}

fn check_given_up(command: WorkerCommand) {
    let tree = tree(false);
    let (here, _) = map(RepoMapper::builder(tree.path()));
    let (map, skipped) = map(RepoMapper::builder(tree.path()).workers(command));
    assert_eq!((&map.text, skipped), (&here.text, Vec::new()));
    assert_eq!(map.notices.len(), 1, "{:?}", map.notices);
    assert!(map.notices[0].contains("cannot be used as a worker"), "{:?}", map.notices);
}

#[cfg(unix)]
fn a_program_that_is_silent_is_given_up() {
    check_given_up(WorkerCommand::new("cat"));
    check_given_up(WorkerCommand::new("sleep").argument("1000"));
    // The pipes are held by what it started.
    check_given_up(WorkerCommand::new("sh").argument("-c").argument("sleep 1000; true"));
    check_given_up(WorkerCommand::new("sh").argument("-c").argument("while :; do :; done"));
    check_given_up(WorkerCommand::new("true"));
}

fn a_program_that_dribbles_is_given_up() {
    check_given_up(command("dribbler"));
}

/// The processes that have this one as their parent and a name like its own.
#[cfg(target_os = "linux")]
fn workers() -> usize {
    let own = std::process::id().to_string();
    let stats = std::fs::read_dir("/proc").unwrap();
    let stats = stats.filter_map(|entry| std::fs::read_to_string(entry.ok()?.path().join("stat")).ok());
    stats
        .filter(|stat| stat.rsplit_once(')').is_some_and(|(_, rest)| rest.split(' ').nth(2) == Some(&own)))
        .count()
}

#[cfg(target_os = "linux")]
fn a_worker_without_work_ends() {
    let tree = tree(false);
    let mapper = builder(tree.path(), "worker").build().unwrap();
    mapper.map(&MapRequest::new(4000)).unwrap();
    assert!(workers() > 0, "a worker waits for more");
    let start = std::time::Instant::now();
    while workers() > 0 {
        assert!(start.elapsed() < std::time::Duration::from_secs(120), "a worker stays");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    std::fs::write(tree.path().join("late.py"), "class Late:\n    pass\n").unwrap();
    let map = mapper.map(&MapRequest::new(4000)).unwrap();
    assert!(map.text.contains("class Late") && map.notices.is_empty(), "{:?}", map.notices);
    drop(mapper);
    assert_eq!(workers(), 0, "the last end with their mapper");
}
