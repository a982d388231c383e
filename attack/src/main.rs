//! Attacks a build of the command line for a set time: `cargo xtask attack --seconds N [--seed S]`.
//!
//! A try is one hostile input, made from the seed and the number of the try alone, with the commands that meet it. It runs in
//! a throw-away home full of precious files. What is refused of every command: a change outside of the cache, a crash, more
//! than 10 seconds, more than 1 GB, raw characters that a terminal obeys, anything from outside of the mapped tree; and of
//! most tries a map that differs from a fresh one.
#![forbid(unsafe_code)]

mod attempt;
mod call;
mod characters;
mod concurrency;
mod deep_tree;
mod digest;
mod git;
mod git_folder;
mod hostile_git;
mod hostile_tree;
mod kinds;
mod lane;
mod pages;
mod processes;
mod program;
mod random;
mod report;
mod requests;
mod sandbox;
mod settings;
mod source;
mod special;
mod stores;
mod text;
mod trees;
mod workers;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

/// Attacks a build of repo-map.
#[derive(Parser)]
pub(crate) struct Arguments {
    /// The program that is attacked.
    #[arg(long)]
    binary: PathBuf,

    /// How long new tries are begun.
    #[arg(long, default_value_t = 60)]
    seconds: u64,

    /// Decides on all tries.
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Only the tries of a class or a kind.
    #[arg(long)]
    class: Option<String>,

    /// Only this try.
    #[arg(long = "try", value_name = "N")]
    number: Option<u64>,

    /// How many tries run at once (default: one a core).
    #[arg(long)]
    lanes: Option<usize>,

    /// This process is one of the lanes.
    #[arg(long, hide = true)]
    lane: Option<usize>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.lane {
        Some(lane) => lane::run(&arguments, lane).map(|()| true),
        None => report::run(&arguments),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            report::say(&format!("attack: {error:#}"));
            ExitCode::from(2)
        }
    }
}
