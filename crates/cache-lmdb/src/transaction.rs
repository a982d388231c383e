use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::{Bound, ControlFlow};

use heed::{PutFlags, RoTxn, RwTxn, WithoutTls};
use repo_map_cache_core::{Error, ErrorKind, Key, Keyspace, ReadTxn, Result, WriteTxn};

use crate::LmdbBackend;
use crate::backend::MAX_VALUE_LEN;
use crate::error::{NAME, of_commit, of_heed};
use crate::parked::Snapshot;
use crate::prefetch::prefetch;
use crate::write_lock::Writing;

/// A snapshot: values are borrowed from the map.
pub(crate) struct LmdbRead<'a> {
    backend: &'a LmdbBackend,
    snapshot: Option<Snapshot>,
    /// What was read, for the limit on the store's size.
    noted: RefCell<Vec<(Keyspace, Key)>>,
}

pub(crate) struct LmdbWrite<'a> {
    backend: &'a LmdbBackend,
    txn: Option<Writing<'a>>,
    /// The time of this commit, and what it has put.
    now: u64,
    bytes: u64,
    end: Option<End>,
}

/// The last key of a table: what comes after it is appended, to pages that it fills, without a search.
struct End {
    keyspace: Keyspace,
    last: Option<Key>,
}

impl<'a> LmdbRead<'a> {
    pub(crate) const fn new(backend: &'a LmdbBackend, snapshot: Snapshot) -> Self {
        Self { backend, snapshot: Some(snapshot), noted: RefCell::new(Vec::new()) }
    }

    fn txn(&self) -> Result<&RoTxn<'static, WithoutTls>> {
        usable(self.backend, self.snapshot.as_ref().map(|snapshot| &snapshot.txn), "read")
    }
}

impl<'a> LmdbWrite<'a> {
    pub(crate) const fn new(backend: &'a LmdbBackend, txn: Writing<'a>, now: u64) -> Self {
        Self { backend, txn: Some(txn), now, bytes: 0, end: None }
    }

    fn txn(&mut self) -> Result<&mut RwTxn<'a>> {
        usable(self.backend, self.txn.as_deref_mut(), "write")
    }

    /// How to put a key: whether it is beyond all keys of its table.
    fn flags(&mut self, keyspace: Keyspace, key: &Key) -> Result<PutFlags> {
        let end = match self.end.take().filter(|end| end.keyspace == keyspace) {
            Some(end) => end,
            None => {
                let table = self.backend.table(keyspace, "put")?;
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
        let table = self.backend.table(keyspace, "get")?;
        let value = table.get(self.txn()?, key.as_bytes()).map_err(of_heed("get"))?;
        if value.is_some() && self.backend.usage().is_noting() {
            self.noted.borrow_mut().push((keyspace, *key));
        }
        Ok(value.inspect(|value| prefetch(value)).map(Cow::Borrowed))
    }

    fn scan(
        &self,
        keyspace: Keyspace,
        prefix: &[u8],
        visit: &mut dyn FnMut(&Key, &[u8]) -> ControlFlow<()>,
    ) -> Result<()> {
        let table = self.backend.table(keyspace, "scan")?;
        // LMDB takes no empty key, and none longer than 511 bytes.
        let from = if prefix.is_empty() { Bound::Unbounded } else { Bound::Included(prefix) };
        if prefix.len() > 32 {
            return Ok(());
        }
        for entry in table.range(self.txn()?, &(from, Bound::Unbounded)).map_err(of_heed("scan"))? {
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
}

impl WriteTxn for LmdbWrite<'_> {
    fn put(&mut self, keyspace: Keyspace, key: &Key, value: &[u8]) -> Result<()> {
        let table = self.backend.table(keyspace, "put")?;
        if value.len() > MAX_VALUE_LEN {
            return Err(Error::new(ErrorKind::TooLarge, NAME, "put"));
        }
        let (usage, now) = (self.backend.usage(), self.now);
        let flags = self.flags(keyspace, key)?;
        let txn = self.txn()?;
        table.put_with_flags(txn, flags, key.as_bytes(), value).map_err(of_heed("put"))?;
        self.bytes += usage.put(txn, now, keyspace, key, value.len()).map_err(of_heed("put"))?;
        Ok(())
    }

    fn delete(&mut self, keyspace: Keyspace, key: &Key) -> Result<bool> {
        let table = self.backend.table(keyspace, "delete")?;
        let usage = self.backend.usage();
        let txn = self.txn()?;
        usage.delete(txn, keyspace, key).map_err(of_heed("delete"))?;
        table.delete(txn, key.as_bytes()).map_err(of_heed("delete"))
    }

    fn commit(mut self: Box<Self>) -> Result<()> {
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
        if !self.noted.get_mut().is_empty() {
            self.backend.usage().note(self.noted.take());
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
