//! What those who ask a shared tier and who stores there have in common.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::engine::Engine;
use crate::patience::Patience;
use crate::runtime::Threads;
use crate::statistics::Counters;
use crate::trust::Trust;

pub(crate) struct Shared {
    pub(crate) engine: Engine,
    pub(crate) threads: Threads,
    pub(crate) patience: Patience,
    pub(crate) counters: Counters,
    pub(crate) trust: Trust,
    /// What its user calls it.
    pub(crate) shown: String,
    has_warned: AtomicBool,
    warning: Mutex<Option<String>>,
}

impl Shared {
    pub(crate) fn new(
        engine: Engine,
        threads: Threads,
        patience: Patience,
        trust: Trust,
        shown: String,
    ) -> Self {
        Self {
            engine,
            threads,
            patience,
            counters: Counters::default(),
            trust,
            shown,
            has_warned: AtomicBool::default(),
            warning: Mutex::default(),
        }
    }

    /// Says once that something fails.
    pub(crate) fn warn(&self, what: &str) {
        if !self.has_warned.swap(true, Ordering::Relaxed) {
            self.warn_over(what);
        }
    }

    /// The same, also after another line.
    pub(crate) fn warn_over(&self, what: &str) {
        let line = format!("{} {what}", self.shown);
        // Whoever holds the tier tells its user.
        tracing::debug!(target: "repo_map_cache", "{line}");
        *self.warning.lock().unwrap_or_else(PoisonError::into_inner) = Some(line);
    }

    pub(crate) fn take_warning(&self) -> Option<String> {
        self.warning.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
