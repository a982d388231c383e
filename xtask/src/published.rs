//! A crate that is published carries what a registry and its users expect: a README, the licences' texts, words to be found by.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::command::workspace;

/// Both licences ask for their text to travel with the code.
const LICENCES: [&str; 2] = ["LICENSE-MIT", "LICENSE-APACHE"];

/// The oldest toolchain that is promised is the one that the workflows run on.
pub(crate) fn check_toolchains(faults: &mut Vec<String>) -> Result<()> {
    let manifest = std::fs::read_to_string(workspace().join("Cargo.toml"))?;
    let promised = manifest.lines().find_map(|line| line.strip_prefix("rust-version = \""));
    let promised =
        promised.and_then(|rest| rest.split('"').next()).context("Cargo.toml has no rust-version")?;
    for workflow in std::fs::read_dir(workspace().join(".github/workflows"))? {
        let path = workflow?.path();
        let text = std::fs::read_to_string(&path)?;
        if !text.contains(&format!("TOOLCHAIN: \"{promised}.0\"")) {
            faults.push(format!("{}: its TOOLCHAIN is not {promised}.0, the rust-version", path.display()));
        }
    }
    Ok(())
}

pub(crate) fn check(package: &Value, faults: &mut Vec<String>) -> Result<()> {
    if !package["publish"].is_null() {
        return Ok(());
    }
    let name = package["name"].as_str().unwrap_or_default();
    let manifest = package["manifest_path"].as_str().context("a package without a manifest")?;
    let folder = Path::new(manifest).parent().context("a manifest without a folder")?;
    let mut fault = |of: &str| faults.push(format!("{name}: {of}"));
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap_or_default();
    if package["readme"].as_str() != Some("README.md") || !readme.starts_with(&format!("# {name}\n")) {
        fault("no README.md of its own, named by `readme` in the manifest");
    }
    for licence in LICENCES {
        let text =
            std::fs::read(workspace().join(licence)).with_context(|| format!("cannot read {licence}"))?;
        if std::fs::read(folder.join(licence)).ok() != Some(text) {
            fault(&format!("its {licence} is not that of the workspace"));
        }
    }
    let words = |of: &str| package[of].as_array().map_or(0, Vec::len);
    if !(1..=5).contains(&words("keywords")) || !(1..=5).contains(&words("categories")) {
        fault("one to five keywords and categories are needed");
    }
    if package["documentation"].as_str().is_none() || package["metadata"]["docs"]["rs"].is_null() {
        fault("`documentation` or `[package.metadata.docs.rs]` is missing");
    }
    Ok(())
}
