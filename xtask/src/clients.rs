//! `cargo xtask clients`: official clients of the Model Context Protocol list and call every tool of a build.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::command::{self, cargo, say, target, workspace};
use crate::python::Environment;

const CLIENTS: &str = "crates/mcp/tests/clients";

const ENGINE: &str =
    "class Engine:\n    def start(self):\n        return 1\n\n    def stop(self):\n        return 0\n";

pub(crate) fn run() -> Result<()> {
    command::run(&mut cargo(&["build", "--locked", "-p", "repo-map-cli"]))?;
    let target = target()?;
    let program = target.join("debug").join(if cfg!(windows) { "repo-map.exe" } else { "repo-map" });
    let folder = target.join("clients");
    let tree = folder.join("tree");
    fs::create_dir_all(&tree)?;
    fs::write(tree.join("engine.py"), ENGINE)?;

    let python = Environment::of(&folder, "python", &format!("{CLIENTS}/requirements.txt"))?;
    let script = workspace().join(CLIENTS).join("python_sdk.py");
    command::run(python.program("python").arg(script).arg(&program).arg(&tree))?;
    if Command::new("npm").arg("--version").output().is_err() {
        say("clients: no npm here, so the TypeScript clients were not run");
        return Ok(());
    }
    node(&folder.join("node"), &program, &tree)
}

fn node(folder: &Path, program: &Path, tree: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    for file in ["package.json", "typescript_sdks.mjs"] {
        fs::copy(workspace().join(CLIENTS).join(file), folder.join(file))
            .context("cannot copy the clients")?;
    }
    let quiet = ["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"];
    command::run(Command::new("npm").args(quiet).arg(folder))?;
    command::run(Command::new("node").arg(folder.join("typescript_sdks.mjs")).arg(program).arg(tree))
}
