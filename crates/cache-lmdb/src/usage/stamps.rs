//! When trees and entries were last used, as the store has it.

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use heed::{RoTxn, RwTxn};
use repo_map_cache_core::Key;

use super::Usage;
use crate::environment::Environment;
use crate::row::{CLOCK, Row, short_name, token};
use crate::run::Run;

/// A use is stamped when since the last stamp so much of the limit was put: one part in so many.
const STAMPS_A_LIMIT: u64 = 16;

/// Trees that are remembered at one time.
const MOST_TREES: usize = 4096;

impl Usage {
    /// The time: that of the last commit.
    pub(crate) fn now(&self, txn: &RoTxn<'_>) -> heed::Result<u64> {
        Ok(self.clock.get(txn, &CLOCK)?.map_or(0, |row| Row::read(row).stamp))
    }

    /// When each tree was last used.
    pub(super) fn trees(&self, read: &RoTxn<'_>) -> heed::Result<HashMap<u64, u64>> {
        let mut trees = HashMap::new();
        for row in self.clock.iter(read)? {
            let (key, row) = row?;
            if let Ok(key) = <[u8; 32]>::try_from(key)
                && key != CLOCK
            {
                trees.insert(short_name(&Key::new(key)), Row::read(row).stamp);
            }
        }
        Ok(trees)
    }

    /// Writes down in a commit that the tree of this run is in use; without a tree, which entries were read.
    pub(super) fn record(&self, txn: &mut RwTxn<'_>, now: u64) -> heed::Result<()> {
        let mut run = self.run();
        let Some(&tree) = run.tree() else {
            let is_due = run.has_noted() && self.is_due(now, self.stamped.load(Ordering::Relaxed));
            if is_due && self.stamp(txn, &run, now)? {
                run.forget();
                self.stamped.store(now, Ordering::Relaxed);
            }
            return Ok(());
        };
        if !run.is_recorded {
            let before = self.clock.get(txn, tree.as_bytes())?.map_or(0, |row| Row::read(row).bytes);
            let row = Row { stamp: now, bytes: before, tree: 0 };
            self.clock.put(txn, tree.as_bytes(), &row.write())?;
            run.is_recorded = true;
        }
        Ok(())
    }

    /// Writes down, when the store is closed, what commits did not.
    pub(crate) fn finish(&self, environment: &Environment) -> heed::Result<()> {
        let Ok(env) = environment.env() else { return Ok(()) };
        let read = env.read_txn()?;
        let now = self.now(&read)?;
        let run = self.run();
        let Some(&tree) = run.tree() else {
            drop((run, read));
            if self.run().has_noted() {
                let mut txn = environment.begin_write(env)?;
                self.advance(&mut txn, now, 0)?;
                txn.commit()?;
            }
            return Ok(());
        };
        let row = self.clock.get(&read, tree.as_bytes())?.map(Row::read);
        let stamped = row.map_or(0, |row| row.bytes);
        let is_due = self.is_noting() && run.has_noted() && self.is_due(now, stamped);
        let newest = self.trees(&read)?.into_values().max();
        let is_newest = row.is_some_and(|row| Some(row.stamp) == newest);
        drop(read);
        if is_newest && !is_due {
            return Ok(());
        }
        let mut txn = environment.begin_write(env)?;
        let now = self.now(&txn)?;
        let stamped = if is_due && self.stamp(&mut txn, &run, now)? { now.max(1) } else { stamped };
        self.clock.put(&mut txn, tree.as_bytes(), &Row { stamp: now, bytes: stamped, tree: 0 }.write())?;
        self.forget_trees(&mut txn)?;
        // No two trees are in use at one time: who comes later is later.
        self.clock.put(&mut txn, &CLOCK, &Row { stamp: now.saturating_add(1), bytes: 0, tree: 0 }.write())?;
        txn.commit()
    }

    /// Forgets the trees that were used longest ago, where there are very many. Their entries then go by their own time.
    fn forget_trees(&self, txn: &mut RwTxn<'_>) -> heed::Result<()> {
        if self.clock.stat(txn)?.entries <= MOST_TREES {
            return Ok(());
        }
        let mut trees = Vec::new();
        for row in self.clock.iter(txn)? {
            let (key, row) = row?;
            if key != CLOCK {
                trees.push((Row::read(row).stamp, key.to_owned()));
            }
        }
        trees.sort_unstable();
        trees.truncate(MOST_TREES / 2);
        for (_, key) in trees {
            self.clock.delete(txn, &key)?;
        }
        Ok(())
    }

    fn is_due(&self, now: u64, before: u64) -> bool {
        before == 0 || now.saturating_sub(before) > self.limit / STAMPS_A_LIMIT
    }

    /// Gives entries that were used to the tree of this run and to this time, where what their rows say is long ago. False
    /// where there are more than a commit may change.
    fn stamp(&self, txn: &mut RwTxn<'_>, run: &Run, now: u64) -> heed::Result<bool> {
        let trees = self.trees(txn)?;
        let ranking = self.ranking(run, &trees, now);
        let name = run.name();
        let most = self.least_batch();
        let mut found = Vec::new();
        self.rows(txn, |table, key, row| {
            let is_old = now.saturating_sub(ranking.used(row)) > self.limit / STAMPS_A_LIMIT;
            let is_own = name != 0 && row.tree == name;
            if found.len() <= most
                && (is_old || (name != 0 && row.tree == 0))
                && !is_own
                && run.uses(token(table, &key))
            {
                found.push((table, key, row));
            }
        })?;
        let is_all = found.len() <= most;
        found.truncate(most);
        for (table, key, row) in found {
            self.tables[table].1.uses.put(txn, &key, &Row { stamp: now, tree: name, ..row }.write())?;
        }
        Ok(is_all)
    }
}
