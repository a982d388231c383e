//! `repo-map` and `repo-map PATH` mean `repo-map map`.

use std::ffi::OsString;
use std::path::Path;

use clap::CommandFactory as _;

use crate::arguments::Arguments;

/// The flags that stand before any command.
const GLOBAL: &[&str] = &["-q", "--quiet", "-v", "-vv", "-vvv", "--verbose"];
/// What speaks of the program and not of a map.
const OF_PROGRAM: &[&str] = &["-h", "--help", "-V", "--version", "help"];

/// The arguments with the command that they mean.
pub(crate) fn with_command(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    let is_global = |argument: &OsString| GLOBAL.iter().any(|flag| argument == flag);
    let Some(at) = (1..=arguments.len()).find(|&at| arguments.get(at).is_none_or(|of| !is_global(of))) else {
        return arguments;
    };
    let means_map = match arguments.get(at) {
        None => true,
        Some(first) if OF_PROGRAM.iter().any(|flag| first == flag) || is_command(first) => false,
        Some(first) => first.as_encoded_bytes().starts_with(b"-") || Path::new(first).exists(),
    };
    if means_map {
        arguments.insert(at, "map".into());
    }
    arguments
}

fn is_command(argument: &OsString) -> bool {
    let command = Arguments::command();
    command
        .get_subcommands()
        .any(|of| argument == of.get_name() || of.get_all_aliases().any(|name| argument == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_meant_where_no_command_is_named() {
        let check = |given: &[&str], expected: &[&str]| {
            let of = |arguments: &[&str]| -> Vec<OsString> {
                ["repo-map"].iter().chain(arguments).map(OsString::from).collect()
            };
            assert_eq!(with_command(of(given)), of(expected), "{given:?}");
        };
        check(&[], &["map"]);
        check(&["."], &["map", "."]);
        check(&["-q", "src"], &["-q", "map", "src"]);
        check(&["--task", "x"], &["map", "--task", "x"]);
        check(&["-v"], &["-v", "map"]);
        check(&["-n", "100"], &["map", "-n", "100"]);
        for own in [
            &["--help"][..],
            &["-V"],
            &["help", "map"],
            &["map", "."],
            &["-q", "tags", "a"],
            &["mpa"],
            &["__worker"],
        ] {
            check(own, own);
        }
    }
}
