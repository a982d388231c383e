//! How large the store is, and which entries were used longest ago: what a size limit needs to know.
//!
//! Beside each table there is one named `<keyspace>.used` with a row of 16 bytes an entry: when it was last used, and
//! what it takes. Time is the bytes that were ever put, so it needs no clock and means the same to every process. Reads
//! are noted in memory and stamped by the next commit, or when the store is closed, and only once half a limit of puts, or
//! less, would make something go: what is read before that is as old then as if it had not been.

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use heed::{Env, RwTxn, WithoutTls};
use repo_map_cache_core::{Key, Keyspace, KeyspaceUsage};

use crate::environment::{Environment, Table};
use crate::error::NAME;
use crate::file_length::file_length;

/// The row of the clock, in a table of its own.
const CLOCK: [u8; 32] = [0; 32];

/// A use is stamped when since the last stamp so much of the limit was put: one part in so many.
const STAMPS_A_LIMIT: u64 = 16;

/// Uses noted between two commits; more are forgotten.
const MOST_NOTED: usize = 1 << 17;

/// What is left of the limit for pages that commits copy: those that were copied come free two commits later. Three
/// tenths of a small limit, and no more than this of a large one.
const MOST_RESERVED: u64 = 96 << 20;

/// Commits whose copies the file may have to hold at one time: two until their pages come free, three for a snapshot that lasts.
const COMMITS_IN_FLIGHT: u64 = 5;

/// What a change copies at worst: a page of the entries and one of the uses.
const COPIED: u64 = 2 * 4096;

/// How long and how often to wait for snapshots that hold freed pages, and for how long to refuse writes if they stay.
const SHORT_SNAPSHOT: Duration = Duration::from_millis(20);
const ROUNDS: u32 = 3;
const LEAST_REFUSAL: Duration = Duration::from_millis(100);
const MOST_REFUSAL: Duration = Duration::from_secs(5);

/// Entries deleted in one commit: few, since each makes LMDB copy a page before older pages come free.
const EVICTED_AT_ONCE: usize = 256;

/// The least limit: below it the pages that a commit copies would be most of the file.
const LEAST_LIMIT: u64 = 8 << 20;

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
    /// Entries that were deleted for lack of room, in the order of the tables.
    evictions: Box<[AtomicU64]>,
    is_noting: AtomicBool,
    noted: Mutex<HashSet<(Keyspace, Key)>>,
    /// Until when there is no room, and how long that is.
    refusal: Mutex<Option<(Instant, Duration)>>,
}

/// A row: when an entry was last used, and the bytes that it takes.
struct Row {
    stamp: u64,
    bytes: u64,
}

impl Row {
    fn read(bytes: &[u8]) -> Self {
        let number = |at: usize| {
            bytes.get(at..at + 8).map_or(0, |part| u64::from_le_bytes(part.try_into().expect("8 bytes")))
        };
        Self { stamp: number(0), bytes: number(8) }
    }

    fn write(&self) -> [u8; 16] {
        let mut row = [0; 16];
        row[..8].copy_from_slice(&self.stamp.to_le_bytes());
        row[8..].copy_from_slice(&self.bytes.to_le_bytes());
        row
    }
}

impl Usage {
    pub(crate) fn new(limit: u64, clock: Table, tables: Vec<(Keyspace, Used)>) -> Self {
        Self {
            limit: limit.max(LEAST_LIMIT),
            clock,
            evictions: tables.iter().map(|_| AtomicU64::new(0)).collect(),
            tables,
            is_noting: AtomicBool::new(false),
            noted: Mutex::default(),
            refusal: Mutex::default(),
        }
    }

    fn used(&self, keyspace: Keyspace) -> Option<Used> {
        self.tables.iter().find(|(known, _)| *known == keyspace).map(|(_, used)| *used)
    }

    /// What a keyspace takes: the pages of its tables.
    pub(crate) fn of(
        &self,
        read: &heed::RoTxn<'_>,
        keyspace: Keyspace,
    ) -> heed::Result<Option<KeyspaceUsage>> {
        let Some(at) = self.tables.iter().position(|(known, _)| *known == keyspace) else { return Ok(None) };
        let used = self.tables[at].1;
        let items = used.entries.stat(read)?.entries as u64;
        let bytes = pages(read, used.entries)? + pages(read, used.uses)?;
        Ok(Some(KeyspaceUsage::new(items, bytes, self.evictions[at].load(Ordering::Relaxed))))
    }

    /// Whether reads are worth noting.
    pub(crate) fn is_noting(&self) -> bool {
        self.is_noting.load(Ordering::Relaxed)
    }

