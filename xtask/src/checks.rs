//! `cargo xtask test`: exactly what continuous integration runs.

use std::process::Command;

use anyhow::Result;

use crate::command::{self, cargo};
use crate::{apt, attack, clients, languages, licenses, pages, python, shared, signals, tidy};

/// Cheap checks first; the tests run last, so that their summary closes the report.
pub(crate) fn run(all: bool) -> Result<()> {
    run_step(&["fmt", "--all", "--check"])?;
    tidy::run()?;
    run_step(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])?;
    // A build without any language must hold: each is a feature.
    run_step(&[
        "clippy",
        "-p",
        "repo-map-cache",
        "--no-default-features",
        "--locked",
        "--",
        "-D",
        "warnings",
    ])?;
    languages::run(true)?;
    signals::run(true)?;
    licenses::run(true)?;
    command::run(cargo(&["doc", "--workspace", "--no-deps", "--locked"]).env("RUSTDOCFLAGS", "-D warnings"))?;
    if cfg!(target_os = "linux") {
        // It reads the kernel's files of processes.
        attack::minute()?;
        apt::shells();
    }
    run_step(&["test", "--workspace", "--locked", "--no-fail-fast"])?;
    backends()?;
    if cfg!(target_os = "linux") {
        shared::run(all)?;
    }
    host()?;
    python::run(if all { python::Chores::all() } else { python::Chores::default() })?;
    if all {
        run_step(&["test", "--workspace", "--locked", "--test", "differential", "--", "--ignored"])?;
        clients::run()?;
        pages::run(&pages::Chores::tests())?;
    }
    Ok(())
}

/// The facade's suite on other storage than its own. Of the whole workspace, so that it has the features with which it is built by then.
fn backends() -> Result<()> {
    for backend in ["memory", "redb", "files"] {
        let suite = [
            "concurrency",
            "freshness",
            "history",
            "kept_maps",
            "maps",
            "overview",
            "prose",
            "requests",
            "tasks",
        ];
        let mut test = cargo(&["test", "--locked", "--workspace", "--no-fail-fast"]);
        test.args(suite.iter().flat_map(|name| ["--test", name])).env("REPO_MAP_TEST_BACKEND", backend);
        command::run(&mut test)?;
    }
    Ok(())
}

/// A program that is none of the workspace holds the facade.
fn host() -> Result<()> {
    let run = [
        "run",
        "--locked",
        "--manifest-path",
        "examples/host/Cargo.toml",
        "--target-dir",
        "target",
        "--",
        ".",
    ];
    command::run(&mut cargo(&run))
}

/// The long run of the program whose short run is among the tests.
pub(crate) fn faults(arguments: &[String]) -> Result<()> {
    let test = ["test", "--release", "--locked", "-p", "repo-map-cache-lmdb", "--test", "faults", "--"];
    command::run(cargo(&test).args(arguments))
}

/// Every language, since nothing is built for the workspace's other members.
pub(crate) fn fuzz(arguments: &[String]) -> Result<()> {
    let features = "core,extended,outline,mimalloc";
    let test = [
        "test",
        "--release",
        "--locked",
        "-p",
        "repo-map-tags",
        "--features",
        features,
        "--test",
        "fuzz",
        "--",
    ];
    command::run(cargo(&test).args(arguments))
}

/// Interprets the code and refuses what the language leaves undefined. Not part of continuous integration: it takes
/// minutes and a nightly toolchain. LMDB is C, which miri cannot cross, so this is for cache-core.
pub(crate) fn miri(arguments: &[String]) -> Result<()> {
    let mut miri = Command::new("rustup");
    miri.args(["run", "nightly", "cargo", "miri", "test", "--locked", "-p", "repo-map-cache-core"]);
    if arguments.is_empty() {
        miri.args(["--lib"]);
    }
    // proptest reads its folder; a few cases are enough for an interpreter.
    // rkyv follows relative pointers out of the field that holds them, which tree borrows allow and stacked borrows do not.
    miri.env("MIRIFLAGS", "-Zmiri-disable-isolation -Zmiri-tree-borrows").env("PROPTEST_CASES", "2");
    command::run(miri.args(arguments))
}

fn run_step(arguments: &[&str]) -> Result<()> {
    command::run(&mut cargo(arguments))
}
