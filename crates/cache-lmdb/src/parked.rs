//! Snapshots that wait for the next reader. To begin one anew takes LMDB a lock between processes, a slot, memory for every
//! keyspace, and a search for the reader's: a fifth of the time of one read.
//!
//! One is lent again only while it is of the newest commit, whichever process made that: it shows what a new one would.
//! Pages that later commits free are held by it, so none waits for long: a write of this process ends them
//! all, and a thread of their own ends those that nobody wanted for [`LEASE`]. None waits at all where the file has come near its
//! limit: what other processes commit meanwhile would let it grow.

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use heed::{Env, RoTxn, WithoutTls};
use repo_map_cache_core::StartThread;

use crate::LmdbOptions;

/// How long one waits unused, give or take as much: shorter than what a writer without room has patience for.
const LEASE: Duration = Duration::from_millis(5);

/// What other processes may commit while one waits, several times over.
const ROOM: u64 = 64 << 20;

/// How many wait at one time: more threads than that seldom read at once.
const MOST: usize = 8;

/// A read transaction, and which tables it knows.
pub(crate) struct Snapshot {
    pub(crate) txn: RoTxn<'static, WithoutTls>,
    tables: u64,
}

/// The snapshots of one environment that wait. Dropping it ends them.
#[derive(Debug)]
pub(crate) struct Parked {
    shared: Arc<Shared>,
    /// The last page of a file that has room for what is committed while one waits.
    last_page: u64,
    start_thread: StartThread,
}

#[derive(Debug, Default)]
struct Shared {
    lot: Mutex<Lot>,
    wake: Condvar,
}

#[derive(Default)]
struct Lot {
    waiting: Vec<RoTxn<'static, WithoutTls>>,
    /// Grows with each table that is opened: transactions do not know those that were opened after their begin.
    tables: u64,
    /// Whether one was lent or came since the watch looked.
    is_used: bool,
    watch: Option<JoinHandle<()>>,
    is_watch_asleep: bool,
    is_closed: bool,
}

impl Parked {
    /// Of a file that is opened so, in pages of this size.
    pub(crate) fn new(options: &LmdbOptions, page: u64) -> Self {
        Self {
            shared: Arc::default(),
            last_page: (options.max_size / 10 * 9).saturating_sub(ROOM) / page,
            start_thread: options.start_thread,
        }
    }

    /// A snapshot of the newest commit.
    pub(crate) fn begin(&self, env: &Env<WithoutTls>) -> heed::Result<Snapshot> {
        let mut lot = self.shared.lock();
        let tables = lot.tables;
        if let Some(txn) = lot.waiting.pop() {
            if is_newest(env, &txn) {
                lot.is_used = true;
                return Ok(Snapshot { txn, tables });
            }
            // Those below came before it.
            lot.waiting.clear();
        }
        drop(lot);
        Ok(Snapshot { txn: env.clone().static_read_txn()?, tables })
    }

    /// Takes a snapshot back; ends it where a new one would show more.
    pub(crate) fn take_back(&self, env: &Env<WithoutTls>, snapshot: Snapshot) {
        let Snapshot { txn, tables } = snapshot;
        if !is_newest(env, &txn) || env.info().last_page_number as u64 >= self.last_page {
            return;
        }
        let mut lot = self.shared.lock();
        if lot.tables != tables || lot.waiting.len() >= MOST || lot.is_closed || !self.is_watched(&mut lot) {
            return;
        }
        lot.waiting.push(txn);
        lot.is_used = true;
        if lot.is_watch_asleep {
            self.shared.wake.notify_one();
        }
    }

    /// Ends those that wait: a commit is about to free pages.
    pub(crate) fn clear(&self) {
        self.shared.lock().waiting.clear();
    }

    /// A table was opened.
    pub(crate) fn forget_tables(&self) {
        let mut lot = self.shared.lock();
        lot.tables += 1;
        lot.waiting.clear();
    }

    /// Whether there is a thread that ends what waits too long, started with the first that does.
    fn is_watched(&self, lot: &mut Lot) -> bool {
        if lot.watch.is_none() {
            let shared = self.shared.clone();
            let thread = std::thread::Builder::new().name("cache-snapshots".to_owned());
            lot.watch = self.start_thread.start(thread, move || shared.watch()).ok();
            lot.waiting.reserve_exact(MOST);
        }
        lot.watch.is_some()
    }
}

impl Shared {
    fn watch(&self) {
        let mut lot = self.lock();
        while !lot.is_closed {
            if lot.waiting.is_empty() {
                lot.is_watch_asleep = true;
                lot = self.wake.wait(lot).unwrap_or_else(PoisonError::into_inner);
                lot.is_watch_asleep = false;
                continue;
            }
            lot.is_used = false;
            lot = self.wake.wait_timeout(lot, LEASE).unwrap_or_else(PoisonError::into_inner).0;
            if !lot.is_used {
                lot.waiting.clear();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Lot> {
        self.lot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether no commit, of any process, came after a transaction's begin. LMDB keeps the number in the map.
fn is_newest(env: &Env<WithoutTls>, txn: &RoTxn<'_, WithoutTls>) -> bool {
    txn.id() == env.info().last_txn_id
}

impl Drop for Parked {
    fn drop(&mut self) {
        let mut lot = self.shared.lock();
        lot.is_closed = true;
        lot.waiting.clear();
        let watch = lot.watch.take();
        drop(lot);
        self.shared.wake.notify_one();
        if let Some(watch) = watch {
            // It does nothing that panics.
            let _ = watch.join();
        }
    }
}

impl fmt::Debug for Lot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lot").field("waiting", &self.waiting.len()).finish_non_exhaustive()
    }
}
