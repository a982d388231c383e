//! The facade's view of the cache: tags by content, files by path.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use repo_map_cache_core::{
    Fingerprint, Key, Keyspace, Lookup, Payload, Request, Shortage, Statistics, Store,
};
use repo_map_files::StatFingerprint;
use repo_map_lexical::FileWords;
use repo_map_model::{ContentHash, Interrupt, RepoPath};
use repo_map_tags::{Language, LanguageSet, Outcome};
use rkyv::util::AlignedVec;

use crate::cache::{FILES, HISTORY, INDEXES, OpenCache, TAGS, WORDS};
use crate::limits::Interrupted;
use crate::records::{ArchivedFileRecord, ArchivedTagRecord, FileRecord, LAYOUT};
use crate::shared::Shared;

/// So many lookups take less than a millisecond.
const PATIENCE: usize = 64;

/// The store of one mapper.
#[derive(Clone)]
pub(crate) struct TagStore {
    open: Arc<OpenCache>,
    /// Users may have queries of their own.
    set: Arc<LanguageSet>,
    /// Asked in place of the shared cache.
    packs: Option<Arc<Shared>>,
    /// Compared on each read: the records' layout and, for files, the table of languages.
    layout: Fingerprint,
    languages: Fingerprint,
}

/// The part of a file's identity that decides its tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Identity {
    pub(crate) content: ContentHash,
    /// `None` for content in no language of this build.
    pub(crate) language: Option<Language>,
}

impl TagStore {
    /// The view of what is open for who has these queries.
    pub(crate) fn speaking(open: Arc<OpenCache>, set: Arc<LanguageSet>) -> Self {
        let languages = languages(&set);
        Self { open, set, packs: None, layout: Fingerprint::new(u64::from(LAYOUT)), languages }
    }

    /// Changes when any language's extraction does.
    pub(crate) fn languages(&self) -> Fingerprint {
        self.languages
    }

    /// What it is a view of.
    pub(crate) fn open(&self) -> &OpenCache {
        &self.open
    }

    /// The same, asking packs in place of the cache that machines share.
    #[cfg(feature = "remote")]
    pub(crate) fn with_packs(self, packs: Arc<Shared>) -> Self {
        Self { packs: Some(packs), ..self }
    }

    /// The packs that are asked.
    #[cfg(feature = "remote")]
    pub(crate) fn packs(&self) -> Option<&Shared> {
        self.packs.as_deref()
    }

    /// The cache that machines share, or packs in its place.
    pub(crate) fn shared(&self) -> Option<&Shared> {
        self.packs.as_deref().or_else(|| self.open.shared())
    }

    /// Removes the tags of a content.
    pub(crate) fn forget_tags(&self, identity: Identity) {
        if let Some(language) = identity.language {
            self.store().delete(TAGS, tag_key(language, &identity.content));
        }
    }

    fn store(&self) -> &Store {
        self.open.store()
    }

    /// Says for which tree all is from now on: what it uses stays, what other trees left goes first.
    pub(crate) fn begin_run(&self, root: &Path) {
        let tree = history_key(root);
        self.open.begin_run(&tree);
        // Not each run reads it, and it is never out of date.
        self.store().mark(HISTORY, &tree, true);
    }

    /// Lets what was stored of a content go where room is short: no file has it any more.
    pub(crate) fn release(&self, identity: Identity) {
        if let Some(language) = identity.language {
            self.store().mark(TAGS, &tag_key(language, &identity.content), false);
        }
        self.store().mark(WORDS, &words_key(identity), false);
    }

