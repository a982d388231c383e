//! Reads the log of a repository, extends it from its own bytes, and prints what it says of the files that changed most.
//! `cargo run --release -p repo-map-history --example read_log -- FOLDER [WORD …]`

#![expect(clippy::print_stdout, reason = "an example is a front end")]

use std::path::Path;
use std::time::Instant;

use repo_map_history::{HistoryQuery, Log, LogOptions};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().expect("the folder of a repository");
    let words: Vec<String> = arguments.map(|word| word.to_lowercase()).collect();
    let words: Vec<(&str, f32)> = words.iter().map(|word| (word.as_str(), 1.0)).collect();
    let split = |line: &str, each: &mut dyn FnMut(&str)| {
        line.to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.len() > 1)
            .for_each(each);
    };
    let options = LogOptions::default();

    let start = Instant::now();
    let log = Log::read(Path::new(&folder), &options, None, split);
    println!(
        "read {} commits to {:?} in {:?}; {} unreadable",
        log.len(),
        log.end(),
        start.elapsed(),
        log.unreadable()
    );

    let bytes = log.to_bytes();
    let start = Instant::now();
    let stored = Log::from_bytes(&bytes).expect("they were just written");
    println!("{} bytes, read in {:?}", bytes.len(), start.elapsed());

    let start = Instant::now();
    let extended = Log::read(Path::new(&folder), &options, Some(stored), split);
    println!("found unchanged in {:?}: {}", start.elapsed(), extended == log);

    let start = Instant::now();
    let paths: Vec<&str> = log.paths().collect();
    let signals = log.signals(&HistoryQuery::default().words(&words), paths.iter().copied());
    println!("{} paths asked about in {:?}", paths.len(), start.elapsed());
    let mut best: Vec<_> = paths.iter().zip(signals).collect();
    best.sort_by(|a, b| (b.1.churn + b.1.past_messages).total_cmp(&(a.1.churn + a.1.past_messages)));
    for (path, signals) in best.iter().take(10) {
        println!("{:.2?} {path}", signals.values());
    }
}
