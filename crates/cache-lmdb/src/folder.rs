//! A folder and what lies in it, where a link, a FIFO or another thing in the place of a file is an error that says so.

#[cfg(unix)]
mod by_handle;
#[cfg(not(unix))]
mod by_path;

use std::fs::File;
use std::io;

#[cfg(unix)]
pub(crate) use by_handle::Folder;
#[cfg(not(unix))]
pub(crate) use by_path::Folder;

/// What is at a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Folder,
    /// A link, a FIFO, a socket, a device.
    Other,
}

impl Folder {
    /// The regular file at a name, for reading and writing; made where it is missing.
    pub(crate) fn file_or_new(&self, name: &str) -> io::Result<File> {
        loop {
            match self.writable_file(name) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                outcome => return outcome,
            }
            match self.make_file(name) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                outcome => return outcome,
            }
        }
    }

    fn odd(&self, name: &str, what: &str) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, format!("{:?} is {what}", self.path().join(name)))
    }
}
