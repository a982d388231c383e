//! One repository being mapped: its root, its store and its index, and how a request goes through the stages.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::time::Instant;

use repo_map_cache_core::Key;
use repo_map_files::{Root, ScanOptions, hash, locate, read, scan};
use repo_map_model::RepoPath;
use repo_map_ranking::{Corpus, RankRequest, Ranking, rank};
use repo_map_render::{Item, RenderOptions, Rendered, Source, TokenCounter as _, important_files, render};
use repo_map_tags::{ExtractOptions, extract};

use crate::cache::OpenCache;
use crate::error::{Error, ErrorKind};
use crate::history::History;
use crate::index::{Index, Workshop};
use crate::kept_map::{self, Circumstances, KeptMap};
use crate::map::{
    CacheReport, Freshness, MappedDefinition, MappedFile, Omitted, RankedPath, RepoMap, Timings,
};
use crate::mapper::{Preset, RepoMapperBuilder};
use crate::records::ArchivedTagRecord;
use crate::request::{MapRequest, RefreshMode};
use crate::store::TagStore;

/// Deep trees are walked recursively by some grammars.
pub(crate) const PARSER_STACK: usize = 16 << 20;

/// Definitions that are ranked beyond what a budget of one token each could show, so that the packing can choose.
const SPARE_DEFINITIONS: usize = 1_000;

pub(crate) struct Session {
    options: RepoMapperBuilder,
    preset: repo_map_ranking::Preset,
    root: Root,
    store: TagStore,
    threads: rayon::ThreadPool,
    index: Index,
    history: History,
    scanned: bool,
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
        let store = TagStore::of(open);
        let threads = rayon::ThreadPoolBuilder::new()
            .num_threads(options.threads)
            .stack_size(PARSER_STACK)
            .thread_name(|index| format!("repo-map-{index}"))
            .build()
            .map_err(|error| Error::new(ErrorKind::Resources, format!("cannot start threads: {error}")))?;
        let preset = match options.preset {
            Preset::Default => repo_map_ranking::Preset::default(),
            Preset::Aider => repo_map_ranking::Preset::aider(),
        };
        Ok(Self {
            options: options.clone(),
            preset,
            root,
            store,
            threads,
            index: Index::new(),
            history: History::default(),
            scanned: false,
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
            RefreshMode::Auto | RefreshMode::Always => true,
            RefreshMode::Files => named != self.named || named.iter().any(|path| self.is_changed(path)),
            RefreshMode::Manual => false,
        };
        self.named = named;
        if self.wants_history(request) && (stale || !self.history.is_read()) {
            let start = Instant::now();
            self.notices.extend(self.history.refresh(self.root.path(), &self.store));
            timings.history = start.elapsed();
        }
        if stale || !self.scanned {
            return self.rescan(mode != RefreshMode::Always, timings);
        }
        Ok(CacheReport { kept: self.index.len(), ..CacheReport::default() })
    }

    pub(crate) fn rescan(&mut self, trust_stat: bool, timings: &mut Timings) -> Result<CacheReport, Error> {
        let start = Instant::now();
        let subtree = self.root.subtree().filter(|_| self.options.subtree_only).cloned();
        let only =
            self.options.files.as_ref().map(|files| {
                files.iter().filter_map(|file| self.inside(Path::new(file))).collect::<Vec<_>>()
            });
        let mut options = ScanOptions::default().subtree(subtree).only(only);
        for file in &self.options.ignore_files {
            options = options.ignore_file(file);
        }
        let scan =
            self.threads.install(|| scan(&self.root, &options)).map_err(|error| Error::of_files(&error))?;
        timings.scan = start.elapsed();

        let start = Instant::now();
        let workshop = Workshop {
            root: &self.root,
            store: &self.store,
            threads: &self.threads,
            progress: self.options.progress.as_deref(),
            trust_stat,
        };
        let mut report = self.index.update(scan, &workshop);
        let statistics = self.store.statistics();
        (report.corrupt, report.errors) = (statistics.corrupt, statistics.errors);
        self.scanned = true;
        timings.tags = start.elapsed();
        Ok(report)
    }

    /// Whether the git log has a say in the map of a request.
    fn wants_history(&self, request: &MapRequest) -> bool {
        let asked = !request.chat_files.is_empty();
        self.options.history && self.options.preset != Preset::Aider && asked
    }

