//! One repository being mapped: its root, its store and its index, and how a request goes through the stages.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use repo_map_cache_core::Key;
use repo_map_files::{Root, Scan, ScanOptions, Scanner, StatFingerprint, hash, locate, read};
use repo_map_lexical::Query;
use repo_map_model::RepoPath;
use repo_map_ranking::{Chances, RankRequest, ReferenceGraph, Weights, combine, rank};
use repo_map_render::{
    LineCosts, RenderOptions, Rendered, Source, TokenCounter as _, important_files, render, render_by_gain,
};
use repo_map_tags::{ExtractOptions, decode};

use crate::cache::OpenCache;
use crate::error::{Error, ErrorKind};
use crate::evidence::{Asked, collect};
use crate::explain::{Explanation, Scene, Target};
use crate::extraction::{Extractor, PARSER_STACK};
use crate::history::History;
use crate::index::{Index, TreeWords, Workshop};
use crate::kept_map::{self, Circumstances, KeptMap};
use crate::map::{CacheReport, Freshness, MappedDefinition, MappedFile, Omitted, RepoMap, Timings};
use crate::mapper::{Preset, RepoMapperBuilder};
use crate::order::{Order, claims, items, paths, places, put_first};
use crate::queries;
use crate::recent::Recent;
use crate::request::{MapRequest, RefreshMode};
use crate::store::TagStore;

/// Definitions that are ranked beyond what a budget of one token each could show, so that the packing can choose.
const SPARE_DEFINITIONS: usize = 1_000;

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
}

