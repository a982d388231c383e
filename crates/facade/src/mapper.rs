use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use repo_map_cache_core::PerProcess;
use repo_map_ranking::Weights;
use repo_map_render::{Tokenizer, visible};

use crate::config::{CacheConfig, RankingConfig};
use crate::error::Error;
use crate::explain::{Explanation, Target};
use crate::extraction::WorkerCommand;
use crate::map::{CacheReport, RepoMap, Timings};
use crate::progress::Progress;
use crate::request::MapRequest;
use crate::session::Session;

/// Makes maps of one repository. Cheap to make, costly to drop: it holds the tree's tags and graph, so the second
/// map of an unchanged tree costs a look at each file's `stat` (later ones not even that, see [`RefreshMode::Auto`](crate::RefreshMode::Auto)), the
/// ranking and the printing.
///
/// May be shared by threads; requests run one after the other. May be used after a `fork`, by parent and child: the child opens the tree and
/// the cache anew where it is first asked, with threads and workers of its own, also if its parent was in the middle of a
/// request. What it inherits it leaves alone: that memory is not given back before it ends.
pub struct RepoMapper {
    options: RepoMapperBuilder,
    /// Set by the first request of a process that needs the tree.
    sessions: PerProcess<Mutex<Option<Session>>>,
}

/// The settings of a [`RepoMapper`]. Only the root is required.
#[derive(Clone)]
#[must_use = "a builder makes a mapper when `build` is called"]
pub struct RepoMapperBuilder {
    pub(crate) root: PathBuf,
    pub(crate) subtree_only: bool,
    pub(crate) ignore_files: Vec<PathBuf>,
    pub(crate) files: Option<Vec<String>>,
    pub(crate) threads: usize,
    pub(crate) tokenizer: Tokenizer,
    pub(crate) preset: Preset,
    pub(crate) weights: Weights,
    pub(crate) history: bool,
    pub(crate) past_messages: bool,
    pub(crate) cache: CacheConfig,
    pub(crate) progress: Option<Arc<dyn Progress>>,
    pub(crate) workers: Option<WorkerCommand>,
    pub(crate) queries: Option<PathBuf>,
    /// Of the configuration of the ranking; the cache's has its own.
    pub(crate) notices: Vec<String>,
}

/// A set of weights for the ranking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Preset {
    /// Our weights.
    #[default]
    Default,
    /// Those of aider's RepoMap 0.86, for who needs its order.
    Aider,
}

impl Preset {
    /// Every preset, by its word.
    pub const ALL: &[Self] = &[Self::Default, Self::Aider];

    /// The preset of a word.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|preset| preset.as_str() == name)
    }

    /// The word that flags and configuration use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Aider => "aider",
        }
    }
}

impl RepoMapper {
    /// Settings for a mapper of the repository that the folder is in.
    pub fn builder(root: impl Into<PathBuf>) -> RepoMapperBuilder {
        RepoMapperBuilder {
            root: root.into(),
            subtree_only: false,
            ignore_files: Vec::new(),
            files: None,
            threads: 0,
            tokenizer: Tokenizer::default(),
            preset: Preset::default(),
            weights: Weights::default(),
            history: true,
            past_messages: true,
            cache: CacheConfig::in_memory(),
            progress: None,
            workers: None,
            queries: None,
            notices: Vec::new(),
        }
    }

    /// The map for a request. A budget of 0 is answered without touching the file system.
    ///
    /// # Errors
    /// When the root is not there or not a folder, and when the machine refuses threads. Files that cannot be
    /// read, and a cache that cannot be used, are no errors: see [`skipped`](Self::skipped) and
    /// [`RepoMap::notices`].
    pub fn map(&self, request: &MapRequest) -> Result<RepoMap, Error> {
        if request.token_budget == 0 {
            return Ok(RepoMap::nothing(repo_map_render::TokenCounter::name(&self.options.tokenizer)));
        }
        let start = Instant::now();
        self.in_session(|session| {
            let mut timings = Timings::default();
            let report = session.look(request, &mut timings)?;
            let notices = session.take_notices();
            let mut map = session.map(request, report, timings, notices);
            map.notices.extend(session.take_shortage());
            show_all(&mut map.notices);
            map.timings.total = start.elapsed();
            Ok(map)
        })
    }

    /// Why the map of a request is as it is: what each signal gave to these files and definitions, or to all without targets.
    ///
    /// # Errors
    /// As [`map`](Self::map).
    pub fn explain(&self, request: &MapRequest, targets: &[Target]) -> Result<Explanation, Error> {
        self.in_session(|session| {
            session.look(request, &mut Timings::default())?;
            let notices = session.take_notices();
            let mut explanation = session.explain(request, targets);
            explanation.notices.splice(0..0, notices);
            show_all(&mut explanation.notices);
            Ok(explanation)
        })
    }

    /// Looks at the tree now, whatever the refresh mode of the next request; tells what the cache gave.
    ///
    /// # Errors
    /// As [`map`](Self::map).
    pub fn refresh(&self) -> Result<CacheReport, Error> {
        self.in_session(|session| session.rescan())
    }

