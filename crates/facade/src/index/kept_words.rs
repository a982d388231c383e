//! The words of a tree beside its index in the store: a table of their files, and parts of which a task reads those of its words.

use std::fmt;
use std::sync::Arc;

use repo_map_cache_core::Key;
use repo_map_files::StatFingerprint;
use repo_map_lexical::{FileWords, Index as Lexical, KeptWords};
use repo_map_model::RepoPath;

use super::IndexedFile;
use super::archive::record::{ArchivedTableRecord, TableRecord};
use super::archive::{FRESH, WORTH_IT};
use super::words::{KeptParts, Known, TreeWords};
use crate::cache::KeyHasher;
use crate::store::TagStore;

/// Of a file that is not a text: its content is told by the index.
const NO_STAT: StatFingerprint = StatFingerprint { size: 0, mtime_ns: 0, ctime_ns: 0, inode: 0 };

/// Where entries are read from.
#[derive(Clone)]
struct Parts {
    store: TagStore,
    keys: KeptParts,
}

impl KeptWords for Parts {
    fn part(&self, part: u32, read: &mut dyn FnMut(&[u8])) {
        if let Some(key) = self.keys.get(1 + part as usize) {
            self.store.kept_index(key, read);
        }
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Parts").field(&self.keys.len()).finish()
    }
}

/// Another place for each place of an index and each version of the words.
fn place_of_words(place: &Key) -> Key {
    KeyHasher::new("repo-map-cache 1 words of a tree")
        .part(env!("CARGO_PKG_VERSION"))
        .part(env!("REPO_MAP_BUILD"))
        .part(FileWords::FORMAT.to_le_bytes())
        .part(place.as_bytes())
        .key()
}

impl TreeWords {
    /// Those that were kept beside the index of a place, or none.
    pub(crate) fn kept(store: &TagStore, place: &Key) -> Arc<Self> {
        Self::restore(store, place).unwrap_or_default().into()
    }

    fn restore(store: &TagStore, place: &Key) -> Option<Self> {
        let (files, keys) = store.kept_index(&place_of_words(place), |bytes| {
            let table = ArchivedTableRecord::access(bytes)?;
            let keys = table.names.iter().chain(table.rows.iter().map(|of| &of.0)).map(|key| Key::new(*key));
            Some((table.files(store)?, keys.collect::<KeptParts>()))
        })??;
        let parts = Parts { store: store.clone(), keys: keys.clone() };
        let paths: Vec<RepoPath> = files.iter().map(|(path, _)| path.clone()).collect();
        let lexical =
            store.kept_index(keys.first()?, |table| Lexical::restore(paths, table, Arc::new(parts)))??;
        let known = files.into_iter().map(|(path, file)| {
            let text = (file.recorded_ns != 0).then_some((file.stat, file.recorded_ns));
            (path, Known { identity: file.identity, text })
        });
        let mut words = Self::default();
        (words.lexical, words.known, words.kept) = (lexical, known.collect(), keys);
        Some(words)
    }

    /// Keeps them, if those that are kept are not much like them.
    pub(crate) fn keep(&self, store: &TagStore, place: &Key) {
        if let Some(again) = self.again.get() {
            return again.keep(store, place);
        }
        let is_worth_it = self.known.len() >= WORTH_IT && self.changed * FRESH > self.known.len();
        if !is_worth_it || !self.is_whole || self.lexical.len() != self.known.len() {
            return;
        }
        let mut table = TableRecord::default();
        let mut languages = Vec::new();
        for (path, Known { identity, text }) in &self.known {
            let (stat, recorded_ns) = text.unwrap_or((NO_STAT, 0));
            let file = IndexedFile::untagged(stat, recorded_ns, *identity);
            table.push(path, &file, &mut languages);
        }
        table.languages = languages.iter().map(|language| language.id().to_owned()).collect();
        let mut keys = Vec::with_capacity(1 + Lexical::PARTS as usize);
        let mut put = |bytes: &[u8]| {
            let hasher =
                KeyHasher::new("repo-map-cache 1 part of the words of a tree").part(place.as_bytes());
            let key = hasher.part(bytes).key();
            keys.push(key);
            self.kept.contains(&key) || store.keep_index(key, bytes)
        };
        let lengths = self.lexical.keep(|_, part| put(part));
        if !lengths.is_some_and(|lengths| put(&lengths)) {
            return;
        }
        keys.rotate_right(1);
        let (lengths, parts) = keys.split_at(1);
        table.names = lengths.iter().map(|key| *key.as_bytes()).collect();
        table.rows = parts.iter().map(|key| (*key.as_bytes(), 0)).collect();
        if store.keep_index(place_of_words(place), &table.to_bytes()) {
            self.kept.iter().filter(|key| !keys.contains(key)).for_each(|gone| store.forget_index(*gone));
        }
    }
}
