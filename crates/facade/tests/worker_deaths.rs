//! A file that takes its parser's process down costs that file, once, and nothing else.
//!
//! The workers are this program itself, which dies where a source tells it to; so it has a main function of its
//! own (`harness = false`) and prints nothing to standard output in that role.
#![expect(clippy::print_stderr, clippy::unwrap_used, reason = "tests with a main function of their own")]

use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use repo_map_cache::{
    CacheConfig, Extractor, MapRequest, RepoMap, RepoMapper, RepoMapperBuilder, SkipReason, WorkerCommand,
    serve_extraction,
};

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("worker") => {
            return serve_extraction(Deadly(BufReader::new(io::stdin())), io::stdout()).unwrap();
        }
        Some("stranger") => return io::stdout().write_all(b"hello, I am no worker").unwrap(),
        _ => {}
    }
    let tests: [(&str, fn()); 5] = [
        ("workers_give_the_maps_of_one_process", workers_give_the_maps_of_one_process),
        ("a_deadly_file_costs_itself_alone", a_deadly_file_costs_itself_alone),
        ("a_deadly_file_is_not_tried_again", a_deadly_file_is_not_tried_again),
        (
            "a_program_that_is_no_worker_is_told_and_not_used",
            a_program_that_is_no_worker_is_told_and_not_used,
        ),
        ("single_files_survive_too", single_files_survive_too),
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
    (mapper.map(&MapRequest::new(4000)).unwrap(), mapper.skipped())
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
        assert!(map.text.contains(&format!("class Part{index}:")), "{}", map.text);
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

fn single_files_survive_too() {
    let tree = tree(true);
    let extractor = Extractor::in_workers(command("worker"));
    let read = |name: &str| extractor.read(&tree.path().join(name)).unwrap();
    assert_eq!(read("part_8.py").outcome.skip_reason(), Some(SkipReason::ParserDied));
    let file = read("part_9.py");
    assert_eq!(file.tags.definitions().len(), 2);
    assert_eq!(file.lines().next(), Some("class Part9:"));
}