    /// Notes which entries a snapshot has read.
    pub(crate) fn note(&self, read: Vec<(Keyspace, Key)>) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.len() < MOST_NOTED {
            noted.extend(read);
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
                let now = self.time(&txn)?;
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

    /// What the pages of the tables may take after an eviction.
    fn most(&self) -> u64 {
        self.limit - (self.limit / 10 * 3).min(MOST_RESERVED)
    }

    /// The time: that of the last commit.
    pub(crate) fn time(&self, txn: &RwTxn<'_>) -> heed::Result<u64> {
        Ok(self.clock.get(txn, &CLOCK)?.map_or(0, |row| Row::read(row).stamp))
    }

    /// Ends a commit, which has put so many bytes, with the stamps of what was read since the one before.
    pub(crate) fn advance(&self, txn: &mut RwTxn<'_>, now: u64, bytes: u64) -> heed::Result<()> {
        self.stamp(txn, now)?;
        self.clock.put(txn, &CLOCK, &Row { stamp: now.saturating_add(bytes + 1), bytes: 0 }.write())
    }

    /// Writes down that an entry was put, and gives the bytes that it takes.
    pub(crate) fn put(
        &self,
        txn: &mut RwTxn<'_>,
        now: u64,
        keyspace: Keyspace,
        key: &Key,
        bytes: usize,
    ) -> heed::Result<u64> {
        let Some(used) = self.used(keyspace) else { return Ok(0) };
        // What has no place in a page takes whole ones.
        let bytes = if bytes > 2000 { (bytes + 16).next_multiple_of(4096) } else { bytes + 56 } + 58;
        let row = Row { stamp: now, bytes: bytes as u64 };
        used.uses.put(txn, key.as_bytes(), &row.write())?;
        Ok(row.bytes)
    }

    /// Writes down that an entry was deleted.
    pub(crate) fn delete(&self, txn: &mut RwTxn<'_>, keyspace: Keyspace, key: &Key) -> heed::Result<()> {
        let Some(used) = self.used(keyspace) else { return Ok(()) };
        used.uses.delete(txn, key.as_bytes()).map(drop)
    }

    fn stamp(&self, txn: &mut RwTxn<'_>, now: u64) -> heed::Result<()> {
        let noted = std::mem::take(&mut *self.noted.lock().unwrap_or_else(PoisonError::into_inner));
        let mut noted: Vec<_> = noted.into_iter().collect();
        noted.sort_unstable();
        let mut left = self.least_batch();
        let mut noted = noted.into_iter();
        while left > 0
            && let Some((keyspace, key)) = noted.next()
        {
            let Some(used) = self.used(keyspace) else { continue };
            let row = used.uses.get(txn, key.as_bytes())?.map(Row::read);
            if let Some(row) = row.filter(|row| now - row.stamp.min(now) > self.limit / STAMPS_A_LIMIT) {
                used.uses.put(txn, key.as_bytes(), &Row { stamp: now, ..row }.write())?;
                left -= 1;
            }
        }
        // The next commit has the others.
        self.note(noted.collect());
        Ok(())
    }

    pub(crate) fn has_noted(&self) -> bool {
        !self.noted.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Deletes what was used longest ago, if the store has come near its limit. The commits are its own.
    pub(crate) fn evict(&self, environment: &Environment) -> heed::Result<()> {
        let Ok(env) = environment.env() else { return Ok(()) };
        let read = env.read_txn()?;
        let mut size = 0;
        for (_, used) in &self.tables {
            size += pages(&read, used.entries)? + pages(&read, used.uses)?;
        }
        let most = self.most();
        // What waits for the writer counts for nothing yet, and may be much of a small limit: so half of it, and not less.
        self.is_noting.store(size > most - self.limit / 2, Ordering::Relaxed);
        if size <= most {
            return Ok(());
        }
        let goal = most - self.limit / 20;
        let victims = self.victims(&read, 1.0 - goal as f64 / size as f64)?;
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
        Ok(())
    }

    /// The entries that were used longest ago: so large a part of all bytes, from 0 to 1. The rows know what entries take
    /// in themselves; half-full pages make it more, for all alike.
    fn victims(&self, read: &heed::RoTxn<'_>, part: f64) -> heed::Result<Vec<(usize, [u8; 32])>> {
        let mut by_stamp: BTreeMap<u64, u64> = BTreeMap::new();
        // No checksum answers for rows: damaged ones may be of any size.
        self.rows(read, |_, _, row| {
            let sum = by_stamp.entry(row.stamp).or_default();
            *sum = sum.saturating_add(row.bytes);
        })?;
        let all = by_stamp.values().fold(0u64, |all, &sum| all.saturating_add(sum));
        let bytes = (all as f64 * part) as u64;
        let (mut before, mut last) = (0, 0);
        for (stamp, sum) in by_stamp {
            last = stamp;
            if sum >= bytes - before {
                break;
            }
            before += sum;
        }
        // All that is older than the last stamp, and of that one what is needed.
        let (mut victims, mut left) = (Vec::new(), bytes - before);
        self.rows(read, |table, key, row| {
            if row.stamp < last {
                victims.push((table, key));
            } else if row.stamp == last && left > 0 {
                left = left.saturating_sub(row.bytes);
                victims.push((table, key));
            }
        })?;
        Ok(victims)
    }

    fn rows(&self, read: &heed::RoTxn<'_>, mut visit: impl FnMut(usize, [u8; 32], Row)) -> heed::Result<()> {
        for (table, (_, used)) in self.tables.iter().enumerate() {
            for entry in used.uses.iter(read)? {
                let (key, row) = entry?;
                if let Ok(key) = key.try_into() {
                    visit(table, key, Row::read(row));
                }
            }
        }
        Ok(())
    }
}

/// The bytes of a table's pages.
fn pages(read: &heed::RoTxn<'_>, table: Table) -> heed::Result<u64> {
    let stat = table.stat(read)?;
    Ok((stat.branch_pages + stat.leaf_pages + stat.overflow_pages) as u64 * u64::from(stat.page_size))
}

impl std::fmt::Debug for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Usage").field("limit", &self.limit).finish_non_exhaustive()
    }
}
