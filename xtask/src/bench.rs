//! `cargo xtask bench …`: the product beside its peers, in one run, by CPU time.

mod aider;
mod cache;
mod cliff;
mod fresh;
mod grep_ast;
mod measure;
mod python;
mod task;
mod tree;
mod workers;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub(crate) enum Bench {
    /// Cold and warm maps beside aider-chat, alternating, each a fresh process.
    Aider(AiderArguments),
    /// The cache beside redb, fjall, SQLite, diskcache, quick_cache and moka.
    Cache {
        /// Arguments of the program `cache-peers`: `--rounds`, `--records`, `--memory-only`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Stores a little smaller and larger than a tree needs: second runs beside those with room for all, by CPU time; fails where a
    /// bar is missed.
    Cliff(cliff::CliffArguments),
    /// Fresh processes on a full store: the same request, others, and one after an edit, beside an earlier build.
    Fresh(fresh::FreshArguments),
    /// The anonymous memory that reading a store of 500 MB takes.
    Resident {
        /// Arguments of the program `memory-of-a-large-store`: `--megabytes`, `--tier`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// The `tree` style beside grep-ast's, on pairs of a file and lines of interest.
    GrepAst {
        /// Arguments of benches/peers/grep_ast_compare.py.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Extraction beside parsing alone, by CPU time: `[--rounds N] [--every N] FOLDER …`; fails beyond 1.45 times.
    Tags {
        /// Arguments of the tags crate's example `throughput`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Cold maps with worker processes and without, alternating, by CPU time; fails where workers cost more than 10 %.
    Workers(workers::WorkersArguments),
    /// A task of fifty words: warm, fresh and cold processes, and peers that answer one; fails where a bar is missed.
    Task(task::TaskArguments),
    /// How much of what universal-ctags finds we find: `[--misses N] [--prototypes] [-I LIST] FOLDER …`.
    Ctags {
        /// Arguments of the tags crate's example `ctags`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Random requests against the library: no budget exceeded, no crash, the same bytes twice.
    Soak {
        /// Arguments of the soak program.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Two threads on one mapper beside two processes, by maps in the same time; fails below nine tenths.
    Threads {
        /// Arguments of the program `threads`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Names whose definitions were looked up by hand, in checkouts of eight repositories: `FOLDER`; fails where the first definition is
    /// right for less than 0.98.
    Verbs {
        /// Arguments of the program `verbs`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Runs one program and prints its CPU seconds, peak memory and wall seconds (used by the others).
    Measure {
        /// The program and its arguments.
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        command: Vec<String>,
    },
}

#[derive(Args)]
pub(crate) struct AiderArguments {
    /// The source tree, for example Django's unpacked source distribution.
    tree: PathBuf,
    /// Rounds; the report gives medians.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Our worker threads; aider has one.
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// The token budget of both.
    #[arg(long, default_value_t = 1024)]
    tokens: usize,
}

pub(crate) fn run(bench: &Bench) -> Result<()> {
    match bench {
        Bench::Aider(arguments) => aider::run(arguments),
        Bench::Cache { arguments } => cache::run_all(arguments),
        Bench::Cliff(arguments) => cliff::run(arguments),
        Bench::Fresh(arguments) => fresh::run(arguments),
        Bench::Resident { arguments } => cache::resident(arguments),
        Bench::GrepAst { arguments } => grep_ast::run(arguments),
        Bench::Tags { arguments } => {
            let bar = ["--at-most".to_owned(), "1.45".to_owned()];
            tags_example("throughput", "mimalloc", &[&bar, arguments.as_slice()].concat())
        }
        Bench::Workers(arguments) => workers::run(arguments),
        Bench::Task(arguments) => task::run(arguments),
        Bench::Ctags { arguments } => tags_example("ctags", "extended", arguments),
        Bench::Soak { arguments } => program("soak", arguments),
        Bench::Threads { arguments } => program("threads", arguments),
        Bench::Verbs { arguments } => program("verbs", arguments),
        Bench::Measure { command } => measure::print(command),
    }
}

/// Runs a program of the benches, optimised.
pub(crate) fn program(name: &str, arguments: &[String]) -> Result<()> {
    let mut command = crate::command::cargo(&[
        "run",
        "--release",
        "--quiet",
        "--locked",
        "-p",
        "repo-map-benches",
        "--bin",
        name,
        "--",
    ]);
    crate::command::run(command.args(arguments))
}

/// Runs an example of the tags crate, optimised, beside the core with these features.
fn tags_example(name: &str, features: &str, arguments: &[String]) -> Result<()> {
    let run = ["run", "--release", "--quiet", "--locked", "-p", "repo-map-tags"];
    let mut command = crate::command::cargo(&run);
    command.args(["--features", features, "--example", name, "--"]);
    crate::command::run(command.args(arguments))
}
