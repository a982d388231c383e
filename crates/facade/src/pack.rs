//! Packs: the records of a tree in one file, or as one object of a shared cache.

use std::path::Path;

use repo_map_cache_remote as remote;
use repo_map_render::visible;

use crate::error::{Error, ErrorKind};

/// A pack that is open: records of contents, which a mapper [takes](crate::RepoMapperBuilder::packs) in place of parsing. They are believed as
/// little as those of a server. The format is in docs/remote-format.md.
#[derive(Clone, Debug)]
pub struct Pack(remote::Pack);

/// What an export wrote.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct PackReport {
    /// Records that the pack holds: one a content, however many files have it.
    pub records: u32,
    /// Records of the tree that its base holds.
    pub in_base: u32,
    /// Contents in a language of ours that have no record to share: passed over, not parsed now, or changed meanwhile.
    pub left_out: usize,
    /// The size of the pack in bytes.
    pub bytes: u64,
    /// Whether the shared cache had a pack of this commit already: then nothing was stored. `false` for a file.
    pub was_there: bool,
    /// The commit that a pack of a shared cache is of.
    pub commit: Option<String>,
}

/// The packs of the nearest commit that a shared cache has one of.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NearestPacks {
    /// The commit's hexadecimal name.
    pub commit: String,
    /// How many commits of the log are before it: 0 for that of `HEAD`.
    pub distance: usize,
    /// Its pack, and its base where it has one.
    pub packs: Vec<Pack>,
}

impl Pack {
    /// Opens the file of a pack. Costs reading its index.
    ///
    /// # Errors
    /// [`Unreadable`](ErrorKind::Unreadable), where it cannot be read, is no pack, is of another version, or is not whole.
    pub fn open(path: &Path) -> Result<Self, Error> {
        remote::Pack::open(path).map(Self).map_err(|line| unreadable(line).at(path))
    }

    /// How many records it holds.
    pub fn records(&self) -> usize {
        self.0.len()
    }

    /// Its size in bytes.
    pub fn bytes(&self) -> u64 {
        self.0.bytes()
    }

    /// What is to be said of it beside these others: that records of it lie in a base which is not among them.
    pub fn lacks_base(&self, others: &[Self]) -> Option<String> {
        let (base, records) = self.0.base()?;
        let is_there = others.iter().any(|other| other.0.id() == base);
        let line = format!(
            "{} leaves {records} records to its base, which is not given: their files are parsed",
            self.0
        );
        (!is_there).then(|| visible(&line).into_owned())
    }

    pub(crate) fn of(pack: remote::Pack) -> Self {
        Self(pack)
    }

    pub(crate) fn opened(&self) -> &remote::Pack {
        &self.0
    }

    /// Itself, unless it has a base: what two packs lean on is whole.
    pub(crate) fn whole(&self) -> Result<remote::Pack, Error> {
        match self.0.base() {
            None => Ok(self.0.clone()),
            Some(_) => {
                let line = format!(
                    "{} has itself a base: name that one as the base, or one that was exported without",
                    self.0
                );
                Err(Error::new(ErrorKind::Misconfigured, line))
            }
        }
    }
}

pub(crate) fn unreadable(line: String) -> Error {
    Error::new(ErrorKind::Unreadable, line)
}
