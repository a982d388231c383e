//! Generations: numbered directories of which the highest is in use.
//!
//! A store that is given up is moved away whole and the next number begins, so nothing is ever replaced under a
//! process that has it mapped. Who decides on a generation holds `open.lock`; who uses one holds a shared lock on
//! its `users.lock`, and the first of them, who can have that lock alone, brings the generation in order.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use repo_map_cache_core::{Error, ErrorKind, Result};

use crate::checker::{Extent, check};
use crate::directory::create_private;
use crate::environment::copy_compacted;
use crate::error::{NAME, of_io};
use crate::lock::Lock;
use crate::{Cleared, FORMAT_VERSION};

/// How long to wait for another process that decides on a generation. It may have been stopped.
const PATIENCE: Duration = Duration::from_secs(3);

/// The name of a generation that was moved aside, before its number.
const QUARANTINE: &str = "quarantine-";

/// The files of a generation.
const USERS: &str = "users.lock";
const DATA: &str = "data.mdb";
const FORMAT: &str = "format";
const COMPACT: &str = "compact";

/// Free bytes that are not worth a copy by themselves.
const LOOSE: u64 = 64 << 20;

/// How many of these are kept.
const QUARANTINED: usize = 3;

/// A generation that this process may open: the lock is held as long as it lives.
#[derive(Debug)]
pub(crate) struct Generation {
    pub(crate) directory: PathBuf,
    /// What was given up to come to this one.
    pub(crate) recovery: Option<Recovery>,
    /// Shared with the other users.
    _users: Lock,
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

/// The right to decide, for one process at a time.
pub(crate) struct Decision {
    versioned: PathBuf,
    _lock: Lock,
}

/// Whether a generation can be opened as it is.
enum State {
    Whole,
    /// As it is, but it holds more free pages than used ones, or somebody asked for it to be compacted.
    Loose,
    Unusable(String),
}

impl Decision {
    /// Waits for the right to decide on the generations of a directory.
    pub(crate) fn wait(versioned: &Path) -> Result<Self> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(lock) =
                Lock::try_alone(&versioned.join("open.lock")).map_err(of_io("lock directory"))?
            {
                return Ok(Self { versioned: versioned.to_owned(), _lock: lock });
            }
            if Instant::now() >= deadline {
                return Err(Error::new(ErrorKind::Unavailable, NAME, "lock directory")
                    .with_source("another process has been opening it for too long"));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The newest generation, in order and ready to be opened: a new one where there is none or it is unusable.
    pub(crate) fn current(&self) -> Result<Generation> {
        let (mut number, mut recovery) = (self.newest()?, None);
        self.remove_before(number)?;
        loop {
            let directory = self.versioned.join(number.to_string());
            create_private(&directory).map_err(|problem| {
                Error::new(ErrorKind::Unavailable, NAME, "create generation").with_source(problem)
            })?;
            let users = directory.join(USERS);
            let state = match Lock::try_alone(&users).map_err(of_io("lock generation"))? {
                Some(_alone) => bring_in_order(&directory)?,
                // Somebody uses it and has brought it in order.
                None => State::Whole,
            };
            // It is not locked any more, so that its folder can be moved. Nobody slips in: they would have to decide first.
            match state {
                State::Loose if self.compact(number) => number += 1,
                State::Whole | State::Loose => {
                    let users = Lock::shared(&users).map_err(of_io("lock generation"))?;
                    return Ok(Generation { directory, recovery, _users: users });
                }
                State::Unusable(reason) => {
                    recovery = Some(self.quarantine(number, reason)?);
                    number += 1;
                }
            }
        }
    }

    /// The highest generation, or the number of the first that is to be made.
    fn newest(&self) -> Result<u64> {
        let mut newest = 1;
        for (number, is_quarantined) in self.numbers()? {
            newest = newest.max(if is_quarantined { number + 1 } else { number });
        }
        Ok(newest)
    }

    /// The generations that are there, and whether each is in quarantine.
    fn numbers(&self) -> Result<Vec<(u64, bool)>> {
        let mut numbers = Vec::new();
        for entry in fs::read_dir(&self.versioned).map_err(of_io("list generations"))? {
            let name = entry.map_err(of_io("list generations"))?.file_name();
            let Some(name) = name.to_str() else { continue };
            let number = name.strip_prefix(QUARANTINE);
            if let Ok(parsed) = number.unwrap_or(name).parse() {
                numbers.push((parsed, number.is_some()));
            }
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// Removes generations that a compaction has left behind, unless somebody still uses them.
    fn remove_before(&self, newest: u64) -> Result<()> {
        for (number, is_quarantined) in self.numbers()? {
            let directory = self.versioned.join(number.to_string());
            if !is_quarantined
                && number < newest
                && Lock::try_alone(&directory.join(USERS)).is_ok_and(|alone| alone.is_some())
            {
                remove(&directory);
            }
        }
        Ok(())
    }

    /// Removes all generations, those in quarantine included, but for those that somebody uses.
    pub(crate) fn clear(&self) -> Result<Cleared> {
        let mut cleared = Cleared::default();
        for (number, is_quarantined) in self.numbers()? {
            let name = if is_quarantined { format!("{QUARANTINE}{number}") } else { number.to_string() };
            let directory = self.versioned.join(name);
            if Lock::try_alone(&directory.join(USERS)).map_err(of_io("lock generation"))?.is_none() {
                cleared.is_in_use = true;
                continue;
            }
            cleared.bytes += fs::metadata(directory.join(DATA)).map_or(0, |data| data.len());
            fs::remove_dir_all(&directory).map_err(of_io("clear"))?;
        }
        Ok(cleared)
    }

    /// Makes the next generation of a compacted copy of one that nobody uses; tells whether that went well.
    fn compact(&self, number: u64) -> bool {
        let (from, copy) = (self.versioned.join(number.to_string()), self.versioned.join("compacting"));
        let attempt = || {
            if copy.exists() {
                remove(&copy);
            }
            fs::create_dir(&copy).map_err(of_io("compact"))?;
            copy_compacted(&from, &copy.join(DATA))?;
            fs::write(copy.join(FORMAT), stamp()).map_err(of_io("compact"))?;
            fs::rename(&copy, self.versioned.join((number + 1).to_string())).map_err(of_io("compact"))
        };
        match attempt() {
            Ok(()) => {
                remove(&from);
                true
            }
            Err(error) => {
                tracing::debug!(target: "repo_map_cache", "the store stays as large as it is: {error}");
                // No attempt at each open.
                let _ = fs::remove_file(from.join(COMPACT));
                remove(&copy);
                false
            }
        }
    }

    /// Moves a generation aside and forgets all but the newest that were.
    fn quarantine(&self, number: u64, reason: String) -> Result<Recovery> {
        let moved_to = self.versioned.join(format!("{QUARANTINE}{number}"));
        fs::rename(self.versioned.join(number.to_string()), &moved_to).map_err(of_io("move store aside"))?;
        let quarantined = self.numbers()?.into_iter().filter(|(_, is_quarantined)| *is_quarantined);
        let oldest = quarantined.map(|(number, _)| number).rev().skip(QUARANTINED).collect::<Vec<_>>();
        for number in oldest {
            fs::remove_dir_all(self.versioned.join(format!("{QUARANTINE}{number}")))
                .map_err(of_io("remove store"))?;
        }
        tracing::warn!(
            target: "repo_map_cache",
            moved_to = %moved_to.display(),
            "the cache was damaged and begins anew: {reason}"
        );
        Ok(Recovery { reason, moved_to })
    }
}

/// Removes what is of no more use; what cannot be removed does no harm.
fn remove(directory: &Path) {
    if let Err(error) = fs::remove_dir_all(directory) {
        tracing::debug!(target: "repo_map_cache", directory = %directory.display(), "it stays: {error}");
    }
}

/// Asks for a generation to be compacted when it is next opened by a process that has it alone.
pub(crate) fn ask_to_compact(directory: &Path) -> Result<()> {
    fs::write(directory.join(COMPACT), []).map_err(of_io("compact"))
}

/// What the file `format` of a generation says: LMDB stores numbers as the machine has them.
fn stamp() -> String {
    let order = if cfg!(target_endian = "little") { "little" } else { "big" };
    format!("lmdb cache format {FORMAT_VERSION}, {}-bit, {order}-endian\n", usize::BITS)
}

/// Makes a generation that nobody uses ready to be opened, or says why that cannot be.
fn bring_in_order(directory: &Path) -> Result<State> {
    // Every reader that it lists is dead, and whatever else it says can go.
    match fs::remove_file(directory.join("lock.mdb")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(of_io("remove lock file")(error));
        }
        _ => {}
    }
    let (format, data) = (directory.join(FORMAT), directory.join(DATA));
    let file = match File::open(&data) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::write(format, stamp()).map_err(of_io("write format"))?;
            return Ok(State::Whole);
        }
        Err(error) => return Err(of_io("open data file")(error)),
    };
    let found = fs::read(&format).unwrap_or_default();
    if found != stamp().as_bytes() {
        return Ok(State::Unusable(format!("it was written as {:?}", String::from_utf8_lossy(&found))));
    }
    match check(&file) {
        Ok(extent) if directory.join(COMPACT).exists() || is_loose(extent) => Ok(State::Loose),
        Ok(_) => Ok(State::Whole),
        // A device that cannot read the file is as good a reason to begin anew.
        Err(fault) => Ok(State::Unusable(fault.to_string())),
    }
}

/// Whether compacting gives back enough to be worth the copy.
fn is_loose(extent: Extent) -> bool {
    extent.free > extent.pages / 2 && extent.free * extent.page_size > LOOSE
}
