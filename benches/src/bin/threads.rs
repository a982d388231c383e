//! Two threads on one mapper beside two processes with a mapper each: how many maps they make in the same time.
//!
//! ```text
//! cargo xtask bench threads TREE [--rounds 3] [--seconds 5]
//! ```
//!
//! Each map is of a task of its own, so that none is a kept one. Processes and threads take turns; the report gives the
//! sums, and the program fails where the threads make less than nine tenths.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program that reports")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use clap::Parser;
use repo_map_cache::{CacheConfig, MapRequest, RepoMapper};

#[derive(Parser)]
struct Arguments {
    /// The source tree.
    tree: PathBuf,
    /// Rounds of each.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// How long each makes maps.
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// One of the two processes: makes maps when its standard input says so, and prints their number.
    #[arg(long, hide = true)]
    process: Option<u64>,
}

/// What threads must make of what processes make.
const BAR: f64 = 0.9;

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let time = Duration::from_secs_f64(arguments.seconds);
    if let Some(number) = arguments.process {
        let mapper = warm(&arguments.tree)?;
        println!("ready");
        std::io::stdin().read_line(&mut String::new())?;
        println!("{}", maps(&mapper, number, time)?);
        return Ok(());
    }
    let (mut by_threads, mut by_processes) = (0, 0);
    for round in 0..arguments.rounds as u64 {
        by_threads += in_threads(&arguments.tree, round, time)?;
        by_processes += in_processes(&arguments, round)?;
    }
    let ratio = by_threads as f64 / by_processes as f64;
    println!("two threads {by_threads} maps, two processes {by_processes}: {ratio:.3}");
    ensure!(ratio >= BAR, "two threads make less than {BAR} of what two processes make");
    Ok(())
}

fn warm(tree: &Path) -> Result<RepoMapper> {
    let mapper = RepoMapper::builder(tree).cache(CacheConfig::in_memory()).build()?;
    // From the third look on a tree is watched.
    for _ in 0..3 {
        mapper.map(&MapRequest::new(1024).task("warm"))?;
    }
    Ok(mapper)
}

/// Makes maps for a time; gives their number.
fn maps(mapper: &RepoMapper, number: u64, time: Duration) -> Result<u64> {
    let start = Instant::now();
    let mut count = 0;
    while start.elapsed() < time {
        let task = format!("fix the error {number} {count} when a file is read twice");
        mapper.map(&MapRequest::new(1024).task(task))?;
        count += 1;
    }
    Ok(count)
}

fn in_threads(tree: &Path, round: u64, time: Duration) -> Result<u64> {
    let mapper = warm(tree)?;
    let start = Barrier::new(2);
    thread::scope(|scope| {
        let run = |number| {
            let (mapper, start) = (&mapper, &start);
            scope.spawn(move || {
                start.wait();
                maps(mapper, number, time)
            })
        };
        let threads = [run(4 * round), run(4 * round + 1)];
        threads.map(|thread| thread.join().expect("no request panics")).into_iter().sum()
    })
}

fn in_processes(arguments: &Arguments, round: u64) -> Result<u64> {
    let mut processes: Vec<(Child, BufReader<std::process::ChildStdout>)> = Vec::new();
    for number in [4 * round + 2, 4 * round + 3] {
        let mut process = Command::new(std::env::current_exe()?)
            .arg(&arguments.tree)
            .args(["--process", &number.to_string(), "--seconds", &arguments.seconds.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let output = BufReader::new(process.stdout.take().context("it has no output")?);
        processes.push((process, output));
    }
    for (_, output) in &mut processes {
        output.read_line(&mut String::new())?;
    }
    for (process, _) in &mut processes {
        process.stdin.take().context("it has no input")?.write_all(b"go\n")?;
    }
    let mut sum = 0;
    for (mut process, mut output) in processes {
        let mut line = String::new();
        output.read_line(&mut line)?;
        sum += line.trim().parse::<u64>().context("a process failed")?;
        process.wait()?;
    }
    Ok(sum)
}
