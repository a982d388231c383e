//! One repository being mapped: its root, its store and its index.

mod answer;
mod look;
#[cfg(all(test, feature = "core", feature = "outline"))]
mod prose_tests;
mod recall;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use repo_map_files::{Root, Scanner, hash, locate, read};
use repo_map_model::RepoPath;
use repo_map_ranking::Weights;
use repo_map_render::{LineCosts, Source};
use repo_map_tags::ExtractOptions;

use crate::cache::OpenCache;
use crate::error::Error;
use crate::extraction::Extractor;
use crate::history::History;
use crate::index::{Index, TreeWords, Workshop};
use crate::mapper::{Preset, RepoMapperBuilder};
use crate::queries;
use crate::recent::Recent;
use crate::request::MapRequest;
use crate::store::TagStore;
use crate::threads;

pub(crate) struct Session {
    options: RepoMapperBuilder,
    preset: repo_map_ranking::Preset,
    weights: Weights,
    root: Root,
    scanner: Scanner,
    store: TagStore,
    extractor: Extractor,
    threads: rayon::ThreadPool,
    index: Index,
    words: TreeWords,
    history: History,
    scanned: bool,
    /// Whether the last look took an equal `stat` for equal content.
    trusts_stat: bool,
    line_costs: LineCosts,
    quoted: Recent<Source>,
    /// The files that the last request named.
    named: BTreeSet<RepoPath>,
    /// What to say with the next map.
    notices: Vec<String>,
    /// It was said that the store is too small.
    told_shortage: bool,
}

impl Session {
    pub(crate) fn open(options: &RepoMapperBuilder) -> Result<Self, Error> {
        let root = locate(&options.root).map_err(|error| Error::of_files(&error))?;
        let (cache, of_place) = options.cache.for_tree(root.path());
        let open = OpenCache::open(&cache)?;
        let mut notices: Vec<String> = cache.notices.iter().chain(&options.notices).cloned().collect();
        notices.extend(of_place.into_iter().chain(open.notice().map(ToOwned::to_owned)));
        // Two configurations are read from the same files.
        let mut told = BTreeSet::new();
        notices.retain(|line| told.insert(line.clone()));
        let languages = match &options.queries {
            Some(folder) => Arc::new(queries::read(folder)?),
            None => Arc::default(),
        };
        let store = TagStore::speaking(open, languages.clone());
        let threads = threads::pool(options.threads, "repo-map")?;
        let preset = match options.preset {
            Preset::Default => repo_map_ranking::Preset::default(),
            Preset::Aider => repo_map_ranking::Preset::aider(),
        };
        Ok(Self {
            options: options.clone(),
            preset,
            weights: options.weights.clone(),
            root,
            scanner: Scanner::new(),
            store,
            extractor: match &options.workers {
                Some(command) => Extractor::in_workers(command.clone()),
                None => Extractor::in_process(),
            }
            .speaking(languages),
            threads,
            index: Index::new(),
            words: TreeWords::default(),
            history: History::default(),
            scanned: false,
            trusts_stat: true,
            line_costs: LineCosts::default(),
            quoted: Recent::default(),
            named: BTreeSet::new(),
            notices,
            told_shortage: false,
        })
    }

    /// What files are read and tagged with.
    fn workshop(&self) -> Workshop<'_> {
        Workshop {
            root: &self.root,
            store: &self.store,
            extractor: &self.extractor,
            threads: &self.threads,
            progress: None,
            trust_stat: self.trusts_stat,
        }
    }

    /// Whether the git log has a say.
    fn wants_history(&self) -> bool {
        self.options.history && self.is_combined()
    }

    /// Whether the words of the tree have a say in the map of a request.
    fn wants_words(&self, request: &MapRequest) -> bool {
        self.options.preset != Preset::Aider && request.has_words()
    }

    /// Whether signals are combined: otherwise references alone order the files.
    fn is_combined(&self) -> bool {
        self.options.preset != Preset::Aider
    }

    /// What is to be said with the next map.
    pub(crate) fn take_notices(&mut self) -> Vec<String> {
        self.notices.extend(self.extractor.take_notice());
        self.notices.extend(self.notice_of_unparsed());
        std::mem::take(&mut self.notices)
    }

    /// As long as it is so: such a map lacks something.
    fn notice_of_unparsed(&self) -> Option<String> {
        let count = self.index.facts().unparsed;
        let (_, reason) = self.index.unparsed().next()?;
        let files = if count == 1 { "1 file lacks its" } else { &format!("{count} files lack their") };
        Some(format!("{files} definitions in this map: {reason}; the next run tries again"))
    }

    /// What is held for later requests, in bytes.
    pub(crate) fn memory(&self) -> u64 {
        let own = self.index.memory() + self.words.memory() + self.quoted.bytes();
        own as u64 + self.store.open().memory()
    }

    /// What is to be said, once, of a store that has no room for this tree.
    pub(crate) fn take_shortage(&mut self) -> Option<String> {
        let shortage = self.store.shortage().filter(|_| !self.told_shortage)?;
        self.told_shortage = true;
        let mib = |bytes: u64| bytes.div_ceil(1 << 20);
        let (needed, bound) = (mib(shortage.needed), mib(shortage.bound));
        Some(format!(
            "the cache needs {needed} MiB for this tree and may take {bound}, so a part is read anew in each run: set size_mb = {needed}"
        ))
    }

    pub(crate) fn skipped(&self) -> Vec<(String, String)> {
        self.index.skipped().map(|(path, reason)| (path.to_owned(), reason)).collect()
    }

    /// The path from the root, of one that is relative to it or absolute and inside it.
    fn inside(&self, path: &Path) -> Option<RepoPath> {
        let root = self.root.path();
        let relative = if path.is_absolute() {
            let direct = path.strip_prefix(root).map(Path::to_owned).ok();
            // The root is canonical; the path may come through a link.
            direct.or_else(|| path.canonicalize().ok()?.strip_prefix(root).map(Path::to_owned).ok())?
        } else {
            path.to_owned()
        };
        let parts: Option<Vec<&str>> = relative
            .components()
            .filter(|part| !matches!(part, std::path::Component::CurDir))
            .map(|part| match part {
                std::path::Component::Normal(part) => part.to_str(),
                _ => None,
            })
            .collect();
        RepoPath::new(&parts?.join("/")).ok()
    }

    fn is_changed(&self, path: &RepoPath) -> bool {
        let limit = ExtractOptions::default().max_bytes as u64;
        let now = read(&self.root, path, limit).ok().map(|(bytes, _)| hash(&bytes));
        now != self.index.identity(path.as_str()).map(|identity| identity.content)
    }
}
