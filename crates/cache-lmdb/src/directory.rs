//! The directory of a store: made private, marked as a cache, refused where it is unfit or not ours.
//!
//! ```text
//! <dir>/CACHEDIR.TAG   our mark; backup tools pass by
//! <dir>/.gitignore     git passes by
//! <dir>/v1/open.lock   held while a process decides on a generation
//! <dir>/v1/3/          the newest generation: format, users.lock, data.mdb, lock.mdb
//! ```

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use repo_map_cache_core::{Error, ErrorKind};
use thiserror::Error as ThisError;

use crate::error::NAME;
use crate::folder::{Folder, Kind};
use crate::marks::{GIT_IGNORE, Standing, TAG, is_marked, standing, write_marks};
use crate::way::reach;
use crate::{LmdbOptions, file_system};

/// The version of everything below the directory. Another version lives beside it.
pub const FORMAT_VERSION: u32 = 1;

/// Why a directory cannot hold a store: the [source](std::error::Error::source) of the error of
/// [`LmdbBackend::open`](crate::LmdbBackend::open).
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum DirectoryProblem {
    /// The file system does not carry memory maps shared through locks: its name.
    #[error("LMDB cannot be used on a {0} file system")]
    FileSystem(&'static str),
    /// The path is there and is no directory.
    #[error("it is not a directory")]
    NotADirectory,
    /// Nothing can be written there.
    #[error("it is not writable")]
    NotWritable(#[source] io::Error),
    /// It, or a folder or a link on the way to it, belongs to another user, who could change what is mapped.
    #[error("{path:?} belongs to user {owner}: name a folder that only you and root can change")]
    ForeignOwner {
        /// The folder or link.
        path: PathBuf,
        /// The user that owns it.
        owner: u32,
    },
    /// Others could change what is in it, or in a folder on the way to it.
    #[error(
        "{path:?} is writable for {writers}: take that away (chmod {}-w), or name another folder",
        if writers == "everybody" { "o" } else { "g" }
    )]
    Writable {
        /// The folder.
        path: PathBuf,
        /// Who they are: `everybody`, or a group.
        writers: String,
    },
    /// It holds something and has no mark of this crate: nothing there is touched.
    #[error(
        "{path:?} holds other files ({found:?}) and is not marked as a cache of repo-map: name an empty folder, or \
         a new one such as {:?}",
        path.join("repo-map-cache")
    )]
    NotOurs {
        /// The folder.
        path: PathBuf,
        /// One of those files.
        found: String,
    },
    /// A link or something else is in the place of a folder or a file of the store.
    #[error("{0}: remove it, or name another folder")]
    Odd(io::Error),
    /// The file system failed.
    #[error("{0}")]
    Io(#[source] io::Error),
}

impl DirectoryProblem {
    const fn kind(&self) -> ErrorKind {
        match self {
            Self::FileSystem(_) => ErrorKind::Unsupported,
            Self::NotADirectory
            | Self::ForeignOwner { .. }
            | Self::Writable { .. }
            | Self::NotOurs { .. }
            | Self::Odd(_) => ErrorKind::Misconfigured,
            Self::NotWritable(_) | Self::Io(_) => ErrorKind::Unavailable,
        }
    }

    pub(crate) fn into_error(self, operation: &'static str) -> Error {
        Error::new(self.kind(), NAME, operation).with_source(self)
    }
}

/// A cache folder that is fit and ours.
#[derive(Debug)]
pub(crate) struct Place {
    folder: Folder,
    /// The folder of this format version.
    pub(crate) versioned: Arc<Folder>,
    was_marked: bool,
}

impl Place {
    /// Whether it is as it was, for who may decide on the store: who clears it takes the mark away before.
    pub(crate) fn is_as_prepared(&self) -> bool {
        !self.was_marked || is_marked(&self.folder).unwrap_or(false)
    }
}

/// The cache folder made ready: private, and marked as ours.
pub(crate) fn prepare(directory: &Path, options: &LmdbOptions) -> Result<Place, Error> {
    ready(directory, options.trusts_owners).map_err(|problem| problem.into_error("open directory"))
}

fn ready(directory: &Path, trusts_owners: bool) -> Result<Place, DirectoryProblem> {
    // Another process may remove an empty folder that this one has just made.
    for _ in 0..8 {
        let path = reach(directory, true, trusts_owners)?.expect("it was made");
        match below(&path, trusts_owners) {
            Err(DirectoryProblem::Io(error)) if error.kind() == io::ErrorKind::NotFound => {}
            outcome => return outcome,
        }
    }
    Err(DirectoryProblem::Io(io::Error::other("another process removes it again and again")))
}

fn below(path: &Path, trusts_owners: bool) -> Result<Place, DirectoryProblem> {
    let folder = Folder::open(path, trusts_owners).map_err(problem_from)?;
    file_system::check(&folder)?;
    judge(&folder)?;
    let name = versioned();
    if folder.kind(&name).map_err(problem_from)? == Some(Kind::Folder) {
        judge(&folder.folder(&name).map_err(problem_from)?)?;
    }
    let mut was_marked = true;
    match standing(&folder)? {
        Standing::Ours => [TAG, GIT_IGNORE].iter().for_each(|name| folder.make_private(name)),
        Standing::Store => was_marked = false,
        Standing::Empty => write_marks(&folder)?,
        Standing::Foreign(found) => {
            return Err(DirectoryProblem::NotOurs { path: path.to_owned(), found });
        }
    }
    loop {
        match folder.folder(&name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            outcome => {
                let versioned = Arc::new(outcome.map_err(problem_from)?);
                judge(&versioned)?;
                return Ok(Place { folder, versioned, was_marked });
            }
        }
        match folder.make_folder(&name) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(problem_from(error)),
            Ok(_) => {}
        }
    }
}

/// The name of the folder of this format version.
pub(crate) fn versioned() -> String {
    format!("v{FORMAT_VERSION}")
}

/// Whether a folder is this user's, and nobody else may change what is in it.
#[cfg(unix)]
pub(crate) fn judge(folder: &Folder) -> Result<(), DirectoryProblem> {
    use std::os::unix::fs::MetadataExt as _;

    if folder.trusts_owners() {
        return Ok(());
    }
    let metadata = folder.metadata().map_err(problem_from)?;
    let path = || folder.path().to_owned();
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(DirectoryProblem::ForeignOwner { path: path(), owner: metadata.uid() });
    }
    let writers = crate::way::foreign_writers(metadata.mode(), metadata.gid());
    writers.map_or(Ok(()), |writers| Err(DirectoryProblem::Writable { path: path(), writers }))
}

#[cfg(not(unix))]
pub(crate) fn judge(_folder: &Folder) -> Result<(), DirectoryProblem> {
    Ok(())
}

pub(crate) fn problem_from(error: io::Error) -> DirectoryProblem {
    match error.kind() {
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => DirectoryProblem::NotADirectory,
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            DirectoryProblem::NotWritable(error)
        }
        io::ErrorKind::InvalidData => DirectoryProblem::Odd(error),
        _ => DirectoryProblem::Io(error),
    }
}
