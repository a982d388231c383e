//! `cargo xtask bench aider`: cold and warm maps beside aider-chat 0.86.2.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::measure::{Cost, measure, median};
use super::tree::{read_all, remove};
use super::{AiderArguments, python};
use crate::command::{cargo, run as run_command, say, target};

/// aider keeps its cache of tags in the tree.
const AIDER_CACHE: &str = ".aider.tags.cache.v4";

struct Contest {
    tree: PathBuf,
    tokens: String,
    threads: String,
    cache: PathBuf,
    interpreter: PathBuf,
}

pub(crate) fn run(arguments: &AiderArguments) -> Result<()> {
    run_command(&mut cargo(&["build", "--release", "--locked", "-p", "repo-map-cli"]))?;
    let contest = Contest {
        tree: arguments.tree.canonicalize().with_context(|| format!("no {}", arguments.tree.display()))?,
        tokens: arguments.tokens.to_string(),
        threads: arguments.threads.to_string(),
        cache: target()?.join("peers/cache"),
        interpreter: python::with_packages(&["aider-chat==0.86.2"])?,
    };
    let mut costs: [Vec<Cost>; 4] = Default::default();
    for round in 1..=arguments.rounds {
        remove(&contest.cache)?;
        remove(&contest.tree.join(AIDER_CACHE))?;
        // Neither pays for the disk: the tree is in the page cache when each begins, and its warm run follows at once.
        read_all(&contest.tree)?;
        let [our_cold, our_warm] = [contest.ours()?, contest.ours()?];
        read_all(&contest.tree)?;
        let runs = [our_cold, contest.aider()?, our_warm, contest.aider()?];
        say(&format!("round {round}: {runs:.2?}"));
        for (column, cost) in costs.iter_mut().zip(runs) {
            column.push(cost);
        }
    }
    remove(&contest.tree.join(AIDER_CACHE))?;
    report(&costs);
    Ok(())
}

impl Contest {
    fn ours(&self) -> Result<Cost> {
        measure(&[
            shown(&target()?.join("release/repo-map")),
            "map".to_owned(),
            shown(&self.tree),
            "--map-tokens".to_owned(),
            self.tokens.clone(),
            "--tokenizer".to_owned(),
            "cl100k".to_owned(),
            "--cache-dir".to_owned(),
            shown(&self.cache),
            "--threads".to_owned(),
            self.threads.clone(),
            "--quiet".to_owned(),
        ])
    }

    fn aider(&self) -> Result<Cost> {
        measure(&[
            shown(&self.interpreter),
            "benches/peers/aider_map.py".to_owned(),
            shown(&self.tree),
            self.tokens.clone(),
        ])
    }
}

fn report(costs: &[Vec<Cost>; 4]) {
    let middle = |index: usize, figure: fn(&Cost) -> f64| median(costs[index].iter().map(figure).collect());
    say(
        "medians       |   ours CPU s |  aider CPU s |  ratio | ours MB | aider MB | ours wall s | aider wall s",
    );
    for (name, ours, peer) in [("cold", 0, 1), ("warm, fresh", 2, 3)] {
        let (ours_cpu, peer_cpu) = (middle(ours, |c| c.cpu), middle(peer, |c| c.cpu));
        say(&format!(
            "{name:<13} | {ours_cpu:>12.3} | {peer_cpu:>12.3} | 1/{:<4.1} | {:>7.0} | {:>8.0} | {:>11.2} | {:>12.2}",
            peer_cpu / ours_cpu,
            middle(ours, |c| c.memory),
            middle(peer, |c| c.memory),
            middle(ours, |c| c.wall),
            middle(peer, |c| c.wall),
        ));
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
