//! `repo-map man`: the manual page, each command in a section of its own.

use crate::exit_code::ExitCode;

use clap::CommandFactory as _;

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::output;

pub(crate) fn run() -> Result<ExitCode, Failure> {
    let mut command = Arguments::command();
    command.build();
    let mut page = Vec::new();
    let render = |command: clap::Command, page: &mut Vec<u8>| clap_mangen::Man::new(command).render(page);
    let mut done = render(command.clone(), &mut page);
    for subcommand in command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help") {
        done = done.and_then(|()| render(subcommand.clone(), &mut page));
    }
    done.map_err(|error| Failure::Unreadable(format!("cannot render the manual page: {error}")))?;
    output::print(&String::from_utf8_lossy(&page))?;
    Ok(ExitCode::SUCCESS)
}
