use std::borrow::Cow;
use std::ops::ControlFlow;

use rustc_hash::FxHashMap;

use crate::envelope::claimed;
use crate::pending::{Change, Place};
use crate::statistics::count;
use crate::{Error, ErrorKind, Fingerprint, Key, Keyspace, Lookup, Payload, ReadTxn, Result, Store};

/// The store as it was at one moment: everything put before it, nothing put after it.
///
/// It holds a read transaction of the backend, so its payloads are borrowed; keep it no longer than the
/// work that reads, and in one thread.
pub struct Snapshot<'a> {
    pub(crate) store: &'a Store,
    pub(crate) pending: FxHashMap<Place, Change>,
    pub(crate) read: Option<Box<dyn ReadTxn + 'a>>,
}

impl Snapshot<'_> {
    /// Looks a value up. The payload borrows the snapshot.
    pub fn get(&self, keyspace: Keyspace, key: &Key, fingerprint: Fingerprint) -> Lookup<'_> {
        let begin = self.store.shared.ledger.of(keyspace).begin();
        let pending = self.pending.get(&(keyspace, *key)).cloned();
        self.store.lookup(keyspace, key, fingerprint, pending, self.read.as_deref(), begin)
    }

    /// Looks up every key that begins with `prefix` (0 to 32 bytes), until the visitor breaks: committed entries in
    /// the order of their keys, then those that were pending, in that order too. Never [`Lookup::Miss`].
    /// Storage that fails ends it early, and counts as an error.
    pub fn scan(
        &self,
        keyspace: Keyspace,
        prefix: &[u8],
        fingerprint: Fingerprint,
        mut visit: impl FnMut(&Key, Lookup<'_>) -> ControlFlow<()>,
    ) {
        let mut flow = ControlFlow::Continue(());
        let ledger = &self.store.shared.ledger;
        if let Some(read) = &self.read {
            let outcome = read.scan(keyspace, prefix, &mut |key, sealed| {
                if !self.pending.contains_key(&(keyspace, *key)) {
                    let found = Payload::stored(key, fingerprint, Cow::Borrowed(sealed));
                    flow = visit(key, self.store.judge(keyspace, key, found));
                }
                flow
            });
            if let Err(error) = outcome {
                count(&ledger.of(keyspace).errors);
                self.store.shared.warn(&error);
            }
        } else {
            count(&ledger.of(keyspace).errors);
        }
        let mut pending: Vec<_> = self
            .pending
            .keys()
            .filter(|(space, key)| *space == keyspace && key.as_bytes().starts_with(prefix))
            .map(|(_, key)| *key)
            .collect();
        pending.sort_unstable();
        for key in pending {
            let Some(Some(sealed)) = self.pending.get(&(keyspace, key)) else { continue };
            if flow.is_break() {
                return;
            }
            let found = Payload::pending(&key, fingerprint, sealed.clone());
            flow = visit(&key, self.store.judge(keyspace, &key, found));
        }
    }
}

impl Snapshot<'_> {
    /// Visits every committed entry of a keyspace in the order of the keys, whatever it was stored for, until the visitor
    /// breaks: its fingerprint, and [`Lookup::Hit`] or [`Lookup::Corrupt`]. For inspection; damaged entries are removed.
    ///
    /// # Errors
    /// When the storage fails; entries may have been visited by then.
    pub fn entries(
        &self,
        keyspace: Keyspace,
        mut visit: impl FnMut(&Key, Fingerprint, Lookup<'_>) -> ControlFlow<()>,
    ) -> Result<()> {
        let Some(read) = &self.read else {
            return Err(Error::new(ErrorKind::Unavailable, self.store.backend().name(), "scan"));
        };
        read.scan(keyspace, &[], &mut |key, sealed| {
            let fingerprint = claimed(sealed);
            // Not counted: nobody asked for these values.
            let lookup = match Payload::stored(key, fingerprint, Cow::Borrowed(sealed)) {
                Ok(payload) => Lookup::Hit(payload),
                Err(_) => {
                    self.store.delete(keyspace, *key);
                    Lookup::Corrupt
                }
            };
            visit(key, fingerprint, lookup)
        })
    }
}

impl std::fmt::Debug for Snapshot<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("pending", &self.pending.len()).finish_non_exhaustive()
    }
}
