use std::path::Path;
use std::sync::Arc;

use repo_map_cache_core::{Request, Tag as Mark};

use super::handle::Handle;
use super::keyspaces::LAYOUT;
use super::map_key::MapCacheKey;
use super::map_record::MapRecord;
use super::name::Name;
use super::view::view;

/// Maps under what they were asked for.
///
/// ```
/// use repo_map_cache::{CacheConfig, MapCache, MapCacheKey};
///
/// let cache = MapCache::open(&CacheConfig::in_memory())?;
/// let key = MapCacheKey::new(["app.py"], ["core.py"], 1024);
/// cache.set(&key, "core.py:\n│class Engine:\n");
/// assert_eq!(cache.get(&key).as_deref(), Some("core.py:\n│class Engine:\n"));
/// assert_eq!(cache.invalidate_by_file("core.py"), 1);
/// assert_eq!(cache.get(&key), None);
/// # Ok::<(), repo_map_cache::Error>(())
/// ```
///
/// It does not look at the files: see [`MapCacheKey`].
#[derive(Clone)]
pub struct MapCache {
    open: Handle,
}

impl MapCache {
    /// The map of a key.
    pub fn get(&self, key: &MapCacheKey) -> Option<Arc<str>> {
        self.open.get().maps.get(&key.key(), LAYOUT).map(|map| map.text.clone())
    }

    /// The maps of many keys, in their order: one read transaction for all.
    pub fn get_many(&self, keys: &[MapCacheKey]) -> Vec<Option<Arc<str>>> {
        let requests: Vec<Request> =
            keys.iter().map(|key| Request { key: key.key(), fingerprint: LAYOUT }).collect();
        let found = self.open.get().maps.get_many(&requests).into_iter();
        found.map(|map| map.map(|map| map.text.clone())).collect()
    }

    /// Keeps a map. Writes one row of the index for each chat and other file of the key.
    pub fn set(&self, key: &MapCacheKey, map: impl Into<Arc<str>>) {
        let record = Arc::new(MapRecord { text: map.into(), drawn: None });
        self.open.get().maps.put(key.key(), LAYOUT, record, &key.marks());
    }

    /// Drops the map of a key.
    pub fn invalidate(&self, key: &MapCacheKey) {
        self.open.get().maps.invalidate(&key.key());
    }

    /// Drops every map whose chat or other files name the file; gives their number.
    pub fn invalidate_by_file(&self, path: impl AsRef<Path>) -> usize {
        self.open.get().maps.invalidate_by_tag(Mark::of(Name::of(path.as_ref())))
    }
}

view!(MapCache, maps);
