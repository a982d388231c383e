use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use repo_map_cache_core::{Key, Tag as Mark};

use super::hashing::KeyHasher;
use super::name::Name;

/// What a map was asked for. Sets, so the order in which a caller found the names does not matter.
///
/// Alone it does not say which state of the files the map was made from: [`MapCache`](crate::MapCache) trusts its caller
/// to invalidate what has changed. [`RepoMapper`](crate::RepoMapper) adds the digest of the tree and every option.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct MapCacheKey {
    /// Files that the caller shows in full.
    pub chat_files: BTreeSet<String>,
    /// The other files that the map may show.
    pub other_files: BTreeSet<String>,
    /// The token budget.
    pub max_tokens: usize,
    /// Files that the conversation names.
    pub mentioned_fnames: BTreeSet<String>,
    /// Identifiers that the conversation names.
    pub mentioned_idents: BTreeSet<String>,
    /// The folder of the project: one store holds the maps of many, and the names above may be relative. The folder that the process
    /// stood in when the key was made, unless it is [set](Self::root).
    pub root: PathBuf,
}

/// A key of no files, in the folder that the process stands in.
impl Default for MapCacheKey {
    fn default() -> Self {
        Self {
            chat_files: BTreeSet::new(),
            other_files: BTreeSet::new(),
            max_tokens: 0,
            mentioned_fnames: BTreeSet::new(),
            mentioned_idents: BTreeSet::new(),
            root: std::env::current_dir().unwrap_or_default(),
        }
    }
}

impl MapCacheKey {
    /// A key of these files and this budget, with nothing mentioned.
    pub fn new<C: Into<String>, O: Into<String>>(
        chat_files: impl IntoIterator<Item = C>,
        other_files: impl IntoIterator<Item = O>,
        max_tokens: usize,
    ) -> Self {
        Self {
            chat_files: chat_files.into_iter().map(Into::into).collect(),
            other_files: other_files.into_iter().map(Into::into).collect(),
            max_tokens,
            ..Self::default()
        }
    }

    /// The same for the project in another folder.
    #[must_use]
    pub fn root(mut self, root: impl Into<PathBuf>) -> Self {
        self.root = root.into();
        self
    }

    pub(super) fn key(&self) -> Key {
        KeyHasher::new("repo-map-cache 2 map key")
            .list(self.chat_files.iter())
            .list(self.other_files.iter())
            .part((self.max_tokens as u64).to_le_bytes())
            .list(self.mentioned_fnames.iter())
            .list(self.mentioned_idents.iter())
            .part(self.root.as_os_str().as_encoded_bytes())
            .key()
    }

    /// What the map can be invalidated by: its chat and other files.
    pub(super) fn marks(&self) -> Vec<Mark> {
        let files = self.chat_files.iter().chain(&self.other_files);
        files.map(|file| Mark::of(Name::of(Path::new(file)))).collect()
    }
}