impl Session {
    pub(crate) fn open(options: &RepoMapperBuilder) -> Result<Self, Error> {
        let root = locate(&options.root).map_err(|error| Error::of_files(&error))?;
        let open = OpenCache::open(&options.cache)?;
        let notice = open.notice().map(ToOwned::to_owned);
        let languages = match &options.queries {
            Some(folder) => Arc::new(queries::read(folder)?),
            None => Arc::default(),
        };
        let store = TagStore::speaking(open, languages.clone());
        let threads = rayon::ThreadPoolBuilder::new()
            .num_threads(options.threads)
            .stack_size(PARSER_STACK)
            .thread_name(|index| format!("repo-map-{index}"))
            .build()
            .map_err(|error| Error::new(ErrorKind::Resources, format!("cannot start threads: {error}")))?;
        let preset = match options.preset {
            Preset::Default => options.weights.graph(),
            Preset::Aider => options.weights.aider_graph(),
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
            notices: notice.into_iter().collect(),
        })
    }

    /// Looks at the tree if the request's mode asks for it.
    pub(crate) fn look(&mut self, request: &MapRequest, timings: &mut Timings) -> Result<CacheReport, Error> {
        let named = |session: &Self| -> BTreeSet<RepoPath> {
            let files = request.chat_files.iter().chain(&request.mentioned_files);
            files.filter_map(|file| session.inside(file)).collect()
        };
        let named = named(self);
        let mode = request.refresh.unwrap_or(self.options.cache.refresh_mode);
        let stale = match mode {
            RefreshMode::Auto | RefreshMode::Stat | RefreshMode::Always => true,
            RefreshMode::Files => named != self.named || named.iter().any(|path| self.is_changed(path)),
            RefreshMode::Manual => false,
        };
        self.named = named;
        if self.wants_history() && (stale || !self.history.is_read()) {
            let start = Instant::now();
            self.notices.extend(self.history.refresh(self.root.path(), &self.store));
            timings.history = start.elapsed();
        }
        let words = self.wants_words(request) && (stale || !self.words.is_read());
        let settled = self.index.settled().filter(|_| mode != RefreshMode::Always);
        let scan = match settled {
            _ if self.scanned && !stale => None,
            Some(_) => self.scan_if_changed(mode == RefreshMode::Auto, timings)?,
            None => Some(self.scan(timings)?),
        };
        let is_same = stale && scan.is_none();
        let mut report = self.update(scan, words, mode != RefreshMode::Always, timings);
        if let Some(kept) = settled.filter(|_| is_same) {
            report.kept = kept;
        }
        Ok(report)
    }

    /// Looks at the tree, whatever the mode of a request.
    pub(crate) fn rescan(&mut self) -> Result<CacheReport, Error> {
        let timings = &mut Timings::default();
        let scan = self.scan(timings)?;
        Ok(self.update(Some(scan), false, true, timings))
    }

    fn scan(&mut self, timings: &mut Timings) -> Result<Scan, Error> {
        let options = self.scan_options();
        self.timed_scan(timings, |scanner, root| scanner.scan(root, &options))
    }

    /// `None` where the tree is as the last scan found it.
    fn scan_if_changed(&mut self, watch: bool, timings: &mut Timings) -> Result<Option<Scan>, Error> {
        let options = self.scan_options();
        self.timed_scan(timings, |scanner, root| scanner.scan_if_changed(root, &options, watch))
    }

    fn timed_scan<R: Send>(
        &mut self,
        timings: &mut Timings,
        scan: impl FnOnce(&mut Scanner, &Root) -> Result<R, repo_map_files::Error> + Send,
    ) -> Result<R, Error> {
        let start = Instant::now();
        let (scanner, root) = (&mut self.scanner, &self.root);
        let scan = self.threads.install(|| scan(scanner, root));
        timings.scan = start.elapsed();
        scan.map_err(|error| Error::of_files(&error))
    }

    fn scan_options(&self) -> ScanOptions {
        let subtree = self.root.subtree().filter(|_| self.options.subtree_only).cloned();
        let only =
            self.options.files.as_ref().map(|files| {
                files.iter().filter_map(|file| self.inside(Path::new(file))).collect::<Vec<_>>()
            });
        let mut options = ScanOptions::default().subtree(subtree).only(only);
        for file in &self.options.ignore_files {
            options = options.ignore_file(file);
        }
        options
    }

    /// Brings the index to a scan if there is one, and then the words to the index if they are wanted.
    fn update(
        &mut self,
        scan: Option<Scan>,
        words: bool,
        trust_stat: bool,
        timings: &mut Timings,
    ) -> CacheReport {
        let workshop = Workshop {
            root: &self.root,
            store: &self.store,
            extractor: &self.extractor,
            threads: &self.threads,
            progress: self.options.progress.as_deref(),
            trust_stat,
        };
        let mut report = CacheReport { kept: self.index.len(), ..CacheReport::default() };
        if let Some(scan) = scan {
            self.trusts_stat = trust_stat;
            let start = Instant::now();
            report = self.index.update(scan, &workshop);
            self.scanned = true;
            timings.tags = start.elapsed();
        }
        if words {
            let start = Instant::now();
            self.words.update(&self.index, &workshop);
            timings.words = start.elapsed();
        }
        let statistics = self.store.statistics();
        (report.corrupt, report.errors) = (statistics.corrupt, statistics.errors);
        report
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
        std::mem::take(&mut self.notices)
    }

    /// Ranks and prints. The tree is taken as it was last looked at.
    pub(crate) fn map(
        &self,
        request: &MapRequest,
        cache: CacheReport,
        mut timings: Timings,
        mut notices: Vec<String>,
    ) -> RepoMap {
        let chat = self.known(&request.chat_files, "chat file", &mut notices);
        let mentioned = self.known(&request.mentioned_files, "mentioned file", &mut notices);
        let key = self.map_key(request, &chat, &mentioned);
        if let Some(kept) = key.and_then(|key| self.recall(&key)) {
            return self.again(kept, request, CacheReport { map_hit: true, ..cache }, timings, notices);
        }

        let corpus = self.index.corpus();
        let limit = request.token_budget.saturating_add(SPARE_DEFINITIONS);
        let order = self.order(request, &chat, &mentioned, limit, &mut timings, &mut notices);

        let start = Instant::now();
        let Drawn { rendered, sources, is_whole } = self.draw(request, &order, &chat);
        timings.render = start.elapsed();

        let places = places(corpus, &order, &rendered);
        let files: Vec<MappedFile> = rendered
            .files
            .into_iter()
            .map(|file| {
                let (rank, score) = places.get(&file.path).copied().unwrap_or_default();
                let definitions =
                    sources.get(&file.path).map_or_else(Vec::new, |source| named(source, &file.definitions));
                MappedFile { path: file.path, rank, score, definitions }
            })
            .collect();
        let map = RepoMap {
            omitted: self.omitted(&files, &chat),
            ranking: if request.full_ranking { paths(corpus, &order) } else { Vec::new() },
            files,
            text: rendered.text,
            tokens_used: rendered.tokens_used,
            budget: request.token_budget,
            tokenizer: self.options.tokenizer.name().to_owned(),
            freshness: self.freshness(),
            cache,
            timings,
            notices,
        };
        if let Some(key) = key.filter(|_| is_whole) {
            kept_map::keep(self.store.open(), key, &map);
        }
        map
    }

    /// Orders files, and as many definitions as are wanted.
    fn order(
        &self,
        request: &MapRequest,
        chat: &[RepoPath],
        mentioned: &[RepoPath],
        limit: usize,
        timings: &mut Timings,
        notices: &mut Vec<String>,
    ) -> Order {
        let start = Instant::now();
        let (threads, corpus) = (&self.threads, self.index.corpus());
        let graph = threads.install(|| self.index.graph(&self.preset));
        timings.graph = start.elapsed();

        let start = Instant::now();
        let mut wanted = RankRequest::default();
        wanted.chat_files = chat;
        wanted.mentioned_files = mentioned;
        let of_task =
            if self.options.preset == Preset::Aider { request.idents_of_task() } else { Vec::new() };
        let idents: Vec<String> = request.mentioned_idents.iter().cloned().chain(of_task).collect();
        wanted.mentioned_idents = &idents;
        wanted.limit = limit;
        let order = if self.is_combined() {
            Order::Chances(
                threads.install(|| self.chances(request, graph, &wanted, &mut timings.query, notices)),
            )
        } else {
            Order::Walk(threads.install(|| rank(corpus, graph, &wanted)))
        };
        timings.rank = start.elapsed();
        order
    }

    /// Tells what each signal gave to the targets, or to everything where there are none.
    pub(crate) fn explain(&self, request: &MapRequest, targets: &[Target]) -> Explanation {
        let mut notices = Vec::new();
        let chat = self.known(&request.chat_files, "chat file", &mut notices);
        let mentioned = self.known(&request.mentioned_files, "mentioned file", &mut notices);
        // Every definition that is weighed is told of; by references alone, those that a map could show.
        let limit = match self.is_combined() {
            true => usize::MAX,
            false => request.token_budget.saturating_add(SPARE_DEFINITIONS),
        };
        let order = self.order(request, &chat, &mentioned, limit, &mut Timings::default(), &mut notices);
        let Drawn { rendered, .. } = self.draw(request, &order, &chat);
        let scene =
            Scene { index: &self.index, store: &self.store, order: &order, rendered: &rendered, chat: &chat };
        let mut explanation = scene.explain(targets, |path| self.inside(Path::new(path)));
        explanation.notices.splice(0..0, notices);
        explanation
    }

    /// Weighs all that is known for a request.
    fn chances(
        &self,
        request: &MapRequest,
        graph: &ReferenceGraph,
        wanted: &RankRequest<'_>,
        took: &mut Duration,
        notices: &mut Vec<String>,
    ) -> Chances {
        let query = self.wants_words(request).then(|| Query::parse(&request.words()));
        if query.as_ref().is_some_and(Query::is_truncated) {
            notices.push(format!("the task is longer than {} bytes; the rest is ignored", Query::MAX_BYTES));
        }
        let asked = Asked {
            query: query.as_ref(),
            chat: wanted.chat_files,
            history: self.wants_history().then_some(&self.history),
            past_messages: self.options.past_messages,
        };
        let evidence = collect(&self.index, &self.words, &self.store, &asked, took);
        combine(self.index.corpus(), graph, wanted, &evidence, &self.weights)
    }

    /// Fills the budget with what is best.
    fn draw(&self, request: &MapRequest, order: &Order, chat: &[RepoPath]) -> Drawn {
        let corpus = self.index.corpus();
        let options = RenderOptions::new(request.token_budget)
            .style(request.style)
            .tokenizer(self.options.tokenizer.clone())
            .line_costs(self.line_costs.clone());
        let mut sources = HashMap::new();
        let mut is_whole = true;
        let take = |path: &RepoPath| {
            let source = self.source(path);
            // A file that has changed since the look is left out: such a map is not the tree's.
            is_whole &= source.is_some() || !self.index.is_tagged(path.as_str());
            sources.insert(path.clone(), source.clone()?);
            source
        };
        let important = || {
            let others = self.index.paths().filter(|path| !chat.contains(path));
            important_files(others, request.token_budget)
        };
        let rendered = match order {
            Order::Walk(ranking) => render(items(corpus, ranking, important(), chat), take, &options),
            Order::Chances(chances) => {
                let mut claims = claims(corpus, chances, request.token_budget);
                if request.task.trim().is_empty() {
                    put_first(&mut claims, important());
                }
                render_by_gain(&claims, take, &options)
            }
        };
        Drawn { rendered, sources, is_whole }
    }

    /// What a request's map is kept under. All that it is made from has to be in here.
    fn map_key(&self, request: &MapRequest, chat: &[RepoPath], mentioned: &[RepoPath]) -> Option<Key> {
        let digest = self.index.digest();
        let history = match self.wants_history() {
            true => format!("{} {}", self.history.state(), self.options.past_messages),
            false => String::new(),
        };
        let texts = self.wants_words(request).then(|| self.words.digest());
        let texts = texts.as_ref().map_or(&[][..], |digest| digest.as_bytes());
        let around = Circumstances {
            digests: &[digest.as_bytes(), &self.index.facts().unread, history.as_bytes(), texts],
            languages: self.store.languages(),
            preset: &self.preset,
            weights: &self.weights,
            tokenizer: &self.options.tokenizer,
        };
        kept_map::key(request, chat, mentioned, &around)
    }

    /// The map that was kept under a key, if the files that it quotes are still those of the last look.
    fn recall(&self, key: &Key) -> Option<KeptMap> {
        let kept = kept_map::recall(self.store.open(), key)?;
        let mut quoted = kept.files.iter().filter(|file| self.index.is_tagged(file.path.as_str()));
        quoted.all(|file| !self.is_changed(&file.path)).then_some(kept)
    }

    /// A map that was kept, told as if it had been made now.
    fn again(
        &self,
        kept: KeptMap,
        request: &MapRequest,
        cache: CacheReport,
        timings: Timings,
        notices: Vec<String>,
    ) -> RepoMap {
        RepoMap {
            text: kept.text,
            files: kept.files,
            ranking: Vec::new(),
            tokens_used: kept.tokens_used,
            budget: request.token_budget,
            tokenizer: self.options.tokenizer.name().to_owned(),
            omitted: kept.omitted,
            freshness: self.freshness(),
            cache,
            timings,
            notices,
        }
    }

    fn freshness(&self) -> Freshness {
        Freshness {
            tree_digest: self.index.digest(),
            files: self.index.len(),
            skipped: self.index.facts().skipped,
        }
    }

    pub(crate) fn skipped(&self) -> Vec<(String, String)> {
        self.index.skipped().map(|(path, reason)| (path.to_owned(), reason)).collect()
    }

    /// The source and tags of a file, as the index knows it. `None` when it has changed since: its lines would lie.
    fn source(&self, path: &RepoPath) -> Option<Source> {
        let identity = self.index.identity(path.as_str())?;
        let language = identity.language?;
        if let Some(source) = self.quoted.get(identity)
            && self.is_as_seen(path)
        {
            return Some(source);
        }
        let (bytes, _) = read(&self.root, path, ExtractOptions::default().max_bytes as u64).ok()?;
        if hash(&bytes) != identity.content {
            return None;
        }
        let tags = self.extractor.tags(&self.store, language, &identity.content, &bytes);
        let text = decode(&bytes);
        let text = String::from_utf8_lossy(&text);
        let source = Source::new(text.as_ref(), tags);
        self.quoted.keep(identity, source.clone(), source.text.len());
        Some(source)
    }

    /// Whether its `stat` proves that a file has not changed since the look.
    fn is_as_seen(&self, path: &RepoPath) -> bool {
        let metadata = || self.root.path().join(path.as_str()).symlink_metadata().ok();
        self.trusts_stat
            && metadata().is_some_and(|now| {
                now.is_file() && self.index.proves(path.as_str(), &StatFingerprint::of(&now))
            })
    }

    fn omitted(&self, files: &[MappedFile], chat: &[RepoPath]) -> Omitted {
        let of_chat: usize = chat.iter().map(|path| self.index.definitions(path.as_str())).sum();
        let shown: usize = files.iter().map(|file| file.definitions.len()).sum();
        Omitted {
            files: (self.index.len() - chat.len()).saturating_sub(files.len()),
            definitions: self.index.facts().definitions.saturating_sub(of_chat + shown),
        }
    }

    /// The files of the repository among these paths; the others are named in a notice.
    fn known(&self, paths: &[PathBuf], role: &str, notices: &mut Vec<String>) -> Vec<RepoPath> {
        let mut known = BTreeSet::new();
        for path in paths {
            match self.inside(path).filter(|path| self.index.contains(path.as_str())) {
                Some(path) => drop(known.insert(path)),
                None => notices
                    .push(format!("{role} {} is not among the files of the map; ignored", path.display())),
            }
        }
        known.into_iter().collect()
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

/// A map's text with the sources that it was drawn from.
struct Drawn {
    rendered: Rendered,
    sources: HashMap<RepoPath, Source>,
    /// No file had changed since it was looked at.
    is_whole: bool,
}

fn named(source: &Source, definitions: &[u32]) -> Vec<MappedDefinition> {
    let all = source.tags.definitions();
    let shown = definitions.iter().filter_map(|&index| all.get(index as usize));
    let named = shown.map(|definition| MappedDefinition {
        name: source.tags.name(definition.name).to_owned(),
        kind: definition.kind,
        line: definition.line,
    });
    named.collect()
}
