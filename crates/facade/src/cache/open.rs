//! What is open of a directory: the store and the typed tiers over it, one set a directory a process.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use repo_map_cache_core::{
    Fingerprint, Key, Keyspace, MemoryBackend, MemoryBounds, PerProcess, StorageBackend, Store, StoreOptions,
    TieredCache,
};
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions, Recovery, default_max_size};
use repo_map_tags::hold_forks;

use super::activity::{self, ACTIVITY};
use super::failures::FailureLog;
use super::map_record::{MapCodec, MapRecord};
use super::sources::{FileRecordCodec, Sources};
use super::tag::{TagCodec, Tags};
use super::tree_cache::TreeCodec;
use crate::config::CacheConfig;
use crate::error::{Error, ErrorKind};
use crate::store::{FILES, HISTORY, TAGS, WORDS};

/// The version of the layouts that the typed caches store. Raise it with every change of a field.
pub(crate) const LAYOUT: Fingerprint = Fingerprint::new(1);

/// Tags that were set for a path.
pub(super) const TAG_LISTS: Keyspace = Keyspace::new("tag-lists");
/// Maps, under their request.
pub(super) const MAPS: Keyspace = Keyspace::new("maps");
/// The maps that name a file.
const MAPS_OF_FILES: Keyspace = Keyspace::new("maps-of-files");
/// Rendered trees, under their file and lines.
pub(super) const TREES: Keyspace = Keyspace::new("trees");
/// The trees of a file.
const TREES_OF_FILES: Keyspace = Keyspace::new("trees-of-files");
/// What paths were that values were stored for.
pub(super) const FILE_RECORDS: Keyspace = Keyspace::new("sources");

/// Every keyspace of a directory. All handles name the same: the size limit counts what is named.
pub(crate) const KEYSPACES: &[Keyspace] = &[
    TAGS,
    FILES,
    WORDS,
    HISTORY,
    TAG_LISTS,
    MAPS,
    MAPS_OF_FILES,
    TREES,
    TREES_OF_FILES,
    FILE_RECORDS,
    ACTIVITY,
];

/// Those whose entries are small beside the work that they save, so that they go last.
const LAST_TO_GO: &[Keyspace] = &[FILES, HISTORY, MAPS, FILE_RECORDS, ACTIVITY];

/// The tiers of one directory, or of one place in memory.
pub(crate) struct OpenCache {
    pub(super) tags: TieredCache<Tags>,
    pub(super) maps: TieredCache<Arc<MapRecord>>,
    pub(super) trees: TieredCache<Arc<str>>,
    pub(super) sources: Sources,
    store: Arc<Store>,
    failures: FailureLog,
    bounds: MemoryBounds,
    notice: Option<String>,
    recovery: Option<Recovery>,
}

/// What this process has open. A fork has nothing open: what it inherits answers to its parent.
static OPEN: PerProcess<Mutex<Places>> = PerProcess::new();

/// By canonical directory.
type Places = HashMap<PathBuf, Weak<OpenCache>>;

impl OpenCache {
    /// What is configured; what this process has open of that directory already, with the bounds that it was opened with.
    /// A directory that cannot be used is replaced by memory, and the notice says why.
    pub(crate) fn open(config: &CacheConfig) -> Result<Arc<Self>, Error> {
        Self::open_with(config, &lmdb_options(config))
    }

    /// As [`open`](Self::open), with the structure of the store read as a whole, unless somebody has it open already.
    pub(crate) fn open_checked(config: &CacheConfig) -> Result<Arc<Self>, Error> {
        let mut options = lmdb_options(config);
        options.always_checks = true;
        Self::open_with(config, &options)
    }

    fn open_with(config: &CacheConfig, options: &LmdbOptions) -> Result<Arc<Self>, Error> {
        config.check()?;
        let Some(directory) = &config.cache_dir else {
            return Self::new(config, in_memory(config), None, None).map(Arc::new);
        };
        let mut open = OPEN.get(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, cache| cache.strong_count() > 0);
        let known = |open: &Places| open.get(&place(directory)?)?.upgrade();
        if let Some(cache) = known(&open) {
            return Ok(cache);
        }
        match hold_forks(|| LmdbBackend::open(directory, options)) {
            Ok(backend) => {
                let recovery = backend.recovery().cloned();
                let cache = Arc::new(Self::new(config, Arc::new(backend), None, recovery)?);
                if let Some(place) = place(directory) {
                    open.insert(place, Arc::downgrade(&cache));
                }
                Ok(cache)
            }
            Err(error) => {
                let notice = format!(
                    "the cache in {} cannot be used, so nothing is kept for the next run: {error}",
                    directory.display()
                );
                Self::new(config, in_memory(config), Some(notice), None).map(Arc::new)
            }
        }
    }

