//! What is known of a tree: which files, their content, their tags; kept up to date by what changed.

mod apply;
mod archive;
mod change;
mod folder_head;
mod folders;
mod keep;
mod kept_graph;
mod kept_words;
mod lent;
mod read_words;
mod survey;
mod update;
mod words;
mod words_update;
mod work;
mod workshop;
mod worth_reading;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use repo_map_files::{SkipReason as UnreadReason, Skipped, StatFingerprint, TreeDigest, tree_digest};
use repo_map_model::{ContentHash, RepoPath};
use repo_map_ranking::{Corpus, FileId, Preset, ReferenceGraph};
use repo_map_render::is_important_root_file;
use repo_map_tags::Language;

use self::kept_graph::GraphPlace;
use crate::reading::Reading;
use crate::skipped_file::{SkipCause, SkippedFile};
use crate::store::Identity;

pub(crate) use archive::{Table, place};
pub(crate) use folders::{Folder, Folders, parent};
pub(crate) use survey::Survey;
pub(crate) use words::TreeWords;
pub(crate) use workshop::Workshop;

/// The tree as it was when it was last looked at. Answers share it; a refresh changes a copy where one is at work.
#[derive(Clone, Default)]
pub(crate) struct Index {
    files: BTreeMap<RepoPath, IndexedFile>,
    /// What a first look finds waits here in any order: a map that is made of all at once costs a fraction of one that grows.
    arriving: Option<Vec<(RepoPath, IndexedFile)>>,
    skipped: Vec<Skipped>,
    /// Files that were in the scan and could not be read.
    lost: Vec<(RepoPath, UnreadReason)>,
    corpus: Corpus,
    graph: OnceLock<Arc<ReferenceGraph>>,
    /// Where the graph is kept, as long as no file is other than in the index that was kept with it.
    graph_place: Option<GraphPlace>,
    /// Told when it is first asked for after a change.
    digest: OnceLock<TreeDigest>,
    /// The same.
    facts: OnceLock<Facts>,
    /// The same.
    folders: OnceLock<Folders>,
    /// How many updates there were.
    generation: u64,
    /// Set when the last update changed nothing and would find nothing to do in the same scan: the files that it kept.
    settled: Option<usize>,
}

/// What is summed over all files.
#[derive(Clone)]
pub(crate) struct Facts {
    /// How many definitions all files have together.
    pub(crate) definitions: usize,
    /// How many files were passed over.
    pub(crate) skipped: usize,
    /// How many of them take part by their paths alone.
    pub(crate) passed_over: usize,
    /// Those that tell of the whole tree by their names.
    pub(crate) important: Vec<RepoPath>,
    /// How much of them was read.
    pub(crate) reading: Reading,
    /// How many files lack tags through no fault of their own: what is made without them is not kept.
    pub(crate) unparsed: usize,
    /// How large each file is as a signal, and whether a grammar reads it.
    pub(crate) sizes: Vec<(FileId, f32, bool)>,
    /// Stands for the sizes of the files that are not read: the digest of the tree says nothing of them.
    pub(crate) unread: [u8; 32],
}

/// Files of this size and larger are alike, as the logarithm of their bytes.
const LARGE: f32 = 14.0;

/// One file of the tree.
#[derive(Clone)]
pub(crate) struct IndexedFile {
    stat: StatFingerprint,
    recorded_ns: i64,
    /// `None` for a file that was not read: no language of ours, or too large.
    identity: Option<Identity>,
    definitions: usize,
    /// How many bytes do not fit the grammar, if it is not all that does.
    misfit_bytes: Option<u32>,
    /// Why the file has no tags although it is in a language of ours.
    passed_over: Option<SkipCause>,
    /// What it says of itself, where that is said of more than the file: see [`folder_head`].
    summary: Option<Box<str>>,
}

impl IndexedFile {
    /// A file of which nothing is known that is read out of it.
    fn untagged(stat: StatFingerprint, recorded_ns: i64, identity: Option<Identity>) -> Self {
        Self {
            stat,
            recorded_ns,
            identity,
            definitions: 0,
            misfit_bytes: None,
            passed_over: None,
            summary: None,
        }
    }
}

impl Index {
    pub(crate) fn corpus(&self) -> &Corpus {
        &self.corpus
    }

    /// The reference graph; built when it is first asked for after a change.
    pub(crate) fn graph(&self, preset: &Preset) -> &ReferenceGraph {
        self.graph.get_or_init(|| {
            let kept = self.graph_place.as_ref().map(GraphPlace::lent);
            let kept = kept.and_then(|kept| ReferenceGraph::restore(&self.corpus, preset.clone(), kept));
            Arc::new(kept.unwrap_or_else(|| ReferenceGraph::build(&self.corpus, preset.clone())))
        })
    }

    /// What is summed over all files.
    pub(crate) fn facts(&self) -> &Facts {
        self.facts.get_or_init(|| {
            let size = |bytes: u64| ((bytes as f32).ln_1p() / LARGE).min(1.0);
            let sizes = self.files.iter().filter_map(|(path, file)| {
                let language = file.identity.and_then(|identity| identity.language);
                let is_known = language.is_some_and(|language| !language.is_text());
                Some((self.corpus.file(path.as_str())?, size(file.stat.size), is_known))
            });
            let mut unread = blake3::Hasher::new();
            for (path, file) in self.files.iter().filter(|(_, file)| file.identity.is_none()) {
                unread.update(&(path.as_str().len() as u64).to_le_bytes());
                unread.update(path.as_str().as_bytes());
                unread.update(&file.stat.size.to_le_bytes());
            }
            Facts {
                unread: *unread.finalize().as_bytes(),
                definitions: self.files.values().map(|file| file.definitions).sum(),
                skipped: self.skipped().count(),
                passed_over: self.files.values().filter(|file| file.passed_over.is_some()).count(),
                important: self.paths().filter(|path| is_important_root_file(path)).cloned().collect(),
                reading: self.reading(),
                unparsed: self.unparsed().count(),
                sizes: sizes.collect(),
            }
        })
    }

