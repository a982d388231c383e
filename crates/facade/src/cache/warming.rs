//! Tags of many files, found in the background.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::Builder;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use repo_map_files::hash;
use repo_map_tags::start_thread;

use super::handle::Handle;
use super::tag::Tag;
use super::tag_cache::TagCache;
use crate::error::{Error, ErrorKind};
use crate::extraction::Extractor;
use crate::store::TagStore;
use crate::tagged_file::load;
use crate::threads;

/// Handle to a background job that warms a cache: progress, waiting, cancellation.
///
/// Dropping the handle does not stop the job. If the process ends first, only the remaining work is lost.
pub struct Warming {
    state: Arc<State>,
    total: usize,
}

#[derive(Default)]
struct State {
    completed: AtomicUsize,
    failed: AtomicUsize,
    is_cancelled: AtomicBool,
    is_done: Mutex<bool>,
    done: Condvar,
}

impl Warming {
    /// Begins to tag the files, on so many threads; 0 takes one a core.
    pub(super) fn begin(
        open: Handle,
        extractor: Extractor,
        paths: Vec<PathBuf>,
        workers: usize,
    ) -> Result<Self, Error> {
        let state = Arc::new(State::default());
        let threads = threads::pool(workers, "cache-warming")?;
        let warming = Self { state: state.clone(), total: paths.len() };
        let work = move || {
            // Also after a panic: who waits is woken.
            let _end = End(state.clone());
            let cache = TagCache::of(open.clone());
            let content = TagStore::speaking(open.get().clone(), extractor.shared_languages());
            threads.install(|| {
                paths.par_iter().for_each(|path| {
                    if state.is_cancelled.load(Ordering::Relaxed) {
                        return;
                    }
                    if cache.get_or_compute(path, || tags(path, &extractor, &content)).is_err() {
                        state.failed.fetch_add(1, Ordering::Relaxed);
                    }
                    state.completed.fetch_add(1, Ordering::Relaxed);
                });
            });
        };
        start_thread(Builder::new().name("cache-warming".to_owned()), work).map_err(Error::of_thread)?;
        Ok(warming)
    }

    /// The files that were asked for.
    pub fn total(&self) -> usize {
        self.total
    }

    /// The files that are done with, those without result included.
    pub fn completed(&self) -> usize {
        self.state.completed.load(Ordering::Relaxed)
    }

    /// The files that could not be read or are in no known language.
    pub fn failed(&self) -> usize {
        self.state.failed.load(Ordering::Relaxed)
    }

    /// Whether the work has ended: done or cancelled.
    pub fn is_done(&self) -> bool {
        *self.state.is_done.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the work after the files that are being read. What is done stays.
    pub fn cancel(&self) {
        self.state.is_cancelled.store(true, Ordering::Relaxed);
    }

    /// Waits for the end, at most so long; tells whether it has come.
    pub fn wait(&self, timeout: Option<Duration>) -> bool {
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut is_done = self.state.is_done.lock().unwrap_or_else(PoisonError::into_inner);
        while !*is_done {
            is_done = match deadline.map(|deadline| deadline.saturating_duration_since(Instant::now())) {
                Some(Duration::ZERO) => return false,
                Some(left) => {
                    self.state.done.wait_timeout(is_done, left).unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.state.done.wait(is_done).unwrap_or_else(PoisonError::into_inner),
            };
        }
        true
    }
}

impl std::fmt::Debug for Warming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let completed = self.completed();
        f.debug_struct("Warming")
            .field("completed", &completed)
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}

struct End(Arc<State>);

impl Drop for End {
    fn drop(&mut self) {
        *self.0.is_done.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.done.notify_all();
    }
}

/// The tags of a file: those of its content, if any mapper or warming has found them before.
fn tags(path: &Path, extractor: &Extractor, store: &TagStore) -> Result<Vec<Tag>, Error> {
    let (bytes, language) = load(path, extractor.languages())?;
    let tags = extractor.tags(store, language, &hash(&bytes), &bytes);
    let tags = tags.map_err(|unparsed| {
        Error::new(ErrorKind::Resources, format!("{}: {unparsed}; try again", path.display())).at(path)
    })?;
    Ok(Tag::all_of(&tags))
}
