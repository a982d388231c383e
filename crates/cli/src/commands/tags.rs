//! `repo-map tags FILE…`.

use crate::exit_code::ExitCode;
use std::borrow::Cow;
use std::fmt::Write as _;

use repo_map_cache::{
    ErrorKind, FilesConfig, Outcome, Reading, TaggedFile, escaped, escaped_path, files_below,
};

use crate::arguments::TagsArguments;
use crate::commands::worker;
use crate::failure::{self, Failure, NOTHING};
use crate::{json, output};

pub(crate) fn run(arguments: &TagsArguments, quiet: bool) -> Result<ExitCode, Failure> {
    let mut text = String::new();
    let (mut found, mut failure) = (false, None);
    let mut reading = Reading::default();
    if arguments.json {
        let _ = writeln!(text, "{}", json::text(&json::tags_header()));
    }
    let mut extractor = worker::extractor(arguments.in_process, arguments.queries.as_deref())?;
    let limit = match arguments.max_file_bytes {
        Some(bytes) => Some(bytes),
        None => FilesConfig::load(".")?.max_bytes,
    };
    if let Some(bytes) = limit {
        extractor = extractor.max_file_bytes(bytes);
    }
    for operand in &arguments.files {
        let is_folder = operand.is_dir();
        let files = if is_folder { files_below(operand) } else { Ok(vec![operand.clone()]) };
        // One that cannot be read does not stop the others; the exit code tells of it.
        let files = files.unwrap_or_else(|error| {
            failure = report(failure.take(), &error.into());
            Vec::new()
        });
        for path in &files {
            let file = match extractor.read(path) {
                Ok(file) => file,
                Err(error) if error.kind() == ErrorKind::UnknownLanguage => {
                    if arguments.explain {
                        let _ = writeln!(text, "{error}");
                    } else if !is_folder {
                        failure = report(failure.take(), &error.into());
                    }
                    continue;
                }
                Err(error) => {
                    failure = report(failure.take(), &error.into());
                    continue;
                }
            };
            found |= !file.tags.is_empty();
            if arguments.explain {
                reading.count(&file);
                let _ = writeln!(text, "{}: {}", escaped_path(path), explanation(&file));
                continue;
            }
            if let Some(reason) = file.outcome.skip_reason().filter(|_| !quiet) {
                failure::warn(&format!("{} has no tags: {reason}", escaped_path(path)));
            }
            if arguments.json {
                // A path that is no text has no other way into JSON than one that tells its bytes.
                let path = path.to_str().map_or_else(|| escaped_path(path), Cow::Borrowed);
                for row in json::tags(&path, &file) {
                    let _ = writeln!(text, "{}", json::text(&row));
                }
            } else {
                text.push_str(&listing(&escaped_path(path), &file));
            }
        }
    }
    if reading.all.files > 1 {
        let _ = writeln!(text, "in all {reading}");
    }
    if let Some(notice) = extractor.take_notice().filter(|_| !quiet) {
        failure::warn(&notice);
    }
    output::print(&text)?;
    match failure {
        Some(code) => Ok(code),
        None if found || arguments.explain && !text.is_empty() => Ok(ExitCode::SUCCESS),
        None => Ok(ExitCode::from(NOTHING)),
    }
}

/// Tells of a failure; the exit code is that of the first.
fn report(before: Option<ExitCode>, failure: &Failure) -> Option<ExitCode> {
    let code = failure.report();
    before.or(Some(code))
}

/// What the file was taken for, and what came of it.
fn explanation(file: &TaggedFile) -> String {
    let (language, tags) = (file.language.name(), &file.tags);
    let (definitions, references) = (tags.definitions().len(), tags.references().len());
    let found = format!("{language}, {definitions} definitions, {references} references");
    match file.outcome {
        Outcome::Skipped(reason) => format!("{language}, no tags ({}): {reason}", reason.as_str()),
        Outcome::CompleteWithSyntaxErrors => {
            let percent = f64::from(file.misfit_bytes) * 100.0 / (file.bytes.max(1) as f64);
            format!(
                "{found}; parts of it do not fit the grammar: {} of {} bytes, {percent:.1} %",
                file.misfit_bytes, file.bytes
            )
        }
        Outcome::OutlineOfGenerated => {
            format!("{found}; it says that a program wrote it: its references are left out")
        }
        Outcome::Complete if tags.is_empty() => {
            format!("{found}: it was read to its end and defines nothing")
        }
        Outcome::Complete => found,
    }
}

/// One line a tag, in source order: `path:line role kind name`.
fn listing(path: &str, file: &TaggedFile) -> String {
    let tags = &file.tags;
    let definitions = tags.definitions().iter().map(|definition| {
        let role = if definition.declaration { "decl" } else { "def" };
        (definition.line, role, definition.kind.as_str(), tags.name(definition.name))
    });
    let references = tags.references().iter();
    let references = references
        .map(|reference| (reference.line, "ref", reference.kind.as_str(), tags.name(reference.name)));
    let mut rows: Vec<_> = definitions.chain(references).collect();
    rows.sort_by_key(|(line, ..)| *line);
    rows.iter()
        .map(|(line, role, kind, name)| format!("{path}:{} {role} {kind} {}\n", line + 1, escaped(name)))
        .collect()
}