    /// Says what is known of an index without tags from one that had them.
    pub(crate) fn tell(&mut self, reading: Reading, passed_over: usize) {
        self.facts();
        let unread = self.skipped.len() + self.lost.len();
        if let Some(facts) = self.facts.get_mut() {
            (facts.reading, facts.passed_over, facts.skipped) = (reading, passed_over, unread + passed_over);
        }
    }

    fn reading(&self) -> Reading {
        let mut reading = Reading::default();
        for file in self.files.values() {
            match &file.passed_over {
                Some(cause) => reading.count_left_out(file.stat.size, cause),
                None if file.language().is_some() => reading.count_read(file.stat.size, file.misfit_bytes),
                None => {}
            }
        }
        reading
    }

    /// How many files an update would keep whose scan is that of the last one; `None` where it would look at some again.
    pub(crate) fn settled(&self) -> Option<usize> {
        self.settled
    }

    /// Another one after each update.
    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    /// Whether the file is beyond doubt the one that was indexed, by the `stat` that it has now.
    pub(crate) fn proves(&self, path: &str, stat: &StatFingerprint) -> bool {
        self.files.get(path).is_some_and(|file| file.is(stat))
    }

    pub(crate) fn contains(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// All files, in the order of their paths.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&RepoPath, &IndexedFile)> {
        self.files.iter()
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &RepoPath> {
        self.files.keys()
    }

    pub(crate) fn len(&self) -> usize {
        self.files.len()
    }

    /// The size of the file, in bytes.
    pub(crate) fn bytes(&self, path: &str) -> u64 {
        self.files.get(path).map_or(0, |file| file.stat.size)
    }

    /// How many definitions the file has.
    pub(crate) fn definitions(&self, path: &str) -> usize {
        self.files.get(path).map_or(0, |file| file.definitions)
    }

    pub(crate) fn identity(&self, path: &str) -> Option<Identity> {
        self.files.get(path)?.identity
    }

    /// Whether the file has content in a language of ours.
    pub(crate) fn is_tagged(&self, path: &str) -> bool {
        self.identity(path).is_some_and(|identity| identity.language.is_some())
    }

    /// Files that were passed over, with the reason: those that are not read, then those without tags.
    pub(crate) fn skipped(&self) -> impl Iterator<Item = SkippedFile> {
        let of = |path: &str, cause| SkippedFile { path: path.to_owned(), cause };
        let scanned =
            self.skipped.iter().map(move |skipped| of(&skipped.path, SkipCause::Unread(skipped.reason)));
        let lost = self.lost.iter().map(move |(path, reason)| of(path.as_str(), SkipCause::Unread(*reason)));
        let untagged = self.files.iter();
        let untagged =
            untagged.filter_map(move |(path, file)| Some(of(path.as_str(), file.passed_over.clone()?)));
        scanned.chain(lost).chain(untagged)
    }

    /// Why files have no tags that are not to blame for it.
    pub(crate) fn unparsed(&self) -> impl Iterator<Item = &str> {
        self.files.values().filter_map(|file| match &file.passed_over {
            Some(SkipCause::Interrupted(how)) => Some(how.as_str()),
            _ => None,
        })
    }

    pub(crate) fn digest(&self) -> TreeDigest {
        *self.digest.get_or_init(|| {
            let unread = ContentHash([0; 32]);
            let content = |file: &IndexedFile| file.identity.map_or(unread, |identity| identity.content);
            let contents: Vec<_> = self.files.iter().map(|(path, file)| (path, content(file))).collect();
            tree_digest(contents.iter().map(|(path, content)| (*path, content)))
        })
    }

    /// What it takes, in bytes, without what is made of it anew after each change.
    pub(crate) fn memory(&self) -> usize {
        let summaries =
            self.files.values().filter_map(|file| file.summary.as_ref()).map(|summary| summary.len());
        self.corpus.memory()
            + self.files.len() * size_of::<(RepoPath, IndexedFile)>()
            + summaries.sum::<usize>()
    }

    /// Takes a file; what was known of it before.
    fn set(&mut self, path: RepoPath, file: IndexedFile) -> Option<IndexedFile> {
        match &mut self.arriving {
            Some(arriving) => {
                arriving.push((path, file));
                None
            }
            None => self.files.insert(path, file),
        }
    }

    /// Forgets what was made of the files: some are others now.
    fn touch(&mut self) {
        self.graph.take();
        self.graph_place = None;
        self.digest.take();
    }
}

impl IndexedFile {
    #[cfg(feature = "git")]
    pub(crate) fn stat(&self) -> &StatFingerprint {
        &self.stat
    }

    /// What it is written in, if that is a language of ours.
    pub(crate) fn language(&self) -> Option<Language> {
        self.identity?.language
    }

    /// What it says of itself, in a sentence, where it speaks for its folder: a README, `lib.rs`, `__init__.py` and the like.
    pub(crate) fn summary(&self) -> Option<&str> {
        self.summary.as_deref()
    }
}
