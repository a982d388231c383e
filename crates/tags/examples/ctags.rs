//! How much of what universal-ctags finds we find: functions, methods, classes and types of many languages.
//!
//! ```text
//! cargo run --release -p repo-map-tags --features extended --example ctags -- [--misses N] [--prototypes] [-I LIST] FOLDER …
//! ```
//!
//! With `--prototypes` those of C and C++ count too. `-I` is that of ctags: words and files of words that it passes over in C and C++.
//!
//! Both read the same files as the same language. A definition of ctags counts as found when we have one of the same
//! name on its line or the lines beside it, since one of the two may point at a decorator or a return type. Names
//! that ctags makes up for what has none do not count. One line a language, then with `--misses` the
//! first N definitions of each language that we lack.
#![expect(clippy::print_stdout, reason = "a program for people")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use repo_map_model::RepoPath;
use repo_map_tags::{Language, Outcome, extract};

/// Our id, the name that ctags has for the language, and its letters for functions, methods, classes and types.
const LANGUAGES: &[(&str, &str, &str)] = &[
    ("c", "C", "fsugt"),
    ("cpp", "C++", "fcsugt"),
    ("go", "Go", "ftsian"),
    ("java", "Java", "ceima"),
    ("javascript", "JavaScript", "fcmgGS"),
    ("perl", "Perl", "sp"),
    ("php", "PHP", "cfit"),
    ("python", "Python", "cfm"),
    ("fortran", "Fortran", "fsm"),
    ("ruby", "Ruby", "cfmS"),
    ("rust", "Rust", "nsgftMPi"),
    ("sql", "SQL", "ftip"),
    ("typescript", "TypeScript", "fcigmGSa"),
];

/// Lines by which the two may differ about where a definition is.
const LINES: u32 = 1;

type Error = Box<dyn std::error::Error>;

/// By file: line, name and letter of the kind.
type Theirs = BTreeMap<String, BTreeSet<(u32, String, String)>>;

#[derive(Default)]
struct Totals {
    files: usize,
    theirs: usize,
    found: usize,
    ours: usize,
    misses: Vec<String>,
}

fn main() -> Result<(), Error> {
    let (mut misses, mut prototypes, mut passed_over) = (0, false, None);
    let mut folders = Vec::new();
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--misses" {
            let number = arguments.next().ok_or("--misses needs a number")?;
            misses = number.to_str().ok_or("--misses needs a number")?.parse()?;
        } else if argument == "--prototypes" {
            prototypes = true;
        } else if argument == "-I" {
            let words = arguments.next().ok_or("-I needs words")?;
            passed_over = Some(words.to_str().ok_or("-I needs words")?.to_owned());
        } else {
            folders.push(PathBuf::from(argument));
        }
    }
    let mut files: BTreeMap<Language, Vec<PathBuf>> = BTreeMap::new();
    for folder in &folders {
        collect(folder, &mut files)?;
    }
    println!("{:<12} {:>6} {:>8} {:>8} {:>7} {:>8}", "language", "files", "ctags", "found", "recall", "ours");
    for (id, name, kinds) in LANGUAGES {
        let Some(files) = Language::by_id(id).and_then(|language| Some((language, files.get(&language)?)))
        else {
            continue;
        };
        let is_of_c = matches!(*id, "c" | "cpp");
        let kinds = format!("{kinds}{}", if is_of_c && prototypes { "p" } else { "" });
        let words = passed_over.as_deref().filter(|_| is_of_c);
        let totals = compare(files.0, files.1, (name, &kinds, words), misses)?;
        println!(
            "{id:<12} {:>6} {:>8} {:>8} {:>6.2}% {:>8}",
            totals.files,
            totals.theirs,
            totals.found,
            100.0 * totals.found as f64 / totals.theirs.max(1) as f64,
            totals.ours,
        );
        totals.misses.iter().for_each(|miss| println!("  {miss}"));
    }
    Ok(())
}

/// Adds the files of these languages below the folder.
fn collect(folder: &Path, files: &mut BTreeMap<Language, Vec<PathBuf>>) -> Result<(), Error> {
    let mut entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_unstable_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect(&entry.path(), files)?;
        } else if kind.is_file()
            && let Some(name) = entry.file_name().to_str().and_then(|name| RepoPath::new(name).ok())
            && Language::of_path(&name).is_some()
            && let Some(language) = Language::detect(&name, &std::fs::read(entry.path())?)
            && LANGUAGES.iter().any(|(id, ..)| *id == language.id())
        {
            files.entry(language).or_default().push(entry.path());
        }
    }
    Ok(())
}

