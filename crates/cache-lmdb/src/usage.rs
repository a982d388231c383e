//! How large the store is, and what goes when it is full: what a size limit needs to know.
//!
//! Beside each table there is one named `<keyspace>.used` with a row an entry: when it was last used, what it takes, and for which tree.
//! Time is the bytes that were ever put, so it needs no clock and means the same to every process. Once half a limit of puts, or
//! less, would make something go, what a process reads is noted in memory.
//!
//! A run of a tree that is larger than the store keeps what it found there and refuses what has no place: so the next run
//! finds as much. An order of time alone would let go of each entry just before it is read again.

mod measure;
mod stamps;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use heed::{Env, RoTxn, RwTxn, WithoutTls};
use repo_map_cache_core::{Key, Keyspace};

use crate::environment::{Environment, Table};
use crate::error::NAME;
use crate::eviction::{Histogram, Ranking, Wanted};
use crate::file_length::file_length;
use crate::options::{LEAST_LIMIT, usable};
use crate::row::{CLOCK, Row, bit, token};
use crate::run::Run;

pub(crate) use measure::Measure;

/// How much more than a tree can count on is filled, one part in so many: how full pages become is a matter of chance.
const TOLERANCE: u64 = 16;

/// That nobody knows how much could go.
const UNKNOWN: u64 = u64::MAX;

/// Commits whose copies the file may have to hold at one time: two until their pages come free, three for a snapshot that lasts.
const COMMITS_IN_FLIGHT: u64 = 5;

/// What a change copies at worst: a page of the entries and one of the uses.
const COPIED: u64 = 2 * PAGE;

/// How long and how often to wait for snapshots that hold freed pages, and for how long to refuse writes if they stay.
const SHORT_SNAPSHOT: Duration = Duration::from_millis(20);
const ROUNDS: u32 = 3;
const LEAST_REFUSAL: Duration = Duration::from_millis(100);
const MOST_REFUSAL: Duration = Duration::from_secs(5);

/// The size of a page, as rows reckon it.
const PAGE: u64 = 4096;

/// Entries deleted in one commit: few, since each makes LMDB copy a page before older pages come free.
const EVICTED_AT_ONCE: usize = 256;

/// The entries of a keyspace, and a row of the use of each.
#[derive(Clone, Copy)]
pub(crate) struct Used {
    pub(crate) entries: Table,
    pub(crate) uses: Table,
}

/// The limit of a store, and what it takes to keep it.
pub(crate) struct Usage {
    limit: u64,
    clock: Table,
    tables: Vec<(Keyspace, Used)>,
    /// The tables whose entries go last.
    last: u64,
    /// Entries that were deleted for lack of room, in the order of the tables.
    evictions: Box<[AtomicU64]>,
    is_noting: AtomicBool,
    run: Mutex<Run>,
    has_tree: AtomicBool,
    /// The pages of all tables when that was last looked at.
    size: AtomicU64,
    /// The bytes of all entries, by their rows, when these were last looked at.
    rows_bytes: AtomicU64,
    /// The bytes of entries that this run could do without.
    unused: AtomicU64,
    /// The time of the last stamps of this process.
    stamped: AtomicU64,
    /// Until when there is no room, and how long that is.
    refusal: Mutex<Option<(Instant, Duration)>>,
}

impl Usage {
    pub(crate) fn new(limit: u64, clock: Table, tables: Vec<(Keyspace, Used)>, last: &[Keyspace]) -> Self {
        let last = tables.iter().enumerate().filter(|(_, (keyspace, _))| last.contains(keyspace));
        Self {
            last: last.fold(0, |all, (table, _)| all | bit(table)),
            limit: limit.max(LEAST_LIMIT),
            clock,
            evictions: tables.iter().map(|_| AtomicU64::new(0)).collect(),
            tables,
            is_noting: AtomicBool::new(false),
            run: Mutex::default(),
            has_tree: AtomicBool::new(false),
            size: AtomicU64::new(0),
            rows_bytes: AtomicU64::new(0),
            unused: AtomicU64::new(UNKNOWN),
            stamped: AtomicU64::new(0),
            refusal: Mutex::default(),
        }
    }

