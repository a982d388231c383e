//! `cargo xtask signals`: the table of docs/signals.md, from the signals themselves.

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::command::{cargo, output};
use crate::generated;

/// Writes the table into the document; with `check`, only looks whether it is there.
pub(crate) fn run(check: bool) -> Result<()> {
    let run = ["run", "--quiet", "--locked", "-p", "repo-map-cli", "--", "explain", "--signals", "--json"];
    let text = output(&mut cargo(&run))?;
    let Value::Array(rows) = serde_json::from_str(&text).context("the list of signals is no JSON")? else {
        bail!("the list of signals is no array");
    };
    let mut table = "\n| Signal | What it measures |\n|---|---|\n".to_owned();
    for row in rows {
        let (Some(name), Some(says)) = (row["name"].as_str(), row["says"].as_str()) else {
            bail!("a signal without a name or an explanation: {row}");
        };
        table += &format!("| `{name}` | {says} |\n");
    }
    table.push('\n');
    generated::part_of("docs/signals.md", "signals", &table, check)
}