fn compare(
    language: Language,
    files: &[PathBuf],
    asked: (&str, &str, Option<&str>),
    misses: usize,
) -> Result<Totals, Error> {
    let mut totals = Totals::default();
    let theirs = ctags(files, asked)?;
    // Its names are the same in capitals.
    let written = |name: String| match language.id() {
        "fortran" | "sql" => name.to_lowercase(),
        _ => name,
    };
    for path in files {
        let source = std::fs::read(path)?;
        let extraction = extract(language, &source);
        if matches!(extraction.outcome, Outcome::Skipped(_)) {
            continue;
        }
        totals.files += 1;
        totals.ours += extraction.tags.definitions().len();
        let ours: BTreeSet<(String, u32)> = (extraction.tags.definitions().iter())
            .map(|definition| (written(dense(extraction.tags.name(definition.name))), definition.line + 1))
            .collect();
        for (line, name, kind) in theirs.get(path.to_str().unwrap_or_default()).into_iter().flatten() {
            if !is_definition(language, kind, name, &line_of(&source, *line)) {
                continue;
            }
            totals.theirs += 1;
            // ctags leaves the sign of JavaScript's private members away.
            let names = [written(dense(name)), format!("#{name}")];
            let near = line.saturating_sub(LINES)..=line + LINES;
            if near.flat_map(|line| names.clone().map(|name| (name, line))).any(|tag| ours.contains(&tag)) {
                totals.found += 1;
            } else if totals.misses.len() < misses {
                totals.misses.push(format!("{}:{line}: {kind} {name}", path.display()));
            }
        }
    }
    Ok(totals)
}

/// The definitions that ctags finds.
fn ctags(files: &[PathBuf], asked: (&str, &str, Option<&str>)) -> Result<Theirs, Error> {
    let (language, kinds, passed_over) = asked;
    let mut child = Command::new("ctags")
        .args(["--quiet=yes", "--options=NONE", "-f", "-", "-L", "-", "--excmd=number", "--sort=no"])
        .arg(format!("--language-force={language}"))
        .arg(format!("--kinds-{language}={kinds}"))
        .args(passed_over.into_iter().flat_map(|words| ["-I", words]))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut stdin = child.stdin.take().ok_or("no pipe to ctags")?;
    let list: String = files.iter().filter_map(|path| Some(format!("{}\n", path.to_str()?))).collect();
    let writer = std::thread::spawn(move || stdin.write_all(list.as_bytes()));
    let output = child.wait_with_output()?;
    writer.join().map_err(|_| "the list of files could not be written")??;
    if !output.status.success() {
        return Err(format!("ctags: {}", output.status).into());
    }
    let mut tags = Theirs::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let mut fields = line.split('\t');
        let (Some(name), Some(file), Some(number), Some(kind)) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        let number = number.trim_end_matches(";\"").parse()?;
        if let Some(name) = real_name(name) {
            tags.entry(file.to_owned()).or_default().insert((number, name.to_owned(), kind.to_owned()));
        }
    }
    Ok(tags)
}

/// Whether the line can hold what ctags says. It calls every object of JavaScript that has members a class, and takes
/// for an alias of TypeScript whatever stands behind the word `type` in a list of exports or in a condition.
fn is_definition(language: Language, kind: &str, name: &str, line: &str) -> bool {
    match (language.id(), kind) {
        ("javascript", "c") => line.contains("class ") || line.contains(&format!("function {name}")),
        ("typescript", "a") => line.split_once(&format!("type {name}")).is_some_and(|(_, rest)| {
            let rest = rest.trim_start();
            rest.is_empty() || rest.starts_with(['=', '<'])
        }),
        _ => true,
    }
}

/// `operator==` for `operator ==`.
fn dense(name: &str) -> String {
    name.split_whitespace().collect()
}

/// The line with this number, from 1.
fn line_of(source: &[u8], number: u32) -> String {
    let line = source.split(|byte| *byte == b'\n').nth(number.saturating_sub(1) as usize);
    String::from_utf8_lossy(line.unwrap_or_default()).into_owned()
}

/// The last segment of what ctags calls a definition, as uses call it: `limit` for Ruby's `limit=`. None when ctags
/// made the name up, or took a keyword for one.
fn real_name(name: &str) -> Option<&str> {
    let is_made_up = name.starts_with("__anon")
        || name.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("anonymous"));
    let last = name.rsplit("::").next().unwrap_or(name);
    let is_setter = last.starts_with(|first: char| first.is_alphabetic() || first == '_');
    let last = if is_setter { last.trim_end_matches('=') } else { last };
    (!is_made_up && last != "self").then_some(last)
}
