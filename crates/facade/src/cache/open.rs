//! What is open of a directory: the store and the typed tiers over it, one set a directory a process.

use std::sync::Arc;

use repo_map_cache_core::{
    Key, MemoryBackend, MemoryBounds, StorageBackend, Store, StoreOptions, TieredCache,
};

use super::durable::{self, Opened, Recovery};
use super::failures::FailureLog;
use super::keyspaces::{
    ACTIVITY, FILE_RECORDS, KEYSPACES, MAPS, MAPS_OF_FILES, ROWS, TAG_LISTS, TREES, TREES_OF_FILES,
};
use super::map_record::{MapCodec, MapRecord};
use super::place::{Opening, Place, Places};
use super::sources::{FileRecordCodec, Sources};
use super::tag::{TagCodec, Tags};
use super::tree_codec::TreeCodec;
use crate::config::CacheConfig;
use crate::error::{Error, ErrorKind};
use crate::shared::Shared;
use crate::threads;

/// The tiers of one directory, or of one place in memory.
pub(crate) struct OpenCache {
    pub(super) tags: TieredCache<Tags>,
    pub(super) maps: TieredCache<Arc<MapRecord>>,
    pub(super) trees: TieredCache<Arc<str>>,
    pub(super) sources: Sources,
    store: Arc<Store>,
    shared: Option<Arc<Shared>>,
    failures: FailureLog,
    bounds: MemoryBounds,
    /// What was configured when it was opened.
    configured: Bounds,
    notice: Option<String>,
    notice_of_shared: Option<String>,
    recovery: Option<Recovery>,
}

/// What the first handle of a place decides for all.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Bounds {
    max_size_mb: u64,
    l1_max_items: u64,
    l1_max_mb: u64,
}

impl Bounds {
    fn of(config: &CacheConfig) -> Self {
        let CacheConfig { max_size_mb, l1_max_items, l1_max_mb, .. } = *config;
        Self { max_size_mb, l1_max_items, l1_max_mb }
    }
}

static OPEN: Places<OpenCache> = Places::new();

impl OpenCache {
    /// What is configured; what this process has open of that directory already, with the bounds that it was opened with.
    /// A directory that cannot be used is replaced by memory, and the notice says why.
    pub(crate) fn open(config: &CacheConfig) -> Result<Arc<Self>, Error> {
        Self::open_with(config, false)
    }

    /// As [`open`](Self::open), with the structure of the store read as a whole, unless somebody has it open already.
    #[cfg(feature = "lmdb")]
    pub(crate) fn open_checked(config: &CacheConfig) -> Result<Arc<Self>, Error> {
        Self::open_with(config, true)
    }

    fn open_with(config: &CacheConfig, always_checks: bool) -> Result<Arc<Self>, Error> {
        config.check()?;
        let Some(directory) = &config.cache_dir else { return Self::in_memory(config) };
        OPEN.opened(Place::of_directory(directory), || {
            match durable::open(directory, config, always_checks) {
                Ok(Opened { backend, recovery, notice }) => {
                    Self::new(config, backend, notice, recovery).map(Arc::new).map(Opening::Shared)
                }
                Err(error) => {
                    let notice = format!(
                        "the cache in {} cannot be used, so nothing is kept for the next run: {error}",
                        directory.display()
                    );
                    Self::new(config, in_memory(config), Some(notice), None).map(Arc::new).map(Opening::Own)
                }
            }
        })
    }

    /// What is kept in memory, for one user.
    pub(crate) fn in_memory(config: &CacheConfig) -> Result<Arc<Self>, Error> {
        Self::new(config, in_memory(config), None, None).map(Arc::new)
    }

    /// What is kept in a caller's own storage; what this process has open of it already, with the bounds that it was opened with.
    pub(crate) fn over(backend: &Arc<dyn StorageBackend>, config: &CacheConfig) -> Result<Arc<Self>, Error> {
        config.check()?;
        let open = || Self::new(config, backend.clone(), None, None).map(Arc::new).map(Opening::Shared);
        OPEN.opened(Place::of_backend(backend), open)
    }

