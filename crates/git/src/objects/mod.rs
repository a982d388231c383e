//! Commits, trees and texts, from loose files and packs.

mod cache;
mod delta;
mod loose;
mod packs;
mod stores;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use gix_hash::{Kind as HashKind, ObjectId, Prefix};
use gix_zlib::Inflate;

use crate::{Error, Repository};
use cache::Cache;
use packs::Packs;
use stores::Stores;

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "git's own words")]
pub enum Kind {
    Commit,
    Tree,
    Blob,
    Tag,
}

/// An object, or its beginning.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Object {
    /// What it is.
    pub kind: Kind,
    /// What it holds.
    pub data: Rc<Vec<u8>>,
}

/// Why an object was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ObjectError {
    /// It is nowhere.
    #[error("it is not there")]
    Missing,
    /// It, or one that it is a delta of, makes no sense.
    #[error("it is damaged")]
    Damaged,
    /// It has more bytes than were asked for, or takes more work than any honest one.
    #[error("it is too large")]
    TooLarge,
    /// The digits are the beginning of several names.
    #[error("several objects have names that begin so")]
    Ambiguous,
}

/// The objects of a repository, for one thread.
pub struct Objects {
    stores: Stores,
    packs: Packs,
    replacements: BTreeMap<ObjectId, ObjectId>,
    cache: Cache,
    inflate: Inflate,
    work: u64,
}

/// What looking for an object counts, whatever it is.
const LOOK: u64 = 1 << 9;

impl Objects {
    /// No object is read, and no base of one, that is larger.
    pub const MAX_BYTES: usize = 32 << 20;

    /// Opens the object stores of a repository: its own and those that it names as alternates.
    ///
    /// # Errors
    /// When a file that says where they are cannot be read.
    pub fn open(repository: &Repository) -> Result<Self, Error> {
        let stores = Stores::of(repository)?;
        Ok(Self {
            packs: Packs::new(&stores, repository.object_hash()),
            stores,
            replacements: repository.replacements()?,
            cache: Cache::default(),
            inflate: Inflate::default(),
            work: 0,
        })
    }

    /// Bytes that were inflated and copied so far, and a little for each object: it grows with the time that was spent.
    pub fn work(&self) -> u64 {
        self.work
    }

    /// An object of at most `limit` bytes.
    ///
    /// # Errors
    /// [`ObjectError`]; one that is too large is found out before it is decoded.
    pub fn read(&mut self, id: &ObjectId, limit: usize) -> Result<Object, ObjectError> {
        self.find(id, limit.min(Self::MAX_BYTES), false)
    }

    /// The first bytes of an object, at most `limit`. One that is stored as a delta must not have more than four times as many.
    ///
    /// # Errors
    /// [`ObjectError`].
    pub fn prefix(&mut self, id: &ObjectId, limit: usize) -> Result<Object, ObjectError> {
        self.find(id, limit.min(Self::MAX_BYTES), true)
    }

    fn find(&mut self, id: &ObjectId, limit: usize, may_cut: bool) -> Result<Object, ObjectError> {
        self.work += LOOK;
        let id = self.replacements.get(id).unwrap_or(id);
        if let Some(place) = self.packs.known(id) {
            return delta::packed(self, place, limit, may_cut);
        }
        if let Some(object) = self.cache.loose(id).filter(|object| object.data.len() <= limit) {
            return Ok(object);
        }
        let (data, is_whole) = match loose::read(&self.stores, id, limit, may_cut, &mut self.inflate) {
            Ok(found) => found,
            Err(ObjectError::Missing) => {
                let place = self.packs.find(id).ok_or(ObjectError::Missing)?;
                return delta::packed(self, place, limit, may_cut);
            }
            Err(error) => return Err(error),
        };
        self.work += data.data.len() as u64;
        if is_whole {
            self.cache.put_loose(*id, data.clone());
        }
        Ok(data)
    }

    /// The object whose name begins with these hexadecimal digits, at least four of them; `None` where no object has such a name.
    ///
    /// # Errors
    /// [`ObjectError::Ambiguous`], where several have one.
    pub fn abbreviated(&mut self, digits: &str) -> Result<Option<ObjectId>, ObjectError> {
        let Some(prefix) = prefix_of(digits, self.packs.kind) else { return Ok(None) };
        let mut found = BTreeSet::new();
        self.packs.beginning_with(prefix, &mut found);
        for store in &self.stores.0 {
            loose::beginning_with(store, prefix, &mut found);
        }
        let id = found.pop_first();
        if found.is_empty() { Ok(id) } else { Err(ObjectError::Ambiguous) }
    }

    /// The object that a tag names, or a tag that one names, at its end.
    ///
    /// # Errors
    /// [`ObjectError`]; also where tags name tags without an end.
    pub fn peel(&mut self, id: &ObjectId) -> Result<ObjectId, ObjectError> {
        const MAX_TAGS: usize = 16;
        const MAX_TAG_BYTES: usize = 4 << 10;
        let mut id = *id;
        for _ in 0..MAX_TAGS {
            let object = self.prefix(&id, MAX_TAG_BYTES)?;
            if object.kind != Kind::Tag {
                return Ok(id);
            }
            id = crate::commit::tagged(&object.data, id.kind()).ok_or(ObjectError::Damaged)?;
        }
        Err(ObjectError::TooLarge)
    }
}

impl std::fmt::Debug for Objects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Objects")
            .field("stores", &self.stores)
            .field("work", &self.work)
            .finish_non_exhaustive()
    }
}

fn prefix_of(digits: &str, kind: HashKind) -> Option<Prefix> {
    const LEAST: usize = 4;
    let is_name = (LEAST..=kind.len_in_hex()).contains(&digits.len());
    (is_name && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .then(|| Prefix::from_hex(&digits.to_ascii_lowercase()).ok())?
}

/// The name of a text, as git gives it. `None` where the hash refuses it (bytes made to collide).
pub fn blob_id(bytes: &[u8], kind: HashKind) -> Option<ObjectId> {
    let mut hasher = gix_hash::hasher(kind);
    hasher.update(format!("blob {}\0", bytes.len()).as_bytes());
    hasher.update(bytes);
    hasher.try_finalize().ok()
}
