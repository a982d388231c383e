//! What clap refused, in the voice of all messages.

use crate::exit_code::ExitCode;
use std::ffi::OsString;

use clap::CommandFactory as _;
use clap::error::ErrorKind;

use crate::arguments::Arguments;
use crate::failure::{USAGE, tell};

/// What clap refused, on one line; help and version are no errors and go to standard output.
pub(crate) fn refused(error: &clap::Error, given: &[OsString]) -> ExitCode {
    let command = given.iter().skip(1).find_map(|word| {
        let command = Arguments::command();
        command.find_subcommand(word).filter(|of| !of.is_hide_set()).cloned()
    });
    let called = command.as_ref().map_or_else(String::new, |command| format!(" {}", command.get_name()));
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // A closed pipe is the reader's choice.
            let _ = error.print();
            ExitCode::SUCCESS
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let command = command.unwrap_or_else(Arguments::command);
            let known = command.get_subcommands().filter(|of| !of.is_hide_set() && of.get_name() != "help");
            let known: Vec<&str> = known.map(clap::Command::get_name).collect();
            tell(&format!(
                "`repo-map{called}` needs one of: {} (see `repo-map{called} --help`)",
                known.join(", ")
            ));
            ExitCode::from(USAGE)
        }
        _ => {
            let text = error.to_string();
            let lines =
                text.lines().take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"));
            let mut told = String::new();
            for line in lines.map(str::trim).filter(|line| !line.is_empty()) {
                let between = if told.is_empty() {
                    ""
                } else if told.ends_with(':') {
                    " "
                } else {
                    "; "
                };
                told = format!("{told}{between}{line}");
            }
            let told = told.trim_start_matches("error: ").replace("tip: ", "");
            tell(&format!("{told} (see `repo-map{called} --help`)"));
            ExitCode::from(USAGE)
        }
    }
}
