//! `cargo xtask licenses`: docs/licenses.md, and that every licence is one of those that deny.toml allows.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::command::{cargo, output, say, workspace};
use crate::languages;

const DOCUMENT: &str = "docs/licenses.md";

/// Writes the document; with `check`, only looks whether it is as it would be written. Either way no licence may be
/// outside of deny.toml's list.
pub(crate) fn run(check: bool) -> Result<()> {
    let metadata: Value = serde_json::from_str(&output(&mut cargo(&[
        "metadata",
        "--format-version",
        "1",
        "--all-features",
        "--locked",
    ]))?)?;
    let packages: Vec<Package<'_>> = metadata["packages"]
        .as_array()
        .context("metadata without packages")?
        .iter()
        .filter_map(Package::new)
        .collect();
    let allowed = allowed()?;
    let refused: Vec<_> = packages
        .iter()
        .filter(|package| !permits(package.license, &allowed))
        .map(|package| format!("{} {}: {}", package.name, package.version, package.license))
        .collect();
    if !refused.is_empty() {
        bail!("deny.toml allows none of the licences of {}", refused.join(", "));
    }
    let new = document(&packages)?;
    let path = workspace().join(DOCUMENT);
    if std::fs::read_to_string(&path).is_ok_and(|old| old == new) {
        say(&format!("{DOCUMENT} is up to date, {} packages have allowed licences", packages.len()));
    } else if check {
        bail!("{DOCUMENT} is out of date: run `cargo xtask licenses`");
    } else {
        std::fs::write(&path, new).with_context(|| format!("cannot write {DOCUMENT}"))?;
    }
    Ok(())
}

/// A package that is not ours.
struct Package<'a> {
    name: &'a str,
    version: &'a str,
    license: &'a str,
    repository: &'a str,
}

impl<'a> Package<'a> {
    fn new(package: &'a Value) -> Option<Self> {
        package["source"].as_str()?;
        Some(Self {
            name: package["name"].as_str()?,
            version: package["version"].as_str()?,
            license: package["license"].as_str().unwrap_or("none"),
            repository: package["repository"].as_str().unwrap_or_default(),
        })
    }
}

fn document(packages: &[Package<'_>]) -> Result<String> {
    let mut grammars: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in languages::rows()?.iter().filter(|row| !row["grammar"].is_null()) {
        let name = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        grammars.entry(name(&row["grammar"]["package"])).or_default().push(name(&row["name"]));
    }
    let mut text = String::from(
        "# Licences\n\nWritten by `cargo xtask licenses`; what is allowed stands in deny.toml, for `cargo deny check` as well.\n\n\
         ## Grammars\n\n\
         Each is linked into programs that are built with its feature. The queries are our own.\n\n\
         | Crate | Version | Licence | Languages | Source |\n|---|---|---|---|---|\n",
    );
    for (name, languages) in &grammars {
        let package = packages.iter().find(|package| package.name == name);
        let package = package.with_context(|| format!("no package is called {name}"))?;
        writeln!(
            text,
            "| {name} | {} | {} | {} | {} |",
            package.version,
            package.license,
            languages.join(", "),
            package.repository
        )?;
    }
    text.push_str(
        "\n## All other packages\n\nThose of tests and measurements count as well. Their licences:\n\n",
    );
    let others = packages.iter().filter(|package| !grammars.contains_key(package.name));
    let licenses: BTreeSet<_> =
        others.map(|package| package.license.replace(" / ", " OR ").replace('/', " OR ")).collect();
    for license in licenses {
        writeln!(text, "- {license}")?;
    }
    Ok(text)
}

/// The names in the list `allow` of deny.toml.
fn allowed() -> Result<BTreeSet<String>> {
    let text = std::fs::read_to_string(workspace().join("deny.toml")).context("cannot read deny.toml")?;
    let list = text
        .split_once("\nallow = [")
        .and_then(|(_, rest)| rest.split_once(']'))
        .context("deny.toml allows nothing")?;
    Ok(list.0.split('"').skip(1).step_by(2).map(str::to_owned).collect())
}

/// Whether an SPDX expression can be met by allowed licences alone. The old `MIT/Apache-2.0` means a choice.
fn permits(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    any_of(&words, &mut at, allowed) && at == words.len()
}

fn any_of(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut holds = all_of(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        holds |= all_of(words, at, allowed);
    }
    holds
}

fn all_of(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut holds = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        holds &= one(words, at, allowed);
    }
    holds
}

fn one(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let Some(&word) = words.get(*at) else { return false };
    *at += 1;
    if word == "(" {
        let holds = any_of(words, at, allowed);
        *at += 1;
        return holds;
    }
    if words.get(*at) == Some(&"WITH") {
        *at += 2;
    }
    allowed.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_that_are_not_allowed_are_refused() {
        let allowed = ["MIT", "Apache-2.0", "Unicode-3.0"].map(str::to_owned).into();
        for (expression, expected) in [
            ("MIT", true),
            ("GPL-3.0", false),
            ("MIT OR GPL-3.0", true),
            ("MIT AND GPL-3.0", false),
            ("MIT/Apache-2.0", true),
            ("(MIT OR GPL-3.0) AND Unicode-3.0", true),
            ("(MIT OR GPL-3.0) AND GPL-3.0", false),
            ("Apache-2.0 WITH LLVM-exception OR GPL-3.0", true),
            ("none", false),
            ("", false),
        ] {
            assert_eq!(permits(expression, &allowed), expected, "{expression}");
        }
    }
}
