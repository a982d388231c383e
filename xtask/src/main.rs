//! The chores of the workspace: `cargo xtask --help`.
#![forbid(unsafe_code)]

mod apt;
mod attack;
mod bench;
mod checks;
mod circles;
mod clients;
mod command;
mod cross;
mod dist;
mod generated;
mod languages;
mod licenses;
mod links;
mod npm;
mod pages;
mod published;
mod python;
mod shared;
mod signals;
mod tidy;

use std::process::ExitCode;

use clap::Parser;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The chores of the workspace")]
enum Task {
    /// Everything that a change must pass: format, lints, tests, documentation, tidy.
    Test {
        /// Also what takes long to install: aider, to drive its coder, official clients of the Model Context Protocol, and a browser.
        #[arg(long)]
        all: bool,
    },
    /// The rules of the house that no compiler checks: directions, names, front pages.
    Tidy,
    /// Damages stores, kills writers and counts what is lost: `--seed`, `--mutations`, `--healthy`, `--kills`, `--seconds`.
    Faults {
        /// Arguments of the test program `faults`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Mutates fixtures, for a while a language, and counts what kills or hangs a parser: `--seed`, `--seconds`, `--language`.
    Fuzz {
        /// Arguments of the test program `fuzz`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Attacks a build of the command line with hostile trees, stores, settings, requests and signals, in a throw-away home.
    Attack(attack::Attack),
    /// Replays commits of repositories: does a map show what they edit? `--repo DIR …`; `-- --help` has the rest.
    Quality {
        /// Arguments of the quality program.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Writes the tables of docs/languages.md.
    Languages {
        /// Only look whether they are up to date.
        #[arg(long)]
        check: bool,
    },
    /// Writes the table of docs/signals.md.
    Signals {
        /// Only look whether it is there.
        #[arg(long)]
        check: bool,
    },
    /// Writes docs/licenses.md, and refuses licences that deny.toml does not allow.
    Licenses {
        /// Only look whether it is up to date.
        #[arg(long)]
        check: bool,
    },
    /// Runs the tests of cache-core's own code under miri: `rustup component add --toolchain nightly miri rust-src` first.
    Miri {
        /// Arguments of `cargo miri test` in place of `--lib`, such as `--test tiered`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Lints for Windows, macOS, 32-bit and arm64 Linux; what is missing for it is told first.
    Cross(cross::Chores),
    /// Builds the program for each platform, starts it, and packs it with its licences, completions and manual: `--target NAME`.
    Dist(dist::Chores),
    /// Builds the Python module, installs it where nothing else is, and runs its tests there: `--aider`, `--release`.
    Python(python::Chores),
    /// The shared cache on real servers, which are installed first: redis-server by apt, with `--all` also moto and wsgidav by pip.
    Shared {
        /// Also S3 and WebDAV.
        #[arg(long)]
        all: bool,
    },
    /// Official clients of the Model Context Protocol list and call every tool: Python's, and TypeScript's where there is npm.
    Clients,
    /// The pages for people in a real browser: their bytes, their keys, hostile names, a linter. Asks apt-get for Chromium where there is none.
    Pages(pages::Chores),
    /// Packs the npm packages around a program that is built, installs them without a registry and runs them.
    Npm(npm::Chores),
    /// Measurements beside the peers; what they need is installed under `target/peers`.
    #[command(subcommand)]
    Bench(bench::Bench),
}

fn main() -> ExitCode {
    let done = match Task::parse() {
        Task::Test { all } => checks::run(all),
        Task::Tidy => tidy::run(),
        Task::Faults { arguments } => checks::faults(&arguments),
        Task::Fuzz { arguments } => checks::fuzz(&arguments),
        Task::Attack(attack) => attack::run(&attack),
        Task::Quality { arguments } => bench::program("quality", &arguments),
        Task::Languages { check } => languages::run(check),
        Task::Signals { check } => signals::run(check),
        Task::Licenses { check } => licenses::run(check),
        Task::Miri { arguments } => checks::miri(&arguments),
        Task::Cross(chores) => cross::run(&chores),
        Task::Dist(chores) => dist::run(&chores),
        Task::Python(chores) => python::run(chores),
        Task::Shared { all } => shared::run(all),
        Task::Clients => clients::run(),
        Task::Pages(chores) => pages::run(&chores),
        Task::Npm(chores) => npm::run(&chores),
        Task::Bench(bench) => bench::run(&bench),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            command::say(&format!("xtask: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
