//! Logs on standard error: warnings by default, more with `-v`, nothing with `-q`.

use std::io::{self, Write};

use repo_map_cache::visible;
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
        .with_writer(|| Log)
        .with_ansi(false)
        .without_time()
        .init();
}

/// Standard error for events that name what a tree has: each line is told visibly. What cannot be written is lost.
struct Log;

impl Write for Log {
    /// Takes an event whole, as the subscriber hands it over.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let line = format!("{}\n", visible(text.trim_end_matches('\n')));
        let _ = io::stderr().lock().write_all(line.as_bytes());
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
