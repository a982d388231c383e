//! One repository being mapped: what is open of it, and the snapshot of its tree that answers are made from.
//!
//! ```text
//! request ──► look.rs ──► Tree (a snapshot) ──► answer.rs ──► map
//!              one at a time      │ shared by all answers
//!              a refresh swaps it ┘
//! ```

mod answer;
mod ceiling;
#[cfg(feature = "git")]
mod changes;
mod keeping;
mod last_look;
mod look;
mod names;
mod navigate;
#[cfg(feature = "remote")]
mod packing;
#[cfg(all(test, feature = "core", feature = "outline"))]
mod prose_tests;
mod recall;
mod requests;
mod rerank;
mod turn;
mod unread;
mod view;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Component, Path};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use repo_map_cache_core::Key;
use repo_map_files::{hash, read};
use repo_map_model::{Interrupt, RepoPath};
use repo_map_render::{LineCosts, Source};

use crate::cache::OpenCache;
use crate::error::{Error, ErrorKind};
use crate::extraction::Extractor;
use crate::index::{Index, Workshop};
use crate::limits::Limits;
use crate::preset::Preset;
use crate::recent::Recent;
use crate::request::MapRequest;
use crate::settings::{Plan, Settings};
use crate::shared::Shared;
use crate::skipped_file::SkippedFile;
use crate::snapshot::Tree;
use crate::store::TagStore;
use crate::threads;
use last_look::LastLook;
use turn::Turn;
use unread::Unread;

pub(crate) use navigate::Verb;

pub(crate) struct Session {
    plan: Arc<Plan>,
    preset: repo_map_ranking::Preset,
    store: TagStore,
    extractor: Extractor,
    threads: rayon::ThreadPool,
    line_costs: LineCosts,
    /// What the last maps quoted.
    quoted: Recent<Source>,
    /// The words of the best files of the last tasks.
    words_of_best: Recent<Arc<[u8]>>,
    /// The tree as it was last looked at. Locked for a moment.
    tree: Mutex<Tree>,
    unread: Unread,
    /// Who looks at the tree has it.
    look: Turn<LastLook>,
    /// A kept map was given before the tree was read.
    is_ahead: AtomicBool,
    notices: Mutex<Notices>,
    /// The key that no map was found under before the tree was read.
    missed: Mutex<Option<Key>>,
}

/// What is to be said with the next map.
#[derive(Default)]
struct Notices {
    lines: Vec<String>,
    /// It was said that the store is too small.
    told_shortage: bool,
    /// It was said that the log is not whole.
    told_log: bool,
    /// It was said that much of the tree was not read.
    told_reading: bool,
}

impl Session {
    pub(crate) fn open(plan: &Arc<Plan>) -> Result<Self, Error> {
        let Plan { root, languages, settings, .. } = &**plan;
        let (cache, of_place) = match &settings.backend {
            Some(_) => (Cow::Borrowed(&settings.cache), None),
            None => settings.cache.for_tree(root.path()),
        };
        let (open, of_place) = match &settings.backend {
            // An engine that two processes have in memory writes over itself.
            Some(backend) if plan.process != std::process::id() => {
                let line = format!("the storage {} is the parent's, so nothing is kept here", backend.name());
                (OpenCache::in_memory(&cache)?, Some(line))
            }
            Some(backend) => (OpenCache::over(backend, &cache)?, of_place),
            None => (OpenCache::open(&cache)?, of_place),
        };
        let mut lines: Vec<String> = cache.notices.iter().chain(&settings.notices).cloned().collect();
        lines.extend(of_place.into_iter().chain(open.notice().map(ToOwned::to_owned)));
        lines.extend(open.notice_of_shared().map(ToOwned::to_owned));
        lines.extend(open.other_bounds(&cache));
        // Two configurations are read from the same files.
        let mut told = BTreeSet::new();
        lines.retain(|line| told.insert(line.clone()));
        let extractor = match &settings.workers {
            Some(command) => Extractor::in_workers(command.clone()),
            None => Extractor::in_process(),
        };
        let store = TagStore::speaking(open, languages.clone());
        #[cfg(feature = "remote")]
        let store = match &settings.packs[..] {
            [] => store,
            packs => store.with_packs(Shared::of_packs(packs, &cache).map_err(crate::pack::unreadable)?),
        };
        Ok(Self {
            preset: match settings.preset {
                Preset::Default => repo_map_ranking::Preset::default(),
                Preset::Aider => repo_map_ranking::Preset::aider(),
            },
            store,
            extractor: extractor.speaking(languages.clone()).max_file_bytes(settings.max_file_bytes),
            threads: threads::pool(settings.threads, "repo-map")?,
            line_costs: LineCosts::default(),
            quoted: Recent::default(),
            words_of_best: Recent::default(),
            tree: Mutex::default(),
            unread: Unread::default(),
            look: Turn::default(),
            is_ahead: AtomicBool::new(false),
            missed: Mutex::default(),
            notices: Mutex::new(Notices { lines, ..Notices::default() }),
            plan: plan.clone(),
        })
    }

    /// A panic has left something half done.
    pub(crate) fn is_broken(&self) -> bool {
        self.look.is_poisoned() || self.tree.is_poisoned()
    }

    /// An error where a panic has left something half done while this request waited: who holds the session opens another.
    fn check_whole(&self) -> Result<(), Error> {
        match self.is_broken() {
            true => {
                Err(Error::new(ErrorKind::Resources, "another request's refresh ended in a panic; ask again"))
            }
            false => Ok(()),
        }
    }

