use std::borrow::Cow;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Sender, bounded};

use crate::envelope::sealed_len;
use crate::pending::{Change, Place};
use crate::statistics::{Ledger, count};
use crate::writer::{Message, Shared, Writer};
use crate::{
    Durations, Error, ErrorKind, Fingerprint, Key, Keyspace, Payload, ReadTxn, Rejected, Result, Shortage,
    Snapshot, StartThread, Statistics, StorageBackend, seal,
};

/// How a store writes behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoreOptions {
    /// Changes that wait for the writer before [`Store::put`] waits too; 1024.
    pub queue_entries: usize,
    /// Changes of one commit; 12,288. Each commit of random keys copies most pages of a small store, so few are cheaper.
    pub batch_entries: usize,
    /// Bytes after which a commit is due; 24 MiB.
    pub batch_bytes: usize,
    /// How long a commit waits for company; 20 ms. A flush does not wait.
    pub linger: Duration,
    /// How the writer's thread is started.
    pub start_thread: StartThread,
}

/// A backend with checked values, writes behind, and no errors for readers.
///
/// Shared by reference or `Arc` between threads. Dropping it writes what is pending.
/// After a `fork` the child's copy answers [`Lookup::Unavailable`] and drops what is put.
#[derive(Debug)]
pub struct Store {
    pub(crate) shared: Arc<Shared>,
    outbox: Option<Sender<Message>>,
    writer: Option<JoinHandle<()>>,
    process: u32,
}

/// What a lookup found.
#[derive(Clone, Debug)]
pub enum Lookup<'a> {
    /// The value, whole and for this fingerprint.
    Hit(Payload<'a>),
    /// Nothing is stored under the key.
    Miss,
    /// A value is stored for another fingerprint.
    Stale,
    /// What is stored is damaged; it is being removed.
    Corrupt,
    /// The storage did not answer.
    Unavailable,
}

/// What to look up: one line of [`Store::get_many`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// The key of the value.
    pub key: Key,
    /// What the value must have been made for.
    pub fingerprint: Fingerprint,
}

