//! A folder and what lies in it, where the system opens files by whole paths alone: each name is looked at, without following
//! it, before it is opened.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::Kind;

/// A folder.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The folder of a path without links.
    pub(crate) fn open(path: &Path, _trusts_owners: bool) -> io::Result<Self> {
        if kind(&fs::symlink_metadata(path)?) != Kind::Folder {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        Ok(Self { path: path.to_owned() })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What is at a name; `None` where nothing is.
    pub(crate) fn kind(&self, name: &str) -> io::Result<Option<Kind>> {
        match fs::symlink_metadata(self.path.join(name)) {
            Ok(metadata) => Ok(Some(kind(&metadata))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether a name stands for this very file: one that is open cannot be replaced here.
    pub(crate) fn is_at(&self, name: &str, _file: &File) -> io::Result<bool> {
        Ok(self.kind(name)? == Some(Kind::File))
    }

    /// The names in it, in any order.
    pub(crate) fn names(&self) -> io::Result<Vec<OsString>> {
        fs::read_dir(&self.path)?.map(|entry| Ok(entry?.file_name())).collect()
    }

    /// The folder at a name.
    pub(crate) fn folder(&self, name: &str) -> io::Result<Self> {
        match self.kind(name)? {
            Some(Kind::Folder) => Ok(Self { path: self.path.join(name) }),
            Some(_) => Err(self.odd(name, "no folder")),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Makes the folder at a name.
    pub(crate) fn make_folder(&self, name: &str) -> io::Result<Self> {
        fs::create_dir(self.path.join(name))?;
        self.folder(name)
    }

    /// The regular file at a name, for reading.
    pub(crate) fn file(&self, name: &str) -> io::Result<File> {
        self.open_file(name, OpenOptions::new().read(true))
    }

    /// The regular file at a name, for reading and writing.
    pub(super) fn writable_file(&self, name: &str) -> io::Result<File> {
        self.open_file(name, OpenOptions::new().read(true).write(true))
    }

    /// Makes a file that is not there.
    pub(crate) fn make_file(&self, name: &str) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).create_new(true).open(self.path.join(name))
    }

    fn open_file(&self, name: &str, options: &OpenOptions) -> io::Result<File> {
        match self.kind(name)? {
            Some(Kind::File) => options.open(self.path.join(name)),
            Some(_) => Err(self.odd(name, "no regular file")),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Other systems have no modes.
    #[expect(clippy::unused_self, reason = "as on Unix")]
    pub(crate) fn make_private(&self, _name: &str) {}

    pub(crate) fn remove_file(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.path.join(name))
    }

    /// Removes an empty folder.
    pub(crate) fn remove_folder(&self, name: &str) -> io::Result<()> {
        fs::remove_dir(self.path.join(name))
    }

    /// Gives a file or a folder another name in this folder, which must be free.
    pub(crate) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        if self.kind(to)?.is_some() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        fs::rename(self.path.join(from), self.path.join(to))
    }
}

fn kind(metadata: &Metadata) -> Kind {
    if metadata.is_file() {
        Kind::File
    } else if metadata.is_dir() {
        Kind::Folder
    } else {
        Kind::Other
    }
}
