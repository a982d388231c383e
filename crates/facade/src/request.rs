use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Instant;

use repo_map_model::CancellationToken;
use repo_map_render::{Format, Style};

use crate::limits::Limits;

/// What a map is wanted for. [`Default`] asks for 1,024 tokens with no task, chat or mentions.
///
/// Paths may be relative to the repository's root, or absolute and inside it; one that names no file of
/// the repository is reported in [`RepoMap::notices`](crate::RepoMap::notices) and otherwise ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MapRequest {
    /// What is to be done, in free text: an issue, a message, a stack trace; empty for none. Paths, file names, identifiers
    /// and quoted code in it are recognised, so is a label before the title (`tsdb/wal: …`), other words count by their
    /// rarity. Beyond 1 MB it is cut, with a notice.
    /// [`Preset::Aider`](crate::Preset::Aider) takes its words for mentioned identifiers, as aider does.
    pub task: String,
    /// Files that the caller shows in full elsewhere: they steer the ranking and are left out of the map, which serves two needs then: what
    /// one must know to write in them, and what one will edit with them. [`RepoMapper::explain`](crate::RepoMapper::explain) tells which.
    pub chat_files: Vec<PathBuf>,
    /// Files that the conversation names.
    pub mentioned_files: Vec<PathBuf>,
    /// Identifiers that the conversation names.
    pub mentioned_idents: Vec<String>,
    /// The hard ceiling of the map's size, in tokens of the mapper's tokenizer. 0 asks for nothing: no
    /// file is touched.
    pub token_budget: usize,
    /// When the tree is looked at again; `None` is as [`CacheConfig::refresh_mode`](crate::CacheConfig::refresh_mode)
    /// says.
    pub refresh: Option<RefreshMode>,
    /// Shows this folder alone, weighed within the whole repository: the files outside of it count as users. Only in an overview: without a
    /// task, mentions and chat files, and by the default preset. One that has no file of the map is told in a notice.
    pub folder: Option<PathBuf>,
    /// How the map is printed.
    pub style: Style,
    /// What stands around the rows. It counts towards the budget.
    pub format: Format,
    /// Whether a first line says how the map is read, and how much of the tree it is. It counts towards the budget.
    pub legend: bool,
    /// Whether each row of the map begins with the number of its line: `12│fn run()`. They count towards the budget.
    pub line_numbers: bool,
    /// Whether [`RepoMap::ranking`](crate::RepoMap::ranking) is wanted: every file, best first.
    pub full_ranking: bool,
    /// Ends the request with an error of the kind [`Cancelled`](crate::ErrorKind::Cancelled).
    pub cancellation: Option<CancellationToken>,
    /// When the answer is wanted at the latest, be the tree read or not: see [`RepoMap::is_partial`](crate::RepoMap::is_partial). Ranking and
    /// rendering of what is there come after it.
    pub deadline: Option<Instant>,
}

/// When a mapper looks at the tree again. A map is always ranked for its own request: the modes differ only
/// in how fresh the tree is that it is ranked from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefreshMode {
    /// Each time: look at each file's `stat`, and read what changed. From the third look of one mapper on, a tree of which the kernel tells
    /// no change is taken as it was, where its word can be trusted: on Linux 5.8 and later, on a file system of this machine (containers' overlays
    /// too). Anywhere else each look is a look: on network file systems, FUSE, 9p and virtiofs, and where
    /// the user's inotify watches do not suffice for a directory each.
    ///
    /// The kernel does not tell of everything. What follows is seen with the next change that it tells of, or when the file is closed;
    /// [`Stat`](Self::Stat) is for trees where that matters:
    ///
    /// - writes that pass by the calls for writing, through a mapping (`mmap`) that stays open;
    /// - writes through another name that a file was given outside the tree while the tree was watched;
    /// - writes of other machines through the kernel's NFS server, where this machine exports the tree.
    #[default]
    Auto,
    /// Look at each file's `stat` each time, whatever the kernel tells; read what changed. For a tree of some thousand files that is more work than the
    /// rest of a map.
    Stat,
    /// Read and hash every file each time, trusting no `stat`.
    Always,
    /// Look again when the request names other files (chat or mentioned) than the one before, or one of
    /// them changed.
    Files,
    /// Look once; after that only when [`RepoMapper::refresh`](crate::RepoMapper::refresh) is called.
    Manual,
}

