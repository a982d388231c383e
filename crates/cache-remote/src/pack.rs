//! A pack: the records of a tree in one file, as docs/remote-format.md has it, to the byte. It is read like a server, and believed no more.
//!
//! ```text
//! 0   8  "rmapspck"
//! 8   2  version, 1
//! 10  1  1 where the seals of the records are keyed by a team's secret, else 0
//! 11  1  1 where records were left to a base, else 0
//! 12  4  number of records
//! 16  8  where the index begins
//! 24  4  number of records of the tree that lie in the base
//! 28  4  0
//! 32  32 mark of the base; 0 without one
//! 64     the records, in the order of their names
//! ..     the index: of each record its name (32), and where it ends (8)
//! ..  32 mark of the pack: a hash of the 64 bytes at its beginning and of the index
//! ```

mod exchange;
mod write;

use std::fmt;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use repo_map_bounded_io::{Links, open};

use crate::fault::Fault;
use crate::record::{MOST_RECORD, Name};
use crate::trust::{Trust, hexadecimal};

pub use exchange::{PackHead, fetch_pack, nearest_pack, store_pack};
pub use write::{PackWriter, Sealed, Written, is_replaceable};

const MARK: &[u8; 8] = b"rmapspck";
const VERSION: u16 = 1;
const HEADER: usize = 64;
/// Of the index, for each record.
const ENTRY: usize = 40;
/// Fifty times the files of Linux; their index takes 160 MiB.
const MOST_RECORDS: u64 = 1 << 22;

/// What tells one pack from another: a hash of its header and index.
pub type PackId = [u8; 32];

/// What the mark of a pack is derived with.
const CONTEXT: &str = "repo-map-cache 2026-11-30 pack of shared records";

/// A pack that is open. Its index is in memory, 40 bytes a record; of what it holds nothing is believed yet.
#[derive(Clone)]
pub struct Pack(Arc<Opened>);

struct Opened {
    shown: String,
    bytes: u64,
    source: Source,
    has_secret: bool,
    id: PackId,
    base: Option<PackId>,
    in_base: u32,
    /// Ascending.
    names: Vec<Name>,
    ends: Vec<u64>,
}

enum Source {
    File(Mutex<File>),
    Memory(Bytes),
}

impl Pack {
    /// Opens a file. Costs reading its index.
    ///
    /// # Errors
    /// A line, where it cannot be read, is none, is of another version, or is not whole.
    pub fn open(path: &Path) -> Result<Self, String> {
        let shown = path.display().to_string();
        let (file, metadata) =
            open(path, Links::Follow).map_err(|error| format!("cannot read {shown}: {error}"))?;
        Self::read(shown, metadata.len(), Source::File(Mutex::new(file)))
    }

