//! The risk: an input that nobody thought of takes the process down, or never ends.
//!
//! Mutated fixtures of every language run in child processes, for as long as is asked; a child that dies or hangs
//! names the language and the input, which is written to a file. The same seed gives the same inputs everywhere.
//!
//! ```text
//! cargo test --release -p repo-map-tags --test fuzz -- --seed 7 --seconds 60 --language python
//! ```
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "the main of a test, with arguments of its own"
)]

mod child;
mod mutation;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use repo_map_tags::Language;

struct Arguments {
    seed: u64,
    /// For each language.
    seconds: f64,
    /// Ids; none for all.
    languages: Vec<String>,
}

fn main() -> ExitCode {
    let mut arguments = Arguments { seed: 1, seconds: 0.1, languages: Vec::new() };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match (word.as_str(), words.next()) {
            ("--child", Some(language)) => {
                return child::run(&language, &words.next().unwrap(), &words.next().unwrap());
            }
            ("--seed", Some(seed)) => arguments.seed = seed.parse().unwrap(),
            ("--seconds", Some(seconds)) => arguments.seconds = seconds.parse().unwrap(),
            ("--language", Some(language)) => arguments.languages.push(language),
            // What the test harness understands and this one has no use for.
            _ => {}
        }
    }
    let wanted = |language: &Language| {
        arguments.languages.is_empty() || arguments.languages.iter().any(|id| id == language.id())
    };
    let languages: Vec<_> = Language::all().filter(wanted).collect();
    assert!(!languages.is_empty() || Language::all().len() == 0, "no such language");
    let (mut inputs, mut deaths) = (0, 0);
    for language in languages {
        let fixture = mutation::fixture(language);
        let end = child::watch(language, arguments.seed, Duration::from_secs_f64(arguments.seconds));
        inputs += end.inputs;
        if let Some(manner) = end.manner {
            deaths += 1;
            let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!(
                "{}-{}-{}",
                language.id(),
                arguments.seed,
                end.inputs
            ));
            std::fs::write(&path, mutation::input(&fixture, arguments.seed, end.inputs)).unwrap();
            println!(
                "{language}: input {} of seed {} {manner}: {}",
                end.inputs,
                arguments.seed,
                path.display()
            );
        }
    }
    println!("{inputs} inputs, {deaths} deaths or hangs");
    if deaths == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
