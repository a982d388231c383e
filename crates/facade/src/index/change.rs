//! What a refresh finds: applied at once to a tree that nobody has seen yet, collected for one that answers are made from.

use repo_map_files::{SkipReason as UnreadReason, StatFingerprint};
use repo_map_model::RepoPath;
use rkyv::util::AlignedVec;

use crate::records::ArchivedTagRecord;
use crate::skipped_file::SkipCause;
use crate::store::Identity;

/// Something that is brought up to date by changes.
pub(super) trait Changing: Sized {
    /// A change that borrows what it need not keep.
    type Change<'c>;

    fn apply(&mut self, change: Self::Change<'_>);

    fn keep(change: Self::Change<'_>) -> Self::Change<'static>;
}

/// Where changes go.
pub(super) enum Target<'a, T: Changing> {
    /// Nobody has seen it yet.
    Own(&'a mut T),
    /// Answers are made from it, so that they all come at once, later.
    Shared { known: &'a T, changes: Vec<T::Change<'static>> },
}

impl<T: Changing> Target<'_, T> {
    /// What was known before the changes, or with those that were applied already.
    pub(super) fn known(&self) -> &T {
        match self {
            Self::Own(own) => own,
            Self::Shared { known, .. } => known,
        }
    }

    pub(super) fn put(&mut self, change: T::Change<'_>) {
        match self {
            Self::Own(own) => own.apply(change),
            Self::Shared { changes, .. } => changes.push(T::keep(change)),
        }
    }

    /// The changes that are left to apply.
    pub(super) fn into_changes(self) -> Vec<T::Change<'static>> {
        match self {
            Self::Own(_) => Vec::new(),
            Self::Shared { changes, .. } => changes,
        }
    }
}

/// The record of a file's tags.
pub(super) enum Record<'c> {
    /// Read in place, with the bytes that it stands in.
    Lent(&'c ArchivedTagRecord, &'c [u8]),
    Own(AlignedVec),
}

impl<'c> Record<'c> {
    /// The record in these bytes, which are aligned as an archive has to be.
    pub(super) fn lent(bytes: &'c [u8]) -> Option<Self> {
        ArchivedTagRecord::access(bytes).map(|record| Self::Lent(record, bytes))
    }

    pub(super) fn get(&self) -> Option<&ArchivedTagRecord> {
        match self {
            Self::Lent(record, _) => Some(record),
            Self::Own(bytes) => ArchivedTagRecord::access(bytes),
        }
    }

    fn keep(self) -> Record<'static> {
        match self {
            Self::Lent(_, bytes) => {
                let mut copy = AlignedVec::with_capacity(bytes.len());
                copy.extend_from_slice(bytes);
                Record::Own(copy)
            }
            Self::Own(bytes) => Record::Own(bytes),
        }
    }
}

/// What became of one file.
pub(super) struct FileChange<'c> {
    pub(super) path: RepoPath,
    pub(super) what: Found<'c>,
}

/// What was found of a file.
pub(super) enum Found<'c> {
    /// It is no longer in the tree.
    Nothing,
    /// It was there during the scan and cannot be read now.
    Lost(UnreadReason),
    /// What is known already, with another `stat`.
    Same { stat: StatFingerprint, recorded_ns: i64 },
    /// It takes part by its path alone.
    Path { stat: StatFingerprint, cause: Option<SkipCause> },
    /// Content, with the record of its tags if it is in a language of ours.
    Content { stat: StatFingerprint, recorded_ns: i64, identity: Identity, record: Option<Record<'c>> },
}

impl FileChange<'_> {
    pub(super) fn keep(self) -> FileChange<'static> {
        let what = match self.what {
            Found::Nothing => Found::Nothing,
            Found::Lost(reason) => Found::Lost(reason),
            Found::Same { stat, recorded_ns } => Found::Same { stat, recorded_ns },
            Found::Path { stat, cause } => Found::Path { stat, cause },
            Found::Content { stat, recorded_ns, identity, record } => {
                Found::Content { stat, recorded_ns, identity, record: record.map(Record::keep) }
            }
        };
        FileChange { path: self.path, what }
    }
}
