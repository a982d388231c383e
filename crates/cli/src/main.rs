//! The command line `repo-map`: a ranked, token-budgeted map of any repository.
//!
//! ```text
//! arguments ──► commands/{map, tags, languages, …} ──► output (standard output: the result, nothing else)
//!     lists        progress, log (standard error)          failure (one line, one exit code)
//! ```
//!
//! A front end: it alone reads the environment, prints, and decides on exit codes. Everything else is the
//! library's (`repo-map-cache`).
#![deny(unsafe_code)]

mod account;
#[cfg(feature = "mcp")]
mod agents;
mod arguments;
mod clipboard;
mod commands;
#[cfg(all(windows, target_env = "gnu", target_arch = "x86_64"))]
#[expect(unsafe_code, reason = "it stands in for a function of the system")]
mod committed;
mod default_command;
mod failure;
mod json;
mod lists;
mod log;
mod output;
mod paths;
mod progress;
mod usage;

use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::{Arguments, Command};
use crate::failure::Failure;

#[global_allocator]
static HEAP: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    give_the_c_heap_to_mimalloc();
    prefer_small_pages();
    let given = default_command::with_command(std::env::args_os());
    let arguments = match Arguments::try_parse_from(&given) {
        Ok(arguments) => arguments,
        Err(error) => return usage::refused(&error, &given),
    };
    log::start(arguments.verbose, arguments.quiet);
    match run(&arguments) {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

#[expect(unsafe_code, reason = "tree-sitter takes its allocator through an unsafe function")]
fn give_the_c_heap_to_mimalloc() {
    // SAFETY: this is the first statement of the process's only thread, so tree-sitter holds no memory yet.
    unsafe { repo_map_cache::use_mimalloc() };
}

/// A fresh huge page is cleared as a whole, and on a virtual machine the host may have to find it first: a process that
/// ends within seconds pays more for that than it wins by it. Where the kernel refuses, nothing is lost.
fn prefer_small_pages() {
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}

fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        Command::Map(map) => commands::map::run(map, arguments.quiet, arguments.verbose),
        Command::Explain(explain) => commands::explain::run(explain, arguments.quiet),
        Command::Find(name) => commands::navigate::find(name, arguments.quiet),
        Command::Refs(name) => commands::navigate::references(name, arguments.quiet),
        Command::Callers(name) => commands::navigate::callers(name, arguments.quiet),
        Command::Show(place) => commands::navigate::show(place, arguments.quiet),
        Command::Outline(place) => commands::navigate::outline(place, arguments.quiet),
        Command::Tags(tags) => commands::tags::run(tags, arguments.quiet),
        Command::Cache(cache) => commands::cache::run(cache, arguments.quiet),
        #[cfg(feature = "mcp")]
        Command::Mcp(mcp) => commands::mcp::run(mcp),
        #[cfg(feature = "mcp")]
        Command::Serve(serve) => commands::mcp::serve(serve),
        #[cfg(feature = "mcp")]
        Command::Install(install) => commands::install::install(install),
        #[cfg(feature = "mcp")]
        Command::Uninstall(install) => commands::install::uninstall(install),
        #[cfg(feature = "mcp")]
        Command::Hook(hook) => Ok(commands::hook::run(hook)),
        Command::Languages(languages) => commands::languages::run(languages),
        Command::Completions { shell } => commands::completions::run(*shell),
        Command::Man => commands::man::run(),
        Command::Worker => commands::worker::run(),
    }
}
