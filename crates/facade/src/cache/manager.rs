use std::path::Path;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use repo_map_cache_core::StorageBackend;
use repo_map_tags::{LanguageSet, start_thread};

use super::handle::Handle;
use super::map_cache::MapCache;
use super::pressure::{MemoryPressure, Pressure, SystemPressure};
use super::statistics::ManagerStatistics;
use super::tag_cache::TagCache;
use super::tree_cache::TreeCache;
use super::warming::Warming;
use crate::config::CacheConfig;
use crate::error::Error;
use crate::extraction::{Extractor, WorkerCommand};
use crate::queries;

/// How often the system is asked whether memory is short.
const INTERVAL: Duration = Duration::from_secs(5);

/// The whole of the memory tier, in sixteenths.
const WHOLE: u64 = 16;

/// The three caches on one store, with what concerns all of them.
///
/// ```
/// use repo_map_cache::{CacheConfig, CacheManager, Tag, TagKind};
///
/// let manager = CacheManager::open(&CacheConfig::in_memory())?;
/// manager.tags().set("a.py", &[Tag::new("main", TagKind::Definition, 3)]);
/// assert!(manager.tags().get("a.py").is_some());
/// manager.file_changed("a.py");
/// assert!(manager.tags().get("a.py").is_none());
/// let statistics = manager.statistics();
/// assert_eq!((statistics.tags.hits, statistics.tags.misses, statistics.total_requests), (1, 1, 2));
/// # Ok::<(), repo_map_cache::Error>(())
/// ```
///
/// While it is open, a thread asks every five seconds whether memory is short, if it is so configured
/// ([`CacheConfig::memory_pressure`]): then the memory tiers shrink, by half each time down to a sixteenth, and grow back as it
/// passes. It may be used after a `fork`, by parent and child, as a [`RepoMapper`](crate::RepoMapper) may; the child has no such thread.
pub struct CacheManager {
    open: Handle,
    tags: TagCache,
    maps: MapCache,
    trees: TreeCache,
    languages: Arc<LanguageSet>,
    workers: Option<WorkerCommand>,
    policy: Arc<Policy>,
    watch: Option<JoinHandle<()>>,
    /// The one that has the thread.
    process: u32,
}

/// How much of the memory tiers' bounds is in force.
struct Policy {
    open: Handle,
    source: Box<dyn MemoryPressure>,
    sixteenths: AtomicU64,
    is_closing: Mutex<bool>,
    closing: Condvar,
}

impl CacheManager {
    /// The caches of a configured place, watched by the operating system's account of memory.
    ///
    /// # Errors
    /// As [`TagCache::open`].
    pub fn open(config: &CacheConfig) -> Result<Self, Error> {
        Self::with_pressure(config, SystemPressure::new())
    }

    /// The caches in storage of the caller's own: see [`RepoMapperBuilder::backend`](crate::RepoMapperBuilder::backend).
    ///
    /// # Errors
    /// As [`TagCache::open`].
    pub fn on(backend: &Arc<dyn StorageBackend>, config: &CacheConfig) -> Result<Self, Error> {
        Self::of(Handle::over(backend, config)?, config, SystemPressure::new())
    }

    /// As [`open`](Self::open), with another opinion of whether memory is short.
    ///
    /// # Errors
    /// As [`TagCache::open`].
    pub fn with_pressure(config: &CacheConfig, source: impl MemoryPressure + 'static) -> Result<Self, Error> {
        Self::of(Handle::open(config)?, config, source)
    }

    fn of(open: Handle, config: &CacheConfig, source: impl MemoryPressure + 'static) -> Result<Self, Error> {
        let policy = Arc::new(Policy {
            open: open.clone(),
            source: Box::new(source),
            sixteenths: AtomicU64::new(WHOLE),
            is_closing: Mutex::new(false),
            closing: Condvar::new(),
        });
        let watch = if config.memory_pressure { Some(watch(policy.clone())?) } else { None };
        Ok(Self {
            tags: TagCache::of(open.clone()),
            maps: MapCache::of(open.clone()),
            trees: TreeCache::of(open.clone()),
            languages: Arc::default(),
            workers: None,
            open,
            policy,
            watch,
            process: std::process::id(),
        })
    }

    /// Lets [`warm`](Self::warm) tag files with a user's own queries, from the folder that mappers take them from.
    ///
    /// # Errors
    /// As [`Extractor::queries`](crate::Extractor::queries).
    pub fn queries(mut self, folder: &Path) -> Result<Self, Error> {
        self.languages = Arc::new(queries::read(folder)?);
        Ok(self)
    }

