//! Events of the library as records of Python's `logging`, below the logger `repo_map_cache`.
//!
//! Threads of the library never wait for the interpreter: they put events into a queue, and whoever calls the library hands
//! them to the loggers before the call ends. An event that the logger would not take is not even made: its level is asked
//! before each call.

use std::collections::VecDeque;
use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, Once, PoisonError};

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use repo_map_cache_core::PerProcess;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record as Values};
use tracing::{Event, Level, Metadata, Subscriber};

/// The logger of the module; what an event is of stands after it.
const LOGGER: &str = "repo_map_cache";

/// Events that may wait for a call; more are counted and gone.
const MOST: usize = 10_000;

/// Events by their number: 0 takes none, 5 all.
static LEVEL: AtomicU8 = AtomicU8::new(0);

static QUEUE: PerProcess<Mutex<Queue>> = PerProcess::new();

#[derive(Default)]
struct Queue {
    events: VecDeque<Told>,
    lost: usize,
}

/// An event in words.
struct Told {
    level: u32,
    target: &'static str,
    line: String,
}

/// Asks the logger what it would take.
pub(crate) fn tune(py: Python<'_>) {
    static START: Once = Once::new();
    START.call_once(|| {
        // A program that embeds both the interpreter and the library may have a subscriber of its own.
        let _ = tracing::subscriber::set_global_default(Journal);
    });
    let level = logger(py)
        .and_then(|logger| logger.call_method0(intern!(py, "getEffectiveLevel"))?.extract::<i64>())
        .map_or(0, |level| match level {
            ..=5 => 5,
            6..=10 => 4,
            11..=20 => 3,
            21..=30 => 2,
            31..=50 => 1,
            _ => 0,
        });
    if LEVEL.swap(level, Ordering::Relaxed) != level {
        tracing::callsite::rebuild_interest_cache();
    }
}

/// Hands what is queued to the loggers. A logger that raises is Python's to tell of.
pub(crate) fn deliver(py: Python<'_>) {
    let Queue { events, lost } = {
        let mut queue = queue();
        if queue.events.is_empty() && queue.lost == 0 {
            return;
        }
        std::mem::take(&mut *queue)
    };
    for Told { level, target, line } in events {
        log(py, level, target, &line);
    }
    if lost > 0 {
        log(py, 30, LOGGER, &format!("{lost} further events were not logged: too many came at once"));
    }
}

fn log(py: Python<'_>, level: u32, target: &str, line: &str) {
    let logged = logger_of(py, target)
        .and_then(|logger| logger.call_method1(intern!(py, "log"), (level, intern!(py, "%s"), line)));
    if let Err(error) = logged {
        error.write_unraisable(py, None);
    }
}

fn queue() -> std::sync::MutexGuard<'static, Queue> {
    QUEUE.get(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner)
}

fn logger(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    static ROOT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let logger = ROOT.get_or_try_init(py, || {
        let logging = py.import("logging")?;
        let logger = logging.call_method1("getLogger", (LOGGER,))?;
        // A library prints nothing by itself: without this, `logging` would write warnings to standard error.
        logger.call_method1("addHandler", (logging.call_method0("NullHandler")?,))?;
        Ok::<_, PyErr>(logger.unbind())
    })?;
    Ok(logger.bind(py).clone())
}

/// The logger of a target: `repo_map_files::git` is `repo_map_cache.files.git`.
fn logger_of<'py>(py: Python<'py>, target: &str) -> PyResult<Bound<'py, PyAny>> {
    if target == LOGGER {
        return logger(py);
    }
    let rest = target.strip_prefix(LOGGER).or_else(|| target.strip_prefix("repo_map")).unwrap_or(target);
    let rest = rest.replace("::", ".");
    let name = format!("{LOGGER}.{}", rest.trim_start_matches(['_', '.']));
    py.import("logging")?.call_method1("getLogger", (name,))
}

struct Journal;

fn number(level: Level) -> u8 {
    match level {
        Level::ERROR => 1,
        Level::WARN => 2,
        Level::INFO => 3,
        Level::DEBUG => 4,
        Level::TRACE => 5,
    }
}

impl Subscriber for Journal {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && number(*metadata.level()) <= LEVEL.load(Ordering::Relaxed)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(match LEVEL.load(Ordering::Relaxed) {
            0 => LevelFilter::OFF,
            1 => LevelFilter::ERROR,
            2 => LevelFilter::WARN,
            3 => LevelFilter::INFO,
            4 => LevelFilter::DEBUG,
            _ => LevelFilter::TRACE,
        })
    }

    fn event(&self, event: &Event<'_>) {
        let metadata = event.metadata();
        let mut words = Words::default();
        event.record(&mut words);
        let level = match *metadata.level() {
            Level::TRACE => 5,
            Level::DEBUG => 10,
            Level::INFO => 20,
            Level::WARN => 30,
            Level::ERROR => 40,
        };
        let line = repo_map_cache::visible(&words.line()).into_owned();
        let mut queue = queue();
        if queue.events.len() < MOST {
            queue.events.push_back(Told { level, target: metadata.target(), line });
        } else {
            queue.lost += 1;
        }
    }

    // Spans are not asked for.
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Values<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// The message of an event and its fields.
#[derive(Default)]
struct Words {
    message: String,
    fields: String,
}

impl Words {
    fn line(self) -> String {
        self.message + &self.fields
    }
}

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing to a text does not fail.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let _ = match field.name() {
            "message" => write!(self.message, "{value}"),
            name => write!(self.fields, " {name}={value}"),
        };
    }
}
