//! One environment a directory a process: LMDB loses its locks when it is opened twice.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::Duration;

use repo_map_cache_core::{Error, ErrorKind, PerProcess, Result};

use crate::LmdbOptions;
use crate::directory::prepare;
use crate::environment::Environment;
use crate::error::NAME;
use crate::generation::Decision;

/// A fork has nothing open: what it inherits answers to its parent.
static OPEN: PerProcess<Registry> = PerProcess::new();

#[derive(Default)]
struct Registry {
    /// The environments of this process by canonical directory. An entry goes when its environment is closed for good.
    environments: Mutex<HashMap<PathBuf, Weak<Shared>>>,
    closed: Condvar,
}

/// How long to wait for an environment whose last handle is being dropped in another thread.
const PATIENCE: Duration = Duration::from_secs(30);

/// An environment that handles share, and its place in the registry.
#[derive(Debug)]
pub(crate) struct Shared {
    environment: Option<Environment>,
    place: PathBuf,
}

impl Shared {
    /// The environment of a directory, opened if no handle of this process has it open.
    pub(crate) fn open(directory: &Path, options: &LmdbOptions) -> Result<Arc<Self>> {
        let place = prepare(directory)?;
        let registry = OPEN.get(Registry::default);
        let mut open = registry.environments.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(shared) = open.get(&place) {
            if let Some(shared) = shared.upgrade() {
                return Ok(shared);
            }
            let waited = registry.closed.wait_timeout(open, PATIENCE);
            let (guard, waited) = waited.unwrap_or_else(PoisonError::into_inner);
            open = guard;
            if waited.timed_out() {
                return Err(Error::new(ErrorKind::Unavailable, NAME, "open")
                    .with_source("this process has been closing it for too long"));
            }
        }
        let decision = Decision::wait(&place)?;
        let environment = Environment::open(decision.current()?, options)?;
        let shared = Arc::new(Self { environment: Some(environment), place: place.clone() });
        open.insert(place, Arc::downgrade(&shared));
        Ok(shared)
    }

    pub(crate) fn environment(&self) -> &Environment {
        self.environment.as_ref().expect("only the drop takes it")
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // A fork inherits the entry, and locks that no thread of it will ever give back.
        if self.environment().is_forked() {
            return;
        }
        self.environment = None;
        let registry = OPEN.get(Registry::default);
        registry.environments.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.place);
        registry.closed.notify_all();
    }
}
