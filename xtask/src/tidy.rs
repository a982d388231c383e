//! `cargo xtask tidy`: the rules of the house that no compiler checks.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::command::{cargo, output, say, workspace};
use crate::{circles, links, published};

/// What each package may know of the workspace: the way of the data, in one direction.
/// A stage knows the nouns and no other stage; no stage knows the cache; only the facade knows all.
const DIRECTIONS: &[(&str, &[&str])] = &[
    ("repo-map-bounded-io", &[]),
    ("repo-map-git", &["repo-map-bounded-io"]),
    ("repo-map-model", &[]),
    ("repo-map-files", &["repo-map-model", "repo-map-bounded-io", "repo-map-git"]),
    ("repo-map-tags", &["repo-map-model"]),
    ("repo-map-lexical", &["repo-map-model"]),
    ("repo-map-history", &["repo-map-model", "repo-map-bounded-io", "repo-map-git"]),
    ("repo-map-ranking", &["repo-map-model"]),
    ("repo-map-render", &["repo-map-model"]),
    ("repo-map-navigation", &["repo-map-model", "repo-map-ranking", "repo-map-render"]),
    ("repo-map-cache-core", &[]),
    ("repo-map-cache-lmdb", &["repo-map-cache-core", "repo-map-bounded-io"]),
    ("repo-map-cache-remote", &["repo-map-bounded-io", "repo-map-cache-core"]),
    ("repo-map-cache-testkit", &["repo-map-cache-core"]),
    (
        "repo-map-cache",
        &[
            "repo-map-bounded-io",
            "repo-map-model",
            "repo-map-files",
            "repo-map-tags",
            "repo-map-lexical",
            "repo-map-history",
            "repo-map-ranking",
            "repo-map-render",
            "repo-map-navigation",
            "repo-map-cache-core",
            "repo-map-cache-lmdb",
            "repo-map-cache-remote",
        ],
    ),
    // The core for backends that are written in Python, and for what a fork must not touch.
    ("repo-map-python", &["repo-map-cache", "repo-map-cache-core", "repo-map-cli"]),
    ("repo-map-mcp", &["repo-map-cache"]),
    ("repo-map-cli", &["repo-map-cache", "repo-map-mcp", "repo-map-bounded-io"]),
    ("repo-map-benches", &["repo-map-cache", "repo-map-lexical", "repo-map-history", "repo-map-ranking"]),
    ("repo-map-cache-benches", &["repo-map-cache-core", "repo-map-cache-lmdb"]),
    // From outside alone, by the command line.
    ("repo-map-attack", &[]),
    ("xtask", &[]),
];

/// Who may use maps without a seed: for keys that are cryptographic hashes, or words of our own tables; and who measures.
const UNSEEDED: &[&str] = &["repo-map-cache-core", "repo-map-cache-benches", "repo-map-tags"];

/// Names that say how instead of what.
const EMPTY_NAMES: &[&str] = &["util", "utils", "helper", "helpers", "common", "misc", "manager2"];

/// What holds our crates from outside of the workspace, as its users do.
const PROGRAMS_OF_OTHERS: &[&str] = &["examples/host/Cargo.toml"];

/// A source file of more lines holds more than one idea.
const MOST_LINES: usize = 400;

pub(crate) fn run() -> Result<()> {
    let metadata: Value = serde_json::from_str(&output(&mut cargo(&[
        "metadata",
        "--format-version=1",
        "--no-deps",
        "--locked",
    ]))?)?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    let mut faults = Vec::new();
    for package in packages {
        directions(package, &mut faults);
        front_page(package, &mut faults)?;
        published::check(package, &mut faults)?;
    }
    published::check_toolchains(&mut faults)?;
    links::check(&mut faults)?;
    crate_table(packages, &mut faults)?;
    one_of_each(&mut faults)?;
    names(&mut faults)?;
    programs_of_others(&mut faults)?;
    for folder in std::fs::read_dir(workspace().join("crates"))? {
        let sources = folder?.path().join("src");
        let mut files = Vec::new();
        collect(&sources, &mut files)?;
        let shown = sources.strip_prefix(workspace()).unwrap_or(&sources).display().to_string();
        faults.extend(circles::faults(&sources, &shown, &files)?);
    }
    if !faults.is_empty() {
        bail!("tidy found {} faults:\n  {}", faults.len(), faults.join("\n  "));
    }
    say(&format!("tidy: {} packages, 0 faults", packages.len()));
    Ok(())
}

