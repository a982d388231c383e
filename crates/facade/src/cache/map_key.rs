use std::collections::BTreeSet;
use std::path::Path;

use repo_map_cache_core::{Key, Tag as Mark};

use super::hashing::KeyHasher;
use super::name::Name;

/// What a map was asked for. Sets, so the order in which a caller found the names does not matter.
///
/// Alone it does not say which state of the files the map was made from: [`MapCache`](crate::MapCache) trusts its caller
/// to invalidate what has changed. [`RepoMapper`](crate::RepoMapper) adds the digest of the tree and every option.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

    pub(super) fn key(&self) -> Key {
        KeyHasher::new("repo-map-cache 1 map key")
            .list(self.chat_files.iter())
            .list(self.other_files.iter())
            .part((self.max_tokens as u64).to_le_bytes())
            .list(self.mentioned_fnames.iter())
            .list(self.mentioned_idents.iter())
            .key()
    }

    /// What the map can be invalidated by: its chat and other files.
    pub(super) fn marks(&self) -> Vec<Mark> {
        let files = self.chat_files.iter().chain(&self.other_files);
        files.map(|file| Mark::of(Name::of(Path::new(file)))).collect()
    }
}
