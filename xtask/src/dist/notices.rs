//! The licence texts of what is linked into a program, as they stand in the packages.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::command::{cargo, output, workspace};

/// What the names of files with licences begin with.
const BEGINNINGS: [&str; 6] = ["licen", "copying", "copyright", "notice", "unlicense", "patents"];

/// One document: each text once, below the packages that it is of. `others` are texts beside those of packages.
pub(super) fn document(triple: &str, others: &[(&str, PathBuf)]) -> Result<String> {
    let linked = linked(triple)?;
    let metadata: Value =
        serde_json::from_str(&output(&mut cargo(&["metadata", "--format-version=1", "--locked"]))?)?;
    let packages = metadata["packages"].as_array().context("metadata without packages")?;
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut found = 0;
    for package in packages.iter().filter(|package| !package["source"].is_null()) {
        let name = format!("{} {}", string(&package["name"]), string(&package["version"]));
        if linked.contains(&name) {
            found += 1;
            for text in texts_of(package).with_context(|| format!("the licence of {name}"))? {
                texts.entry(text).or_default().insert(name.clone());
            }
        }
    }
    if found == 0 || found < linked.len().saturating_sub(own(packages)) {
        bail!("cargo metadata knows {found} of {} linked packages", linked.len());
    }
    for (name, path) in others {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        texts.entry(text.trim().to_owned()).or_default().insert((*name).to_owned());
    }
    let mut written = String::from(
        "Licences of what is linked into this program, each text once below the packages that it is of.\n",
    );
    let mut blocks: Vec<_> = texts.into_iter().map(|(text, of)| (Vec::from_iter(of), text)).collect();
    blocks.sort();
    for (of, text) in blocks {
        written += &format!("\n{}\n{}\n\n{text}\n", "=".repeat(78), of.join("\n"));
    }
    Ok(written)
}

/// Name and version of the packages whose code is in the program, ours among them.
fn linked(triple: &str) -> Result<BTreeSet<String>> {
    let mut tree =
        cargo(&["tree", "--locked", "-p", "repo-map-cli", "--edges", "normal", "--prefix", "none"]);
    let printed = output(tree.args(["--format", "{p}", "--target", triple]))?;
    let rows = printed.lines().filter(|line| !line.contains("(proc-macro)"));
    Ok(rows
        .filter_map(|line| {
            let (name, rest) = line.split_once(" v")?;
            Some(format!("{name} {}", rest.split_whitespace().next()?))
        })
        .collect())
}

fn own(packages: &[Value]) -> usize {
    packages.iter().filter(|package| package["source"].is_null()).count()
}

/// All files with licences in the package; where its root has none, the usual text of its licence.
fn texts_of(package: &Value) -> Result<Vec<String>> {
    let manifest = PathBuf::from(string(&package["manifest_path"]));
    let root = manifest.parent().context("a manifest stands in no folder")?;
    let mut paths = Vec::new();
    gather(root, &mut paths)?;
    if let Some(named) = package["license_file"].as_str() {
        paths.push(root.join(named));
    }
    paths.sort();
    paths.dedup();
    let has_own = paths.iter().any(|path| path.parent() == Some(root));
    let mut texts = Vec::new();
    for path in paths {
        texts.push(String::from_utf8_lossy(&fs::read(path)?).trim().to_owned());
    }
    if !has_own {
        texts.push(usual(package)?);
    }
    Ok(texts)
}

/// Programs of other languages that a package carries along are not linked.
fn gather(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_lowercase();
        if entry.file_type()?.is_dir() {
            if name != "node_modules" {
                gather(&entry.path(), paths)?;
            }
        } else if BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
            && ![".rs", ".c", ".h", ".py", ".html", ".json", ".toml"].iter().any(|end| name.ends_with(end))
        {
            paths.push(entry.path());
        }
    }
    Ok(())
}

/// The text of a package's licence with the names that its manifest gives.
fn usual(package: &Value) -> Result<String> {
    let license = string(&package["license"]);
    let is = |name: &str| {
        license.split(" OR ").flat_map(|choice| choice.split('/')).any(|choice| choice.trim() == name)
    };
    if is("MIT") {
        let authors = package["authors"].as_array().into_iter().flatten().filter_map(Value::as_str);
        // Names alone: addresses are nobody's licence.
        let names: Vec<_> = authors.map(|author| author.split(" <").next().unwrap_or(author)).collect();
        let holders = match names.as_slice() {
            [] => format!("the authors of {}", string(&package["name"])),
            names => names.join(", "),
        };
        let ours = fs::read_to_string(workspace().join("LICENSE-MIT"))?;
        let terms = ours.find("Permission is hereby granted").context("LICENSE-MIT has no terms")?;
        return Ok(format!("MIT License\n\nCopyright (c) {holders}\n\n{}", ours[terms..].trim()));
    }
    if is("Apache-2.0") {
        return Ok(fs::read_to_string(workspace().join("LICENSE-APACHE"))?.trim().to_owned());
    }
    bail!("the package has no text of {license}");
}

fn string(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_without_a_text_gets_that_of_its_licence_or_none_is_shipped() {
        let package = |license: &str| serde_json::json!({ "name": "x", "license": license, "authors": ["A B <a@b.example>"] });
        let mit = usual(&package("MIT OR Apache-2.0")).unwrap();
        assert!(mit.contains("Copyright (c) A B\n") && mit.contains("WITHOUT WARRANTY OF ANY KIND"), "{mit}");
        assert!(usual(&package("Apache-2.0")).unwrap().contains("Version 2.0, January 2004"));
        assert!(usual(&package("MIT AND Zlib")).is_err());
    }

    #[test]
    fn every_linked_package_has_its_licence_in_the_document() {
        let text = document("x86_64-unknown-linux-gnu", &[]).unwrap();
        for (package, words) in [
            ("tree-sitter-rust ", "Maxim Sokolov"),
            ("lmdb-master-sys ", "The OpenLDAP Public License"),
            ("libmimalloc-sys ", "Microsoft"),
        ] {
            assert!(text.contains(&format!("\n{package}")), "{package} is not named");
            assert!(text.contains(words), "{package} has no text");
        }
        assert!(!text.contains("\nproptest "), "what only tests use is not linked");
    }
}
