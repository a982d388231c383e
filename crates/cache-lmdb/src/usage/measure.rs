//! How much there is, and whether more has a place.

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use heed::{RoTxn, RwTxn};
use repo_map_cache_core::{Key, KeyspaceUsage, Shortage};

use super::{PAGE, UNKNOWN, Usage};
use crate::environment::{Environment, Table};
use crate::eviction::Histogram;
use crate::options::{MOST_RESERVED, usable};
use crate::row::{Row, bit};

/// What a put may take beside its own bytes: it splits a page of the entries and one of the uses.
const SPLIT: u64 = 2 * PAGE;

/// The pages of all tables within a write transaction: counted again when a guess might be wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measure {
    /// Never less than there are.
    guess: Option<u64>,
}

impl Measure {
    pub(crate) const fn new() -> Self {
        Self { guess: None }
    }
}

impl Usage {
    /// What a keyspace takes: the pages of its tables.
    pub(crate) fn of(&self, read: &RoTxn<'_>, table: usize) -> heed::Result<KeyspaceUsage> {
        let used = self.tables[table].1;
        let items = used.entries.stat(read)?.entries as u64;
        let bytes = pages(read, used.entries)? + pages(read, used.uses)?;
        Ok(KeyspaceUsage::new(items, bytes, self.evictions[table].load(Ordering::Relaxed)))
    }

    /// The pages of all tables, and whether reads are to be noted.
    pub(super) fn look(&self, read: &RoTxn<'_>) -> heed::Result<u64> {
        let size = self.pages(read)?;
        self.size.store(size, Ordering::Relaxed);
        // What waits for the writer counts for nothing yet, and may be much of a small limit: so half of it, and not less.
        self.is_noting.store(size > self.most() - self.limit / 2, Ordering::Relaxed);
        Ok(size)
    }

    fn pages(&self, read: &RoTxn<'_>) -> heed::Result<u64> {
        let mut size = 0;
        for (_, used) in &self.tables {
            size += pages(read, used.entries)? + pages(read, used.uses)?;
        }
        Ok(size)
    }

    /// Whether a new value would have a place, as far as is known without the write transaction. What is refused is counted.
    pub(crate) fn admits(&self, environment: &Environment, table: usize, bytes: usize) -> heed::Result<bool> {
        let bytes = taken(bytes);
        let over = (self.size.load(Ordering::Relaxed) + bytes + SPLIT).saturating_sub(self.most());
        if !self.has_tree.load(Ordering::Relaxed) || over == 0 || self.goes_last(table, bytes) {
            return Ok(true);
        }
        if self.unused.load(Ordering::Relaxed) == UNKNOWN
            && let Ok(env) = environment.env()
        {
            let read = env.read_txn()?;
            self.unused(&read)?;
        }
        let admits = over <= self.unused.load(Ordering::Relaxed);
        if !admits {
            self.run().refused += bytes;
        }
        Ok(admits)
    }

    /// Whether a value has a place in this transaction. What is refused is counted.
    pub(crate) fn fits(
        &self,
        txn: &RwTxn<'_>,
        measure: &mut Measure,
        table: usize,
        key: &Key,
        bytes: usize,
    ) -> heed::Result<bool> {
        if !self.has_tree.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let bytes = taken(bytes);
        let most = self.most();
        // A put splits pages of two tables at worst, and branches above them.
        let grown = bytes + 6 * PAGE;
        let mut size = measure.guess.map_or(UNKNOWN, |guess| guess.saturating_add(grown));
        if size > most {
            size = self.pages(txn)?.saturating_add(grown);
        }
        measure.guess = Some(size);
        let size = size - grown + bytes + SPLIT;
        if size <= most
            || self.goes_last(table, bytes)
            || self.tables[table].1.entries.get(txn, key.as_bytes())?.is_some()
        {
            return Ok(true);
        }
        if self.unused.load(Ordering::Relaxed) == UNKNOWN {
            self.unused(txn)?;
        }
        let fits = size - most <= self.unused.load(Ordering::Relaxed);
        if !fits {
            measure.guess = Some(size - bytes - SPLIT);
            self.run().refused += bytes;
        }
        Ok(fits)
    }

    /// What the tree of this run needs, if something had no place.
    pub(crate) fn shortage(&self) -> Option<Shortage> {
        let refused = self.run().refused;
        let size = self.size.load(Ordering::Relaxed);
        // Rows tell what entries take in themselves; the pages that they are in take more.
        let rows = self.rows_bytes.load(Ordering::Relaxed).clamp(1, size.max(1));
        let refused = (refused as f64 * size as f64 / rows as f64) as u64;
        let need = size.max(usable(self.limit)) + refused;
        let needed = (need / 7 * 10 + 10).min(need + MOST_RESERVED);
        (refused > 0).then(|| Shortage::new(needed, self.limit))
    }

    /// Whether an entry may take the place of others that this run has used, though not of most of them.
    fn goes_last(&self, table: usize, bytes: u64) -> bool {
        self.last & bit(table) != 0 && bytes <= self.limit / 8
    }

    /// Counts what this run could do without.
    fn unused(&self, read: &RoTxn<'_>) -> heed::Result<()> {
        let trees = HashMap::new();
        let run = self.run();
        let ranking = self.ranking(&run, &trees, self.now(read)?);
        let mut histogram = Histogram::default();
        self.rows(read, |table, key, row| histogram.add(ranking.of(table, &key, row), row.bytes))?;
        self.rows_bytes.store(histogram.total(), Ordering::Relaxed);
        self.unused.store(histogram.unused().min(UNKNOWN - 1), Ordering::Relaxed);
        Ok(())
    }

    /// Visits the rows of all entries.
    pub(super) fn rows(
        &self,
        read: &RoTxn<'_>,
        mut visit: impl FnMut(usize, [u8; 32], Row),
    ) -> heed::Result<()> {
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

/// What an entry of so many bytes takes, with its row.
pub(super) fn taken(bytes: usize) -> u64 {
    let bytes = bytes as u64;
    // What has no place in a page takes whole ones.
    let entry = if bytes > 2000 { (bytes + 16).next_multiple_of(PAGE) } else { bytes + 56 };
    entry + 66
}

/// The bytes of a table's pages.
fn pages(read: &RoTxn<'_>, table: Table) -> heed::Result<u64> {
    let stat = table.stat(read)?;
    Ok((stat.branch_pages + stat.leaf_pages + stat.overflow_pages) as u64 * u64::from(stat.page_size))
}
