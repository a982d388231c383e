//! Generations: numbered directories of which the highest is in use.
//!
//! A store that is given up is moved away whole and the next number begins, so nothing is ever replaced under a
//! process that has it mapped. Who decides on a generation holds `open.lock`; who uses one holds a shared lock on
//! its `users.lock`, and the first of them, who can have that lock alone, brings the generation in order.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use repo_map_cache_core::{Error, ErrorKind, Result};

use crate::FORMAT_VERSION;
use crate::directory::{create_private, lock_file};
use crate::error::{NAME, of_io};

/// How long to wait for another process that decides on a generation.
const PATIENCE: Duration = Duration::from_secs(30);

/// A generation that this process may open: the lock is held as long as it lives.
#[derive(Debug)]
pub(crate) struct Generation {
    pub(crate) directory: PathBuf,
    /// Shared with the other users.
    _users: File,
}

/// The right to decide, for one process at a time.
pub(crate) struct Decision {
    versioned: PathBuf,
    _lock: File,
}

impl Decision {
    /// Waits for the right to decide on the generations of a directory.
    pub(crate) fn wait(versioned: &Path) -> Result<Self> {
        let lock = lock_file(&versioned.join("open.lock")).map_err(of_io("open lock file"))?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(Self { versioned: versioned.to_owned(), _lock: lock }),
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                    std::thread::sleep(Duration::from_millis(5));
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(Error::new(ErrorKind::Unavailable, NAME, "lock directory")
                        .with_source("another process has been opening it for too long"));
                }
                Err(TryLockError::Error(error)) => return Err(of_io("lock directory")(error)),
            }
        }
    }

    /// The newest generation, in order and ready to be opened; a first one where there is none.
    pub(crate) fn current(&self) -> Result<Generation> {
        let directory =
            self.versioned.join(self.newest().map_err(of_io("list generations"))?.unwrap_or(1).to_string());
        let problem = |error: crate::DirectoryProblem| {
            Error::new(ErrorKind::Unavailable, NAME, "create generation").with_source(error)
        };
        create_private(&directory).map_err(problem)?;
        let users = lock_file(&directory.join("users.lock")).map_err(of_io("open lock file"))?;
        match users.try_lock() {
            Ok(()) => bring_in_order(&directory)?,
            // Somebody uses it and has brought it in order.
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(of_io("lock generation")(error)),
        }
        // An exclusive lock becomes a shared one. Nobody slips in between: they would have to decide first.
        users.unlock().and_then(|()| users.lock_shared()).map_err(of_io("lock generation"))?;
        Ok(Generation { directory, _users: users })
    }

    fn newest(&self) -> io::Result<Option<u64>> {
        let mut newest = None;
        for entry in fs::read_dir(&self.versioned)? {
            newest = newest.max(entry?.file_name().to_str().and_then(|name| name.parse::<u64>().ok()));
        }
        Ok(newest)
    }
}

/// What the file `format` of a generation says: LMDB stores numbers as the machine has them.
fn stamp() -> String {
    let order = if cfg!(target_endian = "little") { "little" } else { "big" };
    format!("lmdb cache format {FORMAT_VERSION}, {}-bit, {order}-endian\n", usize::BITS)
}

fn bring_in_order(directory: &Path) -> Result<()> {
    // Alone here, so every reader that it lists is dead, and whatever it says can go.
    match fs::remove_file(directory.join("lock.mdb")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(of_io("remove lock file")(error));
        }
        _ => {}
    }
    match File::create_new(directory.join("format")) {
        Ok(mut file) => file.write_all(stamp().as_bytes()).map_err(of_io("write format")),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let found = fs::read(directory.join("format")).map_err(of_io("read format"))?;
            if found == stamp().as_bytes() {
                return Ok(());
            }
            Err(Error::new(ErrorKind::Incompatible, NAME, "open")
                .with_source(format!("the store was written as {:?}", String::from_utf8_lossy(&found))))
        }
        Err(error) => Err(of_io("write format")(error)),
    }
}
