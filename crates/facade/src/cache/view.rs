//! What all typed caches can do, whatever they hold.

/// Gives a typed cache, a struct with the one field `open`, the operations of a tiered cache.
macro_rules! view {
    ($cache:ident, $tier:ident) => {
        impl $cache {
            /// Opens the cache of a configuration. All handles of one directory in one process share one cache. If the directory
            /// cannot be used, values are kept in memory; see [`notice`](Self::notice).
            ///
            /// # Errors
            /// When the configuration makes no sense or has other bounds than the handles that this process has of the place, and when
            /// the machine refuses a thread.
            pub fn open(config: &$crate::CacheConfig) -> Result<Self, $crate::Error> {
                $crate::cache::Handle::open(config).map(Self::of)
            }

            /// The cache in storage of the caller's own: see [`RepoMapperBuilder::backend`]($crate::RepoMapperBuilder::backend).
            ///
            /// # Errors
            /// As [`open`](Self::open).
            pub fn on(
                backend: &Arc<dyn repo_map_cache_core::StorageBackend>,
                config: &$crate::CacheConfig,
            ) -> Result<Self, $crate::Error> {
                $crate::cache::Handle::over(backend, config).map(Self::of)
            }

            pub(super) fn of(open: $crate::cache::Handle) -> Self {
                Self { open }
            }

            /// Why nothing is kept on disk although that was configured.
            pub fn notice(&self) -> Option<&str> {
                self.open.get().notice()
            }

            /// Statistics of requests and tiers since this process opened the cache.
            pub fn statistics(&self) -> $crate::CacheStatistics {
                let open = self.open.get();
                $crate::CacheStatistics::of(&open.$tier, open.store())
            }

            /// Changes the limit of values in memory. Values over it are evicted from memory and stay on disk.
            pub fn resize(&self, items: u64) {
                let bytes = self.open.get().bounds().bytes;
                self.open.get().$tier.memory().resize(repo_map_cache_core::MemoryBounds { items, bytes });
            }

            /// Evicts values from memory until `items` are left. They stay on disk.
            pub fn evict_to(&self, items: u64) {
                let memory = self.open.get().$tier.memory();
                memory.evict(memory.statistics().items.saturating_sub(items));
            }

            /// Waits until everything that was set is committed.
            ///
            /// # Errors
            /// When the storage refused something since the last flush; that is lost.
            pub fn flush(&self) -> Result<(), $crate::Error> {
                self.open.get().$tier.flush().map_err($crate::Error::of_storage)
            }

            /// Flushes and drops the handle. Dropping it flushes too, without reporting an error.
            ///
            /// # Errors
            /// As [`flush`](Self::flush).
            pub fn close(self) -> Result<(), $crate::Error> {
                self.flush()
            }
        }

        impl std::fmt::Debug for $cache {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($cache)).finish_non_exhaustive()
            }
        }
    };
}

pub(super) use view;