    /// What is known of paths whose `stat` proves that they are unchanged; the visitor gets their index.
    pub(crate) fn known_files<'a>(
        &self,
        root: &Path,
        files: impl Iterator<Item = (&'a RepoPath, &'a StatFingerprint)>,
        interrupt: Interrupt<'_>,
        mut visit: impl FnMut(usize, Identity),
    ) -> Result<(), Interrupted> {
        let (requests, stats): (Vec<_>, Vec<_>) = files
            .map(|(path, stat)| (Request { key: file_key(root, path), fingerprint: self.languages }, stat))
            .unzip();
        self.get_many(FILES, &requests, interrupt, |index, lookup| {
            if let Lookup::Hit(payload) = lookup {
                in_place(&payload, |bytes| {
                    let record =
                        ArchivedFileRecord::access(bytes).filter(|record| record.proves(stats[index]));
                    if let Some(record) = record {
                        let language = self.set.by_id(record.language());
                        visit(index, Identity { content: record.content(), language });
                    }
                });
            }
        })
    }

    /// Looks many values up until nobody wants them any more.
    fn get_many(
        &self,
        keyspace: Keyspace,
        requests: &[Request],
        interrupt: Interrupt<'_>,
        mut visit: impl FnMut(usize, Lookup<'_>),
    ) -> Result<(), Interrupted> {
        let (mut looked, mut result) = (0_usize, Ok(()));
        self.store().get_many(keyspace, requests, |index, lookup| {
            looked += 1;
            if looked.is_multiple_of(PATIENCE) && interrupt.is_due() {
                result = Err(Interrupted);
                return ControlFlow::Break(());
            }
            visit(index, lookup);
            ControlFlow::Continue(())
        });
        result
    }

    /// Remembers what a path was, at a moment in nanoseconds since the epoch that is not after the `stat`.
    pub(crate) fn remember_file(
        &self,
        root: &Path,
        path: &RepoPath,
        stat: &StatFingerprint,
        recorded_ns: i64,
        identity: Identity,
    ) {
        let language = identity.language.map_or("", Language::id);
        let record = FileRecord::new(stat, recorded_ns, identity.content, language).to_bytes();
        self.store().put(FILES, file_key(root, path), self.languages, &record);
    }

    /// The archives of the stored tags of contents, read in place. The visitor gets the index; contents without tags are left out.
    pub(crate) fn known_tags(
        &self,
        contents: &[(Language, ContentHash)],
        interrupt: Interrupt<'_>,
        mut visit: impl FnMut(usize, &[u8]),
    ) -> Result<(), Interrupted> {
        let requests: Vec<_> = contents
            .iter()
            .map(|(language, content)| Request { key: tag_key(*language, content), fingerprint: self.layout })
            .collect();
        self.get_many(TAGS, &requests, interrupt, |index, lookup| {
            if let Lookup::Hit(payload) = lookup {
                in_place(&payload, |bytes| visit(index, bytes));
            }
        })
    }

    /// The content that a path was recorded with, whatever it is now.
    #[cfg(feature = "lmdb")]
    pub(crate) fn known_content(&self, root: &Path, path: &RepoPath) -> Option<ContentHash> {
        self.store().get(FILES, &file_key(root, path), self.languages, |lookup| match lookup {
            Lookup::Hit(payload) => payload.archived(ArchivedFileRecord::content),
            _ => None,
        })
    }

    /// The archive of one content's tags, copied.
    pub(crate) fn tags(&self, language: Language, content: &ContentHash) -> Option<AlignedVec> {
        self.store().get(TAGS, &tag_key(language, content), self.layout, |lookup| match lookup {
            Lookup::Hit(payload) => Some(copied(&payload)),
            _ => None,
        })
    }

    /// Stores the archive of one content's tags. False where there is no room for it.
    pub(crate) fn remember_tags(&self, language: Language, content: &ContentHash, record: &[u8]) -> bool {
        let outcome = ArchivedTagRecord::access(record).and_then(ArchivedTagRecord::outcome);
        if let Some(reason) = outcome.and_then(Outcome::skip_reason) {
            self.open.failures().note(language, reason);
        }
        self.store().offer(TAGS, tag_key(language, content), self.layout, record)
    }

    /// The stored words of contents, read in place. The visitor gets the index; contents without words are left out.
    pub(crate) fn known_words(
        &self,
        contents: &[Identity],
        interrupt: Interrupt<'_>,
        mut visit: impl FnMut(usize, &[u8]),
    ) -> Result<(), Interrupted> {
        let requests: Vec<_> = contents
            .iter()
            .map(|identity| Request { key: words_key(*identity), fingerprint: words_format() })
            .collect();
        self.get_many(WORDS, &requests, interrupt, |index, lookup| {
            if let Lookup::Hit(payload) = lookup {
                visit(index, &payload);
            }
        })
    }

    /// The words of one content, copied.
    pub(crate) fn words(&self, identity: Identity) -> Option<Vec<u8>> {
        self.store().get(WORDS, &words_key(identity), words_format(), |lookup| match lookup {
            Lookup::Hit(payload) => Some(payload.to_vec()),
            _ => None,
        })
    }

    /// Stores the words of one content.
    pub(crate) fn remember_words(&self, identity: Identity, record: &[u8]) {
        self.store().put(WORDS, words_key(identity), words_format(), record);
    }

    /// The stored git log of a root, of whatever commit, in a format.
    #[cfg(feature = "git")]
    pub(crate) fn history(&self, root: &Path, format: u32) -> Option<Vec<u8>> {
        let format = Fingerprint::new(u64::from(format));
        self.store().get(HISTORY, &history_key(root), format, |lookup| match lookup {
            Lookup::Hit(payload) => Some(payload.to_vec()),
            _ => None,
        })
    }

    /// Stores the git log of a root in place of an earlier one.
    #[cfg(feature = "git")]
    pub(crate) fn remember_history(&self, root: &Path, format: u32, record: &[u8]) {
        self.store().put(HISTORY, history_key(root), Fingerprint::new(u64::from(format)), record);
    }

    /// Hands over a part of an index that is kept, aligned as an archive has to be.
    pub(crate) fn kept_index<R>(&self, key: &Key, visit: impl FnOnce(&[u8]) -> R) -> Option<R> {
        self.store().get(INDEXES, key, self.languages, |lookup| match lookup {
            Lookup::Hit(payload) => Some(in_place(&payload, visit)),
            _ => None,
        })
    }

    /// Keeps a part of an index; false where there is no room.
    pub(crate) fn keep_index(&self, key: Key, record: &[u8]) -> bool {
        self.store().offer(INDEXES, key, self.languages, record)
    }

    /// Deletes a part of an index.
    pub(crate) fn forget_index(&self, key: Key) {
        self.store().delete(INDEXES, key);
    }

    /// The language of an id.
    pub(crate) fn language(&self, id: &str) -> Option<Language> {
        self.set.by_id(id)
    }

    /// What this tree needs, if that is more than the store may take.
    pub(crate) fn shortage(&self) -> Option<Shortage> {
        self.store().shortage()
    }

    pub(crate) fn statistics(&self) -> Statistics {
        self.store().total_statistics()
    }
}

