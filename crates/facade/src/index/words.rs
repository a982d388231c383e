//! The words of the tree's files, for requests with a task: nothing is done before the first of them.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use repo_map_cache_core::Key;
use repo_map_files::{StatFingerprint, TreeDigest, tree_digest};
use repo_map_lexical::{FileWords, Index as Lexical, Query, ScoreOptions, Scores};
use repo_map_model::{FileTags, RepoPath};

use super::read_words::words_again;
use super::worth_reading::MAX_TEXT_BYTES;
use super::{Index, IndexedFile, Workshop};
use crate::recent::Recent;
use crate::store::Identity;

/// Texts that people write and that no grammar reads: documents, configuration, markup, schemas.
const TEXT_EXTENSIONS: &[&str] = &[
    "adoc",
    "astro",
    "bat",
    "bazel",
    "cfg",
    "cmake",
    "conf",
    "css",
    "csv",
    "env",
    "gradle",
    "graphql",
    "html",
    "ini",
    "json",
    "json5",
    "less",
    "md",
    "mdx",
    "mk",
    "nix",
    "org",
    "properties",
    "proto",
    "ps1",
    "rst",
    "sass",
    "scss",
    "sh",
    "sql",
    "svelte",
    "tcl",
    "tex",
    "tf",
    "thrift",
    "toml",
    "txt",
    "vue",
    "xml",
    "yaml",
    "yml",
];

/// The keys of parts that are kept: the lengths of files, then the entries.
pub(super) type KeptParts = Arc<[Key]>;

/// The words of the files that were present when it was last updated.
#[derive(Clone, Default)]
pub(crate) struct TreeWords {
    pub(super) lexical: Lexical,
    pub(super) known: BTreeMap<RepoPath, Known>,
    /// Of the texts; told when it is first asked for after a change.
    digest: OnceLock<TreeDigest>,
    /// The generation of the index that it was brought to.
    generation: Option<u64>,
    /// Whether that found nothing to do.
    is_settled: bool,
    /// Whether the words of every file that the index has read are there.
    pub(super) is_whole: bool,
    /// The parts of those that this began with, and how many files are other than in these.
    pub(super) kept: KeptParts,
    pub(super) changed: usize,
    /// Filled anew, where parts that were kept are gone.
    pub(super) again: OnceLock<Arc<TreeWords>>,
}

/// What a file's words were taken from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    /// `None` for a file that counts by its path alone.
    pub(super) identity: Option<Identity>,
    /// Of a text without a language: the index of tags does not read it.
    pub(super) text: Option<(StatFingerprint, i64)>,
}

impl TreeWords {
    /// The other texts of a tree without any words, which tell its [digest](Self::digest). `None` where the store does not know all.
    pub(crate) fn of_texts(index: &Index, workshop: &Workshop<'_>) -> Option<Self> {
        let texts: Vec<_> = index.files.iter().filter(|(path, file)| is_read_as_text(path, file)).collect();
        let mut identities = vec![None; texts.len()];
        let files = texts.iter().map(|(path, file)| (*path, &file.stat));
        let known = &mut |at: usize, identity| identities[at] = Some(identity);
        workshop.store.known_files(workshop.root.path(), files, workshop.interrupt, known).ok()?;
        let known = texts.iter().zip(identities).map(|((path, file), identity)| {
            let known = Known { identity: Some(identity?), text: Some((file.stat, file.recorded_ns)) };
            Some(((*path).clone(), known))
        });
        Some(Self { known: known.collect::<Option<_>>()?, ..Self::default() })
    }

    /// Whether they are those of the index as it is.
    pub(crate) fn is_of(&self, index: &Index) -> bool {
        self.generation == Some(index.generation())
    }

