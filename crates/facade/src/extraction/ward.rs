//! A worker's process, as those see it who wait for it and the one who watches it.

use std::process::{Child, ExitStatus};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use repo_map_model::CancellationToken;

/// How long a process that closed its output, or was killed, is waited for.
const LAST_MOMENTS: Duration = Duration::from_secs(1);

/// Why a worker was given up, by the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GivenUp {
    /// It neither answers nor works.
    Stalled,
    /// It computes without an answer.
    Overran,
}

pub(super) struct Ward {
    process: Mutex<Child>,
    id: u32,
    /// The process that started it: in a fork of that one it is nobody's to end.
    owner: u32,
    /// Steps that it took: its greeting, records, pieces of its input.
    steps: AtomicU64,
    /// Whose work it does, while somebody waits for it.
    awaited: Mutex<Option<CancellationToken>>,
    given_up: OnceLock<GivenUp>,
}

impl Ward {
    /// A process that works for whoever holds the token.
    pub(super) fn new(process: Child, token: &CancellationToken) -> Self {
        Self {
            id: process.id(),
            process: Mutex::new(process),
            owner: std::process::id(),
            steps: AtomicU64::new(0),
            awaited: Mutex::new(Some(token.clone())),
            given_up: OnceLock::new(),
        }
    }

    pub(super) fn id(&self) -> u32 {
        self.id
    }

    pub(super) fn step(&self) {
        self.steps.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn steps(&self) -> u64 {
        self.steps.load(Ordering::Relaxed)
    }

    /// Gives it to whoever holds the token, or to nobody.
    pub(super) fn await_for(&self, token: Option<&CancellationToken>) {
        *self.awaited.lock().unwrap_or_else(PoisonError::into_inner) = token.cloned();
    }

    pub(super) fn is_awaited(&self) -> bool {
        self.awaited.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    pub(super) fn is_awaited_for(&self, token: &CancellationToken) -> bool {
        self.awaited.lock().unwrap_or_else(PoisonError::into_inner).as_ref() == Some(token)
    }

    pub(super) fn given_up(&self) -> Option<GivenUp> {
        self.given_up.get().copied()
    }

    /// Ends it, so that whoever waits for its pipes goes on.
    pub(super) fn give_up(&self, reason: GivenUp) {
        let _ = self.given_up.set(reason);
        kill(&mut self.lock());
    }

    /// How it ended, once it has closed its output; `None` when it lives on.
    pub(super) fn status(&self) -> Option<ExitStatus> {
        reap(&mut self.lock())
    }

    /// Ends it and waits until it is gone, unless the system cannot end it now.
    pub(super) fn end(&self) {
        if self.owner == std::process::id() {
            let mut process = self.lock();
            kill(&mut process);
            reap(&mut process);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Child> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn kill(process: &mut Child) {
    // What it started holds its pipes open as well. A worker leads a group of its own.
    #[cfg(unix)]
    if let Ok(None) = process.try_wait() {
        let group = rustix::process::Pid::from_child(process);
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = process.kill();
}

/// A process that waits for a frozen disk does not end when it is killed, so this has a bound.
fn reap(process: &mut Child) -> Option<ExitStatus> {
    let start = Instant::now();
    let mut pause = Duration::from_micros(100);
    loop {
        match process.try_wait() {
            Ok(None) if start.elapsed() < LAST_MOMENTS => {
                std::thread::sleep(pause);
                pause = (2 * pause).min(Duration::from_millis(5));
            }
            status => return status.ok().flatten(),
        }
    }
}
