use std::path::Path;
use std::sync::Arc;

use repo_map_cache_core::Key;

use super::asked::asked;
use super::handle::Handle;
use super::hashing::KeyHasher;
use super::name::Name;
use super::tag::{Tag, Tags};
use super::view::view;

/// The tags of files, never of a file as it was: an edited file is a miss, a touched but equal one a hit.
///
/// ```
/// use repo_map_cache::{CacheConfig, Tag, TagCache, TagKind};
///
/// let cache = TagCache::open(&CacheConfig::in_memory())?;
/// cache.set("core.py", &[Tag::new("Engine", TagKind::Definition, 0)]);
/// assert_eq!(cache.get("core.py").as_deref(), Some(&[Tag::new("Engine", TagKind::Definition, 0)][..]));
/// # Ok::<(), repo_map_cache::Error>(())
/// ```
///
/// A lookup costs a `stat`; the file is read where that does not prove it unchanged. A path that is no file is a plain key.
/// Tags belong to the file as it is when they are set: a caller who tags a file that somebody is writing can use
/// [`get_or_compute`](Self::get_or_compute), which looks at the file before it computes.
#[derive(Clone)]
pub struct TagCache {
    pub(super) open: Handle,
}

impl TagCache {
    /// The tags of a path.
    pub fn get(&self, path: impl AsRef<Path>) -> Option<Tags> {
        let _asked = asked(path.as_ref());
        let source = self.open.get().sources.look(path.as_ref())?;
        self.open.get().tags.get(&key(path.as_ref()), source.fingerprint())
    }

    /// Keeps the tags of a path, none of them too. Nothing is kept for a file that cannot be read.
    pub fn set(&self, path: impl AsRef<Path>, tags: &[Tag]) {
        if let Some(source) = self.open.get().sources.look(path.as_ref()) {
            self.open.get().tags.put(key(path.as_ref()), source.fingerprint(), Arc::from(tags), &[]);
        }
    }

    /// The tags of a path, computed if they are not there: once, however many threads ask at the same time.
    ///
    /// # Errors
    /// The computation's own; it is not kept.
    pub fn get_or_compute<E>(
        &self,
        path: impl AsRef<Path>,
        compute: impl FnOnce() -> Result<Vec<Tag>, E>,
    ) -> Result<Tags, E> {
        let path = path.as_ref();
        let _asked = asked(path);
        match self.open.get().sources.look(path) {
            Some(source) => {
                let compute = || compute().map(Tags::from);
                self.open.get().tags.get_or_compute(&key(path), source.fingerprint(), &[], compute)
            }
            None => compute().map(Tags::from),
        }
    }

    /// Drops the tags of a path.
    pub fn invalidate(&self, path: impl AsRef<Path>) {
        self.open.get().tags.invalidate(&key(path.as_ref()));
    }
}

view!(TagCache, tags);

fn key(path: &Path) -> Key {
    KeyHasher::new("repo-map-cache 1 tags of a path").part(Name::of(path)).key()
}