impl Store {
    /// A store on a backend, with its writer thread unless the backend is read-only. Statistics are kept apart for the keyspaces named here.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn new(
        backend: Arc<dyn StorageBackend>,
        keyspaces: &[Keyspace],
        options: StoreOptions,
    ) -> Result<Self> {
        let (name, is_read_only) = (backend.name(), backend.capabilities().read_only);
        let mut store = Self::reading(backend, keyspaces);
        if is_read_only {
            return Ok(store);
        }
        let (outbox, inbox) = bounded(options.queue_entries.max(1));
        let writer = Writer { shared: store.shared.clone(), inbox, options, failure: None };
        let thread = std::thread::Builder::new().name("cache-writer".to_owned());
        let writer = options
            .start_thread
            .start(thread, || writer.run())
            .map_err(|error| Error::new(ErrorKind::Unavailable, name, "start writer").with_source(error))?;
        (store.outbox, store.writer) = (Some(outbox), Some(writer));
        Ok(store)
    }

    /// A store that is read alone: it has no writer thread, and what is put is counted as dropped.
    pub fn reading(backend: Arc<dyn StorageBackend>, keyspaces: &[Keyspace]) -> Self {
        Self {
            shared: Arc::new(Shared::new(backend, Ledger::new(keyspaces))),
            outbox: None,
            writer: None,
            process: std::process::id(),
        }
    }

    /// The backend underneath.
    pub fn backend(&self) -> &dyn StorageBackend {
        &*self.shared.backend
    }

    /// Stores a value. It is visible to this process at once and to others after the writer's next commit.
    ///
    /// Never fails: what the storage refuses is counted as dropped. Waits when the writer is far behind.
    pub fn put(&self, keyspace: Keyspace, key: Key, fingerprint: Fingerprint, payload: &[u8]) {
        self.offer(keyspace, key, fingerprint, payload);
    }

    /// As [`put`](Self::put). False where it is known at once that the value is not stored: there is no room beside what this run uses.
    pub fn offer(&self, keyspace: Keyspace, key: Key, fingerprint: Fingerprint, payload: &[u8]) -> bool {
        // What replaces a value is never refused: the one before would be found again.
        if !self.shared.backend.admits(keyspace, sealed_len(payload)) && !self.is_there(&(keyspace, key)) {
            let counters = self.shared.ledger.of(keyspace);
            count(&counters.writes);
            count(&counters.dropped);
            return false;
        }
        self.change((keyspace, key), Some(seal(&key, fingerprint, payload).into()))
    }

    /// Says for which tree the lookups and puts are from now on: see [`StorageBackend::begin_run`].
    pub fn begin_run(&self, tree: &Key) {
        self.shared.backend.begin_run(tree);
    }

    /// Says whether this run's tree has a use for a value: see [`StorageBackend::mark`].
    pub fn mark(&self, keyspace: Keyspace, key: &Key, is_used: bool) {
        self.shared.backend.mark(keyspace, key, is_used);
    }

    /// What this run's tree needs, if that is more than the storage may take.
    pub fn shortage(&self) -> Option<Shortage> {
        self.shared.backend.shortage()
    }

    /// Removes a value, in the same way.
    pub fn delete(&self, keyspace: Keyspace, key: Key) {
        self.change((keyspace, key), None);
    }

    /// Begins a snapshot.
    pub fn snapshot(&self) -> Snapshot<'_> {
        // In this order: what leaves `pending` after the copy was committed before it left.
        let pending = self.shared.pending.copy();
        Snapshot { store: self, pending, read: self.read() }
    }

    /// Looks one value up and hands it over for the time of the call: no copy, one short transaction.
    pub fn get<R>(
        &self,
        keyspace: Keyspace,
        key: &Key,
        fingerprint: Fingerprint,
        visit: impl FnOnce(Lookup<'_>) -> R,
    ) -> R {
        let begin = self.shared.ledger.of(keyspace).begin();
        let pending = self.shared.pending.get(&(keyspace, *key));
        if pending.is_some() {
            return visit(self.lookup(keyspace, key, fingerprint, pending, None, begin));
        }
        let mut visit = Some(visit);
        let mut answer = None;
        let outcome = self.shared.backend.read_once(&mut |read| {
            if let Some(visit) = visit.take() {
                answer = Some(visit(self.lookup(keyspace, key, fingerprint, None, Some(read), begin)));
            }
        });
        if let Err(error) = outcome {
            self.shared.warn(&error);
        }
        // Without a snapshot nobody was called.
        let unanswered =
            || visit.map(|visit| visit(self.lookup(keyspace, key, fingerprint, None, None, begin)));
        answer.or_else(unanswered).expect("who is called answers")
    }

    /// Looks values up in one transaction, in the order of their keys, which is faster than in any other: 2 times
    /// on 55,000 keys. The visitor is told the index of each request, until it breaks.
    pub fn get_many(
        &self,
        keyspace: Keyspace,
        requests: &[Request],
        mut visit: impl FnMut(usize, Lookup<'_>) -> ControlFlow<()>,
    ) {
        let snapshot = self.snapshot();
        let mut order: Vec<usize> = (0..requests.len()).collect();
        order.sort_unstable_by_key(|&index| (requests[index].key, index));
        for index in order {
            let Request { key, fingerprint } = requests[index];
            if visit(index, snapshot.get(keyspace, &key, fingerprint)).is_break() {
                return;
            }
        }
    }

    /// Waits until everything that was put before is committed.
    ///
    /// # Errors
    /// The first failure since the last flush; what it concerned is lost.
    pub fn flush(&self) -> Result<()> {
        let gone = || Error::new(ErrorKind::Unavailable, self.shared.backend.name(), "flush");
        if self.is_forked() {
            return Err(gone().with_source("the process was forked"));
        }
        if self.outbox.is_none() {
            return Ok(());
        }
        let (reply, answer) = bounded(1);
        self.send(Message::Flush(reply)).map_err(|_| gone())?;
        answer.recv().map_err(|_| gone())?
    }

    /// What was done in a keyspace.
    pub fn statistics(&self, keyspace: Keyspace) -> Statistics {
        self.shared.ledger.statistics(keyspace)
    }

    /// How long lookups in a keyspace took in the storage, checksum included: one in sixteen of those that hit is timed,
    /// and each that comes while the number of hits is a multiple of sixteen.
    pub fn lookup_durations(&self, keyspace: Keyspace) -> Durations {
        self.shared.ledger.of(keyspace).durations()
    }

    /// How long commits took, of changes of all keyspaces.
    pub fn commit_durations(&self) -> Durations {
        self.shared.ledger.commits.durations()
    }

    /// What was done in all of them.
    pub fn total_statistics(&self) -> Statistics {
        self.shared.ledger.total()
    }

    /// Whether a key is known, of whatever value.
    fn is_there(&self, (keyspace, key): &Place) -> bool {
        if self.shared.pending.get(&(*keyspace, *key)).is_some() {
            return true;
        }
        let mut is_stored = false;
        let read = self.shared.backend.read_once(&mut |read| {
            is_stored = read.get(*keyspace, key).is_ok_and(|value| value.is_some());
        });
        read.is_ok() && is_stored
    }

    fn change(&self, place: Place, change: Change) -> bool {
        count(&self.shared.ledger.of(place.0).writes);
        let sent = if self.is_forked() || self.outbox.is_none() {
            false
        } else {
            let number = self.shared.pending.insert(place, change.clone());
            let sent = self.send(Message::Change(place, number, change)).is_ok();
            if !sent {
                self.shared.pending.remove([(place, number)].into_iter());
            }
            sent
        };
        if !sent {
            count(&self.shared.ledger.of(place.0).dropped);
        }
        sent
    }

    fn send(&self, message: Message) -> Result<(), Message> {
        match &self.outbox {
            Some(outbox) => outbox.send(message).map_err(|error| error.0),
            None => Err(message),
        }
    }

    fn read(&self) -> Option<Box<dyn ReadTxn + '_>> {
        self.shared.backend.read().inspect_err(|error| self.shared.warn(error)).ok()
    }

    pub(crate) fn lookup<'a>(
        &self,
        keyspace: Keyspace,
        key: &Key,
        fingerprint: Fingerprint,
        pending: Option<Change>,
        read: Option<&'a (dyn ReadTxn + '_)>,
        begin: Option<Instant>,
    ) -> Lookup<'a> {
        let found = match (pending, read) {
            (Some(change), _) => Ok(change.map(|sealed| Payload::pending(key, fingerprint, sealed))),
            (None, Some(read)) => read
                .get(keyspace, key)
                .inspect_err(|error| self.shared.warn(error))
                .map(|value| value.map(|sealed: Cow<'a, [u8]>| Payload::stored(key, fingerprint, sealed)))
                .map_err(|error| error.kind()),
            (None, None) => Err(ErrorKind::Unavailable),
        };
        let counters = self.shared.ledger.of(keyspace);
        let lookup = match found {
            Ok(Some(found)) => self.judge(keyspace, key, found),
            Ok(None) => {
                self.log(keyspace, key, "miss");
                count(&counters.misses);
                Lookup::Miss
            }
            Err(ErrorKind::Corrupt) => {
                self.log(keyspace, key, "corrupt");
                count(&counters.corrupt);
                Lookup::Corrupt
            }
            Err(_) => {
                self.log(keyspace, key, "unavailable");
                count(&counters.errors);
                Lookup::Unavailable
            }
        };
        counters.end(begin);
        lookup
    }

    /// Counts what was found under a key, and removes it if it is damaged.
    pub(crate) fn judge<'a>(
        &self,
        keyspace: Keyspace,
        key: &Key,
        found: Result<Payload<'a>, Rejected>,
    ) -> Lookup<'a> {
        let counters = self.shared.ledger.of(keyspace);
        let (counter, outcome, lookup) = match found {
            Ok(payload) => (&counters.hits, "hit", Lookup::Hit(payload)),
            Err(Rejected::Stale) => (&counters.stale, "stale", Lookup::Stale),
            Err(Rejected::Corrupt) => {
                self.delete(keyspace, *key);
                (&counters.corrupt, "corrupt", Lookup::Corrupt)
            }
        };
        self.log(keyspace, key, outcome);
        count(counter);
        lookup
    }

    /// One relaxed load where nobody listens.
    fn log(&self, keyspace: Keyspace, key: &Key, outcome: &'static str) {
        tracing::debug!(target: "repo_map_cache", %keyspace, %key, tier = self.shared.backend.name(), "{outcome}");
    }

    /// Whether this is the copy that a `fork` gave to a child: it has no writer.
    pub fn is_forked(&self) -> bool {
        std::process::id() != self.process
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.outbox = None;
        // In a forked child the thread does not exist: waiting for it would never end.
        if let Some(writer) = self.writer.take().filter(|_| !self.is_forked()) {
            // It catches the panics of backends; one of its own has nothing left to save.
            let _ = writer.join();
        }
    }
}
