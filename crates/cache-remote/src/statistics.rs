//! What was asked of a shared tier, and what it did.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use repo_map_cache_core::Durations;

/// What one process asked of a shared tier. An error is no miss, and neither is a refusal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RemoteStatistics {
    /// Records that were found and taken.
    pub hits: u64,
    /// Records that the server has not.
    pub misses: u64,
    /// Records that were found and not taken: damaged, of another version or team, unsigned, or not of the file.
    pub refused: u64,
    /// Records that a fault or a deadline kept back.
    pub errors: u64,
    /// Bytes of the records that came.
    pub bytes_received: u64,
    /// Records that were stored.
    pub stored: u64,
    /// Records that were to be stored and were not.
    pub dropped: u64,
    /// Bytes of the records that were stored.
    pub bytes_sent: u64,
    /// Records that were taken and parsed again, to compare.
    pub sampled: u64,
    /// How long batches were waited for.
    pub gets: Durations,
    /// How long batches took to store.
    pub puts: Durations,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) hits: AtomicU64,
    pub(crate) misses: AtomicU64,
    pub(crate) refused: AtomicU64,
    pub(crate) errors: AtomicU64,
    pub(crate) bytes_received: AtomicU64,
    pub(crate) stored: AtomicU64,
    pub(crate) dropped: AtomicU64,
    pub(crate) bytes_sent: AtomicU64,
    pub(crate) sampled: AtomicU64,
    pub(crate) gets: Stopwatch,
    pub(crate) puts: Stopwatch,
}

#[derive(Debug, Default)]
pub(crate) struct Stopwatch(Mutex<Durations>);

impl Stopwatch {
    pub(crate) fn add(&self, since: Instant) {
        let took = since.elapsed();
        let mut durations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        durations.counts[Durations::BOUNDS.partition_point(|bound| *bound < took)] += 1;
        durations.sum += took;
    }

    fn read(&self) -> Durations {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counters {
    pub(crate) fn read(&self) -> RemoteStatistics {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        RemoteStatistics {
            hits: read(&self.hits),
            misses: read(&self.misses),
            refused: read(&self.refused),
            errors: read(&self.errors),
            bytes_received: read(&self.bytes_received),
            stored: read(&self.stored),
            dropped: read(&self.dropped),
            bytes_sent: read(&self.bytes_sent),
            sampled: read(&self.sampled),
            gets: self.gets.read(),
            puts: self.puts.read(),
        }
    }
}

pub(crate) fn add(counter: &AtomicU64, count: usize) {
    counter.fetch_add(count as u64, Ordering::Relaxed);
}

/// How fast this machine parses, as it goes: what an answer of a server saves.
#[derive(Debug)]
pub(crate) struct Pace {
    bytes: AtomicU64,
    nanoseconds: AtomicU64,
}

impl Default for Pace {
    /// Before anything is known: a tenth of a second a megabyte, with the weight of a few files.
    fn default() -> Self {
        let bytes = 1 << 16;
        Self { bytes: AtomicU64::new(bytes), nanoseconds: AtomicU64::new(bytes * 100) }
    }
}

impl Pace {
    pub(crate) fn parsed(&self, bytes: u64, took: Duration) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
    }

    /// What parsing so many bytes takes.
    pub(crate) fn of(&self, bytes: u64) -> Duration {
        let (seen, took) = (self.bytes.load(Ordering::Relaxed), self.nanoseconds.load(Ordering::Relaxed));
        let nanoseconds = u128::from(bytes) * u128::from(took) / u128::from(seen.max(1));
        Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
    }
}
