//! `repo-map languages`.

use crate::exit_code::ExitCode;

use repo_map_cache::Language;

use crate::arguments::LanguagesArguments;
use crate::failure::Failure;
use crate::{json, output};

pub(crate) fn run(arguments: &LanguagesArguments) -> Result<ExitCode, Failure> {
    let text = if arguments.json {
        let rows: Vec<_> = Language::all().map(json::language).collect();
        format!("{}\n", json::text(&rows.into()))
    } else {
        Language::all().map(row).collect()
    };
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// One line: the id, what files it reads, and what it finds in them.
fn row(language: Language) -> String {
    let names = language.extensions().iter().map(|extension| format!(".{extension}"));
    let names = names.chain(language.file_names().iter().map(|&name| name.to_owned()));
    let defines: Vec<_> = language.defines().iter().map(|kind| kind.as_str()).collect();
    let references: Vec<_> = language.references().iter().map(|kind| kind.as_str()).collect();
    let references = match references.is_empty() {
        true if language.is_text() => "mentions".to_owned(),
        true => "outline".to_owned(),
        false => references.join(","),
    };
    let names = names.collect::<Vec<_>>().join(" ");
    format!("{:<16} {names} | {} | {references}\n", language.id(), defines.join(","))
}
