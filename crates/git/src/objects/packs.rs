//! Where packs hold an object.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::SystemTime;

use gix_hash::{Kind, ObjectId, Prefix};
use gix_pack::{data, index};
use repo_map_bounded_io::{Links, open};

use super::stores::Stores;

/// A store of more is not read to its end.
const MAX_PACKS: usize = 4096;

/// The packs of all stores. Those that were needed are open, the last one that was of use first.
pub(super) struct Packs {
    pub(super) kind: Kind,
    open: Vec<Rc<Pack>>,
    /// Indices that were not needed yet, the youngest last.
    waiting: Vec<PathBuf>,
}

pub(super) struct Pack {
    /// Among the packs that were opened.
    pub(super) number: usize,
    pub(super) index: index::File,
    pub(super) data: data::File,
}

/// Where an object is.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) pack: Rc<Pack>,
    pub(super) offset: u64,
}

impl Packs {
    pub(super) fn new(stores: &Stores, kind: Kind) -> Self {
        let mut waiting: Vec<(SystemTime, PathBuf)> = Vec::new();
        for store in &stores.0 {
            let listing = store.join("pack").read_dir().into_iter().flatten().flatten();
            let indices = listing.map(|entry| entry.path());
            let indices = indices.filter(|path| path.extension().is_some_and(|extension| extension == "idx"));
            waiting.extend(indices.take(MAX_PACKS).filter_map(|path| {
                let time = path.metadata().ok()?.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                Some((time, path))
            }));
        }
        waiting.sort_unstable();
        let waiting = waiting.into_iter().rev().take(MAX_PACKS).rev().map(|(_, path)| path).collect();
        Self { kind, open: Vec::new(), waiting }
    }

    /// Where an open pack has the object.
    pub(super) fn known(&mut self, id: &ObjectId) -> Option<Place> {
        let (at, place) =
            self.open.iter().enumerate().find_map(|(at, pack)| Some((at, Pack::find(pack, id)?)))?;
        self.open.swap(0, at);
        Some(place)
    }

    /// Where a pack has the object that was not opened before.
    pub(super) fn find(&mut self, id: &ObjectId) -> Option<Place> {
        while let Some(path) = self.waiting.pop() {
            let Some(pack) = Pack::open(self.open.len(), &path, self.kind) else { continue };
            self.open.push(Rc::new(pack));
            let last = self.open.len() - 1;
            if let Some(place) = Pack::find(&self.open[last], id) {
                self.open.swap(0, last);
                return Some(place);
            }
        }
        None
    }

    /// The objects of all packs whose names begin so.
    pub(super) fn beginning_with(&mut self, prefix: Prefix, found: &mut BTreeSet<ObjectId>) {
        while let Some(path) = self.waiting.pop() {
            self.open.extend(Pack::open(self.open.len(), &path, self.kind).map(Rc::new));
        }
        for Pack { index, .. } in self.open.iter().map(|pack| &**pack) {
            let mut range = 0..0;
            if index.lookup_prefix(prefix, Some(&mut range)).is_some() {
                // Two are as many as any number: the name is no name.
                found.extend(range.take(2).map(|at| index.oid_at_index(at).to_owned()));
            }
        }
    }
}

impl Pack {
    fn open(number: usize, index: &Path, kind: Kind) -> Option<Self> {
        let data = index.with_extension("pack");
        // They are mapped by their paths: what they are is asked before.
        open(index, Links::Follow).ok()?;
        open(&data, Links::Follow).ok()?;
        let index = index::File::at(index, kind).ok()?;
        Some(Self { number, index, data: data::File::at(data, kind).ok()? })
    }

    /// Where the object is in this pack.
    pub(super) fn find(pack: &Rc<Self>, id: &ObjectId) -> Option<Place> {
        let offset = pack.index.pack_offset_at_index(pack.index.lookup(id)?);
        Some(Place { pack: Rc::clone(pack), offset })
    }
}
