use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::watched::Watched;
use super::worker::Worker;

/// What a pool and its watch have in common.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) state: Mutex<State>,
    /// Told when the pool ends its workers.
    pub(super) ended: Condvar,
}

#[derive(Default)]
pub(super) struct State {
    /// With the moment since which each has waited.
    pub(super) idle: Vec<(Worker, Instant)>,
    pub(super) watched: Vec<Watched>,
    pub(super) has_watch: bool,
    /// Files in a row that a worker exited at.
    pub(super) exits: u32,
    /// Set when workers cannot be had: files are parsed in this process then.
    pub(super) is_out_of_order: bool,
    pub(super) notice: Option<String>,
}

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