    fn run(&self) -> MutexGuard<'_, Run> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a run of a tree.
    pub(crate) fn begin_run(&self, environment: &Environment, tree: &Key) -> heed::Result<()> {
        self.run().begin(*tree);
        self.has_tree.store(true, Ordering::Relaxed);
        self.unused.store(UNKNOWN, Ordering::Relaxed);
        let Ok(env) = environment.env() else { return Ok(()) };
        let read = env.read_txn()?;
        self.look(&read).map(drop)
    }

    /// Notes that an entry is used though nobody reads it, or that it may go.
    pub(crate) fn mark(&self, table: usize, key: &Key, is_used: bool) {
        if self.run().mark(token(table, key.as_bytes()), is_used) {
            self.unused.store(UNKNOWN, Ordering::Relaxed);
        }
    }

    /// Whether reads are worth noting.
    pub(crate) fn is_noting(&self) -> bool {
        self.is_noting.load(Ordering::Relaxed)
    }

    /// Notes which entries a snapshot has read, and from which tables.
    pub(crate) fn note(&self, read: Vec<u64>, tables: u64) {
        self.run().note(read, tables);
        // There is less that could go now.
        if self.unused.load(Ordering::Relaxed) > 0 {
            self.unused.store(UNKNOWN, Ordering::Relaxed);
        }
    }

    /// Whether the file would stay within its limit in a commit that begins now. Pages that came free are no use while an
    /// old snapshot may still look at them: then each commit takes new ones, however much was deleted. Near the
    /// limit that is found out by very small commits, of which the third reuses pages of the first.
    pub(crate) fn has_room(&self, environment: &Environment, env: &Env<WithoutTls>) -> heed::Result<bool> {
        if file_length(env)? <= self.limit / 10 * 9 {
            return Ok(true);
        }
        // Finding out takes a few pages too, so a refusal stands for a while.
        let mut refusal = self.refusal.lock().unwrap_or_else(PoisonError::into_inner);
        if refusal.is_some_and(|(until, _)| Instant::now() < until) {
            return Ok(false);
        }
        for round in 0..ROUNDS {
            // A process that was killed in the middle of a read leaves its snapshot behind.
            env.clear_stale_readers()?;
            for _ in 0..3 {
                let before = file_length(env)?;
                let mut txn = environment.begin_write(env)?;
                let now = self.now(&txn)?;
                self.advance(&mut txn, now, 0)?;
                txn.commit()?;
                if file_length(env)? == before {
                    *refusal = None;
                    return Ok(true);
                }
            }
            // Most snapshots are short.
            if round + 1 < ROUNDS {
                std::thread::sleep(SHORT_SNAPSHOT);
            }
        }
        let wait = refusal.map_or(LEAST_REFUSAL, |(_, wait)| (2 * wait).min(MOST_REFUSAL));
        *refusal = Some((Instant::now() + wait, wait));
        Ok(false)
    }

    /// The most bytes of values, and the most changes, of one commit into a file of that size. Each change copies two pages at
    /// worst, which come free two commits later, or after the snapshots of that time; so several commits have to fit
    /// into what the file may grow by, and once it is as large as it may be, beside the entries.
    pub(crate) fn batch(&self, file: u64) -> (u64, u64) {
        let room = self.limit + self.limit / 20 - file.min(self.most());
        let half = room / COMMITS_IN_FLIGHT / 2;
        (half.min(self.limit / 32), half / COPIED)
    }

    /// The changes of a commit into a file that is as large as it may be.
    fn least_batch(&self) -> usize {
        usize::try_from(self.batch(self.limit).1).unwrap_or(usize::MAX)
    }

    /// What the pages of the tables may take.
    fn most(&self) -> u64 {
        let usable = usable(self.limit);
        usable + (usable / TOLERANCE).min((self.limit - usable) / 4)
    }

    /// Ends a commit, which has put so many bytes, with what is to be known of the uses before it.
    pub(crate) fn advance(&self, txn: &mut RwTxn<'_>, now: u64, bytes: u64) -> heed::Result<()> {
        self.record(txn, now)?;
        let row = Row { stamp: now.saturating_add(bytes + 1), bytes: 0, tree: 0 };
        self.clock.put(txn, &CLOCK, &row.write())
    }

