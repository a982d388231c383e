//! What was read of files goes to the store: the tags of large files after those of all others.

use repo_map_files::{Root, StatFingerprint};
use repo_map_model::RepoPath;
use rkyv::util::AlignedVec;

use crate::store::{Identity, TagStore};

/// Tags of so many bytes are stored last: where not all have room, a few large files cost less to read anew than many small ones.
const LATE: usize = 8 << 10;

/// The most bytes that wait for that.
const MOST_WAITING: usize = 32 << 20;

/// What was read of a file and parsed, if it is in a language of ours.
pub(super) struct Parsed {
    pub(super) stat: StatFingerprint,
    pub(super) identity: Identity,
    pub(super) tags: Option<Tags>,
}

/// The archive of a file's tags.
pub(super) struct Tags {
    pub(super) record: AlignedVec,
    pub(super) origin: Origin,
}

/// Where tags came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Store,
    /// A cache that machines share.
    Shared,
    Parsed,
}

impl Parsed {
    pub(super) fn origin(&self) -> Option<Origin> {
        self.tags.as_ref().map(|tags| tags.origin)
    }
}

/// Stores what was read, as far as the store has not got it.
pub(super) struct Keeper<'a> {
    store: &'a TagStore,
    root: &'a Root,
    late: Vec<File<'a>>,
    waiting: usize,
}

struct File<'a> {
    path: &'a RepoPath,
    /// What the store has recorded of the path, where its `stat` proves it.
    known: Option<Identity>,
    read: Parsed,
    recorded_ns: i64,
}

impl<'a> Keeper<'a> {
    pub(super) fn new(store: &'a TagStore, root: &'a Root) -> Self {
        Self { store, root, late: Vec::new(), waiting: 0 }
    }

    pub(super) fn keep(
        &mut self,
        path: &'a RepoPath,
        known: Option<Identity>,
        read: Parsed,
        recorded_ns: i64,
    ) {
        let file = File { path, known, read, recorded_ns };
        let bytes = file.bytes();
        if bytes < LATE || self.waiting + bytes > MOST_WAITING {
            return self.remember(&file);
        }
        self.waiting += bytes;
        self.late.push(file);
    }

    /// Stores what has waited, the smaller first.
    pub(super) fn finish(mut self) {
        let mut late = std::mem::take(&mut self.late);
        late.sort_by(|one, other| (one.bytes(), one.path).cmp(&(other.bytes(), other.path)));
        late.iter().for_each(|file| self.remember(file));
    }

    fn remember(&self, file: &File<'_>) {
        let Parsed { stat, identity, tags } = &file.read;
        let new = tags.as_ref().filter(|tags| tags.origin != Origin::Store).zip(identity.language);
        let is_kept = new.is_none_or(|(tags, language)| {
            self.store.remember_tags(language, &identity.content, &tags.record)
        });
        // Of a file that will have to be read again nothing is saved by knowing that it has not changed.
        if is_kept && file.known != Some(*identity) {
            self.store.remember_file(self.root.path(), file.path, stat, file.recorded_ns, *identity);
        }
    }
}

impl File<'_> {
    fn bytes(&self) -> usize {
        self.read.tags.as_ref().map_or(0, |tags| tags.record.len())
    }
}
