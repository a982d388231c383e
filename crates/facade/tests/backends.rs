//! The risk: a caller's own storage is not used, or used in another way than the cache's own.

use std::fs;
use std::sync::Arc;

use repo_map_cache::{
    CacheConfig, CacheManager, MapRequest, RepoMapper, StorageBackend, Tag, TagCache, TagKind,
};
use repo_map_cache_core::MemoryBackend;

#[test]
fn mappers_share_the_storage_that_they_are_given() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("core.py"), "class Engine:\n    def start(self):\n        return 1\n")
        .unwrap();
    let backend: Arc<dyn StorageBackend> = Arc::new(MemoryBackend::new());
    let mapper = || RepoMapper::builder(root.path()).backend(backend.clone()).build().unwrap();
    let request = MapRequest::new(500).task("start the engine");
    let first = mapper().map(&request).unwrap();
    assert_eq!((first.cache.hits, first.cache.misses), (0, 1));
    let second = mapper().map(&request).unwrap();
    assert_eq!((second.cache.hits, second.cache.misses, second.cache.map_hit), (1, 0, true));
    assert_eq!(first.text, second.text);
    let elsewhere = RepoMapper::builder(root.path()).build().unwrap().map(&request).unwrap();
    assert_eq!(elsewhere.text, first.text);
}

#[test]
fn typed_caches_on_one_backend_are_one_cache() {
    let backend: Arc<dyn StorageBackend> = Arc::new(MemoryBackend::new());
    let config = CacheConfig::in_memory();
    let tags = TagCache::on(&backend, &config).unwrap();
    let manager = CacheManager::on(&backend, &config).unwrap();
    let of_main = [Tag::new("main", TagKind::Definition, 3)];
    tags.set("a.py", &of_main);
    assert_eq!(manager.tags().get("a.py").as_deref(), Some(&of_main[..]));
    manager.file_changed("a.py");
    assert_eq!(tags.get("a.py"), None, "no handle has a memory of its own");
    tags.set("a.py", &of_main);
    drop((tags, manager));
    // What is kept is in the backend.
    let again = TagCache::on(&backend, &config).unwrap();
    assert_eq!(again.get("a.py").as_deref(), Some(&of_main[..]));
}