    /// The same of bytes in memory, which are called so.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn of_bytes(shown: impl Into<String>, bytes: impl Into<Bytes>) -> Result<Self, String> {
        let bytes = bytes.into();
        Self::read(shown.into(), bytes.len() as u64, Source::Memory(bytes))
    }

    fn read(shown: String, bytes: u64, source: Source) -> Result<Self, String> {
        let cut = || format!("{shown} is no whole pack: it was cut or damaged; export it again");
        let read = |at: u64, length: usize| source.read(at, length).map_err(|_| cut());
        let mark = read(0, bytes.min(10) as usize)?;
        if !mark.starts_with(MARK) {
            return Err(format!("{shown} is no pack of this program"));
        }
        let version = mark.get(8..10).and_then(|version| version.try_into().ok()).map(u16::from_le_bytes);
        match version {
            Some(VERSION) => {}
            Some(other) => {
                return Err(format!(
                    "{shown} is a pack of version {other}, and this program reads version {VERSION}: export it again"
                ));
            }
            None => return Err(cut()),
        }
        let header = read(0, HEADER)?;
        let word = |at: usize| u32::from_le_bytes(header[at..at + 4].try_into().unwrap_or_default());
        let records = u64::from(word(12));
        let index_at = u64::from_le_bytes(header[16..24].try_into().unwrap_or_default());
        // Before anything is made room for: the length of the file bears the numbers out.
        let index = records * ENTRY as u64;
        let is_whole = index_at.checked_add(index + 32) == Some(bytes) && index_at >= HEADER as u64;
        if records > MOST_RECORDS || !is_whole || header[10] > 1 || header[11] > 1 || word(28) != 0 {
            return Err(cut());
        }
        let (records, index) = (records as usize, read(index_at, index as usize)?);
        let id = read(bytes - 32, 32)?;
        if identity(&header, &index)[..] != id[..] {
            return Err(cut());
        }
        let (mut names, mut ends) = (Vec::with_capacity(records), Vec::with_capacity(records));
        let mut begin = HEADER as u64;
        for entry in index.chunks_exact(ENTRY) {
            let (name, end) = entry.split_at(32);
            let name: Name = name.try_into().map_err(|_| cut())?;
            let end = u64::from_le_bytes(end.try_into().map_err(|_| cut())?);
            let length = end.checked_sub(begin).filter(|length| *length <= MOST_RECORD as u64);
            if length.is_none() || names.last().is_some_and(|last| *last >= name) {
                return Err(cut());
            }
            names.push(name);
            ends.push(end);
            begin = end;
        }
        if begin != index_at {
            return Err(cut());
        }
        let base = (header[11] == 1).then(|| header[32..64].try_into().unwrap_or_default());
        let (has_secret, in_base) = (header[10] == 1, word(24));
        let id = id[..].try_into().map_err(|_| cut())?;
        Ok(Self(Arc::new(Opened { shown, bytes, source, has_secret, id, base, in_base, names, ends })))
    }

    /// How many records it holds.
    pub fn len(&self) -> usize {
        self.0.names.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its size in bytes.
    pub fn bytes(&self) -> u64 {
        self.0.bytes
    }

    /// What tells it from others.
    pub fn id(&self) -> PackId {
        self.0.id
    }

    /// What records were left to, with their number.
    pub fn base(&self) -> Option<(PackId, u32)> {
        self.0.base.map(|base| (base, self.0.in_base))
    }

    /// A line, where its records are sealed in another way than these keys open.
    ///
    /// # Errors
    /// That line.
    pub fn check(&self, trust: &Trust) -> Result<(), String> {
        match (self.0.has_secret, trust.has_secret()) {
            (true, false) => Err(format!("{self} is sealed with a team's secret, and none is configured")),
            (false, true) => Err(format!("{self} is not sealed with the secret that is configured")),
            _ => Ok(()),
        }
    }

    pub(crate) fn has(&self, name: &Name) -> bool {
        self.0.names.binary_search(name).is_ok()
    }

    /// The bytes of a record, as they lie there.
    fn record(&self, name: &Name) -> Option<std::io::Result<Bytes>> {
        let at = self.0.names.binary_search(name).ok()?;
        let begin = at.checked_sub(1).map_or(HEADER as u64, |before| self.0.ends[before]);
        let length = usize::try_from(self.0.ends[at] - begin).unwrap_or_default();
        Some(self.0.source.read(begin, length))
    }
}

impl Source {
    fn read(&self, at: u64, length: usize) -> std::io::Result<Bytes> {
        match self {
            Self::File(file) => {
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(at))?;
                let mut bytes = vec![0; length];
                file.read_exact(&mut bytes)?;
                Ok(bytes.into())
            }
            Self::Memory(bytes) => {
                let at = usize::try_from(at).unwrap_or(usize::MAX);
                let end = at.saturating_add(length);
                let is_within = at <= end && end <= bytes.len();
                is_within.then(|| bytes.slice(at..end)).ok_or(std::io::ErrorKind::UnexpectedEof.into())
            }
        }
    }
}

/// Packs in place of a server: the first that has a record gives it.
pub(crate) struct Packs(pub(crate) Vec<Pack>);

impl Packs {
    pub(crate) fn get(&self, names: &[Name], found: &mut [Option<Bytes>]) -> Result<(), Fault> {
        for (found, name) in found.iter_mut().zip(names) {
            let record = self.0.iter().find_map(|pack| pack.record(name));
            *found = record.transpose().map_err(|error| Fault(error.kind().to_string()))?;
        }
        Ok(())
    }
}

/// The mark of a pack with this header and index.
fn identity(header: &[u8], index: &[u8]) -> PackId {
    let mut hasher = blake3::Hasher::new_derive_key(CONTEXT);
    *hasher.update(header).update(index).finalize().as_bytes()
}

/// Where the file of a path lies that may be a link, for whoever replaces it.
fn resolved(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

impl fmt::Display for Pack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the pack {}", self.0.shown)
    }
}

impl fmt::Debug for Pack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pack")
            .field("shown", &self.0.shown)
            .field("id", &hexadecimal(&self.0.id))
            .field("records", &self.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
