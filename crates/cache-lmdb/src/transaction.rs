use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::ops::{Bound, ControlFlow};

use heed::{PutFlags, RoTxn, RwTxn, WithoutTls};
use repo_map_cache_core::{Error, ErrorKind, Key, Keyspace, ReadTxn, Result, WriteTxn};

use crate::LmdbBackend;
use crate::backend::MAX_VALUE_LEN;
use crate::environment::Table;
use crate::error::{NAME, of_commit, of_heed};
use crate::parked::Snapshot;
use crate::prefetch::prefetch;
use crate::row::{bit, token};
use crate::usage::Measure;
use crate::write_lock::Writing;

/// A snapshot: values are borrowed from the map.
pub(crate) struct LmdbRead<'a> {
    backend: &'a LmdbBackend,
    snapshot: Option<Snapshot>,
    /// What was read, and the tables that it was read from, for the limit on the store's size.
    noted: RefCell<Vec<u64>>,
    tables: Cell<u64>,
}

pub(crate) struct LmdbWrite<'a> {
    backend: &'a LmdbBackend,
    txn: Option<Writing<'a>>,
    /// The time of this commit, and what it has put.
    now: u64,
    bytes: u64,
    /// Whether anything was changed.
    is_changed: bool,
    measure: Measure,
    end: Option<End>,
}

/// The last key of a table: what comes after it is appended, to pages that it fills, without a search.
struct End {
    keyspace: Keyspace,
    last: Option<Key>,
}

impl<'a> LmdbRead<'a> {
    pub(crate) const fn new(backend: &'a LmdbBackend, snapshot: Snapshot) -> Self {
        Self { backend, snapshot: Some(snapshot), noted: RefCell::new(Vec::new()), tables: Cell::new(0) }
    }

    fn txn(&self) -> Result<&RoTxn<'static, WithoutTls>> {
        usable(self.backend, self.snapshot.as_ref().map(|snapshot| &snapshot.txn), "read")
    }
}

impl<'a> LmdbWrite<'a> {
    pub(crate) const fn new(backend: &'a LmdbBackend, txn: Writing<'a>, now: u64) -> Self {
        Self { backend, txn: Some(txn), now, bytes: 0, is_changed: false, measure: Measure::new(), end: None }
    }

    fn txn(&mut self) -> Result<&mut RwTxn<'a>> {
        usable(self.backend, self.txn.as_deref_mut(), "write")
    }

    /// How to put a key: whether it is beyond all keys of its table.
    fn flags(&mut self, keyspace: Keyspace, key: &Key) -> Result<PutFlags> {
        let end = match self.end.take().filter(|end| end.keyspace == keyspace) {
            Some(end) => end,
            None => {
                let (_, table) = self.backend.table(keyspace, "put")?;
                let last = table.last(self.txn()?).map_err(of_heed("put"))?;
                let last = last.and_then(|(key, _)| key.try_into().ok()).map(Key::new);
                End { keyspace, last }
            }
        };
        let is_beyond = end.last.is_none_or(|last| last < *key);
        self.end = Some(if is_beyond { End { keyspace, last: Some(*key) } } else { end });
        Ok(if is_beyond { PutFlags::APPEND } else { PutFlags::empty() })
    }
}

/// A transaction that a fork inherited belongs to its parent.
fn usable<T>(backend: &LmdbBackend, txn: Option<T>, operation: &'static str) -> Result<T> {
    txn.filter(|_| !backend.is_forked()).ok_or_else(|| {
        Error::new(ErrorKind::Unavailable, NAME, operation).with_source("the process was forked")
    })
}

impl ReadTxn for LmdbRead<'_> {
    fn get(&self, keyspace: Keyspace, key: &Key) -> Result<Option<Cow<'_, [u8]>>> {
        let (at, table) = self.backend.table(keyspace, "get")?;
        let value = table.get(self.txn()?, key.as_bytes()).map_err(of_heed("get"))?;
        if self.backend.usage().is_noting() {
            self.tables.set(self.tables.get() | bit(at));
            if value.is_some() {
                self.noted.borrow_mut().push(token(at, key.as_bytes()));
            }
        }
        Ok(value.inspect(|value| prefetch(value)).map(Cow::Borrowed))
    }

    fn scan(
        &self,
        keyspace: Keyspace,
        prefix: &[u8],
        visit: &mut dyn FnMut(&Key, &[u8]) -> ControlFlow<()>,
    ) -> Result<()> {
        let (_, table) = self.backend.table(keyspace, "scan")?;
        scan(table, self.txn()?, prefix, visit)
    }
}