    /// What is to be said with the next map.
    pub(crate) fn take_notices(&mut self) -> Vec<String> {
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

        let start = Instant::now();
        let (threads, corpus) = (&self.threads, self.index.corpus());
        let graph = threads.install(|| self.index.graph(&self.preset));
        timings.graph = start.elapsed();

        let start = Instant::now();
        let mut wanted = RankRequest::default();
        wanted.chat_files = &chat;
        wanted.mentioned_files = &mentioned;
        wanted.mentioned_idents = &request.mentioned_idents;
        wanted.limit = request.token_budget.saturating_add(SPARE_DEFINITIONS);
        let ranking = threads.install(|| rank(corpus, graph, &wanted));
        timings.rank = start.elapsed();

        let start = Instant::now();
        let important =
            important_files(self.index.paths().filter(|path| !chat.contains(path)), request.token_budget);
        let items = items(corpus, &ranking, important, &chat);
        let options = RenderOptions::new(request.token_budget)
            .style(request.style)
            .tokenizer(self.options.tokenizer.clone());
        let mut sources = HashMap::new();
        let mut is_whole = true;
        let rendered = render(
            items,
            |path: &RepoPath| {
                let source = self.source(path);
                // A file that has changed since the look is left out: such a map is not the tree's.
                is_whole &= source.is_some() || !self.index.is_tagged(path.as_str());
                sources.insert(path.clone(), source.clone()?);
                source
            },
            &options,
        );
        timings.render = start.elapsed();

        let places = places(corpus, &ranking, &rendered);
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
            ranking: if request.full_ranking { paths(corpus, &ranking) } else { Vec::new() },
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

    /// What a request's map is kept under. All that it is made from has to be in here.
    fn map_key(&self, request: &MapRequest, chat: &[RepoPath], mentioned: &[RepoPath]) -> Option<Key> {
        let digest = self.index.digest();
        let history = if self.wants_history(request) { self.history.state() } else { String::new() };
        let around = Circumstances {
            digests: &[digest.as_bytes(), history.as_bytes()],
            preset: &self.preset,
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
            skipped: self.index.skipped().count(),
        }
    }

    pub(crate) fn skipped(&self) -> Vec<(String, String)> {
        self.index.skipped().map(|(path, reason)| (path.to_owned(), reason)).collect()
    }

    /// The source and tags of a file, as the index knows it. `None` when it has changed since: its lines would lie.
    fn source(&self, path: &RepoPath) -> Option<Source> {
        let identity = self.index.identity(path.as_str())?;
        let language = identity.language?;
        let (bytes, _) = read(&self.root, path, ExtractOptions::default().max_bytes as u64).ok()?;
        if hash(&bytes) != identity.content {
            return None;
        }
        let stored = self.store.tags(language, &identity.content);
        let stored = stored.and_then(|record| ArchivedTagRecord::access(&record)?.to_tags());
        let tags = stored.unwrap_or_else(|| extract(language, &bytes).tags);
        let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
        Some(Source::new(text.as_ref(), tags))
    }

    fn omitted(&self, files: &[MappedFile], chat: &[RepoPath]) -> Omitted {
        let of_chat: usize = chat.iter().map(|path| self.index.definitions(path.as_str())).sum();
        let shown: usize = files.iter().map(|file| file.definitions.len()).sum();
        Omitted {
            files: (self.index.len() - chat.len()).saturating_sub(files.len()),
            definitions: self.index.all_definitions().saturating_sub(of_chat + shown),
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

/// What is printed, best first: important root files, definitions, then files that have none.
fn items(corpus: &Corpus, ranking: &Ranking, important: Vec<RepoPath>, chat: &[RepoPath]) -> Vec<Item> {
    let definitions = ranking
        .definitions
        .iter()
        .map(|ranked| Item::definition(corpus.path(ranked.file).clone(), ranked.definition));
    let bare = ranking
        .files
        .iter()
        .filter(|ranked| corpus.definition_name(ranked.file, 0).is_none())
        .map(|ranked| corpus.path(ranked.file).clone())
        .filter(|path| !chat.contains(path));
    let important = important.into_iter().map(Item::file);
    important.chain(definitions).chain(bare.map(Item::file)).collect()
}

/// Place and score of the printed files among all.
fn places(corpus: &Corpus, ranking: &Ranking, rendered: &Rendered) -> HashMap<RepoPath, (usize, f64)> {
    let shown: BTreeSet<&RepoPath> = rendered.files.iter().map(|file| &file.path).collect();
    let ranked =
        ranking.files.iter().zip(1..).map(|(ranked, place)| (corpus.path(ranked.file), place, ranked.score));
    ranked
        .filter(|(path, ..)| shown.contains(path))
        .map(|(path, place, score)| (path.clone(), (place, score)))
        .collect()
}

fn paths(corpus: &Corpus, ranking: &Ranking) -> Vec<RankedPath> {
    let ranked = ranking.files.iter();
    ranked.map(|ranked| RankedPath { path: corpus.path(ranked.file).clone(), score: ranked.score }).collect()
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
