use std::fmt;
use std::io;
use std::thread::{Builder, JoinHandle};

type Start = fn(Builder, Box<dyn FnOnce() + Send>) -> io::Result<JoinHandle<()>>;

/// How threads are started: by the standard library, or as a host wants it that must know of them.
///
/// A thread takes a lock of the whole process for a moment where it begins and where it ends. A host that forks has them started by
/// what makes its forks wait meanwhile.
#[derive(Clone, Copy)]
pub struct StartThread(Start);

impl StartThread {
    /// By `start`, which gives the work to a thread as the builder describes it.
    pub const fn with(start: Start) -> Self {
        Self(start)
    }

    /// Starts one.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start(self, thread: Builder, work: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
        (self.0)(thread, Box::new(work))
    }
}

impl Default for StartThread {
    fn default() -> Self {
        Self(Builder::spawn)
    }
}

impl PartialEq for StartThread {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::fn_addr_eq(self.0, other.0)
    }
}

impl Eq for StartThread {}

impl fmt::Debug for StartThread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StartThread").finish_non_exhaustive()
    }
}
