//! A virtual environment of Python under `target/peers` for each peer.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::command::{run, target};

/// The interpreter of an environment that holds these packages, installed where it is not there yet.
pub(crate) fn with_packages(packages: &[&str]) -> Result<PathBuf> {
    let folder = target()?.join("peers").join(packages.join("+"));
    let interpreter = folder.join("bin/python");
    if folder.join("complete").exists() {
        return Ok(interpreter);
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    run(Command::new(&interpreter).args(["-m", "pip", "install", "--quiet"]).args(packages))?;
    std::fs::write(folder.join("complete"), "").context("cannot mark the environment as complete")?;
    Ok(interpreter)
}
