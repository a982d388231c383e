//! What extraction costs above parsing alone, on real files.
//!
//! ```text
//! cargo run --release -p repo-map-tags --features mimalloc --example throughput -- [--rounds N] [--every N]
//!     [--at-most RATIO] FOLDER …
//! ```
//!
//! Reads every Nth file of a language of the core, up to 1 MiB, and goes through them in rounds: each hundred
//! files are parsed alone and extracted, in this order and the other in turn, with one grammar. Parsing alone keeps its
//! parser and is on mimalloc, extraction on its own memory, which makes the parsing in it cheaper.
//! A table a folder: medians of the rounds' CPU seconds and of their ratios, a language and in all. Files that
//! extraction refuses are in neither figure. Fails when a folder's ratio in all is beyond `--at-most`. CPU is this
//! thread's own, from `/proc/thread-self/schedstat`, so other load on the machine counts little; without that
//! file it is the clock on the wall.
#![expect(clippy::print_stdout, reason = "a program for people")]

mod measure;
mod preprocessor;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use repo_map_model::RepoPath;
use repo_map_tags::Language;

use measure::Measured;

type Error = Box<dyn std::error::Error>;

struct Arguments {
    rounds: usize,
    every: usize,
    at_most: f64,
    folders: Vec<PathBuf>,
}

fn main() -> Result<ExitCode, Error> {
    #[cfg(feature = "mimalloc")]
    #[expect(unsafe_code, reason = "nothing else runs yet")]
    // SAFETY: the first statement of the program, on its only thread.
    unsafe {
        repo_map_tags::use_mimalloc();
    }
    let arguments = arguments()?;
    let mut is_within = true;
    for folder in &arguments.folders {
        let ratio = report(folder, &arguments)?;
        is_within &= ratio.is_nan() || ratio <= arguments.at_most;
    }
    Ok(if is_within { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn arguments() -> Result<Arguments, Error> {
    let mut arguments = Arguments { rounds: 3, every: 1, at_most: f64::INFINITY, folders: Vec::new() };
    let mut words = std::env::args_os().skip(1);
    while let Some(word) = words.next() {
        let mut number = || -> Result<f64, Error> {
            let number = words.next().ok_or("a number is missing")?;
            Ok(number.to_str().ok_or("no number")?.parse()?)
        };
        match word.to_str() {
            Some("--rounds") => arguments.rounds = number()? as usize,
            Some("--every") => arguments.every = number()? as usize,
            Some("--at-most") => arguments.at_most = number()?,
            _ => arguments.folders.push(PathBuf::from(word)),
        }
    }
    let is_complete = !arguments.folders.is_empty() && arguments.rounds > 0 && arguments.every > 0;
    let usage = "throughput [--rounds N] [--every N] [--at-most RATIO] FOLDER …";
    if is_complete { Ok(arguments) } else { Err(usage.into()) }
}

/// Prints the table of a folder and returns the ratio in all.
fn report(folder: &Path, arguments: &Arguments) -> Result<f64, Error> {
    let sources = sources(folder, arguments.every)?;
    println!("{}, {} rounds", folder.display(), arguments.rounds);
    println!(
        "language     files      MB  parse s  extract s  ratio  MB/s     defs     refs   scopes  errors skipped"
    );
    let mut all = Measured::default();
    let mut notes = Vec::new();
    for (&language, sources) in &sources {
        let Some(grammar) = measure::grammar(language) else { continue };
        let of = measure::measure(language, &grammar, sources, arguments.rounds);
        print_row(language.id(), &of);
        all.add(&of);
        if let "c" | "cpp" = language.id() {
            notes.push(preprocessor::note(language, &grammar, sources));
        }
    }
    print_row("all", &all);
    notes.iter().for_each(|note| println!("{note}"));
    println!();
    Ok(all.ratio())
}

fn print_row(name: &str, of: &Measured) {
    let megabytes = of.bytes as f64 / 1e6;
    // Below this the clock's ticks are all that is seen.
    let is_measured = of.parse() >= 0.05;
    let figure = |figure: f64| if is_measured { format!("{figure:.2}") } else { "-".to_owned() };
    println!(
        "{name:<11}{:>7}{megabytes:>8.1}{:>9.2}{:>11.2}{:>7}{:>6}{:>9}{:>9}{:>9}{:>8}{:>8}",
        of.files,
        of.parse(),
        of.extract(),
        figure(of.ratio()),
        figure(megabytes / of.extract()),
        of.definitions,
        of.references,
        of.scopes,
        of.errors,
        of.skipped,
    );
}

/// The files below a folder, by language.
fn sources(folder: &Path, every: usize) -> Result<BTreeMap<Language, Vec<Vec<u8>>>, Error> {
    let mut paths = Vec::new();
    collect(folder, &mut paths)?;
    paths.sort_unstable();
    let mut sources: BTreeMap<Language, Vec<Vec<u8>>> = BTreeMap::new();
    for path in paths.iter().step_by(every) {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let Ok(source) = std::fs::read(path) else { continue };
        let Ok(name) = RepoPath::new(name) else { continue };
        let Some(language) = Language::detect(&name, &source) else { continue };
        if source.len() <= 1 << 20 {
            sources.entry(language).or_default().push(source);
        }
    }
    Ok(sources)
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), Error> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect(&entry.path(), paths)?;
        } else if kind.is_file() {
            paths.push(entry.path());
        }
    }
    Ok(())
}
