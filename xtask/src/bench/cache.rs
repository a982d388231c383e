//! The cache beside its peers: engines and memory tiers by the crate `benches/cache`, diskcache by Python.

use std::process::Command;

use anyhow::{Context as _, Result};

use super::python;
use crate::command::{cargo, output, run, say};

/// The newest of diskcache that has been looked at.
const DISKCACHE: &str = "diskcache==5.6.3";

/// All of it in one run. Arguments are those of `cache-peers`.
pub(crate) fn run_all(arguments: &[String]) -> Result<()> {
    let mut command = peers("cache-peers");
    command.args(arguments);
    if !arguments.iter().any(|argument| argument == "--memory-only") {
        let python = python::with_packages(&[DISKCACHE])?;
        say("diskcache: filling 55,000 records");
        let nanoseconds = output(Command::new(python).args(["benches/peers/diskcache_read.py", "55000"]))?;
        let nanoseconds: f64 = nanoseconds.trim().parse().context("diskcache_read.py prints one number")?;
        command.args(["--diskcache-ns", &nanoseconds.to_string()]);
    }
    run(&mut command)
}

/// What reading a large store costs in memory. Arguments are those of `memory-of-a-large-store`.
pub(crate) fn resident(arguments: &[String]) -> Result<()> {
    run(peers("memory-of-a-large-store").args(arguments))
}

fn peers(program: &str) -> Command {
    let mut command = cargo(&[
        "run",
        "--release",
        "--quiet",
        "--locked",
        "-p",
        "repo-map-cache-benches",
        "--features",
        "peers",
    ]);
    command.args(["--bin", program, "--"]);
    command
}
