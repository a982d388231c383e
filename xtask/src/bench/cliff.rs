//! A store that is a little too small: what the second run of a tree costs beside one with room for all, and beside a build of before.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::Value;

use super::measure::{measure, median};
use super::tree::{read_all, remove};
use crate::command::{cargo, output, run as run_command, say};

/// What a store can count on, of a small limit.
const USABLE: f64 = 0.7;

/// Parts of what a tree needs.
const PARTS: [f64; 4] = [0.9, 0.99, 1.01, 1.5];

/// A limit that no tree of this bench comes near, in MiB.
const ROOMY: u64 = 4096;

#[derive(Args)]
pub(crate) struct CliffArguments {
    /// The source tree, for example Django's unpacked source distribution.
    tree: PathBuf,
    /// The program of an earlier build, to run in turn with this one. It is held to no bar.
    #[arg(long)]
    baseline: Option<PathBuf>,
    /// This build's program, if it is built already.
    #[arg(long)]
    program: Option<PathBuf>,
    /// Rounds, each from an empty store; the report gives medians.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Second runs of each kind a round.
    #[arg(long, default_value_t = 3)]
    repeats: usize,
    /// The parts of the need to try.
    #[arg(long, value_delimiter = ',', default_values_t = PARTS)]
    parts: Vec<f64>,
}

/// A program with a limit.
struct Contender {
    name: String,
    program: PathBuf,
    megabytes: u64,
    cache: PathBuf,
    /// CPU seconds: of cold runs, of the same request again, and of one with another budget.
    costs: [Vec<f64>; 3],
}

pub(crate) fn run(arguments: &CliffArguments) -> Result<()> {
    let program = match &arguments.program {
        Some(program) => program.clone(),
        None => {
            run_command(&mut cargo(&["build", "--release", "--quiet", "--locked", "-p", "repo-map-cli"]))?;
            PathBuf::from("target/release/repo-map")
        }
    };
    let work = std::env::temp_dir().join(format!("repo-map-cliff-{}", std::process::id()));
    let mut misses = Vec::new();
    for &part in &arguments.parts {
        let (tree, limit) = sized(arguments, &program, &work, part)?;
        let mut contenders = vec![
            Contender::new("new", &program, ROOMY, &work),
            Contender::new("new", &program, limit, &work),
        ];
        if let Some(baseline) = &arguments.baseline {
            contenders.push(Contender::new("baseline", baseline, ROOMY, &work));
            contenders.push(Contender::new("baseline", baseline, limit, &work));
        }
        for round in 0..arguments.rounds {
            for contender in &mut contenders {
                remove(&contender.cache)?;
                contender.measure(0, &tree, 1024)?;
            }
            for repeat in 0..arguments.repeats {
                let other = 2000 + (round * arguments.repeats + repeat) as u64;
                for contender in &mut contenders {
                    contender.measure(1, &tree, 1024)?;
                    contender.measure(2, &tree, other)?;
                }
            }
        }
        say(&report(part, limit, &contenders, &mut misses));
    }
    remove(&work)?;
    if !misses.is_empty() {
        bail!("missed: {}", misses.join("; "));
    }
    Ok(())
}

impl Contender {
    fn new(name: &str, program: &Path, megabytes: u64, work: &Path) -> Self {
        let cache = work.join(format!("cache-{name}-{megabytes}"));
        Self {
            name: name.to_owned(),
            program: program.to_owned(),
            megabytes,
            cache,
            costs: Default::default(),
        }
    }

    fn measure(&mut self, kind: usize, tree: &Path, tokens: u64) -> Result<()> {
        let mut command = vec!["env".to_owned(), limited(self.megabytes), self.program.display().to_string()];
        command.extend(["map", "--quiet", "--map-tokens"].map(ToOwned::to_owned));
        command.extend([tokens.to_string(), "--cache-dir".to_owned(), self.cache.display().to_string()]);
        command.push(tree.display().to_string());
        self.costs[kind].push(measure(&command)?.cpu);
        Ok(())
    }

    fn median(&self, kind: usize) -> f64 {
        median(self.costs[kind].clone())
    }
}

