use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use repo_map_cache_core::{Key, Tag as Mark};

use super::asked::asked;
use super::handle::Handle;
use super::hashing::KeyHasher;
use super::name::Name;
use super::view::view;

/// Rendered trees: the text of a file's lines of interest in their context.
///
/// ```
/// use repo_map_cache::{CacheConfig, TreeCache};
///
/// let cache = TreeCache::open(&CacheConfig::in_memory())?;
/// cache.set("core.py", [2, 1], "│class Engine:\n");
/// assert_eq!(cache.get("core.py", [1, 2]).as_deref(), Some("│class Engine:\n"));
/// assert_eq!(cache.get("core.py", [1]), None);
/// # Ok::<(), repo_map_cache::Error>(())
/// ```
///
/// A tree belongs to the file's content, as tags do: see [`TagCache`](crate::TagCache).
#[derive(Clone)]
pub struct TreeCache {
    open: Handle,
}

impl TreeCache {
    /// The tree of a file for a set of lines, in any order.
    pub fn get(&self, path: impl AsRef<Path>, lines: impl IntoIterator<Item = u32>) -> Option<Arc<str>> {
        let _asked = asked(path.as_ref());
        let source = self.open.get().sources.look(path.as_ref())?;
        self.open.get().trees.get(&key(path.as_ref(), lines), source.fingerprint())
    }

    /// Keeps the tree of a file for a set of lines. Nothing is kept for a file that cannot be read.
    pub fn set(
        &self,
        path: impl AsRef<Path>,
        lines: impl IntoIterator<Item = u32>,
        tree: impl Into<Arc<str>>,
    ) {
        let path = path.as_ref();
        if let Some(source) = self.open.get().sources.look(path) {
            self.open.get().trees.put(key(path, lines), source.fingerprint(), tree.into(), &[mark(path)]);
        }
    }

    /// Drops every tree of a file; gives their number.
    pub fn invalidate(&self, path: impl AsRef<Path>) -> usize {
        self.open.get().trees.invalidate_by_tag(mark(path.as_ref()))
    }
}

view!(TreeCache, trees);

fn mark(path: &Path) -> Mark {
    Mark::of(Name::of(path))
}

fn key(path: &Path, lines: impl IntoIterator<Item = u32>) -> Key {
    let lines: BTreeSet<u32> = lines.into_iter().collect();
    let hasher = KeyHasher::new("repo-map-cache 1 tree of a path").part(Name::of(path));
    hasher.list(lines.iter().map(|line| line.to_le_bytes())).key()
}