    /// Lets other processes parse what [`warm`](Self::warm) warms, so that no file can take this one down; see
    /// [`RepoMapperBuilder::workers`](crate::RepoMapperBuilder::workers).
    #[must_use]
    pub fn workers(mut self, command: WorkerCommand) -> Self {
        self.workers = Some(command);
        self
    }

    /// The tags of files.
    pub fn tags(&self) -> &TagCache {
        &self.tags
    }

    /// The maps of requests.
    pub fn maps(&self) -> &MapCache {
        &self.maps
    }

    /// The rendered trees.
    pub fn trees(&self) -> &TreeCache {
        &self.trees
    }

    /// Why nothing is kept on disk although that was configured.
    pub fn notice(&self) -> Option<&str> {
        self.open.get().notice()
    }

    /// What had to be given up when this process opened the place, and where it is now.
    pub fn recovered(&self) -> Option<String> {
        let recovery = self.open.get().recovery()?;
        Some(format!("{}; moved to {}", recovery.reason, recovery.moved_to.display()))
    }

    /// Drops what the three caches have of a file.
    pub fn file_changed(&self, path: impl AsRef<Path>) {
        let path = path.as_ref();
        self.tags.invalidate(path);
        self.maps.invalidate_by_file(path);
        self.trees.invalidate(path);
    }

    /// Finds the tags of files in the background, on so many threads; 0 takes one a core. Files whose tags are there
    /// already cost a look.
    ///
    /// # Errors
    /// When the machine refuses threads.
    pub fn warm(
        &self,
        paths: impl IntoIterator<Item = impl Into<PathBuf>>,
        workers: usize,
    ) -> Result<Warming, Error> {
        let paths = paths.into_iter().map(Into::into).collect();
        let extractor = match &self.workers {
            Some(command) => Extractor::in_workers(command.clone()),
            None => Extractor::in_process(),
        };
        Warming::begin(self.open.clone(), extractor.speaking(self.languages.clone()), paths, workers)
    }

    /// What the caches hold and did since this process opened the place.
    pub fn statistics(&self) -> ManagerStatistics {
        ManagerStatistics::of(self.open.get())
    }

    /// Asks once whether memory is short, and shrinks or grows the memory tiers by one step; gives the part of their
    /// bounds that is in force now, from 0 to 1. The manager's own thread does this every five seconds.
    pub fn adapt(&self) -> f64 {
        self.policy.adapt()
    }

    /// Waits until everything that was set is committed.
    ///
    /// # Errors
    /// When the storage refused something since the last flush; that is lost.
    pub fn flush(&self) -> Result<(), Error> {
        self.open.get().store().flush().map_err(Error::of_storage)
    }

    /// Writes what is pending and gives the caches up. Dropping it does the same and says nothing.
    ///
    /// # Errors
    /// As [`flush`](Self::flush).
    pub fn close(self) -> Result<(), Error> {
        self.flush()
    }
}

impl Drop for CacheManager {
    fn drop(&mut self) {
        // A fork has no such thread to wait for, and the lock may have been the thread's.
        if std::process::id() != self.process {
            return;
        }
        *self.policy.is_closing.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.policy.closing.notify_all();
        if let Some(watch) = self.watch.take() {
            // What it did is done; a panic of a foreign policy has been reported by the panic hook.
            let _ = watch.join();
        }
    }
}

impl std::fmt::Debug for CacheManager {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CacheManager").finish_non_exhaustive()
    }
}

impl Policy {
    fn adapt(&self) -> f64 {
        let before = self.sixteenths.load(Ordering::Relaxed);
        let after = match self.source.pressure() {
            Pressure::High => (before / 2).max(1),
            Pressure::Normal => (before * 2).min(WHOLE),
        };
        if after != before {
            tracing::debug!(target: "repo_map_cache", sixteenths = after, "memory tiers resized");
            self.open.get().set_share(after);
            self.sixteenths.store(after, Ordering::Relaxed);
        }
        after as f64 / WHOLE as f64
    }
}

fn watch(policy: Arc<Policy>) -> Result<JoinHandle<()>, Error> {
    let work = move || {
        let mut is_closing = policy.is_closing.lock().unwrap_or_else(PoisonError::into_inner);
        while !*is_closing {
            let (guard, waited) =
                policy.closing.wait_timeout(is_closing, INTERVAL).unwrap_or_else(PoisonError::into_inner);
            is_closing = guard;
            if waited.timed_out() && !*is_closing {
                policy.adapt();
            }
        }
    };
    start_thread(Builder::new().name("cache-pressure".to_owned()), work).map_err(Error::of_thread)
}
