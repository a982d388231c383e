//! Writes objects and packs as git never would.

use std::fs;
use std::path::{Path, PathBuf};

use gix_hash::{Kind, ObjectId, hasher};

use crate::repository::Repository;

/// Of a good commit, its tree and a tree of one file.
pub(crate) struct Forge {
    repository: Repository,
    pub(crate) good: ObjectId,
}

impl Forge {
    pub(crate) fn new() -> Self {
        let repository = Repository::new();
        let mut forge = Self { repository, good: Kind::Sha1.null() };
        let text = forge.blob(b"def good():\n    pass\n");
        forge.good = forge.tree(&[("100644", b"a.py", text)]);
        forge
    }

    pub(crate) fn path(&self) -> &Path {
        self.repository.path()
    }

    pub(crate) fn git_dir(&self) -> PathBuf {
        self.path().join(".git")
    }

    pub(crate) fn blob(&self, text: &[u8]) -> ObjectId {
        self.object("blob", text)
    }

    pub(crate) fn tree(&self, entries: &[(&str, &[u8], ObjectId)]) -> ObjectId {
        self.object("tree", &tree(entries))
    }

    pub(crate) fn commit(&self, tree: ObjectId, parents: &[ObjectId], message: &[u8]) -> ObjectId {
        self.object("commit", &commit(tree, parents, message))
    }

    /// `tree` between two good commits, and `HEAD` at the last.
    pub(crate) fn between(&self, tree: ObjectId) {
        let first = self.commit(self.good, &[], b"one");
        let second = self.commit(tree, &[first], b"two");
        self.head(self.commit(self.good, &[second], b"three"));
    }

    pub(crate) fn head(&self, id: ObjectId) {
        let branch = self.git_dir().join("refs/heads/main");
        fs::write(branch, format!("{id}\n")).unwrap();
    }

    pub(crate) fn object(&self, kind: &str, bytes: &[u8]) -> ObjectId {
        let id = id(kind, bytes);
        self.put(id, kind, bytes.len() as u64, bytes);
        id
    }

    /// An object of any name that claims any size.
    pub(crate) fn put(&self, id: ObjectId, kind: &str, size: u64, bytes: &[u8]) {
        let name = id.to_string();
        let folder = self.git_dir().join("objects").join(&name[..2]);
        fs::create_dir_all(&folder).unwrap();
        let bytes = [format!("{kind} {size}\0").as_bytes(), bytes].concat();
        fs::write(folder.join(&name[2..]), stored(&bytes)).unwrap();
    }

    /// A pack of entries as they stand, each with the name that its index gives it.
    pub(crate) fn pack(&self, entries: &[(ObjectId, Vec<u8>)]) {
        let folder = self.git_dir().join("objects/pack");
        let mut pack = [&b"PACK\0\0\0\x02"[..], &(entries.len() as u32).to_be_bytes()].concat();
        let mut places = Vec::new();
        for (id, entry) in entries {
            places.push((*id, pack.len() as u32));
            pack.extend_from_slice(entry);
        }
        pack.extend([0; 20]);
        fs::write(folder.join("pack-1.pack"), pack).unwrap();
        places.sort_unstable();
        let mut index = b"\xfftOc\0\0\0\x02".to_vec();
        for first in 0..=255_u8 {
            let until = places.partition_point(|(id, _)| id.first_byte() <= first);
            index.extend((until as u32).to_be_bytes());
        }
        places.iter().for_each(|(id, _)| index.extend(id.as_slice()));
        index.extend(vec![0; 4 * places.len()]);
        places.iter().for_each(|(_, offset)| index.extend(offset.to_be_bytes()));
        index.extend([0; 40]);
        fs::write(folder.join("pack-1.idx"), index).unwrap();
    }
}

pub(crate) fn tree(entries: &[(&str, &[u8], ObjectId)]) -> Vec<u8> {
    let entry = |(mode, name, id): &(&str, &[u8], ObjectId)| {
        [mode.as_bytes(), b" ", name, b"\0", id.as_slice()].concat()
    };
    entries.iter().flat_map(entry).collect()
}

pub(crate) fn commit(tree: ObjectId, parents: &[ObjectId], message: &[u8]) -> Vec<u8> {
    let parents: String = parents.iter().map(|parent| format!("parent {parent}\n")).collect();
    let people = "author a <a@b> 1700000000 +0000\ncommitter a <a@b> 1700000000 +0000\n\n";
    [format!("tree {tree}\n{parents}{people}").as_bytes(), message].concat()
}

pub(crate) fn id(kind: &str, bytes: &[u8]) -> ObjectId {
    let mut hasher = hasher(Kind::Sha1);
    hasher.update(format!("{kind} {}\0", bytes.len()).as_bytes());
    hasher.update(bytes);
    hasher.try_finalize().unwrap()
}

/// An entry of a pack: its kind by number, the size that it claims, the base of a delta, its bytes.
pub(crate) fn entry(kind: u8, size: u64, base: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut head = vec![kind << 4 | (size & 15) as u8];
    let mut rest = size >> 4;
    while rest > 0 {
        *head.last_mut().unwrap() |= 0x80;
        head.push((rest & 0x7f) as u8);
        rest >>= 7;
    }
    [&head, base, &stored(bytes)].concat()
}

/// A number as deltas have it.
pub(crate) fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// A stream of zlib that compresses nothing.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let mut blocks = bytes.chunks(0xffff).peekable();
    if bytes.is_empty() {
        stream.extend([1, 0, 0, 0xff, 0xff]);
    }
    while let Some(block) = blocks.next() {
        let length = block.len() as u16;
        stream.push(blocks.peek().is_none().into());
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend_from_slice(block);
    }
    let (low, high) = bytes.iter().fold((1_u32, 0_u32), |(low, high), &byte| {
        let low = (low + u32::from(byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    stream.extend((high << 16 | low).to_be_bytes());
    stream
}