/// A program outside of the workspace has a lock file of its own, which every change of a manifest of ours can leave behind.
fn programs_of_others(faults: &mut Vec<String>) -> Result<()> {
    for manifest in PROGRAMS_OF_OTHERS {
        let mut metadata =
            cargo(&["metadata", "--format-version=1", "--locked", "--manifest-path", manifest]);
        if output(&mut metadata).is_err() {
            faults.push(format!(
                "{manifest}: its Cargo.lock is behind; run `cargo metadata --manifest-path {manifest}`"
            ));
        }
    }
    Ok(())
}

/// Dependencies of the product follow [`DIRECTIONS`]; those of tests and examples are free.
fn directions(package: &Value, faults: &mut Vec<String>) {
    let name = package["name"].as_str().unwrap_or_default();
    let Some((_, allowed)) = DIRECTIONS.iter().find(|(known, _)| *known == name) else {
        faults.push(format!("{name}: no row in DIRECTIONS of xtask/src/tidy.rs says what it may know"));
        return;
    };
    let known: BTreeSet<&str> = DIRECTIONS.iter().map(|(name, _)| *name).collect();
    for dependency in package["dependencies"].as_array().into_iter().flatten() {
        let other = dependency["name"].as_str().unwrap_or_default();
        let of_product = dependency["kind"].as_str() != Some("dev");
        if of_product && known.contains(other) && !allowed.contains(&other) {
            faults.push(format!("{name} must not know {other}"));
        }
        if of_product && other == "rustc-hash" && !UNSEEDED.contains(&name) {
            faults.push(format!(
                "{name}: rustc-hash has no seed, and names of a tree can be made to collide; take ahash"
            ));
        }
    }
}

/// The front page of a library says its job; its root file holds no logic; unsafe code is refused at the root.
fn front_page(package: &Value, faults: &mut Vec<String>) -> Result<()> {
    let name = package["name"].as_str().unwrap_or_default();
    for target in package["targets"].as_array().into_iter().flatten() {
        let kind = target["kind"][0].as_str().unwrap_or_default();
        let path = target["src_path"].as_str().unwrap_or_default();
        if !matches!(kind, "lib" | "bin") {
            continue;
        }
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?;
        if !text.starts_with("//!") {
            faults.push(format!("{name}: the root file of its {kind} does not open with documentation"));
        }
        let refused = text.contains("#![forbid(unsafe_code)]") || text.contains("#![deny(unsafe_code)]");
        if !refused && name != "repo-map-cache-lmdb" {
            faults.push(format!("{name}: the root file of its {kind} does not refuse unsafe code"));
        }
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        if kind == "lib" && code.into_iter().any(|line| line.contains("fn ")) {
            faults
                .push(format!("{name}: lib.rs holds logic; it is for documentation, modules and re-exports"));
        }
    }
    Ok(())
}

/// The README's table has each published crate.
fn crate_table(packages: &[Value], faults: &mut Vec<String>) -> Result<()> {
    let readme = std::fs::read_to_string(workspace().join("README.md")).context("cannot read README.md")?;
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let published = package["publish"].is_null();
        if published && !readme.contains(&format!("| `{name}` |")) {
            faults.push(format!("README.md: the crate table has no row for {name}"));
        }
    }
    Ok(())
}

/// Two tree-sitter runtimes would link; rkyv's `unaligned` would change every archive in the binary.
fn one_of_each(faults: &mut Vec<String>) -> Result<()> {
    let lock = std::fs::read_to_string(workspace().join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let runtimes = lock.lines().filter(|line| *line == "name = \"tree-sitter\"").count();
    if runtimes != 1 {
        faults.push(format!("Cargo.lock holds {runtimes} tree-sitter runtimes, not one"));
    }
    let tree = output(&mut cargo(&["tree", "--workspace", "--edges=features", "--invert=rkyv", "--locked"]))?;
    if tree.contains("rkyv feature \"unaligned\"") {
        faults.push("rkyv's feature `unaligned` is on: it changes the layout of every archive".to_owned());
    }
    Ok(())
}

fn names(faults: &mut Vec<String>) -> Result<()> {
    let mut files = Vec::new();
    for folder in ["crates", "attack", "xtask", "benches"] {
        collect(&workspace().join(folder), &mut files)?;
    }
    for file in files {
        let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let shown = file.strip_prefix(workspace()).unwrap_or(&file).display().to_string();
        if EMPTY_NAMES.contains(&stem) {
            faults.push(format!("{shown}: the name does not say what the file holds"));
        }
        let lines = std::fs::read_to_string(&file)?.lines().count();
        if lines > MOST_LINES && shown.contains("/src/") {
            faults.push(format!("{shown}: {lines} lines, where {MOST_LINES} are the most"));
        }
    }
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    let mut entries: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}
