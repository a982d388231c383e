//! What entries can be invalidated by, many at once, and the index that finds them.
//!
//! For each tag of an entry the index has a row: the first half of its key is the tag, the second the hash of the
//! entry's key, its value the entry's key. So the entries of a tag are one scan by prefix. Rows of entries that were
//! removed otherwise stay until their tag is invalidated; they do no harm.

use std::fmt;
use std::ops::ControlFlow;

use twox_hash::XxHash3_128;

use crate::{Fingerprint, Key, Keyspace, Lookup, Store};

/// Something that entries depend on, such as a file: a 128-bit hash of its name.
///
/// Equal hashes of different names would invalidate too much, never too little.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag([u8; 16]);

/// The layout of the rows.
const LAYOUT: Fingerprint = Fingerprint::new(1);

impl Tag {
    /// The tag of a name: any bytes.
    pub fn of(name: impl AsRef<[u8]>) -> Self {
        Self(XxHash3_128::oneshot(name.as_ref()).to_be_bytes())
    }

    /// The hash.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    fn row(self, entry: &Key) -> Key {
        let mut row = [0; 32];
        row[..16].copy_from_slice(&self.0);
        row[16..].copy_from_slice(&XxHash3_128::oneshot(entry.as_bytes()).to_be_bytes());
        Key::new(row)
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tag({:032x})", u128::from_be_bytes(self.0))
    }
}

/// Notes that an entry has these tags.
pub(super) fn note(store: &Store, index: Keyspace, entry: &Key, tags: &[Tag]) {
    for tag in tags {
        store.put(index, tag.row(entry), LAYOUT, entry.as_bytes());
    }
}

/// The entries of a tag, whose rows are removed.
pub(super) fn take(store: &Store, index: Keyspace, tag: Tag) -> Vec<Key> {
    let (mut rows, mut entries) = (Vec::new(), Vec::new());
    store.snapshot().scan(index, tag.as_bytes(), LAYOUT, |row, lookup| {
        rows.push(*row);
        if let Lookup::Hit(payload) = lookup
            && let Ok(entry) = <[u8; 32]>::try_from(&*payload)
        {
            entries.push(Key::new(entry));
        }
        ControlFlow::Continue(())
    });
    rows.into_iter().for_each(|row| store.delete(index, row));
    entries
}
