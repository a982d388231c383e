//! The threads that talk to a server: two of its own, or a host's.

use std::future::Future;
use std::mem::ManuallyDrop;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Handle, Runtime};

/// Threads that wait for files, at most.
const FILE_THREADS: usize = 16;

/// Begun when it is first needed: a run that finds all in its own store starts no thread.
pub(crate) struct Threads {
    host: Option<Handle>,
    own: OnceLock<Option<ManuallyDrop<Runtime>>>,
    /// That made it: a fork has none of the threads.
    process: u32,
}

impl Threads {
    pub(crate) fn new(host: Option<Handle>) -> Self {
        Self { host, own: OnceLock::new(), process: std::process::id() }
    }

    /// Whether this is the copy that a `fork` gave to a child.
    pub(crate) fn is_forked(&self) -> bool {
        std::process::id() != self.process
    }

    /// Runs a task beside the caller. False where there are no threads for it.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) -> bool {
        if self.is_forked() {
            return false;
        }
        let own = || self.own.get_or_init(begin).as_ref().map(|own| own.handle());
        match self.host.as_ref().or_else(own) {
            Some(handle) => {
                handle.spawn(task);
                true
            }
            None => false,
        }
    }
}

fn begin() -> Option<ManuallyDrop<Runtime>> {
    let made = Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(FILE_THREADS)
        .thread_name("repo-map-remote")
        .enable_all()
        .build();
    made.ok().map(ManuallyDrop::new)
}

impl Drop for Threads {
    fn drop(&mut self) {
        let is_forked = self.is_forked();
        if let Some(own) = self.own.take().flatten().filter(|_| !is_forked) {
            // A request that hangs is nobody's any more: it is not waited for.
            ManuallyDrop::into_inner(own).shutdown_background();
        }
    }
}