/// Runs on bytes that are aligned as an archive must be: in place where they are, on a copy where not.
fn in_place<R>(payload: &Payload<'_>, run: impl FnOnce(&[u8]) -> R) -> R {
    if payload.is_aligned() { run(payload) } else { run(&copied(payload)) }
}

fn copied(payload: &Payload<'_>) -> AlignedVec {
    let mut bytes = AlignedVec::with_capacity(payload.len());
    bytes.extend_from_slice(payload);
    bytes
}

fn tag_key(language: Language, content: &ContentHash) -> Key {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&language.fingerprint());
    hasher.update(content.as_bytes());
    Key::new(*hasher.finalize().as_bytes())
}

fn words_key(identity: Identity) -> Key {
    let mut hasher = blake3::Hasher::new();
    if let Some(language) = identity.language {
        hasher.update(&language.fingerprint());
    }
    hasher.update(identity.content.as_bytes());
    Key::new(*hasher.finalize().as_bytes())
}

fn words_format() -> Fingerprint {
    Fingerprint::new(u64::from(FileWords::FORMAT))
}

fn file_key(root: &Path, path: &RepoPath) -> Key {
    let mut hasher = blake3::Hasher::new();
    hasher.update(root.as_os_str().as_encoded_bytes());
    // No path holds a NUL byte, so it keeps root and path apart.
    hasher.update(&[0]);
    hasher.update(path.as_str().as_bytes());
    Key::new(*hasher.finalize().as_bytes())
}

fn history_key(root: &Path) -> Key {
    Key::new(*blake3::hash(root.as_os_str().as_encoded_bytes()).as_bytes())
}

/// Changes when any language's extraction or the layout does: a path may be in another language then.
fn languages(set: &LanguageSet) -> Fingerprint {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&LAYOUT.to_le_bytes());
    for language in set.all() {
        hasher.update(&language.fingerprint());
    }
    let hash = hasher.finalize();
    let first = hash.as_bytes().first_chunk().expect("a BLAKE3 hash has 32 bytes");
    Fingerprint::new(u64::from_le_bytes(*first))
}
