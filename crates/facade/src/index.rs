//! What is known of a tree: which files, their content, their tags; kept up to date by what changed.

mod update;
mod words;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use repo_map_files::{SkipReason, Skipped, StatFingerprint, TreeDigest, tree_digest};
use repo_map_model::{ContentHash, RepoPath};
use repo_map_ranking::{Corpus, Preset, ReferenceGraph};

use crate::store::Identity;

pub(crate) use update::Workshop;
pub(crate) use words::TreeWords;

/// The tree as it was when it was last looked at.
pub(crate) struct Index {
    files: BTreeMap<RepoPath, IndexedFile>,
    skipped: Vec<Skipped>,
    /// Files that were in the scan and could not be read.
    lost: Vec<(RepoPath, SkipReason)>,
    corpus: Corpus,
    graph: OnceLock<ReferenceGraph>,
    /// Told when it is first asked for after a change.
    digest: OnceLock<TreeDigest>,
}

/// One file of the tree.
pub(crate) struct IndexedFile {
    stat: StatFingerprint,
    recorded_ns: i64,
    /// `None` for a file that was not read: no language of ours, or too large.
    identity: Option<Identity>,
    definitions: usize,
    /// Why the file has no tags although it is in a language of ours.
    passed_over: Option<String>,
}

impl Index {
    pub(crate) fn new() -> Self {
        Self {
            files: BTreeMap::new(),
            skipped: Vec::new(),
            lost: Vec::new(),
            corpus: Corpus::new(),
            graph: OnceLock::new(),
            digest: OnceLock::new(),
        }
    }

    pub(crate) fn corpus(&self) -> &Corpus {
        &self.corpus
    }

    /// The reference graph; built when it is first asked for after a change.
    pub(crate) fn graph(&self, preset: &Preset) -> &ReferenceGraph {
        self.graph.get_or_init(|| ReferenceGraph::build(&self.corpus, preset.clone()))
    }

    /// The files with what `scan` and reading told of them: path, bytes, whether they are in a language of ours.
    pub(crate) fn sizes(&self) -> impl Iterator<Item = (&RepoPath, u64, bool)> {
        let language = |file: &IndexedFile| file.identity.is_some_and(|identity| identity.language.is_some());
        self.files.iter().map(move |(path, file)| (path, file.stat.size, language(file)))
    }

    pub(crate) fn contains(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &RepoPath> {
        self.files.keys()
    }

    pub(crate) fn len(&self) -> usize {
        self.files.len()
    }

    /// How many definitions the file has.
    pub(crate) fn definitions(&self, path: &str) -> usize {
        self.files.get(path).map_or(0, |file| file.definitions)
    }

    /// How many definitions all files have together.
    pub(crate) fn all_definitions(&self) -> usize {
        self.files.values().map(|file| file.definitions).sum()
    }

    pub(crate) fn identity(&self, path: &str) -> Option<Identity> {
        self.files.get(path)?.identity
    }

    /// Whether the file has content in a language of ours.
    pub(crate) fn is_tagged(&self, path: &str) -> bool {
        self.identity(path).is_some_and(|identity| identity.language.is_some())
    }

    /// Files that were passed over, with the reason: those that are not read, then those without tags.
    pub(crate) fn skipped(&self) -> impl Iterator<Item = (&str, String)> {
        let scanned = self.skipped.iter().map(|skipped| (skipped.path.as_str(), skipped.reason.to_string()));
        let untagged =
            self.files.iter().filter_map(|(path, file)| Some((path.as_str(), file.passed_over.clone()?)));
        let lost = self.lost.iter().map(|(path, reason)| (path.as_str(), reason.to_string()));
        scanned.chain(lost).chain(untagged)
    }

    pub(crate) fn digest(&self) -> TreeDigest {
        *self.digest.get_or_init(|| {
            let unread = ContentHash([0; 32]);
            let content = |file: &IndexedFile| file.identity.map_or(unread, |identity| identity.content);
            let contents: Vec<_> = self.files.iter().map(|(path, file)| (path, content(file))).collect();
            tree_digest(contents.iter().map(|(path, content)| (*path, content)))
        })
    }

    /// Forgets what was made of the files: some are others now.
    fn touch(&mut self) {
        self.graph.take();
        self.digest.take();
    }
}
