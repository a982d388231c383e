//! Whether this process is a fork of the one that opened something, without asking the kernel at each read.
//!
//! The C library calls a handler in the child of every `fork`; it counts. A system call in its place was a fifth of the
//! time of one read.

#[cfg(unix)]
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// How many forks lie between the first process that opened an environment and this one.
static FORKS: AtomicU32 = AtomicU32::new(0);

/// The process in which something was opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Birth {
    process: u32,
    /// What [`FORKS`] was; none where forks are not counted.
    forks: Option<u32>,
}

impl Birth {
    /// That of something that is opened now.
    pub(crate) fn now() -> Self {
        let forks = is_counting().then(|| FORKS.load(Ordering::Relaxed));
        Self { process: std::process::id(), forks }
    }

    /// Whether a `fork` lies between then and now. What makes processes without the C library's `fork` is not seen where
    /// forks are counted; such a process may do nothing but begin another program.
    pub(crate) fn is_forked(self) -> bool {
        match self.forks {
            Some(forks) => FORKS.load(Ordering::Relaxed) != forks,
            None => std::process::id() != self.process,
        }
    }
}

/// How many forks lie between this process and the first that asked, as far as they are counted.
#[cfg(unix)]
pub(crate) fn forks() -> u32 {
    FORKS.load(Ordering::Relaxed)
}

#[cfg(unix)]
fn is_counting() -> bool {
    extern "C" fn count() {
        FORKS.fetch_add(1, Ordering::Relaxed);
    }
    static IS_COUNTING: LazyLock<bool> = LazyLock::new(|| {
        // SAFETY: the handler does what is allowed in the child of a process with several threads: it adds to an atomic
        // number. It is code of this library, whose removal from the process removes its handlers.
        unsafe { libc::pthread_atfork(None, None, Some(count)) == 0 }
    });
    *IS_COUNTING
}

#[cfg(not(unix))]
const fn is_counting() -> bool {
    false
}
