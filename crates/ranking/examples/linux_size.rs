//! What ranking costs on a made-up corpus of the size of Linux: 50,000 files, 700,000 defined names.
//!
//! `cargo run --release -p repo-map-ranking --example linux_size`
#![expect(clippy::print_stdout, reason = "an example reports to its reader")]

use std::time::{Duration, Instant};

use repo_map_model::{DefinitionKind, RepoPath};
use repo_map_ranking::{Corpus, Preset, RankRequest, ReferenceGraph, rank};

const FILES: usize = 50_000;
const DEFINED: usize = 700_000;
const DEFINITIONS: usize = 1_000_000;

/// One made-up file. Names lie end to end, as they would in an archive of tags.
struct MadeFile {
    path: RepoPath,
    definitions: Names,
    references: Names,
}

#[derive(Default)]
struct Names {
    text: String,
    ends: Vec<usize>,
}

fn main() {
    measure("calls and types only", 2_300_000, 45);
    measure("every identifier", 2_300_000, 150);
}

fn measure(label: &str, names: usize, references_a_file: usize) {
    let files = made_files(names, references_a_file);
    let pairs: usize = files.iter().map(|file| file.references.ends.len()).sum();
    println!("{label}: {pairs} (file, name) references");

    let before = resident_mb();
    let mut corpus = Corpus::new();
    timed("fill the corpus", 1, || {
        for file in &files {
            let definitions = file.definitions.iter().map(|name| (name, DefinitionKind::Function, false));
            corpus.set_file(
                &file.path,
                definitions,
                file.references.iter().zip([1, 2, 1, 4].into_iter().cycle()),
            );
        }
    });
    let filled = resident_mb();
    let graph = timed("build the graph", 3, || ReferenceGraph::build(&corpus, Preset::default()));
    println!("  corpus {} MB, graph and what allocators keep {} MB", filled - before, resident_mb() - filled);
    println!("  {} nodes, {} edges if expanded", graph.node_count(), graph.edge_count());

    let chat = [files[10].path.clone(), files[20_000].path.clone()];
    let mentioned = [name(3), name(700), name(400_000)];
    let aider = ReferenceGraph::build(&corpus, Preset::aider());
    let mut request = RankRequest::default();
    for (of, graph) in [("default", &graph), ("aider", &aider)] {
        request.chat_files = &[];
        request.mentioned_idents = &[];
        let ranking = timed(&format!("rank, {of}, no request"), 5, || rank(&corpus, graph, &request));
        println!("  {} iterations", ranking.iterations);
        request.chat_files = &chat;
        request.mentioned_idents = &mentioned;
        let ranking =
            timed(&format!("rank, {of}, 2 chat files, 3 mentions"), 5, || rank(&corpus, graph, &request));
        println!("  {} iterations", ranking.iterations);
    }
}

impl Names {
    fn of(indexes: impl IntoIterator<Item = usize>) -> Self {
        let mut names = Self::default();
        for index in indexes {
            names.text.push_str(&name(index));
            names.ends.push(names.text.len());
        }
        names
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.text[start..end])
    }
}

/// References go to names of files nearby, to defined names and to any names, popular ones more often. A name has one
/// definer as a rule, some have hundreds.
fn made_files(names: usize, references_a_file: usize) -> Vec<MadeFile> {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    (0..FILES)
        .map(|number| {
            let path = format!("subsystem{}/part{}/file{number}.c", number / 2_000, number / 50);
            let own = number * (DEFINED / FILES);
            let more = (DEFINITIONS - DEFINED) / FILES;
            let again = (0..more).map(|_| scattered((dice.share().powi(2) * DEFINED as f64) as usize));
            let again: Vec<usize> = again.collect();
            let mut references: Vec<usize> = (0..references_a_file)
                .map(|_| match dice.below(4) {
                    0 | 1 => (own + dice.below(700)) % DEFINED,
                    2 => dice.popular(DEFINED),
                    _ => dice.popular(names),
                })
                .collect();
            references.sort_unstable();
            references.dedup();
            MadeFile {
                path: RepoPath::new(&path).expect("a made path is in shape"),
                definitions: Names::of((own..own + DEFINED / FILES).chain(again)),
                references: Names::of(references),
            }
        })
        .collect()
}

/// A permutation of the defined names: what is often defined is not what is often referenced.
fn scattered(index: usize) -> usize {
    index * 7_919 % DEFINED
}

fn name(index: usize) -> String {
    // Neighbours in the popularity order look nothing like each other.
    let mixed = index as u64 * 0x9e37_79b9 % 0x7fff_ffff;
    match index % 3 {
        0 => format!("sys{}_read_{mixed:x}", index % 97),
        1 => format!("dev{mixed:x}"),
        _ => format!("_flag{mixed:x}"),
    }
}

/// A small generator of numbers, the same on each run (xorshift).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// From 0 to less than 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Small numbers far more often than large ones: the density falls as 1 / n.
    fn popular(&mut self, end: usize) -> usize {
        ((end as f64).powf(self.share()) - 1.0) as usize
    }
}

/// Runs the work so many times and prints the least CPU and wall time.
fn timed<T>(label: &str, times: usize, mut work: impl FnMut() -> T) -> T {
    let mut least = (Duration::MAX, Duration::MAX);
    let mut result = None;
    for _ in 0..times {
        drop(result.take());
        let (cpu, wall) = (cpu_time(), Instant::now());
        result = Some(work());
        least = (least.0.min(cpu_time() - cpu), least.1.min(wall.elapsed()));
    }
    println!("  {label}: {:.1?} CPU, {:.1?} wall", least.0, least.1);
    result.expect("work runs at least once")
}

/// CPU time of all living threads (Linux; elsewhere 0).
fn cpu_time() -> Duration {
    let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let nanos = threads.filter_map(|thread| {
        let text = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanos.sum())
}

/// Memory that the process holds (Linux; elsewhere 0).
fn resident_mb() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<i64>().ok()).unwrap_or(0) / 1_024
}
