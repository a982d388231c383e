//! One environment a directory a process: LMDB loses its locks when it is opened twice.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use repo_map_cache_core::{Error, ErrorKind, PerProcess, Result};

use crate::LmdbOptions;
use crate::decision::Decision;
use crate::directory::prepare;
use crate::environment::Environment;
use crate::error::NAME;

/// How long to wait for an environment whose last handle is being dropped in another thread.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often to make a store anew that another process removes while it is opened.
const MOST_TRIES: u32 = 100;

/// The places of this process by canonical directory. A fork has nothing open: what it inherits answers to its parent, and its
/// locks may be held by threads that are not there.
static OPEN: PerProcess<Mutex<HashMap<PathBuf, Arc<Place>>>> = PerProcess::new();

/// A directory, while an environment of it is open or about to be. Only who opens the same one waits.
#[derive(Debug, Default)]
struct Place {
    open: Mutex<Option<Weak<Shared>>>,
    closed: Condvar,
}

/// An environment that handles share, and its place in the registry.
#[derive(Debug)]
pub(crate) struct Shared {
    environment: Option<Environment>,
    path: PathBuf,
    place: Arc<Place>,
}

fn places() -> MutexGuard<'static, HashMap<PathBuf, Arc<Place>>> {
    OPEN.get(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner)
}

/// Forgets a place that nobody else has in hand.
fn forget(path: &Path, place: &Arc<Place>) {
    let mut places = places();
    // One here, one in the map.
    if Arc::strong_count(place) == 2 {
        places.remove(path);
    }
}

impl Place {
    fn lock(&self) -> MutexGuard<'_, Option<Weak<Shared>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// The environment of a directory, opened if no handle of this process has it open.
    pub(crate) fn open(directory: &Path, options: &LmdbOptions) -> Result<Arc<Self>> {
        for _ in 0..MOST_TRIES {
            let prepared = prepare(directory, options)?;
            let path = prepared.versioned.path().to_owned();
            let place = places().entry(path.clone()).or_default().clone();
            let outcome = place.open_or_join(|| {
                // It may have been removed since it was prepared.
                let decision = Decision::wait(&prepared.versioned)?;
                let Some(decision) = decision.filter(|_| prepared.is_as_prepared()) else { return Ok(None) };
                let environment = Environment::open(decision.current(options)?, options)?;
                let shared =
                    Self { environment: Some(environment), path: path.clone(), place: place.clone() };
                Ok(Some(Arc::new(shared)))
            });
            match outcome {
                Ok(Some(shared)) => return Ok(shared),
                Ok(None) => {}
                Err(error) => {
                    forget(&path, &place);
                    return Err(error);
                }
            }
        }
        Err(Error::new(ErrorKind::Unavailable, NAME, "open")
            .with_source("other processes remove the store again and again"))
    }

    pub(crate) fn environment(&self) -> &Environment {
        self.environment.as_ref().expect("only the drop takes it")
    }
}

impl Place {
    /// What is open here, or what is opened now: by one thread, while the others wait for it.
    fn open_or_join(
        &self,
        open: impl FnOnce() -> Result<Option<Arc<Shared>>>,
    ) -> Result<Option<Arc<Shared>>> {
        let mut entry = self.lock();
        while let Some(shared) = &*entry {
            if let Some(shared) = shared.upgrade() {
                return Ok(Some(shared));
            }
            let (guard, waited) =
                self.closed.wait_timeout(entry, PATIENCE).unwrap_or_else(PoisonError::into_inner);
            entry = guard;
            if waited.timed_out() {
                return Err(Error::new(ErrorKind::Unavailable, NAME, "open")
                    .with_source("this process has been closing it for too long"));
            }
        }
        let shared = open()?;
        *entry = shared.as_ref().map(Arc::downgrade);
        Ok(shared)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // A fork inherits the entry, and locks that no thread of it will ever give back.
        if self.environment().is_forked() {
            return;
        }
        self.environment.take().expect("only the drop takes it").close();
        *self.place.lock() = None;
        self.place.closed.notify_all();
        forget(&self.path, &self.place);
    }
}
