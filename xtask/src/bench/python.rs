//! A virtual environment of Python under `target/peers` for each peer.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::command::{run, workspace};

/// The interpreter of an environment that holds `package`, installed where it is not there yet.
pub(crate) fn with_package(package: &str) -> Result<PathBuf> {
    let folder = workspace().join("target/peers").join(package);
    let interpreter = folder.join("bin/python");
    if folder.join("complete").exists() {
        return Ok(interpreter);
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    run(Command::new(&interpreter).args(["-m", "pip", "install", "--quiet", package]))?;
    std::fs::write(folder.join("complete"), "").context("cannot mark the environment as complete")?;
    Ok(interpreter)
}