    /// What has room in memory alone and starts no thread, so that nothing can refuse it.
    pub(super) fn without_store(config: &CacheConfig) -> Self {
        let store = Store::reading(in_memory(config), KEYSPACES);
        Self::over_store(config, store, None, None)
    }

    fn new(
        config: &CacheConfig,
        backend: Arc<dyn StorageBackend>,
        notice: Option<String>,
        recovery: Option<Recovery>,
    ) -> Result<Self, Error> {
        let mut options = StoreOptions::default();
        options.start_thread = threads::START;
        let store = Store::new(backend, KEYSPACES, options)
            .map_err(|error| Error::new(ErrorKind::Resources, error.to_string()).caused_by(error))?;
        Ok(Self::over_store(config, store, notice, recovery))
    }

    fn over_store(
        config: &CacheConfig,
        store: Store,
        notice: Option<String>,
        recovery: Option<Recovery>,
    ) -> Self {
        let store = Arc::new(store);
        // Each of the four has a quarter of the bytes.
        let bounds = MemoryBounds { items: config.l1_max_items, bytes: config.l1_max_mb << 18 };
        let tags = TieredCache::new(store.clone(), TAG_LISTS, TagCodec, bounds);
        let maps = TieredCache::new(store.clone(), MAPS, MapCodec, bounds).with_tags(MAPS_OF_FILES);
        let trees = TieredCache::new(store.clone(), TREES, TreeCodec, bounds).with_tags(TREES_OF_FILES);
        let sources = Sources::new(TieredCache::new(store.clone(), FILE_RECORDS, FileRecordCodec, bounds));
        let failures = FailureLog::default();
        let configured = Bounds::of(config);
        let (shared, notice_of_shared) = Shared::open(config);
        Self {
            tags,
            maps,
            trees,
            sources,
            store,
            shared,
            failures,
            bounds,
            configured,
            notice,
            notice_of_shared,
            recovery,
        }
    }

    /// What is to be said where it was opened with other bounds than these: they are not in force.
    pub(crate) fn other_bounds(&self, config: &CacheConfig) -> Option<String> {
        let (own, wanted) = (self.configured, Bounds::of(config));
        (own != wanted).then(|| {
            format!(
                "this process has the cache open with other bounds, and they hold: max_size_mb = {}, l1_max_items = {}, l1_max_mb = {}",
                own.max_size_mb, own.l1_max_items, own.l1_max_mb
            )
        })
    }

    /// Itself, unless it was opened with other bounds.
    pub(super) fn with_bounds_of(self: Arc<Self>, config: &CacheConfig) -> Result<Arc<Self>, Error> {
        match self.other_bounds(config) {
            Some(line) => Err(Error::new(ErrorKind::Misconfigured, line)),
            None => Ok(self),
        }
    }

    pub(crate) fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// Says for which tree all is from now on.
    pub(crate) fn begin_run(&self, tree: &Key) {
        self.store.begin_run(tree);
        ROWS.iter().for_each(|row| self.store.mark(ACTIVITY, row, true));
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

    /// The cache that machines share.
    pub(crate) fn shared(&self) -> Option<&Shared> {
        self.shared.as_deref()
    }

    /// Why a shared cache cannot be used.
    pub(crate) fn notice_of_shared(&self) -> Option<&str> {
        self.notice_of_shared.as_deref()
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

/// What takes the place of a directory. Memory is dearer than disk: it has an eighth of the bytes.
fn in_memory(config: &CacheConfig) -> Arc<MemoryBackend> {
    let megabytes = if config.max_size_mb == 0 { 1024 } else { config.max_size_mb };
    Arc::new(MemoryBackend::bounded(megabytes << 17))
}
