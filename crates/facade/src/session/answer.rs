//! The answer to a request, from the tree as it was last looked at: the order of all, and the budget filled with what is best.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use repo_map_files::{StatFingerprint, hash, read};
use repo_map_lexical::Query;
use repo_map_model::{Interrupt, RepoPath};
use repo_map_ranking::{Occasion, RankRequest, ReferenceGraph, combine, rank};
use repo_map_render::{
    Printer, RenderOptions, Rendered, Source, Style, TokenCounter as _, important_files, render,
};
use repo_map_tags::{hold_forks, page};

use super::Session;
use super::look::Seen;
use crate::confidence::Confidence;
use crate::error::Error;
use crate::evidence::{Asked, Collected, collect};
use crate::explain::{Explanation, Scene, Target};
use crate::kept_map;
use crate::limits::Limits;
use crate::map::{CacheReport, MappedDefinition, MappedFile, Omitted, RepoMap, Timings};
use crate::named::Named;
use crate::order::{Order, claims, items, paths, places, put_first};
use crate::preset::Preset;
use crate::request::MapRequest;
use crate::shape::shape;
use crate::snapshot::Tree;

/// Definitions that are ranked beyond what a budget of one token each could show, so that the packing can choose.
pub(super) const SPARE_DEFINITIONS: usize = 1_000;

/// The width of an overview's rows: many names compete for its page, and each row still says what is asked and given.
const OVERVIEW_WIDTH: usize = 56;

/// What is said where a task speaks of something else than the tree, or another language.
const NO_WORD: &str =
    "no word of the task occurs in this tree, so the map goes by everything else; name files or identifiers";

/// The order of all, and what is known of it.
pub(super) struct Ordered {
    pub(super) order: Order,
    /// Whether the words of all files were there, as far as they count.
    has_all_words: bool,
    pub(super) confidence: Option<Confidence>,
}

/// One request and the snapshot that it is answered from.
pub(super) struct Answer<'a> {
    pub(super) session: &'a Session,
    pub(super) tree: &'a Tree,
    pub(super) limits: &'a Limits<'a>,
}

