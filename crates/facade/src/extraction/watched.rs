//! A worker under watch.
//!
//! Time is counted in ticks of the watch itself: where the whole machine stands still, or this process is stopped, no
//! worker is blamed. What counts against a worker is time in which it takes no step *and* wants no processor; one that is
//! ready to run and is not let to is waited for, so a loaded machine gives the same map.

use std::sync::{Arc, Weak};
use std::time::Duration;

use super::account::{Account, Want, account};
use super::ward::{GivenUp, Ward};

/// How often workers are looked at.
pub(super) const TICK: Duration = Duration::from_millis(250);

/// How long a worker may be without a step before the system is asked for it.
const QUIET: Duration = Duration::from_secs(1);

/// How long a worker may do nothing: it sleeps, was stopped or frozen, or is no worker. Twice that ends a retry as well.
const ASLEEP: Duration = Duration::from_secs(4);

/// How long a worker may be ready to run without getting any time.
const STARVED: Duration = Duration::from_secs(60);

/// CPU time without a step. Budgets end a parse within two seconds of it; this is for scanners that never call back,
/// where it is five times as much, so that no honest file of a slow machine meets it.
const OVERRUN: Duration = Duration::from_secs(10);

/// CPU time without a greeting: the program does something else.
const GREETING: Duration = Duration::from_secs(2);

/// A worker under watch, and what was seen of it since its last step.
pub(super) struct Watched {
    ward: Weak<Ward>,
    seen: Seen,
}

#[derive(Default)]
struct Seen {
    steps: u64,
    quiet: Duration,
    asleep: Duration,
    starved: Duration,
    /// CPU time at the first look and at the last.
    spent: Option<(Duration, Duration)>,
}

impl Watched {
    pub(super) fn new(ward: Weak<Ward>) -> Self {
        Self { ward, seen: Seen::default() }
    }

    /// The worker, unless it is gone.
    pub(super) fn ward(&self) -> Option<Arc<Ward>> {
        self.ward.upgrade()
    }

    /// Looks at the worker after a tick; false when it is gone.
    pub(super) fn look(&mut self, tick: Duration) -> bool {
        let Some(ward) = self.ward.upgrade() else { return false };
        let steps = ward.steps();
        if !ward.is_awaited() || steps != self.seen.steps {
            self.seen = Seen { steps, ..Seen::default() };
            return true;
        }
        self.seen.quiet += tick;
        if self.seen.quiet >= QUIET
            && let Some(reason) = self.seen.judge(account(ward.id()), tick)
        {
            ward.give_up(reason);
        }
        true
    }
}

impl Seen {
    /// Whether the worker is to be given up, by its account at the end of a tick.
    fn judge(&mut self, account: Option<Account>, tick: Duration) -> Option<GivenUp> {
        // Where no account can be read, the clock on the wall has to do.
        let account = account.unwrap_or(Account { spent: Duration::ZERO, want: Want::Nothing });
        if self.spent.is_none() {
            self.asleep = self.quiet.saturating_sub(tick);
        }
        let (first, last) = self.spent.unwrap_or((account.spent, account.spent));
        self.spent = Some((first, account.spent));
        // Who dribbles bytes has some time too: a tenth of the tick is work.
        let works = account.spent.saturating_sub(last) >= tick / 10;
        match account.want {
            _ if works => (self.asleep, self.starved) = (Duration::ZERO, Duration::ZERO),
            Want::Processor => self.starved += tick,
            Want::Device => self.asleep += tick / 2,
            Want::Nothing => self.asleep += tick,
        }
        let overrun = if self.steps == 0 { GREETING } else { OVERRUN };
        if account.spent.saturating_sub(first) > overrun {
            return Some(GivenUp::Overran);
        }
        (self.asleep >= ASLEEP || self.starved >= STARVED).then_some(GivenUp::Stalled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// After how many seconds a worker is given up that shows this account at each tick, and why.
    fn end(greeted: bool, account: impl Fn(u32) -> Option<Account>) -> Option<(u32, GivenUp)> {
        let mut seen = Seen { steps: u64::from(greeted), quiet: QUIET, ..Seen::default() };
        let end = (0..1_000).find_map(|tick| Some((tick, seen.judge(account(tick), TICK)?)));
        end.map(|(tick, reason)| ((QUIET + tick * TICK).as_secs() as u32, reason))
    }

    fn account(milliseconds: u32, want: Want) -> Option<Account> {
        Some(Account { spent: Duration::from_millis(u64::from(milliseconds)), want })
    }

    #[test]
    fn who_neither_answers_nor_works_is_given_up_within_seconds() {
        use GivenUp::{Overran, Stalled};

        let stopped = |_| account(500, Want::Nothing);
        assert!(matches!(end(true, stopped), Some((3..=5, Stalled))), "{:?}", end(true, stopped));
        assert_eq!(end(true, |_| None), end(true, stopped));
        // A byte and a millisecond now and then are no work.
        assert_eq!(end(true, |tick| account(tick, Want::Nothing)), end(true, stopped));
        assert!(matches!(end(true, |_| account(0, Want::Device)), Some((6..=9, Stalled))));
        assert!(matches!(end(false, |tick| account(250 * tick, Want::Processor)), Some((2..=4, Overran))));
    }

    #[test]
    fn who_works_or_would_is_waited_for() {
        use GivenUp::{Overran, Stalled};

        // A twentieth of a processor, on a machine with much to do.
        let slow = |tick| account(12 * tick, Want::Processor);
        assert!(matches!(end(true, slow), Some((60.., _))), "{:?}", end(true, slow));
        assert!(matches!(end(true, |_| account(0, Want::Processor)), Some((59..=62, Stalled))));
        assert!(matches!(end(true, |tick| account(250 * tick, Want::Processor)), Some((10..=12, Overran))));
        assert!(matches!(end(true, |tick| account(50 * tick, Want::Nothing)), Some((50.., Overran))));
    }
}
