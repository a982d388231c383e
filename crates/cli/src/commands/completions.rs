//! `repo-map completions SHELL`.

use crate::exit_code::ExitCode;

use clap::{Command, CommandFactory as _};
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::output;

pub(crate) fn run(shell: Shell) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut shown(), "repo-map", &mut script);
    output::print(&unambiguous(&String::from_utf8_lossy(&script)))?;
    Ok(ExitCode::SUCCESS)
}

/// The command without what is for our own use: generators offer hidden commands too.
fn shown() -> Command {
    let all = Arguments::command();
    let mut shown = Command::new("repo-map").args(all.get_arguments().cloned());
    if let Some(about) = all.get_about() {
        shown = shown.about(about.clone());
    }
    shown.subcommands(all.get_subcommands().filter(|command| !command.is_hide_set()).cloned())
}

/// The generator for bash takes the second word of the program's name for its subcommand `map` in some places, and the two halves of
/// its script do not meet.
fn unambiguous(script: &str) -> String {
    script.replace("repo__subcmd__map", "repo__map")
}
