//! Running programs and speaking to the terminal: the only file of this crate that does either.
#![expect(clippy::print_stderr, reason = "xtask is a front end: its report goes to standard error")]

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// The root of the workspace.
pub(crate) fn workspace() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().expect("xtask stands in the workspace").to_owned()
}

/// Where cargo puts what it builds: not always below the workspace.
pub(crate) fn target() -> Result<PathBuf> {
    let metadata = output(&mut cargo(&["metadata", "--format-version=1", "--no-deps", "--locked"]))?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata)?;
    let folder = metadata["target_directory"].as_str().context("cargo names no target folder")?;
    Ok(PathBuf::from(folder))
}

/// What the names of variables begin with by which cargo tells a program of its own crate.
const OF_THIS_CRATE: [&str; 2] = ["CARGO_MANIFEST_", "CARGO_PKG_"];

/// A variable of the environment.
#[expect(clippy::disallowed_methods, reason = "xtask is a front end: it finds tools as they are set up")]
pub(crate) fn environment(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// Prints one line of the report.
pub(crate) fn say(line: &str) {
    eprintln!("{line}");
}

/// Runs a command in the workspace; its output goes where ours goes.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    command.current_dir(workspace());
    say(&format!("$ {}", shown(command)));
    let status = command.status().with_context(|| format!("could not start {}", shown(command)))?;
    if !status.success() {
        bail!("`{}` failed: {status}", shown(command));
    }
    Ok(())
}

/// Runs a command in the workspace and returns what it printed on standard output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    command.current_dir(workspace());
    let output = command.output().with_context(|| format!("could not start {}", shown(command)))?;
    if !output.status.success() {
        bail!(
            "`{}` failed: {}\n{}",
            shown(command),
            output.status,
            String::from_utf8_lossy(&output.stderr).trim_end()
        );
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// A cargo command, by the cargo that runs us. What that one says of this crate is no concern of it: build scripts that
/// ask for the same variables, such as ring's, would run once more, and all that is built on them with them.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(option_env!("CARGO").unwrap_or("cargo"));
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| OF_THIS_CRATE.iter().any(|start| name.starts_with(start))) {
            command.env_remove(name);
        }
    }
    command.args(arguments);
    command
}

fn shown(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
