//! How values pass between the stores and memory without an old one staying behind.
//!
//! A change goes to the stores first, then it is announced, then memory follows. A reader remembers what was announced before it
//! read the stores; memory takes what it read only if nothing was announced since, and decides so under the lock that the change's
//! own visit to memory takes. So either the reader's value comes first and the change replaces it, or it does not come.

use super::sync::{AtomicU64, Ordering};
use crate::Key;

const STRIPES: usize = 256;

/// The memory that values are handed to.
pub(super) trait Front<V> {
    /// Keeps a value if `is_current` says so; asked under the lock that `remove` takes too.
    fn put_if(&self, key: &Key, value: V, is_current: &dyn Fn() -> bool);

    fn remove(&self, key: &Key);
}

/// What was announced, counted for stripes of keys.
pub(super) struct Handover {
    stripes: Box<[Announced]>,
    by_tag: AtomicU64,
}

struct Announced {
    changes: AtomicU64,
    invalidations: AtomicU64,
}

/// What was announced before a read.
#[derive(Clone, Copy)]
pub(super) struct Seen(u64);

/// What was invalidated before a computation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Invalidations(u64, u64);

impl Handover {
    pub(super) fn new() -> Self {
        let announced = || Announced { changes: AtomicU64::new(0), invalidations: AtomicU64::new(0) };
        Self { stripes: (0..STRIPES).map(|_| announced()).collect(), by_tag: AtomicU64::new(0) }
    }

    /// To be called before the stores are read.
    pub(super) fn seen(&self, key: &Key) -> Seen {
        Seen(self.of(key).changes.load(Ordering::SeqCst))
    }

    /// Hands to memory what was read from the stores.
    pub(super) fn keep<V>(&self, key: &Key, seen: Seen, value: V, memory: &impl Front<V>) {
        let changes = &self.of(key).changes;
        memory.put_if(key, value, &|| changes.load(Ordering::SeqCst) == seen.0);
    }

    /// Puts a value into the stores, by `store`, and into memory.
    pub(super) fn put<V>(&self, key: &Key, value: V, memory: &impl Front<V>, store: impl FnOnce()) {
        store();
        self.of(key).changes.fetch_add(1, Ordering::SeqCst);
        memory.put_if(key, value, &|| true);
    }

    /// Removes a value from the stores, by `store`, and from memory.
    pub(super) fn invalidate<V>(&self, key: &Key, memory: &impl Front<V>, store: impl FnOnce()) {
        let announced = self.of(key);
        // Before the stores: who puts a value between the two looks here afterwards, and finds it.
        announced.invalidations.fetch_add(1, Ordering::SeqCst);
        store();
        announced.changes.fetch_add(1, Ordering::SeqCst);
        memory.remove(key);
    }

    /// Announces that values of a tag go: which ones is not known yet.
    pub(super) fn invalidate_by_tag(&self) {
        self.by_tag.fetch_add(1, Ordering::SeqCst);
    }

    /// To be called before a value is computed, and compared after it was put: what was invalidated meanwhile goes.
    pub(super) fn invalidations(&self, key: &Key) -> Invalidations {
        let of_key = self.of(key).invalidations.load(Ordering::SeqCst);
        Invalidations(of_key, self.by_tag.load(Ordering::SeqCst))
    }

    fn of(&self, key: &Key) -> &Announced {
        &self.stripes[key.as_bytes()[31] as usize % STRIPES]
    }
}
