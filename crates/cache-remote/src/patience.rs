//! How long a server is waited for: what it costs may never exceed what it saves by more than one allowance.
//!
//! ```text
//! balance  0 ──── waiting and unpacking take from it, work that was saved gives back, never above 0
//!          └── -400 ms: asked no more, for a while
//! ```
//!
//! A server that answers nothing costs the allowance once, however many threads wait: all have one deadline. One that answers more slowly than
//! this machine parses costs as much, and then is left alone.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// All that may be lost before a server is left alone.
const ALLOWANCE: Duration = Duration::from_millis(400);

/// The least that the last wait of all gets, when a failure is known already.
pub(crate) const LEAST: Duration = Duration::from_millis(100);

/// So long a server that failed is left alone. A process that lives longer asks again.
const PAUSE: Duration = Duration::from_secs(60);

/// Why a server is not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closed {
    /// It fails or does not answer, until the pause ends.
    Failing,
    /// Parsing is faster, until the pause ends.
    Slow,
    /// What it gave is wrong, for good.
    Distrusted,
}

#[derive(Debug)]
pub(crate) struct Patience {
    allowance: Duration,
    state: Mutex<State>,
}

impl Default for Patience {
    fn default() -> Self {
        Self::of(ALLOWANCE)
    }
}

#[derive(Debug, Default)]
struct State {
    /// What is lost, in nanoseconds.
    lost: u64,
    closed: Option<(Closed, Instant)>,
    waiting: usize,
    /// Since when nothing has come for those who wait.
    since: Option<Instant>,
}

/// One who waits.
#[derive(Debug)]
pub(crate) struct Wait {
    pub(crate) began: Instant,
    /// Then it is given up.
    pub(crate) deadline: Instant,
}

impl Patience {
    /// With another allowance.
    pub(crate) fn of(allowance: Duration) -> Self {
        Self { allowance, state: Mutex::default() }
    }

    /// All that may be lost.
    pub(crate) fn allowance(&self) -> Duration {
        self.allowance
    }

    /// Why the server is not asked now.
    pub(crate) fn closed(&self) -> Option<Closed> {
        self.state(Instant::now()).closed.map(|(why, _)| why)
    }

    /// Begins a wait, unless the server is left alone.
    pub(crate) fn begin(&self) -> Option<Wait> {
        let now = Instant::now();
        let mut state = self.state(now);
        if state.closed.is_some() {
            return None;
        }
        let since = *state.since.get_or_insert(now);
        state.waiting += 1;
        Some(Wait { began: now, deadline: since + self.left(&state) })
    }

    /// Ends a wait. `answered` where something came.
    pub(crate) fn end(&self, wait: &Wait, answered: bool) {
        let now = Instant::now();
        let mut state = self.state(now);
        state.waiting = state.waiting.saturating_sub(1);
        if state.waiting == 0 {
            state.since = None;
        } else if answered {
            state.since = Some(now);
        }
        state.lost = state.lost.saturating_add(nanoseconds(now.saturating_duration_since(wait.began)));
        if state.lost >= nanoseconds(self.allowance) {
            state.close(if answered { Closed::Slow } else { Closed::Failing }, now);
        }
    }

    /// Gives back what an answer saved; takes what unpacking it cost.
    pub(crate) fn settle(&self, saved: Duration, cost: Duration) {
        let mut state = self.state(Instant::now());
        state.lost = state.lost.saturating_add(nanoseconds(cost)).saturating_sub(nanoseconds(saved));
    }

    /// Leaves the server alone. True for the first to say so.
    pub(crate) fn close(&self, why: Closed) -> bool {
        let now = Instant::now();
        self.state(now).close(why, now)
    }

    /// How long the last wait of all may be without any progress.
    pub(crate) fn last_wait(&self) -> Duration {
        self.left(&self.state(Instant::now())).max(LEAST)
    }

    fn left(&self, state: &State) -> Duration {
        self.allowance.saturating_sub(Duration::from_nanos(state.lost))
    }

    fn state(&self, now: Instant) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((why, when)) = state.closed
            && why != Closed::Distrusted
            && now.saturating_duration_since(when) >= PAUSE
        {
            (state.closed, state.lost) = (None, 0);
        }
        state
    }
}

impl State {
    fn close(&mut self, why: Closed, now: Instant) -> bool {
        let is_news =
            self.closed.is_none_or(|(known, _)| why == Closed::Distrusted && known != Closed::Distrusted);
        if is_news {
            self.closed = Some((why, now));
        }
        is_news
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_who_wait_have_one_deadline() {
        let patience = Patience::default();
        let first = patience.begin().unwrap();
        std::thread::sleep(Duration::from_millis(5));
        let second = patience.begin().unwrap();
        assert_eq!(first.deadline, second.deadline);
        patience.end(&first, true);
        let third = patience.begin().unwrap();
        assert!(
            third.deadline >= first.deadline,
            "an answer gives those who wait more time, less what was lost"
        );
    }

    #[test]
    fn what_is_saved_pays_and_no_credit_is_kept() {
        let patience = Patience::default();
        patience.settle(Duration::from_secs(10), Duration::ZERO);
        patience.settle(Duration::ZERO, ALLOWANCE);
        let wait = patience.begin().unwrap();
        assert!(wait.deadline <= wait.began, "ten good seconds buy no longer wait");
        patience.end(&wait, true);
        assert_eq!(patience.closed(), Some(Closed::Slow));
        assert!(patience.begin().is_none());
        assert_eq!(patience.last_wait(), LEAST);
    }

    #[test]
    fn distrust_is_said_once_and_outlasts_all_else() {
        let patience = Patience::default();
        assert!(patience.close(Closed::Failing));
        assert!(!patience.close(Closed::Slow));
        assert!(patience.close(Closed::Distrusted));
        assert!(!patience.close(Closed::Distrusted) && !patience.close(Closed::Failing));
        assert_eq!(patience.closed(), Some(Closed::Distrusted));
    }
}
