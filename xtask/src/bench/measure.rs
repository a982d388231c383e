//! What a program costs: CPU time and peak memory of a fresh child process.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;
use serde_json::{Value, json};

use crate::command::output;

/// One run of a program.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// User and system time, in seconds.
    pub(crate) cpu: f64,
    /// Peak resident memory, in MB.
    pub(crate) memory: f64,
    /// Elapsed time, in seconds.
    pub(crate) wall: f64,
}

/// Measures a program in a child of a child: the kernel's peak of memory is of all children so far.
pub(crate) fn measure(command: &[String]) -> Result<Cost> {
    let ourselves = std::env::current_exe().context("cannot find this program")?;
    let printed = output(Command::new(ourselves).args(["bench", "measure", "--"]).args(command))?;
    let cost: Value = serde_json::from_str(printed.trim())?;
    let number = |key: &str| cost[key].as_f64().with_context(|| format!("no {key} in {printed}"));
    Ok(Cost { cpu: number("cpu_s")?, memory: number("peak_mb")?, wall: number("wall_s")? })
}

/// Runs a program with its output thrown away and prints its cost as JSON.
#[expect(clippy::print_stdout, reason = "the cost is this command's result")]
pub(crate) fn print(command: &[String]) -> Result<()> {
    let start = Instant::now();
    let status = Command::new(&command[0])
        .args(&command[1..])
        .stdout(Stdio::null())
        .status()
        .with_context(|| format!("could not start {}", command[0]))?;
    let wall = start.elapsed().as_secs_f64();
    if !status.success() {
        bail!("{} failed: {status}", command.join(" "));
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = (usage.user_time() + usage.system_time()).num_microseconds() as f64 / 1e6;
    let memory = usage.max_rss() as f64 / 1024.0;
    println!("{}", json!({ "cpu_s": cpu, "peak_mb": memory, "wall_s": wall }));
    Ok(())
}

/// The middle of some figures.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    if figures.len() % 2 == 1 { figures[middle] } else { f64::midpoint(figures[middle - 1], figures[middle]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_count_is_between_the_two() {
        assert!((median(vec![4.0, 1.0, 3.0, 2.0]) - 2.5).abs() < f64::EPSILON);
        assert!((median(vec![9.0, 1.0, 3.0]) - 3.0).abs() < f64::EPSILON);
    }
}