    fn new(
        config: &CacheConfig,
        backend: Arc<dyn StorageBackend>,
        notice: Option<String>,
        recovery: Option<Recovery>,
    ) -> Result<Self, Error> {
        let store = Store::new(backend, KEYSPACES, StoreOptions::default())
            .map_err(|error| Error::new(ErrorKind::Resources, error.to_string()))?;
        let store = Arc::new(store);
        // Each of the four has a quarter of the bytes.
        let bounds = MemoryBounds { items: config.l1_max_items, bytes: config.l1_max_mb << 18 };
        let tags = TieredCache::new(store.clone(), TAG_LISTS, TagCodec, bounds);
        let maps = TieredCache::new(store.clone(), MAPS, MapCodec, bounds).with_tags(MAPS_OF_FILES);
        let trees = TieredCache::new(store.clone(), TREES, TreeCodec, bounds).with_tags(TREES_OF_FILES);
        let sources = Sources::new(TieredCache::new(store.clone(), FILE_RECORDS, FileRecordCodec, bounds));
        let failures = FailureLog::default();
        Ok(Self { tags, maps, trees, sources, store, failures, bounds, notice, recovery })
    }

    pub(crate) fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// Says for which tree all is from now on.
    pub(crate) fn begin_run(&self, tree: &Key) {
        self.store.begin_run(tree);
        activity::ROWS.iter().for_each(|row| self.store.mark(ACTIVITY, row, true));
    }

    /// What could not be parsed in this process.
    pub(crate) fn failures(&self) -> &FailureLog {
        &self.failures
    }

    /// The maps of whole requests.
    pub(crate) fn maps(&self) -> &TieredCache<Arc<MapRecord>> {
        &self.maps
    }

    /// What the caller should know: why nothing is kept.
    pub(crate) fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    /// What was given up when the directory was opened.
    pub(crate) fn recovery(&self) -> Option<&Recovery> {
        self.recovery.as_ref()
    }

    /// Gives the memory tiers so many parts in 16 of their bounds.
    pub(super) fn set_share(&self, sixteenths: u64) {
        let part = |whole: u64| (whole / 16 * sixteenths + whole % 16 * sixteenths / 16).max(whole.min(1));
        let bounds = MemoryBounds { items: part(self.bounds.items), bytes: part(self.bounds.bytes) };
        self.tags.memory().resize(bounds);
        self.maps.memory().resize(bounds);
        self.trees.memory().resize(bounds);
        self.sources.cache().memory().resize(bounds);
    }

    /// What it keeps in memory, in bytes.
    pub(crate) fn memory(&self) -> u64 {
        let backend = self.store.backend();
        let of_backend = match backend.capabilities().durable {
            true => 0,
            false => KEYSPACES
                .iter()
                .filter_map(|keyspace| backend.usage(*keyspace).ok().flatten())
                .map(|usage| usage.bytes)
                .sum(),
        };
        let tiers = [
            self.tags.memory().statistics(),
            self.maps.memory().statistics(),
            self.trees.memory().statistics(),
            self.sources.cache().memory().statistics(),
        ];
        of_backend + tiers.iter().map(|tier| tier.bytes).sum::<u64>()
    }

    pub(super) fn bounds(&self) -> MemoryBounds {
        self.bounds
    }
}

impl Drop for OpenCache {
    fn drop(&mut self) {
        activity::record(self);
    }
}

/// What takes the place of a directory. Memory is dearer than disk: it has an eighth of the bytes.
fn in_memory(config: &CacheConfig) -> Arc<MemoryBackend> {
    let megabytes = if config.max_size_mb == 0 { 1024 } else { config.max_size_mb };
    Arc::new(MemoryBackend::bounded(megabytes << 17))
}

/// The place of a directory, if it is there.
fn place(directory: &Path) -> Option<PathBuf> {
    directory.canonicalize().ok()
}

pub(crate) fn lmdb_options(config: &CacheConfig) -> LmdbOptions {
    let mut options = LmdbOptions::new(KEYSPACES);
    options.last_to_go = LAST_TO_GO.to_vec();
    options.max_size = match (config.max_size_mb, &config.cache_dir) {
        (0, Some(directory)) => default_max_size(directory),
        (0, None) => options.max_size,
        (megabytes, _) => megabytes << 20,
    };
    options.trusts_owners = config.trusts_owners;
    options
}
