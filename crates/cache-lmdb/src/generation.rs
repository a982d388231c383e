//! A generation: a numbered folder that has our mark, with the files of one LMDB environment.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use repo_map_cache_core::Result;

use crate::LmdbOptions;
use crate::checker::{Extent, check};
#[cfg(unix)]
use crate::decision::FORK;
use crate::error::of_io;
use crate::folder::Folder;
use crate::lock::Lock;
use crate::marks::{FORMAT, stamp, stamp_of};
use crate::sign;

/// The name of a generation that was moved aside, before its number.
pub(crate) const QUARANTINE: &str = "quarantine-";

/// The files of a generation.
pub(crate) const USERS: &str = "users.lock";
pub(crate) const DATA: &str = "data.mdb";
pub(crate) const READERS: &str = "lock.mdb";
pub(crate) const WRITER: &str = "writer.lock";
pub(crate) const COMPACT: &str = "compact";

/// All of them, in the order in which they are removed: what has lost its mark is nobody's.
pub(crate) const KNOWN: [&str; 7] = [sign::NAME, COMPACT, READERS, DATA, WRITER, USERS, FORMAT];

/// The longest data file that is looked at: the address space of a machine has room for a few of these.
const MOST_BYTES: u64 = 1 << 40;

/// Free bytes that are not worth a copy by themselves.
const LOOSE: u64 = 64 << 20;

/// A generation that this process may open: the lock is held as long as it lives.
#[derive(Debug)]
pub(crate) struct Generation {
    versioned: Arc<Folder>,
    folder: Folder,
    /// What was given up to come to this one.
    recovery: Option<Recovery>,
    /// Shared with the other users; nothing once it was closed.
    users: Option<Lock>,
}

/// A store that was found unusable when it was opened, and where it was moved.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovery {
    /// What was wrong with it.
    pub reason: String,
    /// Where it is now. The newest three are kept.
    pub moved_to: PathBuf,
}

/// Whether a generation can be opened as it is.
pub(crate) enum State {
    Whole,
    /// As it is, but it holds more free pages than used ones, or somebody asked for it to be compacted.
    Loose,
    Unusable(String),
}

impl Generation {
    pub(crate) const fn new(
        versioned: Arc<Folder>,
        folder: Folder,
        recovery: Option<Recovery>,
        users: Lock,
    ) -> Self {
        Self { versioned, folder, recovery, users: Some(users) }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) const fn recovery(&self) -> Option<&Recovery> {
        self.recovery.as_ref()
    }

    pub(crate) fn size(&self) -> io::Result<u64> {
        Ok(self.folder.file(DATA)?.metadata()?.len())
    }

    /// The file that is locked by who writes.
    pub(crate) fn writer(&self) -> io::Result<File> {
        self.folder.file_or_new(WRITER)
    }

    /// Asks for it to be compacted when it is next opened by a process that has it alone.
    pub(crate) fn ask_to_compact(&self) -> Result<()> {
        match self.folder.make_file(COMPACT) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(of_io("compact")(error)),
            _ => Ok(()),
        }
    }

    /// Says that the file is whole, now that this process has closed it. Where another has it open, that one will.
    pub(crate) fn sign(&mut self) {
        self.users = None;
        if let Err(error) = sign::leave(&self.versioned, &self.folder) {
            tracing::debug!(target: "repo_map_cache", "the store will be checked when it is next opened: {error}");
        }
    }

    /// A second name of its files, for a fork: what opens LMDB keeps a list of paths, and a fork inherits it.
    #[cfg(unix)]
    pub(crate) fn under_other_name(&self, forks: u32) -> io::Result<OtherName> {
        let name = format!("{FORK}{forks}");
        let folder = self.versioned.make_folder(&name)?;
        let other = OtherName { path: folder.path().to_owned(), versioned: self.versioned.clone(), name };
        // The mark first: without it nobody removes what is left.
        [FORMAT, DATA, READERS].iter().try_for_each(|file| self.folder.link(file, &folder))?;
        Ok(other)
    }
}

/// Second names of a generation's files, until it is dropped.
#[cfg(unix)]
pub(crate) struct OtherName {
    pub(crate) path: PathBuf,
    versioned: Arc<Folder>,
    name: String,
}

#[cfg(unix)]
impl Drop for OtherName {
    fn drop(&mut self) {
        if let Err(error) = remove_known(&self.versioned, &self.name) {
            tracing::debug!(target: "repo_map_cache", "{:?} stays: {error}", self.path);
        }
    }
}

