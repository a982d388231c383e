//! What a program must show before it is packed: it starts at once, and maps a tree cold and from its cache.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::platform::Platform;
use crate::command::{target, workspace};
use crate::cross::wine::in_wine;

/// A small tree with a name that must be in its map.
const TREE: (&str, &str) = ("crates/bounded-io", "regular");
/// The fastest of so many starts counts: a machine that does other work delays some.
const STARTS: usize = 20;
/// What a start may take where nothing stands between.
const LONGEST_START: Duration = Duration::from_millis(5);

/// Returns how long a start takes, where that can be told here.
pub(super) fn run(platform: Platform, program: &Path) -> Result<Option<Duration>> {
    let cache = target()?.join("archives").join(format!("cache-{}", platform.triple()));
    if cache.exists() {
        std::fs::remove_dir_all(&cache).context("cannot remove the cache of before")?;
    }
    let first = map(platform, program, &cache)?;
    let listed = first["map"].as_str().context("the answer has no map")?;
    ensure!(listed.contains(TREE.1), "the map of {} lacks `{}`:\n{listed}", TREE.0, TREE.1);
    let again = map(platform, program, &cache)?;
    ensure!(again["map"] == first["map"], "the map from the cache is another one");
    ensure!(
        first["cache"]["misses"] != 0 && again["cache"]["misses"] == 0,
        "the cache keeps nothing: {}",
        again["cache"]
    );
    std::fs::remove_dir_all(&cache)?;
    if !platform.is_native() {
        return Ok(None);
    }
    let mut fastest = Duration::MAX;
    for _ in 0..STARTS {
        let begin = Instant::now();
        let status = platform.start(program)?.arg("--version").stdout(Stdio::null()).status()?;
        fastest = fastest.min(begin.elapsed());
        ensure!(status.success(), "`--version`: {status}");
    }
    ensure!(fastest <= LONGEST_START, "a start takes {fastest:?}, more than {LONGEST_START:?}");
    Ok(Some(fastest))
}

fn map(platform: Platform, program: &Path, cache: &Path) -> Result<Value> {
    let mut command: Command = platform.start(program)?;
    command.args(["map", "--json", "--no-history", TREE.0, "--cache-dir"]);
    if platform == Platform::WindowsX64 && !platform.is_native() {
        command.arg(in_wine(cache));
    } else {
        command.arg(cache);
    }
    let output = command.current_dir(workspace()).output()?;
    let warnings = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success() && warnings.is_empty(), "a map: {}\n{warnings}", output.status);
    Ok(serde_json::from_slice(&output.stdout)?)
}
