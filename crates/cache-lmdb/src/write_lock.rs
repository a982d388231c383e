//! Who writes: of this process one thread, of all processes one.
//!
//! LMDB waits for its own lock without end, also for that of a process that was stopped (by a debugger, by Ctrl-Z, in a container that is
//! frozen). So whoever writes has the lock of a file first, which is tried and not waited for: LMDB's is free then. What
//! cannot be written in time is dropped, as where the disk is full.

use std::fs::{File, TryLockError};
use std::io;
use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use heed::{Env, RwTxn, WithoutTls};

use crate::fork::Birth;

/// How long another may hold the lock without a commit before what is to be written now is dropped.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long others may write in turn before that.
const MOST_PATIENCE: Duration = Duration::from_secs(10);

/// For how long nobody is waited for after that: a run with many commits waits once.
const REFUSAL: Duration = Duration::from_secs(30);

const FIRST_PAUSE: Duration = Duration::from_micros(200);
const LONGEST_PAUSE: Duration = Duration::from_millis(10);

/// The right to write into one environment.
#[derive(Debug)]
pub(crate) struct WriteLock {
    file: File,
    birth: Birth,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    is_taken: bool,
    /// Until when others are not waited for.
    refused_until: Option<Instant>,
}

/// It is given back when this is dropped.
pub(crate) struct Held<'e>(&'e WriteLock);

/// A write transaction, of whoever has the lock. The transaction ends first.
pub(crate) struct Writing<'e> {
    txn: RwTxn<'e>,
    held: Held<'e>,
}

impl WriteLock {
    /// Of the file of a generation that is locked by who writes.
    pub(crate) fn new(file: File) -> Self {
        Self { file, birth: Birth::now(), state: Mutex::default(), freed: Condvar::new() }
    }

    /// Begins a write transaction once no other writes.
    pub(crate) fn begin<'e>(&'e self, env: &'e Env<WithoutTls>) -> heed::Result<Writing<'e>> {
        let held = self.take(|| env.info().last_txn_id)?;
        Ok(Writing { txn: env.write_txn()?, held })
    }

    /// `commits` changes with each commit of whichever process.
    fn take(&self, commits: impl Fn() -> usize) -> io::Result<Held<'_>> {
        let mut state = self.state();
        let is_refused = state.refused_until.is_some_and(|until| Instant::now() < until);
        let mut patience = Patience::new(is_refused, commits);
        while state.is_taken {
            if patience.is_over() {
                return Err(late());
            }
            state = self.freed.wait_timeout(state, LONGEST_PAUSE).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.is_taken = true;
        drop(state);
        let taken = self.lock_file(&mut patience);
        let mut state = self.state();
        match taken {
            Ok(()) => {
                state.refused_until = None;
                Ok(Held(self))
            }
            Err(error) => {
                if error.kind() == io::ErrorKind::TimedOut {
                    state.refused_until = Some(Instant::now() + REFUSAL);
                }
                state.is_taken = false;
                self.freed.notify_one();
                Err(error)
            }
        }
    }

    fn lock_file(&self, patience: &mut Patience<impl Fn() -> usize>) -> io::Result<()> {
        let mut pause = FIRST_PAUSE;
        loop {
            match self.file.try_lock() {
                Ok(()) => return Ok(()),
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) if patience.is_over() => return Err(late()),
                Err(TryLockError::WouldBlock) => std::thread::sleep(pause),
            }
            pause = (2 * pause).min(LONGEST_PAUSE);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// It lasts as long as somebody commits: many who write are no reason to drop anything, one who does not go on is.
struct Patience<F> {
    commits: F,
    last: usize,
    deadline: Instant,
    end: Instant,
}

impl<F: Fn() -> usize> Patience<F> {
    fn new(is_refused: bool, commits: F) -> Self {
        let now = Instant::now();
        let (patience, most) =
            if is_refused { (Duration::ZERO, Duration::ZERO) } else { (PATIENCE, MOST_PATIENCE) };
        Self { last: commits(), commits, deadline: now + patience, end: now + most }
    }

    fn is_over(&mut self) -> bool {
        let (now, last) = (Instant::now(), (self.commits)());
        if last != self.last {
            (self.last, self.deadline) = (last, now + PATIENCE);
        }
        now >= self.deadline.min(self.end)
    }
}

fn late() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "another process writes, or was stopped while it wrote")
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        // A fork shares the file with its parent, whose lock it is.
        if self.0.birth.is_forked() {
            return;
        }
        if let Err(error) = self.0.file.unlock() {
            tracing::debug!(target: "repo_map_cache", "the right to write stays until its file is closed: {error}");
        }
        self.0.state().is_taken = false;
        self.0.freed.notify_one();
    }
}

impl<'e> Writing<'e> {
    /// For who ends the transaction in another way, before the lock is given back.
    pub(crate) fn into_parts(self) -> (RwTxn<'e>, Held<'e>) {
        (self.txn, self.held)
    }

    pub(crate) fn commit(self) -> heed::Result<()> {
        let Self { txn, held } = self;
        let outcome = txn.commit();
        drop(held);
        outcome
    }
}

impl<'e> Deref for Writing<'e> {
    type Target = RwTxn<'e>;

    fn deref(&self) -> &Self::Target {
        &self.txn
    }
}

impl DerefMut for Writing<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.txn
    }
}