/// Removes the files of a generation by name, and the folder where nothing else is in it. Gives the bytes that are gone.
pub(crate) fn remove_known(parent: &Folder, name: &str) -> io::Result<u64> {
    let folder = parent.folder(name)?;
    let bytes = folder.file(DATA).and_then(|data| data.metadata()).map_or(0, |metadata| metadata.len());
    for file in KNOWN {
        match folder.remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound && !is_folder(&folder, file) => {
                return Err(error);
            }
            _ => {}
        }
    }
    match parent.remove_folder(name) {
        Err(error) if error.kind() != io::ErrorKind::DirectoryNotEmpty => Err(error),
        _ => Ok(bytes),
    }
}

fn is_folder(folder: &Folder, name: &str) -> bool {
    folder.kind(name).is_ok_and(|kind| kind == Some(crate::folder::Kind::Folder))
}

/// Makes a generation that nobody uses ready to be opened, or says why that cannot be.
pub(crate) fn bring_in_order(folder: &Folder, options: &LmdbOptions) -> Result<State> {
    // Every reader that it lists is dead, and whatever else it says can go.
    match folder.remove_file(READERS) {
        Err(error) if is_folder(folder, READERS) => {
            return Ok(State::Unusable(format!("{READERS}: {error}")));
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(of_io("remove lock file")(error));
        }
        _ => {}
    }
    // A process without a free descriptor knows nothing of the store: it must not be blamed.
    match folder.file(FORMAT) {
        Err(error) if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidData) => {
            return Err(of_io("read format")(error));
        }
        _ => {}
    }
    let found = stamp_of(folder).unwrap_or_default();
    if found != stamp() {
        return Ok(State::Unusable(format!("it was written as {found:?}")));
    }
    [FORMAT, DATA].iter().for_each(|name| folder.make_private(name));
    let file = match folder.file(DATA) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            sign::remove(folder).map_err(of_io("remove sign"))?;
            return Ok(State::Whole);
        }
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            return Ok(State::Unusable(error.to_string()));
        }
        Err(error) => return Err(of_io("open data file")(error)),
    };
    let signed = if options.always_checks { None } else { sign::read(folder, &file) };
    // Before anybody can write: from now on it says nothing.
    match sign::remove(folder) {
        Err(_) if is_folder(folder, sign::NAME) => {
            return Ok(State::Unusable(format!("{} is a folder", sign::NAME)));
        }
        outcome => outcome.map_err(of_io("remove sign"))?,
    }
    let extent = match signed {
        Some(extent) => Ok(extent),
        None => look(&file),
    };
    match extent {
        Ok(extent) if asks_to_compact(folder) || is_loose(extent) => Ok(State::Loose),
        Ok(_) => Ok(State::Whole),
        Err(reason) => Ok(State::Unusable(reason)),
    }
}

/// Reads the whole structure of the file. A device that cannot read it is as good a reason to begin anew.
fn look(file: &File) -> std::result::Result<Extent, String> {
    let length = file.metadata().map_err(|error| error.to_string())?.len();
    if length > MOST_BYTES {
        return Err(format!("it has {length} bytes"));
    }
    check(file).map_err(|fault| fault.to_string())
}

fn asks_to_compact(folder: &Folder) -> bool {
    folder.kind(COMPACT).is_ok_and(|kind| kind.is_some())
}

/// Whether compacting gives back enough to be worth the copy.
fn is_loose(extent: Extent) -> bool {
    extent.free > extent.pages / 2 && extent.free * extent.page_size > LOOSE
}

/// Makes the files that LMDB opens by their path, or looks whether they are files of this user. Nobody can exchange
/// them afterwards: the folder and the way to it are this user's and root's.
///
/// The lock file gets its blocks before it is mapped: on a full device the first touch of a hole would end the process by a
/// signal.
pub(crate) fn ready_files(folder: &Folder, max_readers: u32) -> Result<()> {
    folder.file_or_new(DATA).map_err(of_io("open data file"))?;
    let readers = folder.file_or_new(READERS).map_err(of_io("open lock file"))?;
    reserve(&readers, max_readers)
}

#[cfg(target_os = "linux")]
fn reserve(readers: &File, max_readers: u32) -> Result<()> {
    /// What LMDB takes for a reader: a cache line.
    const READER: u64 = 64;
    let length = u64::from(max_readers) * READER;
    match rustix::fs::fallocate(readers, rustix::fs::FallocateFlags::empty(), 0, length) {
        Err(error) if error == rustix::io::Errno::NOSPC || error == rustix::io::Errno::DQUOT => {
            Err(of_io("reserve lock file")(error.into()))
        }
        // Not every file system can; LMDB then does what it did.
        _ => Ok(()),
    }
}

#[cfg(not(target_os = "linux"))]
fn reserve(_readers: &File, _max_readers: u32) -> Result<()> {
    Ok(())
}