/// Visits the entries of a table whose key begins with a prefix, in the order of the keys.
pub(crate) fn scan(
    table: Table,
    txn: &RoTxn<'_, WithoutTls>,
    prefix: &[u8],
    visit: &mut dyn FnMut(&Key, &[u8]) -> ControlFlow<()>,
) -> Result<()> {
    // LMDB takes no empty key, and none longer than 511 bytes.
    let from = if prefix.is_empty() { Bound::Unbounded } else { Bound::Included(prefix) };
    if prefix.len() > 32 {
        return Ok(());
    }
    for entry in table.range(txn, &(from, Bound::Unbounded)).map_err(of_heed("scan"))? {
        let (key, value) = entry.map_err(of_heed("scan"))?;
        if !key.starts_with(prefix) {
            break;
        }
        let key: [u8; 32] = key.try_into().map_err(|_| Error::new(ErrorKind::Corrupt, NAME, "scan"))?;
        if visit(&Key::new(key), value).is_break() {
            break;
        }
    }
    Ok(())
}

impl WriteTxn for LmdbWrite<'_> {
    fn put(&mut self, keyspace: Keyspace, key: &Key, value: &[u8]) -> Result<()> {
        let (at, table) = self.backend.table(keyspace, "put")?;
        if value.len() > MAX_VALUE_LEN {
            return Err(Error::new(ErrorKind::TooLarge, NAME, "put"));
        }
        let (usage, now) = (self.backend.usage(), self.now);
        let flags = self.flags(keyspace, key)?;
        let txn = self.txn()?;
        table.put_with_flags(txn, flags, key.as_bytes(), value).map_err(of_heed("put"))?;
        self.bytes += usage.put(txn, now, at, key, value.len()).map_err(of_heed("put"))?;
        self.is_changed = true;
        Ok(())
    }

    fn offer(&mut self, keyspace: Keyspace, key: &Key, value: &[u8]) -> Result<bool> {
        let (at, _) = self.backend.table(keyspace, "put")?;
        let (usage, mut measure) = (self.backend.usage(), self.measure);
        let fits = usage.fits(self.txn()?, &mut measure, at, key, value.len()).map_err(of_heed("put"))?;
        self.measure = measure;
        if fits {
            self.put(keyspace, key, value)?;
        }
        Ok(fits)
    }

    fn delete(&mut self, keyspace: Keyspace, key: &Key) -> Result<bool> {
        let (at, table) = self.backend.table(keyspace, "delete")?;
        let usage = self.backend.usage();
        let txn = self.txn()?;
        usage.delete(txn, at, key).map_err(of_heed("delete"))?;
        let is_deleted = table.delete(txn, key.as_bytes()).map_err(of_heed("delete"))?;
        self.is_changed = true;
        Ok(is_deleted)
    }

    fn commit(mut self: Box<Self>) -> Result<()> {
        // Of a batch that had no place nothing is to be written, not even that time goes by.
        if !self.is_changed {
            self.txn()?;
            return Ok(());
        }
        let (usage, now, bytes) = (self.backend.usage(), self.now, self.bytes);
        usage.advance(self.txn()?, now, bytes).map_err(of_heed("commit"))?;
        let txn = self.txn.take().expect("it was there a line before");
        txn.commit().map_err(|error| of_commit(&error))?;
        // The commit stands, whatever becomes of the rest.
        if let Err(error) = usage.evict(self.backend.environment()) {
            tracing::debug!(target: "repo_map_cache", "nothing could be evicted: {error}");
        }
        Ok(())
    }
}

impl Drop for LmdbRead<'_> {
    fn drop(&mut self) {
        // Ending it in a fork would free the slot under the parent's snapshot.
        let snapshot = self.snapshot.take();
        if self.backend.is_forked() {
            std::mem::forget(snapshot);
            return;
        }
        if self.tables.get() != 0 {
            self.backend.usage().note(self.noted.take(), self.tables.get());
        }
        if let Some(snapshot) = snapshot {
            self.backend.environment().end_read(snapshot);
        }
    }
}

impl Drop for LmdbWrite<'_> {
    fn drop(&mut self) {
        if self.backend.is_forked() {
            std::mem::forget(self.txn.take());
        }
    }
}
