//! What was put and is not yet committed: the reason that a process sees its own writes at once.

use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;

use crate::{Key, Keyspace};

/// A value on its way to the backend: sealed bytes, or none for a deletion.
/// One allocation with its count: the writer finds the bytes where it finds the pointer.
pub(crate) type Change = Option<Arc<[u8]>>;

pub(crate) type Place = (Keyspace, Key);

#[derive(Debug, Default)]
pub(crate) struct Pending {
    entries: Mutex<Entries>,
    /// How many entries there are, so that a reader passes by without the lock when there are none.
    len: AtomicUsize,
}

#[derive(Debug, Default)]
struct Entries {
    changes: FxHashMap<Place, (u64, Change)>,
    last: u64,
}

impl Pending {
    /// Makes a change visible. The number tells it from later changes of the same place.
    pub(crate) fn insert(&self, place: Place, change: Change) -> u64 {
        let mut entries = self.lock();
        entries.last += 1;
        let number = entries.last;
        entries.changes.insert(place, (number, change));
        self.len.store(entries.changes.len(), Ordering::Release);
        number
    }

    /// Forgets changes that are in the backend now or were given up; what replaced them meanwhile stays.
    pub(crate) fn remove(&self, done: impl Iterator<Item = (Place, u64)>) {
        let mut entries = self.lock();
        for (place, number) in done {
            if let Entry::Occupied(entry) = entries.changes.entry(place)
                && entry.get().0 == number
            {
                entry.remove();
            }
        }
        self.len.store(entries.changes.len(), Ordering::Release);
    }

    pub(crate) fn get(&self, place: &Place) -> Option<Change> {
        if self.is_empty() {
            return None;
        }
        self.lock().changes.get(place).map(|(_, change)| change.clone())
    }

    /// All of it as it is now: what a snapshot adds to the backend's own.
    pub(crate) fn copy(&self) -> FxHashMap<Place, Change> {
        if self.is_empty() {
            return FxHashMap::default();
        }
        let entries = self.lock();
        entries.changes.iter().map(|(place, (_, change))| (*place, change.clone())).collect()
    }

    fn is_empty(&self) -> bool {
        self.len.load(Ordering::Acquire) == 0
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_does_not_hide_what_was_put_after_it() {
        let pending = Pending::default();
        let place = (Keyspace::new("a"), Key::new([0; 32]));
        let first = pending.insert(place, Some(Arc::from(&b"1"[..])));
        let second = pending.insert(place, None);
        pending.remove([(place, first)].into_iter());
        assert_eq!(pending.get(&place), Some(None));
        pending.remove([(place, second)].into_iter());
        assert_eq!(pending.get(&place), None);
        assert!(pending.copy().is_empty());
    }
}
