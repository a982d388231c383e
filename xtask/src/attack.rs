//! `cargo xtask attack`: builds the suite and the program, and lets the one at the other.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::command::{self, cargo, target};

#[derive(Args)]
pub(crate) struct Attack {
    /// How long new tries are begun.
    #[arg(long, default_value_t = 60)]
    seconds: u64,

    /// Decides on all tries.
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// The program that is attacked (default: it is built here, as `cargo build` does).
    #[arg(long)]
    binary: Option<PathBuf>,

    /// Builds the program as it is shipped, in place of the tests' build.
    #[arg(long, conflicts_with = "binary")]
    release: bool,

    /// Only the tries of a class or a kind.
    #[arg(long, value_name = "NAME")]
    class: Option<String>,

    /// Only this try.
    #[arg(long = "try", value_name = "N")]
    number: Option<u64>,

    /// How many tries run at once (default: one a core).
    #[arg(long)]
    lanes: Option<usize>,
}

/// What continuous integration runs: a minute, in which each kind of attack has its turn.
pub(crate) fn minute() -> Result<()> {
    let (binary, class, number, lanes) = (None, None, None, None);
    run(&Attack { seconds: 60, seed: 1, binary, release: false, class, number, lanes })
}

/// Attacks the program that is named, or the one of this workspace.
pub(crate) fn run(attack: &Attack) -> Result<()> {
    let binary = match &attack.binary {
        Some(binary) => std::path::absolute(binary)?,
        None => built(attack.release)?,
    };
    command::run(&mut cargo(&["build", "--locked", "-p", "repo-map-attack"]))?;
    let mut suite = Command::new(target()?.join("debug/repo-map-attack"));
    suite.arg("--binary").arg(binary);
    suite.args(["--seconds", &attack.seconds.to_string(), "--seed", &attack.seed.to_string()]);
    suite.args(attack.class.iter().flat_map(|class| ["--class", class]));
    suite.args(attack.number.iter().flat_map(|number| ["--try".to_owned(), number.to_string()]));
    suite.args(attack.lanes.iter().flat_map(|lanes| ["--lanes".to_owned(), lanes.to_string()]));
    command::run(&mut suite)
}

fn built(is_release: bool) -> Result<PathBuf> {
    let mut build = cargo(&["build", "--locked", "-p", "repo-map-cli"]);
    if is_release {
        build.arg("--release");
    }
    command::run(&mut build)?;
    Ok(target()?.join(if is_release { "release" } else { "debug" }).join("repo-map"))
}
