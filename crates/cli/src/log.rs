//! Logs on standard error: warnings by default, more with `-v`, nothing with `-q`.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::filter::LevelFilter;

pub(crate) fn start(verbose: u8, quiet: bool) {
    let level = match (quiet, verbose) {
        (true, _) => LevelFilter::OFF,
        (false, 0) => LevelFilter::WARN,
        (false, 1) => LevelFilter::INFO,
        (false, 2) => LevelFilter::DEBUG,
        (false, _) => LevelFilter::TRACE,
    };
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal() && !no_colour())
        .without_time()
        .init();
}

/// <https://no-color.org>: any value that is not empty.
#[expect(clippy::disallowed_methods, reason = "a front end reads the environment")]
fn no_colour() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}
