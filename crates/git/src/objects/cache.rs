//! What was decoded lately: neighbouring trees are deltas of one another, and each is asked for twice.

use std::collections::HashMap;

use gix_hash::ObjectId;

use super::Object;

/// Of each half.
const BYTES: usize = 12 << 20;
/// What an entry costs beside its bytes.
const ENTRY: usize = 128;

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Loose(ObjectId),
    /// The pack's number, the offset in it.
    Packed(usize, u64),
}

/// Two halves: when the young one is full, it becomes the old one, and what is asked for comes back.
#[derive(Default)]
pub(super) struct Cache {
    young: HashMap<Key, Entry>,
    old: HashMap<Key, Entry>,
    bytes: usize,
}

struct Entry {
    object: Object,
    /// The bytes that its deltas took.
    chain: u64,
}

impl Cache {
    pub(super) fn loose(&mut self, id: &ObjectId) -> Option<Object> {
        self.get(Key::Loose(*id)).map(|(object, _)| object)
    }

    pub(super) fn put_loose(&mut self, id: ObjectId, object: Object) {
        self.put(Key::Loose(id), Entry { object, chain: 0 });
    }

    /// With the bytes that its deltas took.
    pub(super) fn packed(&mut self, pack: usize, offset: u64) -> Option<(Object, u64)> {
        self.get(Key::Packed(pack, offset))
    }

    pub(super) fn put_packed(&mut self, pack: usize, offset: u64, object: Object, chain: u64) {
        self.put(Key::Packed(pack, offset), Entry { object, chain });
    }

    fn get(&mut self, key: Key) -> Option<(Object, u64)> {
        if let Some(entry) = self.young.get(&key) {
            return Some((entry.object.clone(), entry.chain));
        }
        let entry = self.old.remove(&key)?;
        let found = (entry.object.clone(), entry.chain);
        self.put(key, entry);
        Some(found)
    }

    fn put(&mut self, key: Key, entry: Entry) {
        let bytes = entry.object.data.len() + ENTRY;
        if bytes > BYTES / 4 {
            return;
        }
        if self.bytes + bytes > BYTES {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        self.bytes += bytes;
        self.young.insert(key, entry);
    }
}
