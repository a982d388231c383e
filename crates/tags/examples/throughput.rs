//! What extraction costs above parsing alone, on real files.
//!
//! ```text
//! cargo run --release -p repo-map-tags --features mimalloc --example throughput -- FOLDER [EVERY]
//! ```
//!
//! Walks the folder, takes every EVERYth file (1 unless given) of a known language up to 1 MiB, and parses
//! it twice: alone, and as `extract` does it. One line a language: files, megabytes, the CPU seconds of
//! either and their ratio. CPU is this thread's own, from `/proc/thread-self/schedstat`, so other load
//! on the machine counts little; without that file it is the clock on the wall.
#![expect(clippy::print_stdout, reason = "a program for people")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use repo_map_model::RepoPath;
use repo_map_tags::{Language, Outcome, extract};
use tree_sitter::Parser;

#[derive(Default)]
struct Totals {
    files: usize,
    bytes: usize,
    definitions: usize,
    references: usize,
    scopes: usize,
    errors: usize,
    skipped: usize,
    parse: Duration,
    extract: Duration,
}

fn main() {
    #[cfg(feature = "mimalloc")]
    #[expect(unsafe_code, reason = "nothing else runs yet")]
    // SAFETY: the first statement of the program, on its only thread.
    unsafe {
        repo_map_tags::use_mimalloc();
    }
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next() else {
        println!("usage: throughput FOLDER [EVERY]");
        return;
    };
    let every = arguments.next().and_then(|every| every.parse().ok()).unwrap_or(1);
    let mut paths = Vec::new();
    collect(Path::new(&folder), &mut paths);
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

    println!(
        "language     files      MB  parse s  extract s  ratio  MB/s     defs     refs   scopes  errors skipped"
    );
    for (&language, sources) in &sources {
        let of = measure(language, sources);
        let megabytes = of.bytes as f64 / 1e6;
        let (parse, extract) = (of.parse.as_secs_f64(), of.extract.as_secs_f64());
        println!(
            "{:<11}{:>7}{megabytes:>8.1}{parse:>9.2}{extract:>11.2}{:>7.2}{:>6.1}{:>9}{:>9}{:>9}{:>8}{:>8}",
            language.id(),
            of.files,
            extract / parse,
            megabytes / extract,
            of.definitions,
            of.references,
            of.scopes,
            of.errors,
            of.skipped,
        );
    }
}

fn measure(language: Language, sources: &[Vec<u8>]) -> Totals {
    let mut totals =
        Totals { files: sources.len(), bytes: sources.iter().map(Vec::len).sum(), ..Totals::default() };
    let Some(grammar) = grammar(language) else { return totals };
    let mut parser = Parser::new();
    parser.set_language(&grammar).expect("the runtime reads this grammar");
    // The first extraction of a process compiles the query.
    extract(language, b"x");

    let start = Instant::now();
    // Turn by turn, so that other load on the machine burdens either alike.
    for sources in sources.chunks(100) {
        let before = cpu(start);
        for source in sources {
            parser.parse(source, None);
        }
        let between = cpu(start);
        for source in sources {
            let extraction = extract(language, source);
            totals.definitions += extraction.tags.definitions().len();
            totals.references += extraction.tags.references().len();
            totals.scopes += extraction.tags.scopes().len();
            match extraction.outcome {
                Outcome::Complete => {}
                Outcome::CompleteWithSyntaxErrors => totals.errors += 1,
                Outcome::Skipped(_) => totals.skipped += 1,
            }
        }
        totals.parse += between.saturating_sub(before);
        totals.extract += cpu(start).saturating_sub(between);
    }
    totals
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => collect(&entry.path(), paths),
            Ok(kind) if kind.is_file() => paths.push(entry.path()),
            _ => {}
        }
    }
}

fn cpu(start: Instant) -> Duration {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next()?.parse().ok())
        .map_or_else(|| start.elapsed(), Duration::from_nanos)
}

fn grammar(language: Language) -> Option<tree_sitter::Language> {
    Some(tree_sitter::Language::new(match language.id() {
        "bash" => tree_sitter_bash::LANGUAGE,
        "c" => tree_sitter_c::LANGUAGE,
        "c_sharp" => tree_sitter_c_sharp::LANGUAGE,
        "cpp" => tree_sitter_cpp::LANGUAGE,
        "elixir" => tree_sitter_elixir::LANGUAGE,
        "go" => tree_sitter_go::LANGUAGE,
        "java" => tree_sitter_java::LANGUAGE,
        "javascript" => tree_sitter_javascript::LANGUAGE,
        "kotlin" => tree_sitter_kotlin_sg::LANGUAGE,
        "lua" => tree_sitter_lua::LANGUAGE,
        "php" => tree_sitter_php::LANGUAGE_PHP,
        "python" => tree_sitter_python::LANGUAGE,
        "ruby" => tree_sitter_ruby::LANGUAGE,
        "rust" => tree_sitter_rust::LANGUAGE,
        "scala" => tree_sitter_scala::LANGUAGE,
        "swift" => tree_sitter_swift::LANGUAGE,
        "typescript" => tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
        "tsx" => tree_sitter_typescript::LANGUAGE_TSX,
        _ => return None,
    }))
}
