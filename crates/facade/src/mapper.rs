use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use repo_map_cache_core::PerProcess;
use repo_map_model::CancellationToken;
use repo_map_render::visible;
use repo_map_tags::start_scoped_thread;

use crate::dress::dressed;
use crate::error::Error;
use crate::explain::{Explanation, Target};
use crate::limits::Limits;
use crate::map::{CacheReport, RepoMap};
use crate::navigation::{Navigation, NavigationRequest};
use crate::request::MapRequest;
use crate::session::{Session, Verb};
use crate::settings::Plan;
use crate::skipped_file::SkippedFile;
use crate::view::View;

/// Makes maps of one repository.
///
/// Keep it: it holds tags and graph in memory. Later maps of an unchanged tree only re-`stat`, rank and render, and with
/// [`RefreshMode::Auto`](crate::RefreshMode::Auto) not even the `stat` may be needed.
///
/// It may be shared by threads. Each request works on a snapshot of the tree, so requests rank and render concurrently, also during a
/// refresh. Refreshes are serialised.
///
/// It may be used after a `fork`, by parent and child. The child opens the tree and the cache anew at its first request, with
/// threads and workers of its own. Memory that it inherits is not freed before it ends.
pub struct RepoMapper {
    plan: Arc<Plan>,
    /// Set by the first request of a process that needs the tree.
    sessions: PerProcess<Mutex<Option<Arc<Session>>>>,
}

impl RepoMapper {
    pub(crate) fn of(plan: Plan) -> Self {
        Self { plan: Arc::new(plan), sessions: PerProcess::new() }
    }

    /// The map for a request. A budget of 0 is answered without touching the file system.
    ///
    /// At the request's [deadline](MapRequest::deadline) the map is made from what is there by then, and
    /// [`is_partial`](RepoMap::is_partial) says so.
    ///
    /// # Errors
    /// When the root has gone, when the machine refuses threads, and [`Cancelled`](crate::ErrorKind::Cancelled). Files that
    /// cannot be read, and a cache that cannot be used, are no errors: see [`skipped`](Self::skipped) and
    /// [`RepoMap::notices`].
    pub fn map(&self, request: &MapRequest) -> Result<RepoMap, Error> {
        if request.token_budget == 0 {
            return Ok(RepoMap::nothing(repo_map_render::TokenCounter::name(&self.plan.settings.tokenizer)));
        }
        let start = Instant::now();
        let ask = |request: &MapRequest| self.ask(|session| session.map(request, &request.limits()));
        let mut map = dressed(request, &self.plan.settings.tokenizer, ask)?;
        show_all(&mut map.notices);
        map.timings.total = start.elapsed();
        Ok(map)
    }

    /// Why the map of a request is as it is: what each signal gave to these files and definitions, or to all without targets.
    ///
    /// # Errors
    /// As [`map`](Self::map); and [`DeadlineExceeded`](crate::ErrorKind::DeadlineExceeded).
    pub fn explain(&self, request: &MapRequest, targets: &[Target]) -> Result<Explanation, Error> {
        let mut explanation = self.ask(|session| session.explain(request, targets, &request.limits()))?;
        show_all(&mut explanation.notices);
        Ok(explanation)
    }

    /// What differs between a commit (`HEAD` without a revision) and the files of the tree, as something to ask with:
    /// `request.task(changes.task())`. Files that rules hide are left out; those of keys and passwords are named alone.
    ///
    /// A revision is a branch, a tag, a commit's name or at least four digits of its beginning, each with `~N` or `^N` behind it.
    ///
    /// # Errors
    /// As [`map`](Self::map); [`Misconfigured`](crate::ErrorKind::Misconfigured) where the revision names no commit, and
    /// [`NotFound`](crate::ErrorKind::NotFound) where there is no repository or no commit.
    #[cfg(feature = "git")]
    pub fn changes(&self, since: Option<&str>) -> Result<crate::Changes, Error> {
        self.ask(|session| session.changes(since, &Limits::default()))
    }

    /// The folder that paths of maps begin at: that of the repository, or the one that was named.
    pub fn root(&self) -> &Path {
        self.plan.root.path()
    }

    /// The maps of a request at these budgets, each as [`map`](Self::map) gives it, with the order that they were taken from and why their rows are
    /// there. The request's own budget counts for nothing. The tree is ranked once; each budget costs what printing it does.
    ///
    /// # Errors
    /// As [`map`](Self::map); and [`DeadlineExceeded`](crate::ErrorKind::DeadlineExceeded).
    pub fn view(&self, request: &MapRequest, budgets: &[usize]) -> Result<View, Error> {
        let mut view = self.ask(|session| session.view(request, budgets, &request.limits()))?;
        show_all(&mut view.notices);
        Ok(view)
    }

    /// The definitions of a name, then the lines that use it, each the best first. A name may be qualified (`Engine.start`) or a pattern
    /// (`*_handler`); where nobody has it, names in other letters are taken, then names that hold it.
    ///
    /// # Errors
    /// As [`map`](Self::map); and [`NotFound`](crate::ErrorKind::NotFound), [`OutsideRoot`](crate::ErrorKind::OutsideRoot) and
    /// [`Hidden`](crate::ErrorKind::Hidden) for [`within`](NavigationRequest::within).
    pub fn find(&self, request: &NavigationRequest) -> Result<Navigation, Error> {
        self.navigate(Verb::Find, request)
    }

