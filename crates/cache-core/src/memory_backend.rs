use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use crate::{Capabilities, Key, Keyspace, KeyspaceUsage, ReadTxn, Result, StorageBackend, WriteTxn};

/// The reference backend: sorted maps in memory, gone with the process. It knows every keyspace.
///
/// A snapshot shares the map; a commit while snapshots live copies the map first, O(entries). It
/// serves tests, and as the last tier when no directory can be used.
#[derive(Debug, Default)]
pub struct MemoryBackend {
    committed: RwLock<Arc<Entries>>,
    writer: Mutex<()>,
}

type Entries = BTreeMap<(Keyspace, Key), Arc<[u8]>>;

struct MemoryRead(Arc<Entries>);

struct MemoryWrite<'a> {
    backend: &'a MemoryBackend,
    changes: BTreeMap<(Keyspace, Key), Option<Arc<[u8]>>>,
    _writer: MutexGuard<'a, ()>,
}

impl MemoryBackend {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn committed(&self) -> Arc<Entries> {
        self.committed.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl StorageBackend for MemoryBackend {
    fn name(&self) -> &'static str {
        "memory"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new().with_zero_copy(true)
    }

    fn read(&self) -> Result<Box<dyn ReadTxn + '_>> {
        Ok(Box::new(MemoryRead(self.committed())))
    }

    fn write(&self) -> Result<Box<dyn WriteTxn + '_>> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Box::new(MemoryWrite { backend: self, changes: BTreeMap::new(), _writer: writer }))
    }

    /// Reads the keyspace's whole list of entries.
    fn usage(&self, keyspace: Keyspace) -> Result<Option<KeyspaceUsage>> {
        let committed = self.committed();
        let entries = committed.range((keyspace, Key::new([0; 32]))..=(keyspace, Key::new([0xff; 32])));
        let (items, bytes) =
            entries.fold((0, 0), |(items, bytes), (_, value)| (items + 1, bytes + value.len()));
        Ok(Some(KeyspaceUsage::new(items, bytes as u64, 0)))
    }
}

impl ReadTxn for MemoryRead {
    fn get(&self, keyspace: Keyspace, key: &Key) -> Result<Option<Cow<'_, [u8]>>> {
        Ok(self.0.get(&(keyspace, *key)).map(|value| Cow::Borrowed(&**value)))
    }

    fn scan(
        &self,
        keyspace: Keyspace,
        prefix: &[u8],
        visit: &mut dyn FnMut(&Key, &[u8]) -> ControlFlow<()>,
    ) -> Result<()> {
        if prefix.len() > 32 {
            return Ok(());
        }
        let mut first = [0; 32];
        first[..prefix.len()].copy_from_slice(prefix);
        for ((space, key), value) in self.0.range((keyspace, Key::new(first))..) {
            if *space != keyspace || !key.as_bytes().starts_with(prefix) || visit(key, value).is_break() {
                break;
            }
        }
        Ok(())
    }
}

impl WriteTxn for MemoryWrite<'_> {
    fn put(&mut self, keyspace: Keyspace, key: &Key, value: &[u8]) -> Result<()> {
        self.changes.insert((keyspace, *key), Some(value.into()));
        Ok(())
    }

    fn delete(&mut self, keyspace: Keyspace, key: &Key) -> Result<bool> {
        let earlier = self.changes.insert((keyspace, *key), None);
        Ok(earlier.map_or_else(
            || self.backend.committed().contains_key(&(keyspace, *key)),
            |change| change.is_some(),
        ))
    }

    fn commit(self: Box<Self>) -> Result<()> {
        let mut committed = self.backend.committed.write().unwrap_or_else(PoisonError::into_inner);
        let entries = Arc::make_mut(&mut committed);
        for (place, change) in self.changes {
            match change {
                Some(value) => entries.insert(place, value),
                None => entries.remove(&place),
            };
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Keyspace = Keyspace::new("a");
    const B: Keyspace = Keyspace::new("b");

    fn key(first: u8, second: u8) -> Key {
        let mut bytes = [0; 32];
        bytes[..2].copy_from_slice(&[first, second]);
        Key::new(bytes)
    }

    #[test]
    fn a_snapshot_stays_while_others_commit() {
        let backend = MemoryBackend::new();
        let before = backend.read().unwrap();
        let mut write = backend.write().unwrap();
        write.put(A, &key(1, 1), b"").unwrap();
        assert_eq!(backend.read().unwrap().get(A, &key(1, 1)).unwrap(), None, "uncommitted");
        write.commit().unwrap();
        assert_eq!(before.get(A, &key(1, 1)).unwrap(), None);
        assert_eq!(backend.read().unwrap().get(A, &key(1, 1)).unwrap().as_deref(), Some(&b""[..]));
    }

    #[test]
    fn dropping_a_write_rolls_back() {
        let backend = MemoryBackend::new();
        backend.write().unwrap().put(A, &key(1, 1), b"x").unwrap();
        assert_eq!(backend.read().unwrap().get(A, &key(1, 1)).unwrap(), None);
    }

    #[test]
    fn a_delete_tells_what_was_there() {
        let backend = MemoryBackend::new();
        let mut write = backend.write().unwrap();
        write.put(A, &key(1, 1), b"x").unwrap();
        assert!(write.delete(A, &key(1, 1)).unwrap());
        assert!(!write.delete(A, &key(1, 1)).unwrap());
        assert!(!write.delete(B, &key(1, 1)).unwrap());
    }

    #[test]
    fn the_usage_is_that_of_the_keyspace_alone() {
        let backend = MemoryBackend::new();
        let mut write = backend.write().unwrap();
        for (space, key) in [(A, key(0, 0)), (A, Key::new([0xff; 32])), (B, key(0, 0))] {
            write.put(space, &key, b"four").unwrap();
        }
        write.commit().unwrap();
        assert_eq!(backend.usage(A).unwrap(), Some(KeyspaceUsage::new(2, 8, 0)));
    }

    #[test]
    fn a_scan_stays_in_its_keyspace_and_prefix() {
        let backend = MemoryBackend::new();
        let mut write = backend.write().unwrap();
        for (space, key) in [(A, key(2, 1)), (A, key(1, 9)), (A, key(1, 2)), (B, key(1, 3)), (A, key(0, 0))] {
            write.put(space, &key, b"x").unwrap();
        }
        write.commit().unwrap();
        let read = backend.read().unwrap();
        let scan = |prefix: &[u8], limit: usize| {
            let mut seen = Vec::new();
            read.scan(A, prefix, &mut |key, _| {
                seen.push((key.as_bytes()[0], key.as_bytes()[1]));
                if seen.len() == limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })
            .unwrap();
            seen
        };
        assert_eq!(scan(&[1], 9), [(1, 2), (1, 9)]);
        assert_eq!(scan(&[], 9), [(0, 0), (1, 2), (1, 9), (2, 1)]);
        assert_eq!(scan(&[], 2), [(0, 0), (1, 2)]);
        assert_eq!(scan(&[0; 33], 9), []);
    }
}
