//! `cargo xtask cross`: the lints on the other systems, and what of them can be run here.
//!
//! Everything is built below `target/cross`, the C code with little optimisation: it has to compile, not to be fast.

pub(crate) mod compilers;
pub(crate) mod wine;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::command::{self, cargo};
use compilers::{Compiler, is_installed};

/// A system that the product is built for beside the one at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum System {
    Windows,
    Macos,
    Linux32,
    Arm64,
}

/// What is not of the product, and for the system at hand.
const NOT_CHECKED: [&str; 4] = ["xtask", "repo-map-attack", "repo-map-benches", "repo-map-cache-benches"];

impl System {
    fn target(self) -> &'static str {
        match self {
            Self::Windows => "x86_64-pc-windows-gnu",
            Self::Macos => "aarch64-apple-darwin",
            Self::Linux32 => "i686-unknown-linux-gnu",
            Self::Arm64 => "aarch64-unknown-linux-gnu",
        }
    }

    fn compiler(self) -> Compiler {
        match self {
            Self::Windows => Compiler::Gnu { prefix: "x86_64-w64-mingw32", package: "mingw-w64" },
            Self::Macos => Compiler::Zig { target: "aarch64-macos" },
            Self::Linux32 => Compiler::Gnu { prefix: "i686-linux-gnu", package: "g++-i686-linux-gnu" },
            Self::Arm64 => Compiler::Gnu { prefix: "aarch64-linux-gnu", package: "g++-aarch64-linux-gnu" },
        }
    }

    /// A cargo command that builds for this system.
    fn cargo(self, arguments: &[&str]) -> Result<Command> {
        let mut command = cargo(arguments);
        command.args(["--locked", "--target", self.target()]);
        command.arg("--target-dir").arg(command::target()?.join("cross"));
        let variable = self.target().replace('-', "_");
        // What is run is optimised a little: a parser has hundreds of cases a state.
        let optimised = if self == Self::Windows { "-O1" } else { "-O0" };
        for flags in ["CFLAGS", "CXXFLAGS"] {
            command.env(format!("{flags}_{variable}"), optimised);
        }
        for (name, program) in self.compiler().variables()? {
            command.env(format!("{name}_{variable}"), program);
        }
        if let Some(linker) = self.compiler().linker() {
            command.env(format!("CARGO_TARGET_{}_LINKER", variable.to_uppercase()), linker);
        }
        Ok(command)
    }

    fn check(self, is_quick: bool) -> Result<()> {
        let mut clippy = self.cargo(&["clippy", "--workspace", "--all-targets"])?;
        if is_quick {
            clippy.arg("--no-default-features");
        }
        for package in NOT_CHECKED {
            clippy.args(["--exclude", package]);
        }
        command::run(clippy.args(["--", "-D", "warnings"]))
    }
}

/// What is done for the systems.
#[derive(Debug, clap::Args)]
pub(crate) struct Chores {
    /// Only these.
    systems: Vec<System>,
    /// Without the grammars, whose C code takes minutes of each system.
    #[arg(long = "quick")]
    is_quick: bool,
    /// Also runs what can be run here: the program for Windows under wine, tests of the cache as 32-bit programs.
    #[arg(long = "run")]
    is_run: bool,
    /// What is mapped under wine, in place of this workspace.
    #[arg(long = "tree")]
    trees: Vec<PathBuf>,
}

/// Checks systems, all where none is named; runs what of them can be run here.
pub(crate) fn run(chores: &Chores) -> Result<()> {
    let named = &chores.systems[..];
    let systems = if named.is_empty() { System::value_variants() } else { named };
    refuse_missing(systems, chores.is_run)?;
    for system in systems {
        system.check(chores.is_quick)?;
    }
    if chores.is_run && systems.contains(&System::Linux32) {
        command::run(&mut System::Linux32.cargo(&["test", "-p", "repo-map-cache-lmdb"])?)?;
    }
    if chores.is_run && systems.contains(&System::Windows) {
        wine::run(&chores.trees)?;
    }
    Ok(())
}

/// Says what has to be installed before anything is built, and how.
fn refuse_missing(systems: &[System], is_run: bool) -> Result<()> {
    let mut cures = Vec::new();
    for system in systems {
        cures.extend(missing_library(system.target())?);
        cures.extend(system.compiler().missing());
    }
    if is_run && systems.contains(&System::Windows) && !is_installed("wine") {
        cures.push(("wine".to_owned(), "apt-get install wine64 wine".to_owned()));
    }
    if is_run && systems.contains(&System::Linux32) && !Path::new("/lib/ld-linux.so.2").exists() {
        let cure = "apt-get install libc6-i386 lib32gcc-s1";
        cures.push(("the C library of 32-bit programs".to_owned(), cure.to_owned()));
    }
    if cures.is_empty() {
        return Ok(());
    }
    let mut text = String::from("something is not installed");
    for (what, cure) in cures {
        let _ = write!(text, "\n  {what}: `{cure}`");
    }
    bail!(text)
}

/// Rust's standard library of a target, where it is not there, and the command that installs it.
pub(crate) fn missing_library(target: &str) -> Result<Option<(String, String)>> {
    let installed = command::output(Command::new("rustup").args(["target", "list", "--installed"]))?;
    let is_there = installed.lines().any(|installed| installed == target);
    Ok((!is_there)
        .then(|| (format!("the standard library of {target}"), format!("rustup target add {target}"))))
}
