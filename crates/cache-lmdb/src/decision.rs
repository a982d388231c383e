//! The right to decide on the generations of a cache folder, for one process at a time.
//!
//! A store that is given up is moved away whole and the next number begins, so nothing is ever replaced under a
//! process that has it mapped. Who decides on a generation holds `open.lock`; who uses one holds a shared lock on
//! its `users.lock`, and the first of them, who can have that lock alone, brings the generation in order.
//!
//! A folder without our mark is none of ours, whatever its name: its number is passed over.

use std::io::{self, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use repo_map_cache_core::{Error, ErrorKind, Result};

use crate::directory::{judge, problem_from};
use crate::environment::copy_compacted;
use crate::error::{NAME, of_io};
use crate::folder::Folder;
use crate::generation::{
    COMPACT, DATA, Generation, QUARANTINE, State, USERS, bring_in_order, ready_files, remove_known,
};
use crate::lock::Lock;
use crate::marks::{FORMAT, begins, number_of, stamp, stamp_of};
use crate::{Cleared, LmdbOptions, Recovery};

/// The file that is locked by who decides.
pub(crate) const LOCK: &str = "open.lock";

/// A generation that is being made. It gets its number when it is whole.
pub(crate) const NEW: &str = "new";

/// Second names of a generation's files, before how many forks the process is from its first ancestor.
pub(crate) const FORK: &str = "fork-";

/// How long to wait for another process that decides on a generation, which may have been stopped; and for one that leaves the last
/// sign.
const PATIENCE: Duration = Duration::from_secs(3);
#[cfg(target_os = "linux")]
const SHORT_PATIENCE: Duration = Duration::from_millis(20);

/// How often to go on to the next generation at one opening.
const MOST_ATTEMPTS: u32 = 8;

/// How many of those that were moved aside are kept.
const QUARANTINED: usize = 3;

/// The right to decide, until it is dropped.
pub(crate) struct Decision {
    versioned: Arc<Folder>,
    _lock: Lock,
}

/// What there is, each in rising order.
#[derive(Default)]
struct Listing {
    generations: Vec<u64>,
    quarantined: Vec<u64>,
    /// Generations by name that have no mark of ours.
    foreign: Vec<String>,
}

impl Decision {
    /// Waits for the right to decide; `None` when the store has been removed meanwhile.
    pub(crate) fn wait(versioned: &Arc<Folder>) -> Result<Option<Self>> {
        Self::within(versioned, PATIENCE)
    }

    /// The right to decide if it can be had without waiting for a process that opens.
    #[cfg(target_os = "linux")]
    pub(crate) fn soon(versioned: &Arc<Folder>) -> Option<Self> {
        Self::within(versioned, SHORT_PATIENCE).ok().flatten()
    }

    fn within(versioned: &Arc<Folder>, patience: Duration) -> Result<Option<Self>> {
        let deadline = Instant::now() + patience;
        loop {
            let file = match versioned.file_or_new(LOCK) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                outcome => outcome.map_err(refused("open lock file"))?,
            };
            if let Some(lock) = Lock::alone(file).map_err(of_io("lock directory"))? {
                // Who removes the store removes the file while it is locked.
                let is_there = versioned.is_at(LOCK, lock.file()).map_err(of_io("lock directory"))?;
                return Ok(is_there.then(|| Self { versioned: versioned.clone(), _lock: lock }));
            } else if Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(5).min(patience / 8));
            } else {
                return Err(Error::new(ErrorKind::Unavailable, NAME, "lock directory")
                    .with_source("another process has been opening it for too long"));
            }
        }
    }

    /// The newest generation, in order and ready to be opened: a new one where there is none or it is unusable.
    pub(crate) fn current(&self, options: &LmdbOptions) -> Result<Generation> {
        let listing = self.list()?;
        let (newest, aside) = (listing.generations.last(), listing.quarantined.last());
        let mut number = match (newest, aside) {
            (Some(&newest), aside) if aside.is_none_or(|&aside| aside < newest) => newest,
            _ => self.begin(newest.max(aside).copied())?,
        };
        self.remove_before(number, &listing.generations);
        let mut recovery = None;
        // A new generation is whole: whatever makes several unusable in a row is not in them.
        for _ in 0..MOST_ATTEMPTS {
            let folder = self.versioned.folder(&number.to_string()).map_err(refused("open generation"))?;
            match in_order(&folder, options)? {
                State::Loose if self.compact(&mut number, &folder) => {}
                State::Whole | State::Loose => {
                    let users = folder.file_or_new(USERS).map_err(refused("open lock file"))?;
                    let users = Lock::shared(users).map_err(of_io("lock generation"))?;
                    ready_files(&folder, options.max_readers)?;
                    return Ok(Generation::new(self.versioned.clone(), folder, recovery, users));
                }
                State::Unusable(reason) => {
                    drop(folder);
                    let (moved, last) = self.quarantine(number, reason)?;
                    recovery = Some(moved);
                    number = self.begin(Some(last))?;
                }
            }
        }
        Err(Error::new(ErrorKind::Unavailable, NAME, "open generation")
            .with_source("one after the other cannot be used"))
    }

    fn list(&self) -> Result<Listing> {
        let mut listing = Listing::default();
        for name in self.versioned.names().map_err(of_io("list generations"))? {
            let Some(name) = name.to_str() else { continue };
            if name.starts_with(FORK) && self.is_ours(name) {
                // Such names are there only while somebody decides.
                let _ = remove_known(&self.versioned, name);
            }
            let aside = name.strip_prefix(QUARANTINE);
            match number_of(aside.unwrap_or(name)) {
                Some(_) if !self.is_ours(name) => listing.foreign.push(name.to_owned()),
                Some(number) if aside.is_some() => listing.quarantined.push(number),
                Some(number) => listing.generations.push(number),
                None => {}
            }
        }
        listing.generations.sort_unstable();
        listing.quarantined.sort_unstable();
        Ok(listing)
    }

    /// Whether a folder has our mark, and is this user's alone.
    fn is_ours(&self, name: &str) -> bool {
        let folder = self.versioned.folder(name);
        folder.is_ok_and(|folder| judge(&folder).is_ok() && stamp_of(&folder).is_some())
    }

    /// Makes the generation after a number, at the first name that is free.
    fn begin(&self, last: Option<u64>) -> Result<u64> {
        self.make_new().map_err(refused("create generation"))?;
        self.give_number(last).map_err(refused("create generation"))
    }

    fn give_number(&self, last: Option<u64>) -> io::Result<u64> {
        let mut number = last;
        loop {
            let next = number.map_or(Some(1), |number| number.checked_add(1));
            let Some(next) = next else {
                return Err(io::Error::other("there is no higher number: remove the highest"));
            };
            match self.versioned.kind(&next.to_string())? {
                None => {
                    self.versioned.rename(NEW, &next.to_string())?;
                    return Ok(next);
                }
                Some(_) => tracing::warn!(
                    target: "repo_map_cache",
                    path = ?self.versioned.path().join(next.to_string()),
                    "it is not of this cache and is left alone"
                ),
            }
            number = Some(next);
        }
    }

    /// Makes a folder with the mark of a generation and nothing else.
    fn make_new(&self) -> io::Result<Folder> {
        let folder = match self.versioned.make_folder(NEW) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.remove_new()?;
                self.versioned.make_folder(NEW)?
            }
            outcome => outcome?,
        };
        folder.make_file(FORMAT)?.write_all(stamp().as_bytes())?;
        Ok(folder)
    }

    /// Removes what a process has left that died while it made a generation.
    fn remove_new(&self) -> io::Result<()> {
        let folder = self.versioned.folder(NEW)?;
        let names = folder.names()?;
        let is_begun = names.iter().all(|name| name == FORMAT)
            && (names.is_empty() || begins(&folder, FORMAT, &stamp())?);
        if !is_begun && stamp_of(&folder).is_none() {
            let text = format!("{:?} is not of this cache", folder.path());
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        drop(folder);
        remove_known(&self.versioned, NEW).map(drop)
    }

    /// Removes generations that a compaction has left behind, unless somebody still uses them. What cannot be removed does
    /// no harm.
    fn remove_before(&self, newest: u64, generations: &[u64]) {
        for number in generations.iter().filter(|&&number| number < newest) {
            if let Err(error) = self.remove(&number.to_string()) {
                tracing::debug!(target: "repo_map_cache", number, "it stays: {error}");
            }
        }
    }

    /// Removes a folder of ours with its files, unless somebody uses it: then there is nothing to tell.
    fn remove(&self, name: &str) -> io::Result<Option<u64>> {
        let folder = self.versioned.folder(name)?;
        let users = match folder.file_or_new(USERS) {
            // What is no file was locked by nobody.
            Err(error) if error.kind() == io::ErrorKind::InvalidData => None,
            outcome => Some(outcome?),
        };
        if let Some(users) = users
            && Lock::alone(users)?.is_none()
        {
            return Ok(None);
        }
        drop(folder);
        remove_known(&self.versioned, name).map(Some)
    }

    /// Removes all generations, those in quarantine included, but for those that somebody uses.
    pub(crate) fn clear(&self) -> Result<Cleared> {
        let mut cleared = Cleared::default();
        let listing = self.list()?;
        let quarantined = listing.quarantined.iter().map(|number| format!("{QUARANTINE}{number}"));
        let names = listing.generations.iter().map(u64::to_string).chain(quarantined);
        for name in names {
            match self.remove(&name).map_err(of_io("clear"))? {
                Some(bytes) => cleared.bytes += bytes,
                None => cleared.is_in_use = true,
            }
        }
        if self.versioned.kind(NEW).map_err(of_io("clear"))?.is_some()
            && let Err(error) = self.remove_new()
        {
            tracing::warn!(target: "repo_map_cache", "it is left alone: {error}");
        }
        for name in listing.foreign {
            tracing::warn!(
                target: "repo_map_cache",
                path = ?self.versioned.path().join(name),
                "it is not of this cache and is left alone"
            );
        }
        Ok(cleared)
    }

    /// Ends it for a store that is gone. The file goes while it is locked: whoever waits for it sees that.
    pub(crate) fn end(self) -> io::Result<()> {
        self.versioned.remove_file(LOCK)
    }

    /// Makes the next generation of a compacted copy of one that nobody uses; tells whether that went well.
    fn compact(&self, number: &mut u64, from: &Folder) -> bool {
        let attempt = || -> Result<u64> {
            let copy = self.make_new().map_err(of_io("compact"))?;
            let mut data = copy.make_file(DATA).map_err(of_io("compact"))?;
            copy_compacted(from, &mut data)?;
            drop((copy, data));
            self.give_number(Some(*number)).map_err(of_io("compact"))
        };
        match attempt() {
            Ok(next) => {
                if let Err(error) = remove_known(&self.versioned, &number.to_string()) {
                    tracing::debug!(target: "repo_map_cache", number, "it stays: {error}");
                }
                *number = next;
                true
            }
            Err(error) => {
                tracing::debug!(target: "repo_map_cache", "the store stays as large as it is: {error}");
                // No attempt at each open.
                let _ = from.remove_file(COMPACT);
                let _ = self.remove_new();
                false
            }
        }
    }

    /// Moves a generation aside and forgets all but the newest that were; gives the number that it has there.
    fn quarantine(&self, number: u64, reason: String) -> Result<(Recovery, u64)> {
        let mut aside = number;
        let name = loop {
            let name = format!("{QUARANTINE}{aside}");
            if self.versioned.kind(&name).map_err(of_io("move store aside"))?.is_none() {
                break name;
            }
            aside = aside.saturating_add(1);
        };
        self.versioned.rename(&number.to_string(), &name).map_err(of_io("move store aside"))?;
        let moved_to = self.versioned.path().join(name);
        for oldest in self.list()?.quarantined.iter().rev().skip(QUARANTINED) {
            remove_known(&self.versioned, &format!("{QUARANTINE}{oldest}")).map_err(of_io("remove store"))?;
        }
        tracing::warn!(
            target: "repo_map_cache",
            moved_to = %moved_to.display(),
            "the cache was damaged and begins anew: {reason}"
        );
        Ok((Recovery { reason, moved_to }, aside))
    }
}

/// Brings a generation in order that nobody uses. It is not locked any more then, so that its folder can be moved. Nobody
/// slips in: they would have to decide first.
fn in_order(folder: &Folder, options: &LmdbOptions) -> Result<State> {
    let file = match folder.file_or_new(USERS) {
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            return Ok(State::Unusable(error.to_string()));
        }
        outcome => outcome.map_err(of_io("open lock file"))?,
    };
    match Lock::alone(file).map_err(of_io("lock generation"))? {
        Some(_alone) => bring_in_order(folder, options),
        // Somebody uses it and has brought it in order.
        None => Ok(State::Whole),
    }
}

/// An error of the file system; where a link or something else is in the place of a file, with what to do.
fn refused(operation: &'static str) -> impl FnOnce(io::Error) -> Error {
    move |error| match error.kind() {
        io::ErrorKind::InvalidData => problem_from(error).into_error(operation),
        _ => of_io(operation)(error),
    }
}
