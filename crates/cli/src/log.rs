//! Logs on standard error in the voice of all messages: warnings by default, more with `-v`, nothing with `-q`.

use std::fmt::{self, Write as _};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::failure;

pub(crate) fn start(verbose: u8, quiet: bool) {
    let level = match (quiet, verbose) {
        (true, _) => LevelFilter::OFF,
        (false, 0) => LevelFilter::WARN,
        (false, 1) => LevelFilter::INFO,
        (false, 2) => LevelFilter::DEBUG,
        (false, _) => LevelFilter::TRACE,
    };
    // Whoever holds the library may have a log of its own.
    let _ = tracing_subscriber::registry().with(Log.with_filter(level)).try_init();
}

/// Tells each event in one line. What cannot be written is lost.
struct Log;

impl<S: Subscriber> Layer<S> for Log {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut told = Told::default();
        event.record(&mut told);
        let Told { message, fields } = told;
        match *event.metadata().level() {
            Level::ERROR | Level::WARN => failure::warn(&format!("{message}{fields}")),
            level => {
                let (level, target) = (level.as_str().to_lowercase(), event.metadata().target());
                failure::tell(&format!("{level}: {target}: {message}{fields}"));
            }
        }
    }
}

#[derive(Default)]
struct Told {
    message: String,
    fields: String,
}

impl Visit for Told {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }
}
