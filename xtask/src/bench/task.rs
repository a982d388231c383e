//! `cargo xtask bench task`: what a task costs a warm process, a fresh one and a cold run, beside peers that answer one.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::Value;

use super::measure::{Cost, measure, median};
use super::tree;
use crate::command::{cargo, output, run as run_command, say, target};

/// The bars: CPU of a task in a warm process where the tree has the size of a large application, the factor by which a cold run
/// may grow with the words, the CPU of the lexical query alone, and what the words may take on disk.
const WARM_MS: f64 = 20.0;
const APPLICATION_FILES: u64 = 10_000;
const COLD: f64 = 1.5;
const QUERY_MS: f64 = 50.0;
const WORDS_MB: f64 = 300.0;
/// How much more CPU a peer takes than a warm process of ours, and than a fresh one.
const WARM_PEERS: f64 = 100.0;
const FRESH_PEERS: f64 = 10.0;

/// The memory that a peer may take: a third of what probe would on Django for some tasks.
const MOST_KB: u64 = 8 << 20;

/// Programs from crates.io that answer a task: name, version, program, arguments around task and tree.
const PEERS: [Peer; 2] = [
    Peer {
        name: "probe-code",
        version: "0.6.0",
        program: "probe",
        before: &["search"],
        after: &["--max-tokens", "1024", "--format", "plain", "--timeout", "600"],
    },
    Peer { name: "cxpak", version: "3.6.0", program: "cxpak", before: &["search"], after: &[] },
];

struct Peer {
    name: &'static str,
    version: &'static str,
    program: &'static str,
    before: &'static [&'static str],
    after: &'static [&'static str],
}

#[derive(Args)]
pub(crate) struct TaskArguments {
    /// The source tree, for example Django's unpacked source distribution.
    tree: PathBuf,
    /// Tasks of the warm process.
    #[arg(long, default_value_t = 25)]
    tasks: usize,
    /// Rounds of the fresh and the cold processes, a task each; 0 leaves them out.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Ask probe-code and cxpak the same tasks; they are built from crates.io where they are not there yet.
    #[arg(long)]
    peers: bool,
}

struct Bench {
    tree: String,
    folder: PathBuf,
    cache: String,
}

pub(crate) fn run(arguments: &TaskArguments) -> Result<()> {
    run_command(&mut cargo(&["build", "--release", "--locked", "-p", "repo-map-cli"]))?;
    run_command(&mut cargo(&["build", "--release", "--locked", "-p", "repo-map-benches", "--bin", "task"]))?;
    let peers = if arguments.peers { PEERS.iter().collect::<Vec<_>>() } else { Vec::new() };
    let programs: Vec<PathBuf> = peers.iter().map(|peer| peer.installed()).collect::<Result<_>>()?;
    let tree = arguments.tree.canonicalize().with_context(|| format!("no {}", arguments.tree.display()))?;
    let folder = target()?.join("peers/task");
    tree::remove(&folder)?;
    std::fs::create_dir_all(&folder)?;
    if arguments.peers {
        copy_for_peers(&tree, &folder.join("tree"))?;
    }
    let cache = folder.join("cache").display().to_string();
    let bench = Bench { tree: tree.display().to_string(), folder, cache };
    tree::read_all(&tree)?;

    let mut faults = Vec::new();
    let warm = bench.warm(arguments.tasks, &mut faults)?;
    let mut costs = vec![Vec::new(); 3 + peers.len()];
    for round in 0..arguments.rounds {
        let task = bench.folder.join(format!("tasks/{round}.txt"));
        let words = std::fs::read_to_string(&task)?;
        let task = ["--task-file", &task.display().to_string()].map(ToOwned::to_owned);
        let fresh = bench.map(&bench.cache, &task)?;
        // Whoever comes second finds a warmer machine.
        let (with, without) = if round % 2 == 0 {
            let with = bench.cold(&task)?;
            (with, bench.cold(&[])?)
        } else {
            let without = bench.cold(&[])?;
            (bench.cold(&task)?, without)
        };
        let mut row = vec![fresh, with, without];
        for (peer, program) in peers.iter().zip(&programs) {
            row.push(peer.ask(program, &words, &bench.folder)?);
        }
        say(&format!("round {}: {row:.2?}", round + 1));
        for (column, cost) in costs.iter_mut().zip(row) {
            column.push(cost);
        }
    }
    if arguments.rounds > 0 {
        report(&bench, &costs, warm, &peers, &mut faults);
    }
    tree::remove(&bench.folder)?;
    if faults.is_empty() { Ok(()) } else { bail!("{}", faults.join("; ")) }
}

