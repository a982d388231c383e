//! `cargo xtask languages`: the generated part of docs/languages.md, from the table of languages itself.

use std::fmt::Write as _;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::command::{cargo, output};
use crate::generated;

const DOCUMENT: &str = "docs/languages.md";

/// The features that hold others, and how the document calls what is in them.
const GROUPS: [(&str, &str); 3] = [
    ("core", "The core: the library's default"),
    ("extended", "The extended group: with the core and the outlines, the command line's default"),
    ("outline", "Outlines: definitions that nothing refers to by name"),
];

/// Ids whose feature is not called after them.
const FEATURE_OF: [(&str, &str); 3] =
    [("cython", "lang-python"), ("ocaml_interface", "lang-ocaml"), ("tsx", "lang-typescript")];

/// Writes the tables into the document; with `check`, only looks whether they are there.
pub(crate) fn run(check: bool) -> Result<()> {
    generated::part_of(DOCUMENT, "languages", &tables(&rows()?)?, check)
}

/// The table of languages, as the command line prints it.
pub(crate) fn rows() -> Result<Vec<Value>> {
    let run = ["run", "--quiet", "--locked", "-p", "repo-map-cli", "--", "languages", "--json"];
    let text = output(&mut cargo(&run))?;
    let Value::Array(rows) = serde_json::from_str(&text).context("the list of languages is no JSON")? else {
        bail!("the list of languages is no array");
    };
    Ok(rows)
}

fn tables(rows: &[Value]) -> Result<String> {
    let with_references = rows.iter().filter(|row| row["outline"] == false).count();
    let outlines = rows.len() - with_references;
    let mut text =
        format!("\n{with_references} languages with definitions and references, {outlines} outlines.\n");
    let mut missing: Vec<_> = rows.iter().map(|row| string(&row["id"])).collect();
    for (group, title) in GROUPS {
        let features = features_of(group)?;
        let rows: Vec<_> = rows.iter().filter(|row| features.contains(&feature_of(row))).collect();
        missing.retain(|id| !rows.iter().any(|row| string(&row["id"]) == *id));
        write!(
            text,
            "\n### {title}\n\n| Language | Files | Definitions | References | Feature | Grammar |\n|---|---|---|---|---|---|\n"
        )?;
        for row in rows {
            writeln!(
                text,
                "| {} (`{}`) | {} | {} | {} | `{}` | {} |",
                string(&row["name"]),
                string(&row["id"]),
                files(row),
                roles(row),
                words(&row["references"]),
                feature_of(row),
                grammar_of(row),
            )?;
        }
    }
    if !missing.is_empty() {
        bail!("no group of features holds {}", missing.join(", "));
    }
    text.push('\n');
    Ok(text)
}

/// Nothing for a text, which none reads.
fn grammar_of(row: &Value) -> String {
    let grammar = &row["grammar"];
    format!("{} {}", string(&grammar["package"]), string(&grammar["version"])).trim().to_owned()
}

fn files(row: &Value) -> String {
    let extensions = list(&row["extensions"]).map(|extension| format!("`.{extension}`"));
    let names = list(&row["file_names"]).map(|name| format!("`{name}`"));
    let interpreters = list(&row["interpreters"]).map(|program| format!("`#!{program}`"));
    extensions.chain(names).chain(interpreters).collect::<Vec<_>>().join(" ")
}

fn roles(row: &Value) -> String {
    let declarations = words(&row["declarations"]);
    let definitions = words(&row["definitions"]);
    if declarations.is_empty() { definitions } else { format!("{definitions}; declared: {declarations}") }
}

fn words(value: &Value) -> String {
    list(value).collect::<Vec<_>>().join(", ").replace('_', " ")
}

fn list(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn string(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn feature_of(row: &Value) -> String {
    let id = string(&row["id"]);
    let known = FEATURE_OF.iter().find(|(other, _)| *other == id).map(|(_, feature)| (*feature).to_owned());
    known.unwrap_or_else(|| format!("lang-{}", id.replace('_', "-")))
}

/// The features that a group of the tags crate turns on.
fn features_of(group: &str) -> Result<Vec<String>> {
    let metadata: Value = serde_json::from_str(&output(&mut cargo(&[
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
        "--locked",
    ]))?)?;
    let packages = metadata["packages"].as_array().context("metadata without packages")?;
    let tags = packages.iter().find(|package| package["name"] == "repo-map-tags").context("no tags crate")?;
    Ok(list(&tags["features"][group]).map(str::to_owned).collect())
}