    /// The lines that use a name.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub fn references(&self, request: &NavigationRequest) -> Result<Navigation, Error> {
        self.navigate(Verb::References, request)
    }

    /// The definitions whose bodies use a name, each with the lines where.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub fn callers(&self, request: &NavigationRequest) -> Result<Navigation, Error> {
        self.navigate(Verb::Callers, request)
    }

    /// The lines of a place: a file, a line or lines of it, a definition; the definition around a line. Where a type does not fit, it is its
    /// head and members, a file its outline. A bare name is its best definition.
    ///
    /// # Errors
    /// As [`map`](Self::map); and [`NotFound`](crate::ErrorKind::NotFound), [`OutsideRoot`](crate::ErrorKind::OutsideRoot),
    /// [`Hidden`](crate::ErrorKind::Hidden), [`Withheld`](crate::ErrorKind::Withheld).
    pub fn show(&self, request: &NavigationRequest) -> Result<Navigation, Error> {
        self.navigate(Verb::Show, request)
    }

    /// The definitions of a file. Of a folder, [`map`](Self::map) with [`MapRequest::folder`] is the outline.
    ///
    /// # Errors
    /// As [`show`](Self::show).
    pub fn outline(&self, request: &NavigationRequest) -> Result<Navigation, Error> {
        self.navigate(Verb::Outline, request)
    }

    fn navigate(&self, verb: Verb, request: &NavigationRequest) -> Result<Navigation, Error> {
        let mut navigation = self.ask(|session| session.navigate(verb, request, &request.limits()))?;
        show_all(&mut navigation.notices);
        Ok(navigation)
    }

    /// Looks at the tree now, whatever the refresh mode of the next request; tells what the cache gave.
    ///
    /// # Errors
    /// As [`map`](Self::map).
    pub fn refresh(&self) -> Result<CacheReport, Error> {
        self.ask(|session| session.refresh(&Limits::default()))
    }

    /// The same, until somebody cancels it.
    ///
    /// # Errors
    /// As [`map`](Self::map).
    pub fn refresh_until(&self, token: &CancellationToken) -> Result<CacheReport, Error> {
        self.ask(|session| session.refresh(&Limits { token: Some(token), deadline: None }))
    }

    /// What is to be told of the tree and the cache, and came with no map yet: for who [refreshes](Self::refresh) without one. Each is told
    /// once.
    pub fn take_notices(&self) -> Vec<String> {
        let mut notices = self.lock().as_ref().map_or_else(Vec::new, |session| session.untold());
        show_all(&mut notices);
        notices
    }

    /// The files that were passed over when the tree was last looked at, each with the cause; those without
    /// tags are in the map by their path alone.
    pub fn skipped(&self) -> Vec<SkippedFile> {
        self.lock().as_ref().map_or_else(Vec::new, |session| session.skipped())
    }

    /// Whether what is found outlives this process: whether there is a storage that keeps, and it could be opened.
    ///
    /// # Errors
    /// When the machine refuses threads.
    pub fn is_durable(&self) -> Result<bool, Error> {
        self.ask(|session| Ok(session.is_durable()))
    }

    /// An estimate of what is held in memory for later requests, in bytes: it is in proportion to the tree as it is now, and to the bounds
    /// of the cache, however many requests and changes there were. What is mapped of a cache on disk is not among it, nor the
    /// graph, which is as large as the tags.
    pub fn memory(&self) -> u64 {
        self.lock().as_ref().map_or(0, |session| session.memory())
    }

    /// Asks what is open of the tree; once more where another request's panic has broken it meanwhile.
    ///
    /// A thread of the caller's own rayon pool would take others of its requests up while it waits here for ours, and these would
    /// wait for it: such a one asks on a thread of its own.
    pub(crate) fn ask<R: Send>(
        &self,
        work: impl Fn(&Session) -> Result<R, Error> + Send + Sync,
    ) -> Result<R, Error> {
        let ask = || {
            let session = self.session()?;
            match work(&session) {
                Err(_) if session.is_broken() => work(&*self.session()?),
                done => done,
            }
        };
        if rayon::current_thread_index().is_none() {
            return ask();
        }
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().name("repo-map-request".to_owned());
            let asked = start_scoped_thread(thread, scope, ask).map_err(Error::of_thread)?;
            asked.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<Session>>> {
        self.sessions.get(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is open of the tree. After a panic in a refresh it is opened anew: the index may stand between two states.
    fn session(&self) -> Result<Arc<Session>, Error> {
        let mut session = self.lock();
        match &*session {
            Some(session) if !session.is_broken() => Ok(session.clone()),
            _ => Ok(session.insert(Arc::new(Session::open(&self.plan)?)).clone()),
        }
    }
}

impl fmt::Debug for RepoMapper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RepoMapper")
            .field("root", &self.plan.root.path())
            .field("settings", &self.plan.settings)
            .finish_non_exhaustive()
    }
}

/// Notices name what the tree and the machine have: what a terminal would obey, or nobody would see, is written out.
fn show_all(notices: &mut [String]) {
    notices.iter_mut().for_each(|line| *line = visible(line).into_owned());
}