impl Bench {
    /// Asks a process that has the tree in memory; gives the CPU time of a task in milliseconds.
    fn warm(&self, tasks: usize, faults: &mut Vec<String>) -> Result<f64> {
        let program = target()?.join("release/task");
        let tasks = tasks.to_string();
        let command = || {
            let mut command = std::process::Command::new(&program);
            command.args([&self.tree, "--cache-dir", &self.cache, "--tasks", &tasks]);
            command
        };
        output(command().arg("--write").arg(self.folder.join("tasks")))?;
        let printed = output(&mut command())?;
        let result: Value = serde_json::from_str(printed.trim())?;
        let number = |key: &str| result[key].as_f64().with_context(|| format!("no {key} in {printed}"));
        let (cpu, query, words) = (number("cpu_ms")?, number("query_ms")?, number("words_mb")?);
        say(&format!(
            "{} files, {tasks} tasks of 50 words in a warm process: {cpu:.1} ms CPU (worst {:.1}) by default, {:.1} with a \
             look at each file's stat, {:.1} without any look; {query:.1} ms of them the lexical query (worst {:.1}); elapsed {}; {} tokens; words on disk {words:.1} MB",
            result["files"],
            number("worst_cpu_ms")?,
            number("cpu_ms_with_look")?,
            number("cpu_ms_without_look")?,
            number("worst_query_ms")?,
            result["elapsed_ms"],
            result["tokens"],
        ));
        let is_application = result["files"].as_u64().is_some_and(|files| files <= APPLICATION_FILES);
        for (what, seen, bar) in [
            ("ms CPU a task in a warm process", cpu, if is_application { WARM_MS } else { f64::MAX }),
            ("ms for the lexical query", query, QUERY_MS),
            ("MB of words", words, WORDS_MB),
        ] {
            if seen > bar {
                faults.push(format!("{seen:.1} {what}, more than {bar}"));
            }
        }
        Ok(cpu)
    }

    fn cold(&self, more: &[String]) -> Result<Cost> {
        let cache = self.folder.join("cold");
        tree::remove(&cache)?;
        self.map(&cache.display().to_string(), more)
    }

    /// Without the git log, so that words alone tell the runs apart.
    fn map(&self, cache: &str, more: &[String]) -> Result<Cost> {
        let program = target()?.join("release/repo-map").display().to_string();
        let plain = ["map", &self.tree, "--cache-dir", cache, "--quiet", "--no-history", "--threads", "1"];
        let plain = plain.map(ToOwned::to_owned);
        measure(&[&[program], &plain[..], more].concat())
    }
}

impl Peer {
    /// The program, built where it is not there yet: in a folder of its own, with the versions that its authors locked.
    fn installed(&self) -> Result<PathBuf> {
        let folder = target()?.join("peers").join(format!("{}@{}", self.name, self.version));
        let program = folder.join("bin").join(self.program);
        if !program.exists() {
            let mut install = cargo(&["install", "--locked", "--version", self.version, "--root"]);
            install.arg(&folder).arg("--target-dir").arg(folder.join("build")).arg(self.name);
            run_command(&mut install)?;
            tree::remove(&folder.join("build"))?;
        }
        Ok(program)
    }

    /// In a home of its own: what the peer keeps there is for the rounds after the first. With bounded memory, for probe takes all
    /// that there is for some tasks; a peer that fails has cost what it cost until then.
    fn ask(&self, program: &Path, task: &str, folder: &Path) -> Result<Cost> {
        let script = format!(
            "ulimit -v {MOST_KB}; HOME=$0 \"$@\" 2>/dev/null || echo failed >> \"$0/{}\"",
            self.failures()
        );
        let mut command = vec!["sh".to_owned(), "-c".to_owned(), script, folder.display().to_string()];
        command.push(program.display().to_string());
        command.extend(self.before.iter().map(|argument| (*argument).to_owned()));
        command.extend([task.to_owned(), folder.join("tree").display().to_string()]);
        command.extend(self.after.iter().map(|argument| (*argument).to_owned()));
        measure(&command)
    }

    /// The file that has a line for each task that the peer failed at.
    fn failures(&self) -> String {
        format!("failures-of-{}", self.name)
    }
}

/// Peers write into the tree, and cxpak wants a git repository.
fn copy_for_peers(tree: &Path, copy: &Path) -> Result<()> {
    run_command(std::process::Command::new("cp").arg("-R").args([tree, copy]))?;
    if copy.join(".git").exists() {
        return Ok(());
    }
    for step in ["init -q", "add -A", "-c user.name=bench -c user.email=bench@localhost commit -q -m tree"] {
        run_command(std::process::Command::new("git").arg("-C").arg(copy).args(step.split(' ')))?;
    }
    Ok(())
}

fn report(bench: &Bench, costs: &[Vec<Cost>], warm: f64, peers: &[&Peer], faults: &mut Vec<String>) {
    let cpu = |column: usize| median(costs[column].iter().map(|cost| cost.cpu).collect());
    let [fresh, with, without] = [0, 1, 2].map(cpu);
    let grows = with / without;
    say(&format!(
        "medians, CPU s: a fresh process {fresh:.3}; cold {with:.3} with the words, {without:.3} without: {grows:.2} times"
    ));
    if grows > COLD {
        faults.push(format!("words make a cold run {grows:.2} times as dear, more than {COLD}"));
    }
    for (peer, column) in peers.iter().zip(3..) {
        let theirs = cpu(column);
        let (of_warm, of_fresh) = (theirs / (warm / 1e3), theirs / fresh);
        let failures = std::fs::read_to_string(bench.folder.join(peer.failures())).unwrap_or_default();
        let failures = failures.lines().count();
        say(&format!(
            "{} {}: {theirs:.3} CPU s a task, {failures} of {} failed; ours 1/{of_warm:.0} of it in a warm process, \
             1/{of_fresh:.1} in a fresh one",
            peer.name,
            peer.version,
            costs[column].len(),
        ));
        // What a failure has cost is less than an answer would.
        if failures == 0 && (of_warm < WARM_PEERS || of_fresh < FRESH_PEERS) {
            faults.push(format!("{} is not {WARM_PEERS} and {FRESH_PEERS} times as dear", peer.name));
        }
    }
}