    /// What is held for later requests, in bytes.
    pub(crate) fn memory(&self) -> u64 {
        self.held() + self.store.open().memory()
    }

    pub(crate) fn is_durable(&self) -> bool {
        self.store.open().store().backend().capabilities().durable
    }

    pub(crate) fn skipped(&self) -> Vec<SkippedFile> {
        // A map that was kept is given again without a look at what each file is.
        if self.is_ahead.load(Ordering::Relaxed) && !self.tree().is_scanned {
            drop(self.refresh(&Limits::default()));
        }
        let tree = self.tree().clone();
        tree.index.skipped().collect()
    }

    fn tree(&self) -> MutexGuard<'_, Tree> {
        self.tree.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn settings(&self) -> &Settings {
        &self.plan.settings
    }

    /// What files are read and tagged with.
    fn workshop<'a>(&'a self, trust_stat: bool, interrupt: Interrupt<'a>) -> Workshop<'a> {
        Workshop {
            root: &self.plan.root,
            store: &self.store,
            extractor: &self.extractor,
            threads: &self.threads,
            progress: self.settings().progress.as_deref(),
            trust_stat,
            max_file_bytes: self.settings().max_file_bytes,
            interrupt,
        }
    }

    /// Whether the git log has a say: an overview is the same at any depth of a clone.
    fn wants_history(&self, request: &MapRequest) -> bool {
        let is_overview = !request.has_words() && request.chat_files.is_empty();
        self.settings().history && self.is_combined() && !is_overview
    }

    /// Whether the words of the tree have a say in the map of a request.
    fn wants_words(&self, request: &MapRequest) -> bool {
        self.is_combined() && request.has_words()
    }

    /// Whether signals are combined: otherwise references alone order the files.
    fn is_combined(&self) -> bool {
        self.settings().preset != Preset::Aider
    }

    fn missed(&self) -> MutexGuard<'_, Option<Key>> {
        self.missed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn notices(&self) -> MutexGuard<'_, Notices> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is to be said with the next map of a tree.
    fn take_notices(&self, tree: &Tree) -> Vec<String> {
        let mut notices = self.notices();
        let mut lines = std::mem::take(&mut notices.lines);
        if !notices.told_log {
            let of_log = tree.history.notice();
            notices.told_log = of_log.is_some();
            lines.extend(of_log);
        }
        if !notices.told_reading {
            let of_reading = tree.index.facts().reading.notice();
            notices.told_reading = of_reading.is_some();
            lines.extend(of_reading);
        }
        drop(notices);
        lines.extend(self.extractor.take_notice());
        lines.extend(self.store.shared().and_then(Shared::take_warning));
        lines.extend(notice_of_unparsed(&tree.index));
        lines
    }

    /// What no map has said yet.
    pub(crate) fn untold(&self) -> Vec<String> {
        let tree = self.tree().clone();
        let mut lines = self.take_notices(&tree);
        lines.extend(self.take_shortage());
        lines
    }

    /// What is to be said, once, of a store that has no room for this tree.
    fn take_shortage(&self) -> Option<String> {
        let mut notices = self.notices();
        let shortage = self.store.shortage().filter(|_| !notices.told_shortage)?;
        notices.told_shortage = true;
        let mib = |bytes: u64| bytes.div_ceil(1 << 20);
        let (needed, bound) = (mib(shortage.needed), mib(shortage.bound));
        Some(format!(
            "the cache needs {needed} MiB for this tree and may take {bound}, so a part is read anew in each run: set size_mb = {needed}"
        ))
    }

    /// The path from the root, of one that is relative to it or absolute and inside it.
    fn inside(&self, path: &Path) -> Option<RepoPath> {
        let root = self.plan.root.path();
        let relative = if path.is_absolute() {
            let direct = path.strip_prefix(root).ok().filter(|direct| is_plain(direct)).map(Path::to_owned);
            // The root is canonical; the path may come through a link.
            direct.or_else(|| path.canonicalize().ok()?.strip_prefix(root).map(Path::to_owned).ok())?
        } else {
            path.to_owned()
        };
        let parts: Option<Vec<&str>> = relative
            .components()
            .filter(|part| !matches!(part, Component::CurDir))
            .map(|part| match part {
                Component::Normal(part) => part.to_str(),
                _ => None,
            })
            .collect();
        RepoPath::new(&parts?.join("/")).ok()
    }

    /// Whether a path leads to the root.
    fn is_root(&self, path: &Path) -> bool {
        let root = self.plan.root.path();
        root.join(path).canonicalize().is_ok_and(|path| path == root)
    }

    fn is_changed(&self, index: &Index, path: &RepoPath) -> bool {
        let now =
            read(&self.plan.root, path, self.settings().max_file_bytes).ok().map(|(bytes, _)| hash(&bytes));
        now != index.identity(path.as_str()).map(|identity| identity.content)
    }
}

/// Whether a path leads down only.
fn is_plain(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

/// As long as it is so: such a map lacks something.
fn notice_of_unparsed(index: &Index) -> Option<String> {
    let count = index.facts().unparsed;
    let reason = index.unparsed().next()?;
    let files = if count == 1 { "1 file lacks its" } else { &format!("{count} files lack their") };
    Some(format!("{files} definitions in this map: {reason}; the next run tries again"))
}