    /// The files that were passed over when the tree was last looked at, with the reason of each; those without
    /// tags are in the map by their path alone.
    pub fn skipped(&self) -> Vec<(String, String)> {
        let session = self.session().lock().unwrap_or_else(PoisonError::into_inner);
        let mut skipped = session.as_ref().map_or_else(Vec::new, Session::skipped);
        skipped.iter_mut().for_each(|(_, reason)| show(reason));
        skipped
    }

    /// An estimate of what is held in memory for later requests, in bytes: it is in proportion to the tree as it is now, and to the bounds
    /// of the cache, however many requests and changes there were. What is mapped of a cache on disk is not among it, nor the
    /// graph, which is as large as the tags.
    pub fn memory(&self) -> u64 {
        let session = self.session().lock().unwrap_or_else(PoisonError::into_inner);
        session.as_ref().map_or(0, Session::memory)
    }

    fn session(&self) -> &Mutex<Option<Session>> {
        self.sessions.get(|| Mutex::new(None))
    }

    fn in_session<R>(&self, work: impl FnOnce(&mut Session) -> Result<R, Error>) -> Result<R, Error> {
        // A panic in another thread's request leaves the index between two states at worst: begin anew then.
        let own = self.session();
        let mut session = own.lock().unwrap_or_else(|poisoned| {
            let mut session = poisoned.into_inner();
            *session = None;
            own.clear_poison();
            session
        });
        let session = match &mut *session {
            Some(session) => session,
            none => none.insert(Session::open(&self.options)?),
        };
        work(session)
    }
}

/// Notices name what the tree and the machine have: what a terminal would obey, or nobody would see, is written out.
fn show_all(notices: &mut [String]) {
    notices.iter_mut().for_each(show);
}

fn show(line: &mut String) {
    let shown = visible(line).into_owned();
    *line = shown;
}

impl RepoMapperBuilder {
    /// Only the files below the given folder, where it lies inside a git repository.
    pub fn subtree_only(mut self, subtree_only: bool) -> Self {
        self.subtree_only = subtree_only;
        self
    }

    /// Further files of ignore rules, in `.gitignore`'s format; they speak of the map and beat every other rule.
    pub fn ignore_files(mut self, files: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        self.ignore_files.extend(files.into_iter().map(Into::into));
        self
    }

    /// Exactly these files, instead of those that are found.
    pub fn files(mut self, files: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.files = Some(files.into_iter().map(Into::into).collect());
        self
    }

    /// Worker threads; 0 takes one a core. No result depends on it.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    /// What budgets are counted in.
    pub fn tokenizer(mut self, tokenizer: Tokenizer) -> Self {
        self.tokenizer = tokenizer;
        self
    }

    /// The weights of the ranking.
    pub fn preset(mut self, preset: Preset) -> Self {
        self.preset = preset;
        self
    }

    /// Preset and weights of the ranking, as they were configured. Its notices come with the first map.
    pub fn ranking(mut self, config: RankingConfig) -> Self {
        self.notices = config.notices;
        self.preset(config.preset).weights(config.weights)
    }

    /// What each signal of files and definitions is worth, and each reference.
    pub fn weights(mut self, weights: Weights) -> Self {
        self.weights = weights;
        self
    }

    /// Whether the git log counts, where a request has a task or chat files and the root is a git repository. It does by default.
    pub fn history(mut self, history: bool) -> Self {
        self.history = history;
        self
    }

    /// Whether the messages of the git log count beside what its commits changed. They do by default; [`history`](Self::history)
    /// switches them off too.
    pub fn past_messages(mut self, past_messages: bool) -> Self {
        self.past_messages = past_messages;
        self
    }

    /// Where tags are kept between runs; in memory unless said otherwise. Its notices come with the first map.
    pub fn cache(mut self, cache: CacheConfig) -> Self {
        self.cache = cache;
        self
    }

    /// Hears how the extraction goes.
    pub fn progress(mut self, progress: Arc<dyn Progress>) -> Self {
        self.progress = Some(progress);
        self
    }

    /// Lets other processes parse, so that no file can take this one down; costs a few percent more CPU time. Without
    /// it files are parsed on the mapper's own threads, and a file that aborts its parser aborts the program.
    pub fn workers(mut self, command: WorkerCommand) -> Self {
        self.workers = Some(command);
        self
    }

    /// A folder with queries of the user's own: `python.scm` adds to the query for Python or, when its first line is
    /// `; replaces`, takes its place. It is read when the first map is asked for.
    pub fn queries(mut self, folder: impl Into<PathBuf>) -> Self {
        self.queries = Some(folder.into());
        self
    }

    /// The mapper. The tree is looked at when the first map is asked for.
    ///
    /// # Errors
    /// None today; settings that contradict each other will be refused here.
    pub fn build(self) -> Result<RepoMapper, Error> {
        Ok(RepoMapper { options: self, sessions: PerProcess::new() })
    }
}
