//! The one thread that writes: it gathers what is put, sorts it, and commits it in batches.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};

use crate::pending::{Change, Pending, Place};
use crate::statistics::{Ledger, count};
use crate::{Error, ErrorKind, Result, StartThread, StorageBackend, StoreOptions};

pub(crate) enum Message {
    Change(Place, u64, Change),
    Flush(Sender<Result<()>>),
}

/// What the store's front and its writer share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) backend: Arc<dyn StorageBackend>,
    pub(crate) pending: Pending,
    pub(crate) ledger: Ledger,
    warned: AtomicBool,
}

pub(crate) struct Writer {
    pub(crate) shared: Arc<Shared>,
    pub(crate) inbox: Receiver<Message>,
    pub(crate) options: StoreOptions,
    /// The first failure since the last flush.
    pub(crate) failure: Option<Error>,
}

/// Changes as they came, until they are [put in order](Self::order).
#[derive(Default)]
struct Batch {
    changes: Vec<(Place, u64, Change)>,
    bytes: usize,
}

impl Shared {
    pub(crate) fn new(backend: Arc<dyn StorageBackend>, ledger: Ledger) -> Self {
        Self { backend, pending: Pending::default(), ledger, warned: AtomicBool::new(false) }
    }

    /// Says once in the life of a store that its storage fails; the counters have the rest.
    pub(crate) fn warn(&self, error: &Error) {
        if !self.warned.swap(true, Ordering::Relaxed) {
            tracing::warn!(target: "repo_map_cache", "the cache goes on without its storage where that fails: {error}");
        }
    }
}

impl Writer {
    /// Runs until the store is dropped and everything that it sent is written.
    pub(crate) fn run(mut self) {
        while let Ok(first) = self.inbox.recv() {
            let mut batch = Batch::default();
            let deadline = Instant::now() + self.options.linger;
            let limits = self.limits();
            let mut next = Some(first);
            while let Some(message) = next {
                match message {
                    Message::Change(place, number, change) => batch.add(place, number, change),
                    Message::Flush(reply) => {
                        self.write(std::mem::take(&mut batch));
                        // Whoever asked may have gone; then nobody wants to know.
                        let _ = reply.send(self.failure.take().map_or(Ok(()), Err));
                    }
                }
                next = if batch.is_full(&limits) { None } else { self.next(&batch, deadline) };
            }
            self.write(batch);
        }
    }

    /// How large the next batch may be: what the backend has room for now, if that is less.
    fn limits(&self) -> StoreOptions {
        let backend = &self.shared.backend;
        let capabilities = catch_unwind(AssertUnwindSafe(|| backend.capabilities())).unwrap_or_default();
        StoreOptions {
            batch_entries: self.options.batch_entries.min(capabilities.max_batch_entries),
            batch_bytes: self.options.batch_bytes.min(capabilities.max_batch_bytes),
            ..self.options
        }
    }

    /// What comes next for a batch: it waits for company, but not for long.
    fn next(&self, batch: &Batch, deadline: Instant) -> Option<Message> {
        if batch.changes.is_empty() {
            return None;
        }
        self.inbox.recv_deadline(deadline).ok()
    }

    fn write(&mut self, mut batch: Batch) {
        if batch.changes.is_empty() {
            return;
        }
        batch.order();
        let outcome = self.commit(&batch).or_else(|error| {
            // A full engine may have aborted for pages that a reader has let go of by now.
            if error.kind() == ErrorKind::StorageFull { self.commit(&batch) } else { Err(error) }
        });
        let failed = outcome.is_err();
        let batch = batch.changes;
        if let Err(error) = outcome {
            for ((keyspace, _), ..) in &batch {
                count(&self.shared.ledger.of(*keyspace).dropped);
            }
            self.shared.warn(&error);
            self.failure.get_or_insert(error);
        }
        // A deletion that failed stays pending: what it was to remove is not seen again in this process.
        let done = batch.into_iter().filter(|(_, _, change)| !failed || change.is_some());
        // Each value's two owners go one after the other: the second finds its count in the processor's cache.
        self.shared.pending.remove(done.map(|(place, number, _)| (place, number)));
    }

    /// Commits a batch. What the backend left out, for lack of room, counts as dropped.
    fn commit(&self, batch: &Batch) -> Result<()> {
        let backend = &self.shared.backend;
        let mut left_out = Vec::new();
        let since = Instant::now();
        // A backend of somebody else may panic; the thread that everyone waits for goes on, here as in `limits`.
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let mut write = backend.write()?;
            for ((keyspace, key), _, change) in &batch.changes {
                match change {
                    Some(value) => {
                        if !write.offer(*keyspace, key, value)? {
                            left_out.push(*keyspace);
                        }
                    }
                    None => {
                        write.delete(*keyspace, key)?;
                    }
                }
            }
            write.commit()
        }))
        .unwrap_or_else(|_| {
            Err(Error::new(ErrorKind::Other, backend.name(), "write").with_source("panicked"))
        });
        self.shared.ledger.commits.add(since);
        if outcome.is_ok() {
            left_out.iter().for_each(|keyspace| count(&self.shared.ledger.of(*keyspace).dropped));
        }
        outcome
    }
}

impl Batch {
    fn add(&mut self, place: Place, number: u64, change: Change) {
        self.bytes += change.as_ref().map_or(0, |value| value.len());
        self.changes.push((place, number, change));
    }

    /// Sorts by place, as engines that keep trees like it; of several changes of one place the last stays.
    fn order(&mut self) {
        self.changes.sort_unstable_by(|(one, first, _), (other, second, _)| {
            one.cmp(other).then_with(|| second.cmp(first))
        });
        self.changes.dedup_by(|later, kept| later.0 == kept.0);
    }

    fn is_full(&self, options: &StoreOptions) -> bool {
        self.changes.len() >= options.batch_entries || self.bytes >= options.batch_bytes
    }
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            queue_entries: 1024,
            batch_entries: 12_288,
            batch_bytes: 24 << 20,
            linger: Duration::from_millis(20),
            start_thread: StartThread::default(),
        }
    }
}
