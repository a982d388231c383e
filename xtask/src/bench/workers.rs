//! `cargo xtask bench workers`: what it costs to parse in worker processes instead of one's own.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use super::measure::{Cost, measure, median};
use super::tree;
use crate::command::{cargo, run as run_command, say, target};

/// How much more CPU time workers may take: the bar.
const AT_MOST: f64 = 0.10;

#[derive(Args)]
pub(crate) struct WorkersArguments {
    /// The source tree, for example Django's unpacked source distribution.
    tree: PathBuf,
    /// Rounds; the report gives medians.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Threads, and so worker processes.
    #[arg(long, default_value_t = 1)]
    threads: usize,
}

/// Cold maps with workers and without, in turn, and a warm one to tell what of them is the extraction.
pub(crate) fn run(arguments: &WorkersArguments) -> Result<()> {
    run_command(&mut cargo(&["build", "--release", "--locked", "-p", "repo-map-cli"]))?;
    let tree = arguments.tree.canonicalize().with_context(|| format!("no {}", arguments.tree.display()))?;
    let cache = target()?.join("peers/workers-cache");
    let program = target()?.join("release/repo-map").display().to_string();
    let map = |is_in_process: bool| {
        let mut command =
            vec![program.clone(), "map".to_owned(), tree.display().to_string(), "--quiet".to_owned()];
        command.extend(["--threads".to_owned(), arguments.threads.to_string()]);
        command.extend(["--cache-dir".to_owned(), cache.display().to_string()]);
        command.extend(is_in_process.then(|| "--in-process".to_owned()));
        // The children of the children count: the mapper waits for its workers.
        measure(&command)
    };
    tree::read_all(&tree)?;
    let mut rounds = Vec::new();
    for round in 1..=arguments.rounds {
        let cold = |is_in_process| {
            tree::remove(&cache)?;
            map(is_in_process)
        };
        // Whoever comes second finds a warmer machine.
        let (here, workers) = if round % 2 == 1 {
            let here = cold(true)?;
            (here, cold(false)?)
        } else {
            let workers = cold(false)?;
            (cold(true)?, workers)
        };
        let warm = map(true)?;
        say(&format!("round {round}: {here:.2?} {workers:.2?} {warm:.2?}"));
        rounds.push([here, workers, warm]);
    }
    tree::remove(&cache)?;
    report(&rounds)
}

fn report(rounds: &[[Cost; 3]]) -> Result<()> {
    let middle = |figure: &dyn Fn(&[Cost; 3]) -> f64| median(rounds.iter().map(figure).collect());
    say("medians, CPU s    |  in process | in workers |  warm");
    let [here, workers, warm] = [0, 1, 2].map(|column: usize| middle(&|round| round[column].cpu));
    say(&format!("the whole program  | {here:>11.3} | {workers:>10.3} | {warm:>5.3}"));
    let whole = workers / here - 1.0;
    let extraction = (workers - warm) / (here - warm) - 1.0;
    say(&format!(
        "workers cost {:+.1} % of the whole program, {:+.1} % of what a warm run is spared",
        100.0 * whole,
        100.0 * extraction
    ));
    if extraction > AT_MOST {
        bail!("more than {:.0} %", 100.0 * AT_MOST);
    }
    Ok(())
}
