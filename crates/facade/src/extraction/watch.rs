//! The one thread of a pool that looks after its workers. It lives as long as they do.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use super::shared::Shared;
use super::watched::TICK;

/// A worker that waits for work so long is ended.
const IDLE: Duration = Duration::from_secs(6);

/// Looks after the workers of a pool until there are none.
pub(super) fn watch(shared: &Shared) {
    let mut before = Instant::now();
    let mut state = shared.lock();
    while !state.watched.is_empty() {
        state = shared.ended.wait_timeout(state, TICK).unwrap_or_else(PoisonError::into_inner).0;
        // A tick that took longer was not spent watching.
        let tick = before.elapsed().min(2 * TICK);
        before = Instant::now();
        state.watched.retain_mut(|watched| watched.look(tick));
        let is_idle = |since: &Instant| since.elapsed() > IDLE;
        let idle: Vec<_> = state.idle.extract_if(.., |(_, since)| is_idle(since)).collect();
        drop(state);
        drop(idle);
        state = shared.lock();
    }
    state.has_watch = false;
}
