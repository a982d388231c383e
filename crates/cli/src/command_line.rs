use std::ffi::OsString;

use clap::Parser as _;

use crate::arguments::{Arguments, Command};
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::program::{self, Program};
use crate::{commands, default_command, log, usage};

/// Runs the command line of a process: the first argument is the program's name. The number is what the process ends with.
pub fn run(arguments: impl IntoIterator<Item = OsString>, program: Program) -> u8 {
    program::is(program);
    let given = default_command::with_command(arguments);
    let code = match Arguments::try_parse_from(&given) {
        Ok(arguments) => {
            log::start(arguments.verbose, arguments.quiet);
            done(&arguments).unwrap_or_else(|failure| failure.report())
        }
        Err(error) => usage::refused(&error, &given),
    };
    code.number()
}

fn done(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        Command::Map(map) => commands::map::run(map, arguments.quiet, arguments.verbose),
        Command::Explain(explain) => commands::explain::run(explain, arguments.quiet),
        Command::Find(name) => commands::navigate::find(name, arguments.quiet),
        Command::Refs(name) => commands::navigate::references(name, arguments.quiet),
        Command::Callers(name) => commands::navigate::callers(name, arguments.quiet),
        Command::Show(place) => commands::navigate::show(place, arguments.quiet),
        Command::Outline(place) => commands::navigate::outline(place, arguments.quiet),
        Command::View(view) => commands::view::run(view, arguments.quiet),
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
