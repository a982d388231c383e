//! Storing, behind the back of whoever parses: a queue, batches, and no second try where a server fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{sleep, timeout};

use crate::fault::{Fault, Progress};
use crate::patience::Closed;
use crate::record::Name;
use crate::shared::Shared;
use crate::statistics::add;

/// What a batch has at most: records, and bytes.
const BATCH_RECORDS: usize = 500;
const BATCH_BYTES: usize = 4 << 20;

/// What may wait, in bytes. What comes then is not stored.
const MOST_WAITING: usize = 64 << 20;

enum Message {
    Record(Name, Bytes),
    Flush(mpsc::SyncSender<()>),
}

/// The queue, from the side of those who parse.
pub(crate) struct WriteBehind {
    queue: UnboundedSender<Message>,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    waiting: AtomicUsize,
    failed: AtomicBool,
    progress: Progress,
}

impl WriteBehind {
    /// Begins to store. `None` where no thread can.
    pub(crate) fn begin(shared: &Arc<Shared>) -> Option<Self> {
        let (queue, inbox) = unbounded_channel();
        let state = Arc::<State>::default();
        let writer = Writer { shared: shared.clone(), state: state.clone(), inbox };
        shared.threads.spawn(writer.run()).then_some(Self { queue, state })
    }

    /// Puts a record into the queue, if there is room and the server takes any.
    pub(crate) fn put(&self, shared: &Shared, name: Name, record: Vec<u8>) {
        let bytes = record.len();
        let is_full = self.state.waiting.fetch_add(bytes, Ordering::Relaxed) + bytes > MOST_WAITING;
        let is_refused = is_full || self.state.failed.load(Ordering::Relaxed);
        if is_refused || self.queue.send(Message::Record(name, record.into())).is_err() {
            self.state.waiting.fetch_sub(bytes, Ordering::Relaxed);
            add(&shared.counters.dropped, 1);
        }
    }

    /// Waits until all is stored or given up: while there is progress, and a moment more.
    pub(crate) fn flush(&self, shared: &Shared) {
        let (reply, done) = mpsc::sync_channel(1);
        if self.queue.send(Message::Flush(reply)).is_err() {
            return;
        }
        let mut seen = self.state.progress.get();
        // The writer gives a batch up by itself; this is for threads that do not run at all.
        while let Err(RecvTimeoutError::Timeout) = done.recv_timeout(2 * shared.patience.allowance()) {
            let now = self.state.progress.get();
            if now == seen {
                return;
            }
            seen = now;
        }
    }
}

/// The queue, from the side of the server.
struct Writer {
    shared: Arc<Shared>,
    state: Arc<State>,
    inbox: UnboundedReceiver<Message>,
}

impl Writer {
    async fn run(mut self) {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        loop {
            // What comes in the next moment goes along.
            let message = match batch.is_empty() {
                true => self.inbox.recv().await,
                false => timeout(Duration::from_millis(5), self.inbox.recv()).await.unwrap_or(None),
            };
            let (is_over, reply) = match message {
                Some(Message::Record(name, record)) => {
                    bytes += record.len();
                    batch.push((name, record));
                    if batch.len() < BATCH_RECORDS && bytes < BATCH_BYTES {
                        continue;
                    }
                    (false, None)
                }
                Some(Message::Flush(reply)) => (false, Some(reply)),
                None => (batch.is_empty(), None),
            };
            self.store(&batch, bytes).await;
            self.state.waiting.fetch_sub(bytes, Ordering::Relaxed);
            (batch, bytes) = (Vec::new(), 0);
            if let Some(reply) = reply {
                // Whoever asked may have gone.
                let _ = reply.try_send(());
            }
            if is_over {
                return;
            }
        }
    }

    async fn store(&self, batch: &[(Name, Bytes)], bytes: usize) {
        let (shared, state) = (&self.shared, &self.state);
        if batch.is_empty() {
            return;
        }
        // Distrust and slowness are of what is read.
        let is_failing = shared.patience.closed() == Some(Closed::Failing);
        let outcome = match is_failing || state.failed.load(Ordering::Relaxed) {
            true => Err(None),
            false => {
                let since = Instant::now();
                let before = state.progress.get();
                let outcome = self.put(batch).await.map_err(Some);
                shared.counters.puts.add(since);
                let done = usize::try_from(state.progress.get() - before).unwrap_or_default();
                add(&shared.counters.stored, done);
                add(&shared.counters.dropped, batch.len().saturating_sub(done));
                outcome
            }
        };
        match outcome {
            Ok(()) => add(&shared.counters.bytes_sent, bytes),
            Err(None) => add(&shared.counters.dropped, batch.len()),
            Err(Some(fault)) => {
                state.failed.store(true, Ordering::Relaxed);
                shared.warn(&format!("stores nothing more: {fault}"));
            }
        }
    }

    /// Stores a batch, as long as it gets on.
    async fn put(&self, batch: &[(Name, Bytes)]) -> Result<(), Fault> {
        let progress = &self.state.progress;
        let put = self.shared.engine.put(batch, progress);
        tokio::pin!(put);
        let mut seen = progress.get();
        loop {
            let patience = self.shared.patience.last_wait();
            tokio::select! {
                outcome = &mut put => return outcome,
                () = sleep(patience) => {
                    let now = progress.get();
                    if now == seen {
                        return Err(Fault(format!("nothing was stored in {} ms", patience.as_millis())));
                    }
                    seen = now;
                }
            }
        }
    }
}
