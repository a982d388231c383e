//! The directory of a store: made private, marked as a cache, refused where it is unfit.
//!
//! ```text
//! <dir>/CACHEDIR.TAG   backup tools pass by
//! <dir>/.gitignore     git passes by
//! <dir>/v1/open.lock   held while a process decides on a generation
//! <dir>/v1/3/          the newest generation: format, users.lock, data.mdb, lock.mdb
//! ```

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use repo_map_cache_core::{Error, ErrorKind};
use thiserror::Error as ThisError;

use crate::error::NAME;
use crate::file_system;

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
    /// It belongs to another user, whose files could change under the map.
    #[error("it belongs to user {0}")]
    ForeignOwner(u32),
    /// Anybody could write into it.
    #[error("it is writable for everybody")]
    WorldWritable,
    /// The file system failed.
    #[error("{0}")]
    Io(#[source] io::Error),
}

impl DirectoryProblem {
    const fn kind(&self) -> ErrorKind {
        match self {
            Self::FileSystem(_) => ErrorKind::Unsupported,
            Self::NotADirectory | Self::ForeignOwner(_) | Self::WorldWritable => ErrorKind::Misconfigured,
            Self::NotWritable(_) | Self::Io(_) => ErrorKind::Unavailable,
        }
    }
}

/// The directory of this format version, made ready: canonical, private, marked.
pub(crate) fn prepare(directory: &Path) -> Result<PathBuf, Error> {
    ready(directory)
        .map_err(|problem| Error::new(problem.kind(), NAME, "open directory").with_source(problem))
}

fn ready(directory: &Path) -> Result<PathBuf, DirectoryProblem> {
    create_private(directory)?;
    let directory = fs::canonicalize(directory).map_err(problem_from)?;
    file_system::check(&directory)?;
    for (name, text) in OWN_FILES {
        mark(&directory, name, text)?;
    }
    let versioned = directory.join(format!("v{FORMAT_VERSION}"));
    create_private(&versioned)?;
    check_owner(&versioned)?;
    Ok(versioned)
}

/// The files beside the store, with their text.
pub(crate) const OWN_FILES: [(&str, &str); 2] = [("CACHEDIR.TAG", CACHE_TAG), (".gitignore", "*\n")];

const CACHE_TAG: &str = "Signature: 8a477f597d28d172789f06886806bc55\n\
    # This directory is a cache: it can be deleted at any time and need not be backed up.\n\
    # See https://bford.info/cachedir/\n";

pub(crate) fn create_private(directory: &Path) -> Result<(), DirectoryProblem> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory).map_err(problem_from)
}

fn mark(directory: &Path, name: &str, text: &str) -> Result<(), DirectoryProblem> {
    match File::create_new(directory.join(name)) {
        Ok(mut file) => file.write_all(text.as_bytes()).map_err(problem_from),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(problem_from(error)),
    }
}

/// A lock file, made when it is missing.
pub(crate) fn lock_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(unix)]
fn check_owner(directory: &Path) -> Result<(), DirectoryProblem> {
    use std::os::unix::fs::MetadataExt;

    let metadata = fs::metadata(directory).map_err(problem_from)?;
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(DirectoryProblem::ForeignOwner(metadata.uid()));
    }
    if metadata.mode() & 0o002 != 0 {
        return Err(DirectoryProblem::WorldWritable);
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_owner(_directory: &Path) -> Result<(), DirectoryProblem> {
    Ok(())
}

pub(crate) fn problem_from(error: io::Error) -> DirectoryProblem {
    match error.kind() {
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => DirectoryProblem::NotADirectory,
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            DirectoryProblem::NotWritable(error)
        }
        _ => DirectoryProblem::Io(error),
    }
}
