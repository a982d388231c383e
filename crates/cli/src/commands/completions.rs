//! `repo-map completions SHELL`.

use std::fmt::Write as _;

use crate::exit_code::ExitCode;

use clap::{Command, CommandFactory as _};
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::output;

pub(crate) fn run(shell: Shell) -> Result<ExitCode, Failure> {
    let (mut script, mut command) = (Vec::new(), shown());
    clap_complete::generate(shell, &mut command, "repo-map", &mut script);
    let script = String::from_utf8_lossy(&script);
    output::print(&match shell {
        Shell::Fish => with_operands(&script, &command),
        _ => unambiguous(&script),
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The command without what is for our own use: generators offer hidden commands too.
fn shown() -> Command {
    let all = Arguments::command();
    let mut shown =
        Command::new("repo-map").version(env!("CARGO_PKG_VERSION")).args(all.get_arguments().cloned());
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

/// The generator for fish leaves out the values of operands, and takes the word `help` for a command that was named after `help`.
fn with_operands(script: &str, command: &Command) -> String {
    let mut whole = script.replace(" completions man help\" -f -a ", " completions man\" -f -a ");
    for command in command.get_subcommands() {
        let values = command.get_positionals().flat_map(clap::Arg::get_possible_values);
        let values: Vec<_> = values.map(|value| value.get_name().to_owned()).collect();
        if !values.is_empty() {
            let (name, values) = (command.get_name(), values.join(" "));
            let _ = writeln!(
                whole,
                "complete -c repo-map -n \"__fish_repo_map_using_subcommand {name}\" -f -a \"{values}\""
            );
        }
    }
    whole
}
