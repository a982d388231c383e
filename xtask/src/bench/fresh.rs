//! What a fresh process costs on a store that is full: the same request, others, and the same after an edit.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;

use super::measure::{measure, median};
use crate::command::{cargo, run as run_command, say};

#[derive(Args)]
pub(crate) struct FreshArguments {
    /// The source tree. The chat file is edited, and put back.
    tree: PathBuf,
    /// A file of the tree, from its root.
    #[arg(long)]
    chat_file: String,
    /// The program of an earlier build, to run in turn with this one.
    #[arg(long)]
    baseline: Option<PathBuf>,
    /// This build's program, if it is built already.
    #[arg(long)]
    program: Option<PathBuf>,
    /// Rounds; the report gives medians.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Where the stores are, which are filled if they are not there.
    #[arg(long)]
    stores: PathBuf,
    /// The raw rows go there: a line a run, with tabs.
    #[arg(long)]
    rows: Option<PathBuf>,
}

const KINDS: [&str; 6] =
    ["same request", "another budget", "chat file", "mention", "task", "same request, one file edited"];

/// The runs of one program: CPU seconds and peak memory of each kind.
struct Contender {
    name: &'static str,
    program: PathBuf,
    store: PathBuf,
    runs: Vec<(usize, f64, f64)>,
}

pub(crate) fn run(arguments: &FreshArguments) -> Result<()> {
    let program = match &arguments.program {
        Some(program) => program.clone(),
        None => {
            run_command(&mut cargo(&["build", "--release", "--quiet", "--locked", "-p", "repo-map-cli"]))?;
            PathBuf::from("target/release/repo-map")
        }
    };
    let mut contenders = vec![Contender::new("new", program, arguments)];
    if let Some(baseline) = &arguments.baseline {
        contenders.push(Contender::new("baseline", baseline.clone(), arguments));
    }
    let edited = arguments.tree.join(&arguments.chat_file);
    let text = fs::read(&edited).with_context(|| format!("cannot read {}", edited.display()))?;
    for contender in &contenders {
        contender.ask(&arguments.tree, &["--map-tokens", "1024"])?;
        contender.ask(&arguments.tree, &["--map-tokens", "1023", "--task", "fill the words"])?;
    }
    for round in 0..arguments.rounds {
        let (budget, task) =
            (format!("{}", 900 + round), format!("drop the lock before the cache is full, case {round}"));
        let of_kind: [&[&str]; 5] = [
            &["--map-tokens", "1024"],
            &["--map-tokens", &budget],
            &["--map-tokens", &budget, "--chat-file", &arguments.chat_file],
            &["--map-tokens", &budget, "--mention-ident", "lock"],
            &["--map-tokens", &budget, "--task", &task],
        ];
        for contender in &mut contenders {
            // What was put back a moment ago is looked at once more.
            contender.ask(&arguments.tree, of_kind[0])?;
            for (kind, options) in of_kind.iter().enumerate() {
                contender.measure(kind, &arguments.tree, options)?;
            }
            let line = format!(
                "\n{} {round} {}\n",
                if edited.extension().is_some_and(|of| of == "py") { "#" } else { "//" },
                contender.name
            );
            fs::write(&edited, [text.as_slice(), line.as_bytes()].concat())?;
            let measured = contender.measure(5, &arguments.tree, of_kind[0]);
            fs::write(&edited, &text)?;
            measured?;
        }
    }
    if let Some(path) = &arguments.rows {
        fs::write(path, rows(&contenders))?;
    }
    say(&report(&contenders));
    Ok(())
}

impl Contender {
    fn new(name: &'static str, program: PathBuf, arguments: &FreshArguments) -> Self {
        Self { name, program, store: arguments.stores.join(name), runs: Vec::new() }
    }

    fn command(&self, tree: &Path, options: &[&str]) -> Vec<String> {
        let mut command = vec![self.program.display().to_string()];
        command.extend(["map", "--quiet", "--threads", "1", "--cache-dir"].map(ToOwned::to_owned));
        command.push(self.store.display().to_string());
        command.extend(options.iter().map(|&option| option.to_owned()));
        command.push(tree.display().to_string());
        command
    }

    fn ask(&self, tree: &Path, options: &[&str]) -> Result<()> {
        measure(&self.command(tree, options)).map(drop)
    }

    fn measure(&mut self, kind: usize, tree: &Path, options: &[&str]) -> Result<()> {
        let cost = measure(&self.command(tree, options))?;
        self.runs.push((kind, cost.cpu, cost.memory));
        Ok(())
    }

    fn median(&self, kind: usize, of: fn(&(usize, f64, f64)) -> f64) -> f64 {
        median(self.runs.iter().filter(|run| run.0 == kind).map(of).collect())
    }
}

fn rows(contenders: &[Contender]) -> String {
    let mut rows = String::from("build\trequest\tcpu_s\tpeak_mb\n");
    for contender in contenders {
        for (kind, cpu, memory) in &contender.runs {
            let _ = writeln!(rows, "{}\t{}\t{cpu:.3}\t{memory:.0}", contender.name, KINDS[*kind]);
        }
    }
    rows
}

fn report(contenders: &[Contender]) -> String {
    let mut report = String::from("| a fresh process |");
    contenders.iter().for_each(|of| report += &format!(" {} |", of.name));
    report += &format!("\n|---|{}\n", "---|".repeat(contenders.len()));
    for (kind, name) in KINDS.iter().enumerate() {
        let _ = write!(report, "| {name} |");
        for of in contenders {
            let _ = write!(
                report,
                " {:.3} s CPU, {:.0} MB |",
                of.median(kind, |run| run.1),
                of.median(kind, |run| run.2)
            );
        }
        report.push('\n');
    }
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_has_the_median_of_each_kind_and_build() {
        let runs =
            (0..KINDS.len()).flat_map(|kind| [3.0, 1.0, 2.0].map(|cpu| (kind, cpu + kind as f64, 10.0)));
        let of = |name| Contender {
            name,
            program: PathBuf::new(),
            store: PathBuf::new(),
            runs: runs.clone().collect(),
        };
        let contenders = [of("new"), of("baseline")];
        assert!(report(&contenders).contains("| chat file | 4.000 s CPU, 10 MB | 4.000 s CPU, 10 MB |"));
        assert_eq!(rows(&contenders).lines().count(), 1 + 2 * 3 * KINDS.len());
    }
}
