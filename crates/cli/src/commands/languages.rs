//! `repo-map languages`.

use std::process::ExitCode;

use repo_map_cache::Language;

use crate::arguments::LanguagesArguments;
use crate::failure::Failure;
use crate::{json, output};

pub(crate) fn run(arguments: &LanguagesArguments) -> Result<ExitCode, Failure> {
    let text = if arguments.json {
        let rows: Vec<_> = Language::all().map(json::language).collect();
        format!("{}\n", serde_json::Value::from(rows))
    } else {
        let rows = Language::all().map(|language| {
            let names = language.extensions().iter().map(|extension| format!(".{extension}"));
            let names = names.chain(language.file_names().iter().map(|&name| name.to_owned()));
            format!("{:<12} {}\n", language.id(), names.collect::<Vec<_>>().join(" "))
        });
        rows.collect()
    };
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}
