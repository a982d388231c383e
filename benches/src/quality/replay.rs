//! Asks every tool about every case.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use repo_map_cache::{CacheConfig, MapRequest, Preset, RepoMapper, Tokenizer, Weights};
use serde_json::{Value, json};
use tiktoken_rs::CoreBPE;

use super::overview::{Gold, golds, is_document, remove};
use super::page::{Page, score};
use super::tree::Contents;
use super::uses::Uses;
use super::{Case, Leak, Repository, definitions, mentions};

/// Which parts of a case a tool is told, and what is sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Regime {
    /// The message; all edited files are sought.
    Open,
    /// The message, with one edited file in the chat; the others are sought.
    CoChange,
    /// The chat file alone.
    Chat,
    /// Nothing; what people name is sought.
    Overview,
    /// One edited file in the chat; what its new lines use of other files is sought.
    Uses,
    /// The same, with the message.
    UsesOfTask,
}

/// Who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tool {
    /// The product as it is by default.
    Default,
    /// Without the git log.
    NoHistory,
    /// Without the messages of the git log.
    NoPastMessages,
    /// By aider's ranking.
    Aider,
    /// A page of BM25.
    Words,
    /// A page of the files that changed with the chat file.
    CoChanged,
    /// A page of the files near the chat file.
    Directory,
    /// The names that most files use, without a page.
    ByUse,
}

/// What is replayed.
pub struct Replay {
    /// Token budgets, in cl100k.
    pub budgets: Vec<usize>,
    /// The regimes; those with a chat file leave out cases of one edited file.
    pub regimes: Vec<Regime>,
    /// The tools; each is asked in the regimes that it knows.
    pub tools: Vec<Tool>,
    /// Where tags are kept between runs; in memory where there is none.
    pub cache_dir: Option<PathBuf>,
    /// What the product weighs signals by.
    pub weights: Weights,
    /// Whether the product is told what a message mentions, beside the message.
    pub mentions: bool,
}

/// One answer, scored.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Who answered.
    pub tool: Tool,
    /// What it was told.
    pub regime: Regime,
    /// The tokens that it had.
    pub budget: usize,
    /// The name of the repository.
    pub repository: String,
    /// The commit.
    pub commit: String,
    /// How much the message gives away.
    pub leak: Leak,
    /// What is measured, by its name; `None` where nothing was to be found.
    pub figures: Vec<(&'static str, Option<f64>)>,
    /// The size of the page, counted by another tokenizer than the product's.
    pub tokens: usize,
}

impl Replay {
    /// Replays cases of one repository, and its newest tree for an overview. `done` hears of each with its rows.
    ///
    /// # Errors
    /// When a tree cannot be laid out, or the product fails.
    pub fn run(
        &self,
        repository: &Repository,
        cases: &[Case],
        mut done: impl FnMut(&[Row]),
    ) -> Result<Vec<Row>> {
        let mut subject = Subject::open(self, repository)?;
        let mut rows = Vec::new();
        if self.regimes.contains(&Regime::Overview) {
            rows = subject.overview(self).with_context(|| repository.name.clone())?;
            done(&rows);
        }
        let is_only = self.regimes.iter().all(|regime| *regime == Regime::Overview);
        for case in cases.iter().filter(|_| !is_only) {
            let new =
                subject.replay(self, case).with_context(|| format!("{} {}", case.repository, case.commit))?;
            done(&new);
            rows.extend(new);
        }
        Ok(rows)
    }
}

/// One repository with all that is asked about it.
struct Subject<'a> {
    repository: &'a Repository,
    mappers: HashMap<Tool, RepoMapper>,
    contents: Contents,
    tokens: CoreBPE,
}

impl<'a> Subject<'a> {
    fn open(replay: &Replay, repository: &'a Repository) -> Result<Self> {
        let mapper = |tool: Tool| {
            let preset = if tool == Tool::Aider { Preset::Aider } else { Preset::Default };
            RepoMapper::builder(repository.tree())
                .tokenizer(Tokenizer::by_name("cl100k")?)
                .preset(preset)
                .weights(replay.weights.clone())
                .history(tool != Tool::NoHistory)
                .past_messages(tool != Tool::NoPastMessages)
                .cache(replay.cache_dir.as_ref().map_or_else(CacheConfig::in_memory, CacheConfig::at))
                .build()
                .map_err(anyhow::Error::from)
        };
        let products = replay.tools.iter().filter(|tool| tool.is_product());
        Ok(Self {
            repository,
            mappers: products.map(|&tool| Ok((tool, mapper(tool)?))).collect::<Result<_>>()?,
            contents: Contents::default(),
            tokens: tiktoken_rs::cl100k_base()?,
        })
    }