    /// Writes down that an entry was put, and gives the bytes that it takes.
    pub(crate) fn put(
        &self,
        txn: &mut RwTxn<'_>,
        now: u64,
        table: usize,
        key: &Key,
        bytes: usize,
    ) -> heed::Result<u64> {
        let (_, used) = self.tables[table];
        let mut run = self.run();
        let row = Row { stamp: now, bytes: measure::taken(bytes), tree: run.name() };
        if row.tree != 0 {
            run.note([token(table, key.as_bytes())], 0);
        }
        used.uses.put(txn, key.as_bytes(), &row.write())?;
        Ok(row.bytes)
    }

    /// Writes down that an entry was deleted.
    pub(crate) fn delete(&self, txn: &mut RwTxn<'_>, table: usize, key: &Key) -> heed::Result<()> {
        self.tables[table].1.uses.delete(txn, key.as_bytes()).map(drop)
    }

    /// Deletes what is to go first, if the store has come near its limit. The commits are its own.
    pub(crate) fn evict(&self, environment: &Environment) -> heed::Result<()> {
        let Ok(env) = environment.env() else { return Ok(()) };
        let read = env.read_txn()?;
        let size = self.look(&read)?;
        if size <= self.most() {
            return Ok(());
        }
        let victims = self.victims(&read, size)?;
        drop(read);
        tracing::debug!(target: "repo_map_cache", size, limit = self.limit, entries = victims.len(), "making room");
        for some in victims.chunks(EVICTED_AT_ONCE.min(self.least_batch())) {
            if !self.has_room(environment, env)? {
                break;
            }
            let mut txn = environment.begin_write(env)?;
            for (table, key) in some {
                let (_, used) = self.tables[*table];
                used.entries.delete(&mut txn, key)?;
                used.uses.delete(&mut txn, key)?;
            }
            txn.commit()?;
            for (table, key) in some {
                self.evictions[*table].fetch_add(1, Ordering::Relaxed);
                let (keyspace, key) = (self.tables[*table].0, Key::new(*key));
                tracing::debug!(target: "repo_map_cache", %keyspace, %key, tier = NAME, "evict");
            }
        }
        let read = env.read_txn()?;
        self.look(&read).map(drop)
    }

    fn ranking<'a>(&self, run: &'a Run, trees: &'a HashMap<u64, u64>, now: u64) -> Ranking<'a> {
        Ranking { run, trees, last: self.last, now, recent: self.limit / 64 }
    }

    /// The entries that go first: a part of all bytes. The rows know what entries take in themselves; half-full pages make it
    /// more, for all alike.
    fn victims(&self, read: &RoTxn<'_>, size: u64) -> heed::Result<Vec<(usize, [u8; 32])>> {
        let most = self.most();
        let trees = self.trees(read)?;
        let run = self.run();
        let ranking = self.ranking(&run, &trees, self.now(read)?);
        let mut histogram = Histogram::default();
        self.rows(read, |table, key, row| histogram.add(ranking.of(table, &key, row), row.bytes))?;
        let total = histogram.total();
        let part = |goal: u64| (total as f64 * (1.0 - goal as f64 / size as f64)) as u64;
        // Of others so much that it is not to be done at each commit; of what the tree may still want no more than has to be.
        let (others, outdated) = (part(most - self.limit / 20), part(most - self.limit / 64));
        let wanted = Wanted { others, outdated, least: part(most) };
        let mut victims = Vec::new();
        let mut gone = 0u64;
        if let Some(mut cut) = histogram.cut(&wanted) {
            self.rows(read, |table, key, row| {
                if cut.takes(ranking.of(table, &key, row), row.bytes) {
                    gone = total.min(gone.saturating_add(row.bytes));
                    victims.push((table, key));
                }
            })?;
        }
        self.rows_bytes.store(total - gone, Ordering::Relaxed);
        self.unused.store(histogram.unused().saturating_sub(gone), Ordering::Relaxed);
        Ok(victims)
    }
}

impl std::fmt::Debug for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Usage").field("limit", &self.limit).finish_non_exhaustive()
    }
}
