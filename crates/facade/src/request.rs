use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Instant;

use repo_map_model::{CancellationToken, RepoPath};
use repo_map_render::{Format, Style};

use crate::limits::Limits;

/// What a map is wanted for. [`Default`] asks for 1,024 tokens with no task, chat or mentions.
///
/// Paths may be relative to the repository's root, or absolute and inside it; one that names no file of
/// the repository is reported in [`RepoMap::notices`](crate::RepoMap::notices) and otherwise ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MapRequest {
    /// The task in free text: an issue, a message, a stack trace; empty for none. Paths, file names, identifiers, quoted code and
    /// a label before the title (`tsdb/wal: …`) are recognised. Other words count by their rarity. A text beyond 1 MB is cut, with a notice.
    /// [`Preset::Aider`](crate::Preset::Aider) takes its words for mentioned identifiers, as aider does.
    pub task: String,
    /// Files that the caller shows in full elsewhere. They steer the ranking and are left out of the map, which then lists what one must know
    /// to write in them and what one will edit with them. [`RepoMapper::explain`](crate::RepoMapper::explain) tells which is which.
    pub chat_files: Vec<PathBuf>,
    /// Files that the conversation names.
    pub mentioned_files: Vec<PathBuf>,
    /// Identifiers that the conversation names.
    pub mentioned_idents: Vec<String>,
    /// The hard limit of the map's size, in tokens of the mapper's tokenizer. 0 gives an empty map without touching the file system.
    pub token_budget: usize,
    /// When the tree is refreshed; `None` means [`CacheConfig::refresh_mode`](crate::CacheConfig::refresh_mode).
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
    /// When reading the tree must stop. A map of what was read by then is [partial](crate::RepoMap::is_partial). Ranking and rendering come
    /// after the deadline.
    pub deadline: Option<Instant>,
}

/// When a mapper refreshes its view of the tree. The modes differ in how fresh the tree is, not in how a map is ranked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefreshMode {
    /// Refresh at each request: re-`stat` every file, and read those that changed.
    ///
    /// From the third refresh of a mapper on, directories are watched with inotify where that is reliable, and a tree without events counts as
    /// unchanged. Reliable means Linux 5.8 or later and a local file system (overlays of containers included). On network file systems, FUSE, 9p and
    /// virtiofs, and where the user's inotify watches do not suffice, every refresh re-`stat`s.
    ///
    /// inotify misses some writes. They are noticed with the next event, or when the file is closed. Use [`Stat`](Self::Stat) for trees where that matters:
    ///
    /// - writes through an open `mmap`;
    /// - writes through a hard link that was made outside of the tree while it was watched;
    /// - writes of other machines through the NFS server of this one.
    #[default]
    Auto,
    /// Re-`stat` every file at each request, and read those that changed. For a tree of some thousand files this costs more than the
    /// rest of a map.
    Stat,
    /// Read and hash every file at each request.
    Always,
    /// Refresh when the request names other files (chat or mentioned) than the one before, or when one of
    /// them changed.
    Files,
    /// Refresh at the first request, then only when [`RepoMapper::refresh`](crate::RepoMapper::refresh) is called.
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

    /// Sets when the tree is refreshed.
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

    /// What the conversation names beside the task and the task does not say: names; and without a task files, as the tree has them, so
    /// that it does not matter how a path was written.
    pub(crate) fn mentions(&self, files: &[RepoPath]) -> Vec<String> {
        // The task may be much longer than these.
        let mut new: HashSet<&str> = self.mentioned_idents.iter().map(String::as_str).collect();
        if !new.is_empty() {
            for word in self.words_of_task() {
                new.remove(word);
            }
        }
        let mut mentions: Vec<String> = new.into_iter().map(str::to_owned).collect();
        if self.task.trim().is_empty() {
            mentions.extend(files.iter().map(|file| file.as_str().to_owned()));
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