    fn replay(&mut self, replay: &Replay, case: &Case) -> Result<Vec<Row>> {
        let folder = self.repository.tree();
        self.repository.lay_out(&case.parent)?;
        let files = self.repository.files()?;
        let definitions = match &case.gold_definitions {
            Some(definitions) => definitions.clone(),
            None => definitions::edited(self.repository, case)?,
        };
        let tree = self.contents.tree(folder, &files);
        for path in &case.gold_files {
            ensure!(folder.join(path).is_file(), "{path} is not in the tree");
        }
        let mut rows = Vec::new();
        for &regime in &replay.regimes {
            let chat = match regime {
                Regime::Open => None,
                Regime::Overview => continue,
                Regime::Uses | Regime::UsesOfTask => Some(case.drawn_file()),
                Regime::CoChange | Regime::Chat if case.chat_file().is_none() => continue,
                Regime::CoChange | Regime::Chat => case.chat_file(),
            };
            let uses = match chat {
                Some(chat) if regime.is_of_uses() => Uses::of(self.repository, case, chat, &tree)?,
                _ => None,
            };
            if regime.is_of_uses() && uses.is_none() {
                continue;
            }
            let message = if regime.has_message() { case.message.as_str() } else { "" };
            let gold: Vec<&str> =
                case.gold_files.iter().map(String::as_str).filter(|path| Some(*path) != chat).collect();
            let sought: Vec<(&str, usize)> = definitions
                .iter()
                .map(|(path, row)| (path.as_str(), *row))
                .filter(|(path, _)| Some(*path) != chat)
                .collect();
            let told = if replay.mentions { message } else { "" };
            let mentioned = mentions::files(told, files.iter().map(|(path, _)| path.as_str()), chat);
            let named = mentions::identifiers(told);
            for &tool in replay.tools.iter().filter(|tool| tool.knows(regime)) {
                // A page's order does not depend on its size.
                let order = match (tool, chat) {
                    (Tool::Words, _) => tree.by_words(message),
                    (Tool::CoChanged, Some(chat)) => tree.by_co_change(folder, chat),
                    (Tool::Directory, Some(chat)) => tree.by_directory(chat),
                    _ => Vec::new(),
                };
                for &budget in &replay.budgets {
                    let page = match self.mappers.get(&tool) {
                        Some(mapper) => ask(mapper, budget, message, &mentioned, &named, chat)?,
                        None if tool == Tool::ByUse => tree.by_use(chat, budget),
                        None => tree.page(&order, chat, budget, &self.tokens),
                    };
                    let figures = match &uses {
                        Some(uses) => uses.figures(&page),
                        None => score(&page, &gold, &sought),
                    };
                    rows.push(Row {
                        tool,
                        regime,
                        budget,
                        repository: case.repository.clone(),
                        commit: case.commit.clone(),
                        leak: case.leak(),
                        figures,
                        tokens: self.tokens.encode_ordinary(&page.text).len(),
                    });
                }
            }
        }
        Ok(rows)
    }

    /// Asks for the newest tree as it is, and again without the documents that tell of it.
    fn overview(&mut self, replay: &Replay) -> Result<Vec<Row>> {
        let head = self.repository.git(&["rev-parse", "HEAD"])?.trim().to_owned();
        self.repository.lay_out(&head)?;
        let files = self.repository.files()?;
        let tree = self.contents.tree(self.repository.tree(), &files);
        let documents: Vec<String> =
            files.iter().map(|(path, _)| path).filter(|path| is_document(path)).cloned().collect();
        let [docs, messages] = golds(self.repository, &documents, &tree)?;
        let gain =
            |gold: &Option<Gold>, page: &Page, budget| gold.as_ref().map(|gold| gold.gain(page, budget));
        let mut rows = Vec::new();
        for is_bare in [false, true] {
            if is_bare {
                remove(self.repository, &documents)?;
            }
            let asked = replay.tools.iter().filter(|tool| tool.knows(Regime::Overview));
            let asked = asked.flat_map(|&tool| replay.budgets.iter().map(move |&budget| (tool, budget)));
            for (at, (tool, budget)) in asked.enumerate() {
                let page = match self.mappers.get(&tool) {
                    Some(mapper) => ask(mapper, budget, "", &BTreeSet::new(), &BTreeSet::new(), None)?,
                    None => tree.by_use(None, budget),
                };
                if is_bare {
                    let row: &mut Row = &mut rows[at];
                    row.figures.push(("docs_without_docs", gain(&docs, &page, budget)));
                    row.figures.push(("messages_without_docs", gain(&messages, &page, budget)));
                    continue;
                }
                rows.push(Row {
                    tool,
                    regime: Regime::Overview,
                    budget,
                    repository: self.repository.name.clone(),
                    commit: head.clone(),
                    leak: Leak::None,
                    figures: vec![("messages", gain(&messages, &page, budget))],
                    tokens: self.tokens.encode_ordinary(&page.text).len(),
                });
            }
        }
        Ok(rows)
    }
}