impl Default for MapRequest {
    fn default() -> Self {
        Self {
            task: String::new(),
            chat_files: Vec::new(),
            mentioned_files: Vec::new(),
            mentioned_idents: Vec::new(),
            token_budget: 1024,
            refresh: None,
            folder: None,
            style: Style::default(),
            format: Format::default(),
            legend: false,
            line_numbers: false,
            full_ranking: false,
            cancellation: None,
            deadline: None,
        }
    }
}

impl MapRequest {
    /// A request for a map of at most `token_budget` tokens.
    pub fn new(token_budget: usize) -> Self {
        Self { token_budget, ..Self::default() }
    }

    /// Says what is to be done.
    #[must_use]
    pub fn task(mut self, text: impl Into<String>) -> Self {
        self.task = text.into();
        self
    }

    /// Adds files that the caller shows in full elsewhere.
    #[must_use]
    pub fn chat_files(mut self, paths: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        self.chat_files.extend(paths.into_iter().map(Into::into));
        self
    }

    /// Adds files that the conversation names.
    #[must_use]
    pub fn mentioned_files(mut self, paths: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        self.mentioned_files.extend(paths.into_iter().map(Into::into));
        self
    }

    /// Adds identifiers that the conversation names.
    #[must_use]
    pub fn mentioned_idents(mut self, idents: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.mentioned_idents.extend(idents.into_iter().map(Into::into));
        self
    }

    /// When the tree is looked at again.
    #[must_use]
    pub fn refresh(mut self, refresh: RefreshMode) -> Self {
        self.refresh = Some(refresh);
        self
    }

    /// Lets a token end the request.
    #[must_use]
    pub fn cancellation(mut self, token: &CancellationToken) -> Self {
        self.cancellation = Some(token.clone());
        self
    }

    /// Asks for what is there at a moment, if the whole is not.
    #[must_use]
    pub fn deadline(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    pub(crate) fn limits(&self) -> Limits<'_> {
        Limits { token: self.cancellation.as_ref(), deadline: self.deadline }
    }

    /// Whether there are words to look for.
    pub(crate) fn has_words(&self) -> bool {
        let mentions = !self.mentioned_idents.is_empty() || !self.mentioned_files.is_empty();
        mentions || !self.task.trim().is_empty()
    }

    /// What aider takes for identifiers in a task: all its words, each once.
    pub(crate) fn idents_of_task(&self) -> Vec<String> {
        let words: HashSet<&str> = self.words_of_task().filter(|word| !word.is_empty()).collect();
        let mut words: Vec<String> = words.into_iter().map(str::to_owned).collect();
        words.sort_unstable();
        words
    }

    fn words_of_task(&self) -> impl Iterator<Item = &str> {
        self.task.split(|c: char| !c.is_alphanumeric() && c != '_')
    }

    /// What the conversation names beside the task and the task does not say: names; and without a task files.
    pub(crate) fn mentions(&self) -> Vec<String> {
        // The task may be much longer than these.
        let mut new: HashSet<&str> = self.mentioned_idents.iter().map(String::as_str).collect();
        if !new.is_empty() {
            for word in self.words_of_task() {
                new.remove(word);
            }
        }
        let mut mentions: Vec<String> = new.into_iter().map(str::to_owned).collect();
        if self.task.trim().is_empty() {
            mentions.extend(self.mentioned_files.iter().map(|file| file.display().to_string()));
        }
        mentions.sort_unstable();
        mentions
    }

    /// Shows a folder alone: see the [field](field@Self::folder).
    #[must_use]
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// How the map is printed.
    #[must_use]
    pub fn style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    /// What stands around the rows.
    #[must_use]
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// Whether a first line says how the map is read.
    #[must_use]
    pub fn legend(mut self, wanted: bool) -> Self {
        self.legend = wanted;
        self
    }

    /// Whether rows begin with the number of their line.
    #[must_use]
    pub fn line_numbers(mut self, wanted: bool) -> Self {
        self.line_numbers = wanted;
        self
    }

    /// Asks for the order of every file beside the map.
    #[must_use]
    pub fn full_ranking(mut self, wanted: bool) -> Self {
        self.full_ranking = wanted;
        self
    }
}

impl RefreshMode {
    /// Every mode, by its word.
    pub const ALL: &[Self] = &[Self::Auto, Self::Stat, Self::Always, Self::Files, Self::Manual];

    /// The mode of a word.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|mode| mode.as_str() == name)
    }

    /// The word that flags and configuration use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Stat => "stat",
            Self::Always => "always",
            Self::Files => "files",
            Self::Manual => "manual",
        }
    }
}
