//! How long operations took, in buckets.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Buckets, the last of which has no bound.
const BUCKETS: usize = 13;

/// How long operations took: how many of them took at most so long, and their sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Durations {
    /// Operations by duration: [`BOUNDS`](Self::BOUNDS) are the ends of all but the last, which has no end. Each is counted once.
    pub counts: [u64; BUCKETS],
    /// The sum of all durations.
    pub sum: Duration,
}

impl Durations {
    /// The longest duration of each bucket but the last: 250 ns, and four times as long from each to the next.
    pub const BOUNDS: [Duration; BUCKETS - 1] = {
        let mut bounds = [Duration::ZERO; BUCKETS - 1];
        let mut at = 0;
        while at < bounds.len() {
            bounds[at] = Duration::from_nanos(250 << (2 * at));
            at += 1;
        }
        bounds
    };

    /// All operations.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Both together.
    #[must_use]
    pub fn plus(mut self, other: &Self) -> Self {
        self.counts.iter_mut().zip(other.counts).for_each(|(count, more)| *count += more);
        self.sum += other.sum;
        self
    }
}

/// Durations that several threads add to.
#[derive(Debug, Default)]
pub(crate) struct Stopwatch {
    counts: [AtomicU64; BUCKETS],
    nanoseconds: AtomicU64,
}

impl Stopwatch {
    pub(crate) fn add(&self, since: Instant) {
        let took = since.elapsed();
        let bucket = Durations::BOUNDS.partition_point(|bound| *bound < took);
        self.counts[bucket].fetch_add(1, Ordering::Relaxed);
        self.nanoseconds.fetch_add(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(crate) fn durations(&self) -> Durations {
        let mut durations = Durations::default();
        for (count, atomic) in durations.counts.iter_mut().zip(&self.counts) {
            *count = atomic.load(Ordering::Relaxed);
        }
        durations.sum = Duration::from_nanos(self.nanoseconds.load(Ordering::Relaxed));
        durations
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_in_the_first_bucket_that_holds_it() {
        let watch = Stopwatch::default();
        // A clock that began with the machine may not know of times so long ago.
        let ago = |age: Duration| Instant::now().checked_sub(age);
        let ages: Vec<_> =
            [Duration::from_secs(2), Duration::from_millis(2)].into_iter().filter_map(ago).collect();
        ages.iter().for_each(|since| watch.add(*since));
        let durations = watch.durations();
        assert_eq!(durations.count(), ages.len() as u64);
        assert_eq!(durations.counts[BUCKETS - 1], 1, "two seconds are beyond the longest bound");
        assert_eq!(durations.counts[..7], [0; 7], "two milliseconds are beyond the seventh");
        assert!(durations.sum >= Duration::from_millis(2));
        assert_eq!(durations.plus(&durations).count(), 2 * durations.count());
    }

    #[test]
    fn bounds_rise_fourfold() {
        assert_eq!(Durations::BOUNDS[0], Duration::from_nanos(250));
        assert!(Durations::BOUNDS.windows(2).all(|pair| pair[1] == 4 * pair[0]));
    }
}