fn ask(
    mapper: &RepoMapper,
    budget: usize,
    message: &str,
    mentioned: &BTreeSet<&str>,
    named: &BTreeSet<&str>,
    chat: Option<&str>,
) -> Result<Page> {
    let request = MapRequest::new(budget)
        .task(message)
        .mentioned_idents(named.iter().copied())
        .mentioned_files(mentioned)
        .chat_files(chat)
        .full_ranking(true);
    let map = mapper.map(&request)?;
    let order = map.ranking.iter().map(|ranked| ranked.path.as_str().to_owned());
    let files = map.files.into_iter().map(|file| {
        let shown = file.definitions.into_iter().map(|of| (of.name, of.line as usize));
        (file.path.as_str().to_owned(), shown.collect())
    });
    Ok(Page {
        text: map.text,
        files: files.collect(),
        order: order.filter(|path| Some(path.as_str()) != chat).collect(),
    })
}

impl Regime {
    /// Every regime.
    pub const ALL: [Self; 6] =
        [Self::Open, Self::CoChange, Self::Chat, Self::Overview, Self::Uses, Self::UsesOfTask];

    /// The word of flags and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::CoChange => "cochg",
            Self::Chat => "chat",
            Self::Overview => "overview",
            Self::Uses => "uses",
            Self::UsesOfTask => "uses+message",
        }
    }

    fn has_message(self) -> bool {
        matches!(self, Self::Open | Self::CoChange | Self::UsesOfTask)
    }

    fn is_of_uses(self) -> bool {
        matches!(self, Self::Uses | Self::UsesOfTask)
    }
}

impl Tool {
    /// Every tool.
    pub const ALL: [Self; 8] = [
        Self::Default,
        Self::NoHistory,
        Self::NoPastMessages,
        Self::Aider,
        Self::Words,
        Self::CoChanged,
        Self::Directory,
        Self::ByUse,
    ];

    /// The word of flags and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::NoHistory => "no-history",
            Self::NoPastMessages => "no-past-messages",
            Self::Aider => "aider-preset",
            Self::Words => "bm25",
            Self::CoChanged => "co-change",
            Self::Directory => "same-directory",
            Self::ByUse => "by-use",
        }
    }

    fn is_product(self) -> bool {
        matches!(self, Self::Default | Self::NoHistory | Self::NoPastMessages | Self::Aider)
    }

    /// Pages of words need a message, those of neighbours a chat file; the latter are of interest where there is no message.
    fn knows(self, regime: Regime) -> bool {
        let is_edit = matches!(regime, Regime::Open | Regime::CoChange | Regime::Chat);
        match self {
            Self::Default | Self::NoHistory | Self::Aider => true,
            Self::NoPastMessages => regime.has_message(),
            Self::Words => is_edit && regime.has_message(),
            Self::CoChanged | Self::Directory => regime == Regime::Chat,
            Self::ByUse => !is_edit,
        }
    }
}

impl Row {
    /// A figure by its name, if it is there.
    pub fn figure(&self, name: &str) -> Option<f64> {
        self.figures.iter().find(|(known, _)| *known == name)?.1
    }

    /// The row as one JSON object, with the names of `evaluate`-like harnesses.
    pub fn to_json(&self) -> Value {
        let mut row = json!({
            "tool": self.tool.as_str(),
            "regime": self.regime.as_str(),
            "budget": self.budget,
            "repo": self.repository,
            "sha": self.commit,
            "leak": match self.leak { Leak::Path => "path", Leak::Stem => "stem", Leak::None => "none" },
            "tokens": self.tokens,
            "over": self.tokens > self.budget,
        });
        self.figures.iter().for_each(|&(name, value)| row[name] = value.into());
        row
    }
}