    /// Whether another update for the same index would find nothing to do.
    pub(crate) fn is_settled(&self, index: &Index) -> bool {
        self.is_settled && self.is_of(index)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Stands for the texts that the digest of the tree leaves out.
    pub(crate) fn digest(&self) -> TreeDigest {
        *self.digest.get_or_init(|| {
            let texts = self.known.iter().filter(|(_, known)| known.text.is_some());
            let contents = texts.filter_map(|(path, known)| Some((path, known.identity?.content)));
            let contents: Vec<_> = contents.collect();
            tree_digest(contents.iter().map(|(path, content)| (*path, content)))
        })
    }

    /// What they take, in bytes.
    pub(crate) fn memory(&self) -> usize {
        self.lexical.memory() + self.known.len() * size_of::<(RepoPath, Known)>()
    }

    /// What a task's words say of the files, and whether no file lacked its words. The records of the best are kept for the next
    /// task.
    pub(crate) fn score(
        &self,
        query: &Query,
        recent: &Recent<Arc<[u8]>>,
        index: &Index,
        workshop: &Workshop<'_>,
    ) -> (Scores, bool) {
        let (scores, is_whole) = self.score_once(query, recent, workshop);
        if !self.lexical.lacks_parts() {
            return (scores, is_whole);
        }
        // Not while others wait for it: filling takes the threads of the pool.
        if self.again.get().is_none() {
            let mut again = Self::default();
            if again.fill(index, workshop).is_ok() {
                drop(self.again.set(Arc::new(again)));
            }
        }
        match self.again.get() {
            Some(again) => again.score_once(query, recent, workshop),
            None => (scores, false),
        }
    }

    fn score_once(
        &self,
        query: &Query,
        recent: &Recent<Arc<[u8]>>,
        workshop: &Workshop<'_>,
    ) -> (Scores, bool) {
        let mut is_whole = self.is_whole;
        let scores = self.lexical.score(query, &ScoreOptions::default(), |path| {
            let identity = self.known.get(path)?.identity?;
            let bytes = recent.get(identity).or_else(|| {
                let stored = workshop.store.words(identity);
                let bytes: Arc<[u8]> = stored.or_else(|| words_again(path, identity, workshop))?.into();
                recent.keep(identity, bytes.clone(), bytes.len());
                Some(bytes)
            });
            let words = bytes.and_then(|bytes| FileWords::from_bytes(bytes).ok());
            is_whole &= words.is_some();
            words
        });
        (scores, is_whole)
    }

    pub(super) fn set<B: AsRef<[u8]>>(&mut self, path: RepoPath, known: Known, words: &FileWords<B>) {
        self.lexical.set_file(&path, words);
        self.changed += 1;
        self.set_known(path, known);
    }

    pub(super) fn set_known(&mut self, path: RepoPath, known: Known) {
        self.digest.take();
        self.known.insert(path, known);
    }

    /// The words of paths, of files whose content was not read yet: for an answer that cannot wait.
    pub(crate) fn add_paths(&mut self, index: &Index) {
        let none = FileWords::of("", &FileTags::default());
        for path in index.paths() {
            if !self.known.contains_key(path) {
                self.set(path.clone(), Known { identity: None, text: None }, &none);
            }
        }
    }

    pub(super) fn remove(&mut self, path: &RepoPath) {
        self.lexical.remove_file(path);
        self.changed += 1;
        self.digest.take();
        self.known.remove(path);
    }

    pub(super) fn compact(&mut self) {
        self.lexical.compact();
    }

    pub(super) fn end_changes(&mut self, index: &Index, is_settled: bool) {
        self.generation = Some(index.generation());
        self.is_settled = is_settled;
        let mut known = self.known.keys().peekable();
        // Both are sorted by path: one pass.
        self.is_whole = index.files.iter().filter(|(_, file)| file.identity.is_some()).all(|(path, _)| {
            while known.next_if(|known| *known < path).is_some() {}
            known.peek() == Some(&path)
        });
    }
}

/// Whether the words of a file are read although it is in no language of ours.
pub(super) fn is_read_as_text(path: &RepoPath, file: &IndexedFile) -> bool {
    file.identity.is_none() && file.stat.size <= MAX_TEXT_BYTES && is_text(path)
}

fn is_text(path: &RepoPath) -> bool {
    path.extension().is_some_and(|extension| {
        let lower = extension.to_ascii_lowercase();
        TEXT_EXTENSIONS.binary_search(&lower.as_str()).is_ok()
    })
}