fn limited(megabytes: u64) -> String {
    format!("REPO_MAP_CACHE_SIZE_MB={megabytes}")
}

/// A copy of the tree with so much more source that what a limit of whole megabytes has for entries is this part of what they need.
fn sized(arguments: &CliffArguments, program: &Path, work: &Path, part: f64) -> Result<(PathBuf, u64)> {
    let tree = work.join("tree");
    remove(work)?;
    std::fs::create_dir_all(work)?;
    run_command(Command::new("cp").arg("-r").arg(&arguments.tree).arg(&tree))?;
    remove(&tree.join(".git"))?;
    let ballast = tree.join("ballast");
    std::fs::create_dir(&ballast)?;
    let bare = need(program, &tree, work)?;
    let limit = (bare * part / USABLE / f64::from(1 << 20)).ceil() as u64 + 1;
    let wanted = USABLE * (limit << 20) as f64 / part;
    let (mut files, mut needed) = (0u64, bare);
    for _ in 0..8 {
        let each = if files == 0 { 4096.0 } else { (needed - bare) / files as f64 };
        let more = ((wanted - needed) / each).round();
        if more.abs() < 0.5 {
            break;
        }
        let before = files;
        files = (files as f64 + more).max(0.0) as u64;
        for number in files..before {
            std::fs::remove_file(ballast.join(format!("ballast{number}.py")))?;
        }
        for number in before..files {
            std::fs::write(ballast.join(format!("ballast{number}.py")), source(number))?;
        }
        needed = need(program, &tree, work)?;
    }
    read_all(&tree)?;
    say(&format!(
        "the tree needs {:.3} MiB; a limit of {limit} MiB has {:.3}: {:.4} of it",
        needed / f64::from(1 << 20),
        USABLE * limit as f64,
        USABLE * (limit << 20) as f64 / needed
    ));
    Ok((tree, limit))
}

/// A file whose tags take about a page.
fn source(number: u64) -> String {
    (0..24).fold(String::new(), |mut text, line| {
        let _ = writeln!(
            text,
            "def ballast_{number}_{line}(first, second):\n    return weigh(first, second, {line})\n"
        );
        text
    })
}

/// The pages of all tables after a run with room for all, in bytes.
fn need(program: &Path, tree: &Path, work: &Path) -> Result<f64> {
    let mut roomy = Contender::new("need", program, ROOMY, work);
    remove(&roomy.cache)?;
    roomy.measure(0, tree, 1024)?;
    let mut command = Command::new(program);
    command.args(["cache", "--json", "--cache-dir"]).arg(&roomy.cache).arg("stats");
    let statistics: Value = serde_json::from_str(&output(&mut command)?)?;
    let tables = statistics["tables"].as_array().context("`cache stats` tells of tables")?;
    Ok(tables.iter().filter_map(|table| table["bytes"].as_f64()).sum())
}

fn report(part: f64, limit: u64, contenders: &[Contender], misses: &mut Vec<String>) -> String {
    let mut text = format!("\n{part} of the need, CPU seconds, medians\n");
    let _ = writeln!(text, "{:<10}{:>7}{:>9}{:>9}{:>9}", "", "MiB", "cold", "again", "other");
    for contender in contenders {
        let Contender { name, megabytes, .. } = contender;
        let [cold, again, other] = [0, 1, 2].map(|kind| contender.median(kind));
        let _ = writeln!(text, "{name:<10}{megabytes:>7}{cold:>9.3}{again:>9.3}{other:>9.3}");
    }
    for (kind, what) in [(1, "again"), (2, "other budget")] {
        let (roomy, capped) = (contenders[0].median(kind), contenders[1].median(kind));
        let bar =
            if part < 1.0 { roomy + 1.2 * (1.0 - part) * contenders[0].median(0) } else { 1.05 * roomy };
        let verdict = if capped <= bar { "holds" } else { "MISSED" };
        let _ = writeln!(text, "{what}: {capped:.3} of at most {bar:.3}: {verdict}");
        if capped > bar {
            misses.push(format!("{part} of the need at {limit} MiB, {what}: {capped:.3} > {bar:.3}"));
        }
    }
    text
}