impl Answer<'_> {
    /// Ranks and prints.
    pub(super) fn map(
        &self,
        request: &MapRequest,
        seen: &mut Seen,
        mut timings: Timings,
    ) -> Result<RepoMap, Error> {
        let (cache, mut notices) = (seen.report, Vec::new());
        let named = self.named(request, &mut notices);
        if let Some(kept) = seen.kept.take() {
            return Ok(self.again(kept, request, CacheReport { map_hit: true, ..cache }, timings, notices));
        }
        let key = self.map_key(request, &named).filter(|_| !seen.is_partial);
        // It is not asked for twice.
        let missed = self.session.missed().take();
        if let Some(kept) = key.filter(|key| missed != Some(*key)).and_then(|key| self.recall(&key)) {
            return Ok(self.again(kept, request, CacheReport { map_hit: true, ..cache }, timings, notices));
        }

        let corpus = self.tree.index.corpus();
        let limit = request.token_budget.saturating_add(SPARE_DEFINITIONS);
        let Ordered { order, has_all_words, confidence } =
            self.order(request, &named, limit, &mut timings, &mut notices)?;

        let start = Instant::now();
        let Drawn { rendered, sources, is_whole } = self.draw(request, &named, &order);
        timings.render = start.elapsed();

        let places = places(corpus, &order, &rendered);
        let files: Vec<MappedFile> = rendered
            .files
            .into_iter()
            .map(|file| {
                let (rank, score) = places.get(&file.path).copied().unwrap_or_default();
                let definitions =
                    sources.get(&file.path).map_or_else(Vec::new, |source| mapped(source, &file.definitions));
                MappedFile { path: file.path, rank, score, definitions }
            })
            .collect();
        let map = RepoMap {
            omitted: self.omitted(&files, &named.chat),
            ranking: if request.full_ranking { paths(corpus, &order) } else { Vec::new() },
            files,
            text: rendered.text,
            tokens_used: rendered.tokens_used,
            budget: request.token_budget,
            tokenizer: self.session.settings().tokenizer.name().to_owned(),
            confidence: confidence.map(|confidence| confidence.chance),
            is_partial: seen.is_partial,
            freshness: self.freshness(),
            reading: self.tree.index.facts().reading.clone(),
            cache,
            timings,
            notices,
        };
        if let Some(key) = key.filter(|_| is_whole && has_all_words && self.tree.index.facts().unparsed == 0)
        {
            kept_map::keep(self.session.store.open(), key, &map, self.tree.index.facts().passed_over);
        }
        Ok(map)
    }

    /// Orders files, and as many definitions as are wanted.
    pub(super) fn order(
        &self,
        request: &MapRequest,
        named: &Named,
        limit: usize,
        timings: &mut Timings,
        notices: &mut Vec<String>,
    ) -> Result<Ordered, Error> {
        let start = Instant::now();
        let corpus = self.tree.index.corpus();
        self.limits.check()?;
        let graph = self.tree.index.graph(&self.session.preset);
        timings.graph = start.elapsed();
        self.limits.check()?;

        let start = Instant::now();
        let mut wanted = RankRequest::default();
        wanted.chat_files = &named.chat;
        wanted.mentioned_files = &named.mentioned;
        wanted.folder = named.folder.as_ref();
        let of_task = if self.session.settings().preset == Preset::Aider {
            request.idents_of_task()
        } else {
            Vec::new()
        };
        let idents: Vec<String> = request.mentioned_idents.iter().cloned().chain(of_task).collect();
        wanted.mentioned_idents = &idents;
        wanted.limit = limit;
        let ordered = if self.session.is_combined() {
            self.chances(request, graph, &wanted, &mut timings.query, notices)?
        } else {
            let order = Order::Walk(rank(corpus, graph, &wanted));
            Ordered { order, has_all_words: true, confidence: None }
        };
        timings.rank = start.elapsed();
        self.limits.check()?;
        Ok(ordered)
    }

    /// Tells what each signal gave to the targets, or to everything where there are none.
    pub(super) fn explain(&self, request: &MapRequest, targets: &[Target]) -> Result<Explanation, Error> {
        let mut notices = Vec::new();
        let named = self.named(request, &mut notices);
        // Every definition that is weighed is told of; by references alone, those that a map could show.
        let limit = match self.session.is_combined() {
            true => usize::MAX,
            false => request.token_budget.saturating_add(SPARE_DEFINITIONS),
        };
        let Ordered { order, confidence, .. } =
            self.order(request, &named, limit, &mut Timings::default(), &mut notices)?;
        let Drawn { rendered, .. } = self.draw(request, &named, &order);
        let scene = Scene {
            index: &self.tree.index,
            store: &self.session.store,
            order: &order,
            rendered: &rendered,
            chat: &named.chat,
        };
        let mut explanation = scene.explain(targets, |path| self.session.inside(Path::new(path)));
        explanation.notices.splice(0..0, notices);
        explanation.confidence = confidence;
        Ok(explanation)
    }

    /// Weighs all that is known for a request.
    fn chances(
        &self,
        request: &MapRequest,
        graph: &ReferenceGraph,
        wanted: &RankRequest<'_>,
        took: &mut Duration,
        notices: &mut Vec<String>,
    ) -> Result<Ordered, Error> {
        let query = self.session.wants_words(request).then(|| {
            let mentions = request.mentions(wanted.mentioned_files);
            let mentions: Vec<&str> = mentions.iter().map(String::as_str).collect();
            Query::parse_with(&request.task, &mentions)
        });
        if query.as_ref().is_some_and(Query::is_truncated) {
            notices.push(format!("the task is longer than {} bytes; the rest is ignored", Query::MAX_BYTES));
        }
        let asked = Asked {
            query: query.as_ref(),
            chat: wanted.chat_files,
            history: self.session.wants_history(request).then_some(&self.tree.history),
            past_messages: self.session.settings().past_messages,
        };
        let workshop = self.session.workshop(self.tree.trusts_stat, Interrupt::NEVER);
        let Collected { evidence, has_all_words, finds_nothing, known } =
            collect(self.tree, &self.session.words_of_best, &workshop, &asked, took, |path| {
                Some(self.source(path)?.tags)
            });
        self.limits.check()?;
        let finds_nothing = finds_nothing && !request.task.trim().is_empty();
        if finds_nothing && self.tree.index.len() > 0 {
            notices.push(NO_WORD.to_owned());
        }
        let weights = &self.session.settings().weights;
        let mut chances = combine(self.tree.index.corpus(), graph, wanted, &evidence, weights);
        let confidence = known.map(|known| Confidence::of(&chances, &known));
        self.rerank(request, &mut chances, notices);
        self.limits.check()?;
        // A kept map has no notices.
        let has_all_words = has_all_words && !finds_nothing;
        Ok(Ordered { order: Order::Chances(chances), has_all_words, confidence })
    }

    /// Fills the budget with what is best.
    pub(super) fn draw(&self, request: &MapRequest, named: &Named, order: &Order) -> Drawn {
        let options = self.options(request, order);
        self.draw_on(&mut Printer::new(&options), request, named, order)
    }

    /// How the rows of a request look.
    pub(super) fn options(&self, request: &MapRequest, order: &Order) -> RenderOptions {
        let tokenizer = &self.session.settings().tokenizer;
        let mut options = RenderOptions::new(request.token_budget)
            .style(request.style)
            .line_numbers(request.line_numbers)
            .tokenizer(tokenizer.clone())
            .line_costs(self.session.line_costs.clone());
        let is_overview = matches!(order, Order::Chances(of) if of.occasion == Occasion::Overview);
        // Lines of the tree style are the source's own.
        if is_overview && request.style == Style::Outline {
            options.max_line_width = OVERVIEW_WIDTH;
        }
        // Tables of the tokenizer are made when they are first used.
        if tokenizer.is_known() {
            hold_forks(|| tokenizer.count(""));
        }
        options
    }

    /// Fills the budget on what prints other budgets of the request too.
    pub(super) fn draw_on(
        &self,
        printer: &mut Printer<'_>,
        request: &MapRequest,
        named: &Named,
        order: &Order,
    ) -> Drawn {
        let corpus = self.tree.index.corpus();
        let tokenizer = &self.session.settings().tokenizer;
        let mut sources = HashMap::new();
        let mut is_whole = true;
        let take = |path: &RepoPath| {
            let source = self.source(path);
            // A file that has changed since the look is left out: such a map is not the tree's.
            is_whole &= source.is_some() || !self.tree.index.is_tagged(path.as_str());
            sources.insert(path.clone(), source.clone()?);
            source
        };
        let important = || self.important(named, request.token_budget);
        let shape = match order {
            Order::Chances(chances) if chances.occasion == Occasion::Overview => {
                let graph = self.tree.index.graph(&self.session.preset);
                shape(
                    &self.tree.index,
                    named.folder.as_ref(),
                    graph,
                    chances,
                    request.token_budget,
                    tokenizer,
                )
            }
            _ => String::new(),
        };
        let before = if shape.is_empty() { shape } else { shape + "\n" };
        let budget = request.token_budget.saturating_sub(tokenizer.count(&before));
        let mut rendered = match order {
            Order::Walk(ranking) => {
                let limit = request.token_budget.saturating_add(SPARE_DEFINITIONS);
                let mut options = self.options(request, order);
                options.budget = budget;
                render(items(corpus, ranking, limit, important(), &named.chat), take, &options)
            }
            Order::Chances(chances) => {
                let mut claims = claims(corpus, chances, request.token_budget);
                if request.task.trim().is_empty() {
                    put_first(&mut claims, important());
                }
                printer.by_gain(&claims, take, budget)
            }
        };
        if !before.is_empty() {
            let whole = before + &rendered.text;
            let count = tokenizer.count(&whole);
            // A caller's tokenizer may count more than the parts.
            if count <= request.token_budget {
                (rendered.text, rendered.tokens_used) = (whole, count);
            }
        }
        Drawn { rendered, sources, is_whole }
    }

    /// What is named first where there is no task, at a budget.
    pub(super) fn important(&self, named: &Named, budget: usize) -> Vec<RepoPath> {
        if named.folder.is_some() {
            return Vec::new();
        }
        let others = self.tree.index.facts().important.iter();
        important_files(others.filter(|path| named.chat.binary_search(path).is_err()), budget)
    }

    /// The source and tags of a file, as the index knows it. `None` when it has changed since, so its lines would lie, and when
    /// nobody can parse it now.
    pub(super) fn source(&self, path: &RepoPath) -> Option<Source> {
        let identity = self.tree.index.identity(path.as_str())?;
        let language = identity.language?;
        if let Some(source) = self.session.quoted.get(identity)
            && self.is_as_seen(path)
        {
            return Some(source);
        }
        let limit = self.session.settings().max_file_bytes;
        let (bytes, _) = read(&self.session.plan.root, path, limit).ok()?;
        if hash(&bytes) != identity.content {
            return None;
        }
        let tags =
            self.session.extractor.tags(&self.session.store, language, &identity.content, &bytes).ok()?;
        let text = page(language, &bytes);
        let text = String::from_utf8_lossy(&text);
        let source = Source::new(text.as_ref(), tags);
        self.session.quoted.keep(identity, source.clone(), weight(&source));
        Some(source)
    }

    /// Whether its `stat` proves that a file has not changed since the look.
    pub(super) fn is_as_seen(&self, path: &RepoPath) -> bool {
        let metadata = || self.session.plan.root.path().join(path.as_str()).symlink_metadata().ok();
        self.tree.trusts_stat
            && metadata().is_some_and(|now| {
                now.is_file() && self.tree.index.proves(path.as_str(), &StatFingerprint::of(&now))
            })
    }

    fn omitted(&self, files: &[MappedFile], chat: &[RepoPath]) -> Omitted {
        let of_chat: usize = chat.iter().map(|path| self.tree.index.definitions(path.as_str())).sum();
        let shown: usize = files.iter().map(|file| file.definitions.len()).sum();
        Omitted {
            files: (self.tree.index.len() - chat.len()).saturating_sub(files.len()),
            definitions: self.tree.index.facts().definitions.saturating_sub(of_chat + shown),
        }
    }
}

/// A map's text with the sources that it was drawn from.
pub(super) struct Drawn {
    pub(super) rendered: Rendered,
    sources: HashMap<RepoPath, Source>,
    /// No file had changed since it was looked at.
    is_whole: bool,
}

/// What a source takes in memory, in bytes, near enough.
fn weight(source: &Source) -> usize {
    let (text, tags) = (&source.text, &source.tags);
    text.len()
        + size_of_val(tags.definitions())
        + size_of_val(tags.references())
        + size_of_val(tags.scopes())
        + tags.names().iter().map(|name| size_of_val(name) + name.len()).sum::<usize>()
}

fn mapped(source: &Source, definitions: &[u32]) -> Vec<MappedDefinition> {
    let all = source.tags.definitions();
    let shown = definitions.iter().filter_map(|&index| all.get(index as usize));
    let named = shown.map(|definition| MappedDefinition {
        name: source.tags.name(definition.name).to_owned(),
        kind: definition.kind,
        line: definition.line,
    });
    named.collect()
}
