//! Locked files.
//!
//! A locked file holds nothing: on Windows its bytes are out of reach for everybody else. And a folder with an open
//! file in it can be neither renamed nor removed there, so who moves a generation has given its lock back before.

use std::fs::{File, TryLockError};
use std::io;

/// A locked file, which is given back when this is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
    process: u32,
}

impl Lock {
    /// Locks a file for this user alone; `None` where somebody else has it.
    pub(crate) fn alone(file: File) -> io::Result<Option<Self>> {
        match file.try_lock() {
            Ok(()) => Ok(Some(Self::new(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Locks a file together with others. Who has it alone also decides on the store, so nobody should.
    pub(crate) fn shared(file: File) -> io::Result<Self> {
        match file.try_lock_shared() {
            Ok(()) => Ok(Self::new(file)),
            Err(TryLockError::WouldBlock) => {
                Err(io::Error::new(io::ErrorKind::WouldBlock, "another program has locked it for itself"))
            }
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    pub(crate) const fn file(&self) -> &File {
        &self.file
    }

    fn new(file: File) -> Self {
        Self { file, process: std::process::id() }
    }
}

impl Drop for Lock {
    /// A child that is being started has a copy of the file until its program begins, so closing it is not enough to
    /// give the lock back; and a child that goes on must not do so. What the unlocking says does not matter, since the
    /// file is closed then: on Windows it looks for a second lock, and wine has another error for "there is none".
    fn drop(&mut self) {
        if self.process == std::process::id()
            && let Err(error) = self.file.unlock()
        {
            tracing::trace!(target: "repo_map_cache", "unlocked by closing the file: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::folder::Folder;

    #[test]
    fn a_lock_keeps_others_out_until_it_is_given_back() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::open(root.path(), false).unwrap();
        let file = || folder.file_or_new("users.lock").unwrap();
        let alone = Lock::alone(file()).unwrap().expect("nobody has it");
        assert!(Lock::alone(file()).unwrap().is_none() && Lock::shared(file()).is_err());
        drop(alone);
        let (one, other) = (Lock::shared(file()).unwrap(), Lock::shared(file()).unwrap());
        drop(one);
        assert!(Lock::alone(file()).unwrap().is_none());
        drop(other);
        assert!(Lock::alone(file()).unwrap().is_some());
    }

    #[test]
    fn the_folder_of_a_lock_that_was_given_back_can_be_moved_and_removed() {
        let root = tempfile::tempdir().unwrap();
        let (from, to) = (root.path().join("1"), root.path().join("quarantine-1"));
        fs::create_dir(&from).unwrap();
        let lock = |path| Lock::alone(Folder::open(path, false).unwrap().file_or_new("users.lock").unwrap());
        drop(lock(&from).unwrap());
        fs::rename(&from, &to).unwrap();
        drop(lock(&to).unwrap());
        fs::remove_dir_all(&to).unwrap();
    }
}
