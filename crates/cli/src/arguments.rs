//! The flags, with aider's vocabulary where aider has a word.

mod cache;
#[cfg(feature = "mcp")]
mod install;
mod lookup;
#[cfg(feature = "mcp")]
mod server;
mod view;

use std::path::{Path, PathBuf};

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use repo_map_cache::{CacheConfig, Error, MapConfig, RemoteConfig};

use crate::failure::Failure;

#[cfg(feature = "remote")]
pub(crate) use cache::PackArguments;
pub(crate) use cache::{
    CacheArguments, CacheCommand, ExportArguments, ImportArguments, StatsArguments, WarmArguments,
};
#[cfg(feature = "mcp")]
pub(crate) use install::{HookArguments, InstallArguments};
pub(crate) use lookup::{AnswerArguments, EngineArguments, NavigationArguments, PlaceOfArguments};
#[cfg(feature = "mcp")]
pub(crate) use server::{McpArguments, ServeArguments, ServerArguments};
pub(crate) use view::{PageArguments, ViewArguments};

#[derive(Parser)]
#[command(
    name = "repo-map",
    version,
    about = "Ranked, token-budgeted maps of source trees for coding agents",
    after_help = "Examples:\n  repo-map                                  the map of this repository, 1,024 tokens\n  repo-map src -n 4k                        of a folder, 4,096 tokens\n  repo-map -t 'fix the login redirect'      what a task needs\n  repo-map --chat-file src/app.py           what a file leans on\n  repo-map find Engine.start                where a name is defined and used\n  repo-map show src/app.py:42               the definition around a line\n\nExit codes: 0 done; 1 done, nothing to show; 2 bad usage; 4 the tree or a file cannot be read; \
                  130 interrupted."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// No progress and no warnings.
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,

    /// Log to standard error; twice for every detail.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Print the map of a repository.
    Map(Box<MapArguments>),
    /// Explain why files and definitions are in a map or not, signal by signal.
    Explain(Box<ExplainArguments>),
    /// Find a name: its definitions, then its uses, best first.
    Find(NavigationArguments),
    /// Print the lines that use a name.
    Refs(NavigationArguments),
    /// Print the definitions whose bodies use a name.
    Callers(NavigationArguments),
    /// Print the source of a definition, by name or by line, or the lines of a file.
    Show(PlaceOfArguments),
    /// Print what a file or folder defines.
    Outline(PlaceOfArguments),
    /// Write a page for people: the tree, the map at every budget, and why each row is there.
    View(Box<ViewArguments>),
    /// Print the definitions and references of files.
    Tags(TagsArguments),
    /// Inspect, warm, verify, compact or clear the cache.
    Cache(CacheArguments),
    /// Serve the Model Context Protocol on standard input and output.
    #[cfg(feature = "mcp")]
    Mcp(McpArguments),
    /// Serve the Model Context Protocol over HTTP, on this machine only and behind a token.
    #[cfg(feature = "mcp")]
    Serve(ServeArguments),
    /// Add the server, instructions and a hook to the configuration of agents.
    #[cfg(feature = "mcp")]
    Install(InstallArguments),
    /// Remove what `install` added, and nothing else.
    #[cfg(feature = "mcp")]
    Uninstall(InstallArguments),
    /// Print a map for the prompt in an agent's hook event on standard input, or nothing.
    #[cfg(feature = "mcp")]
    Hook(HookArguments),
    /// List the supported languages.
    Languages(LanguagesArguments),
    /// Print the completion script of a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page.
    Man,
    #[command(name = crate::commands::worker::NAME, hide = true)]
    Worker,
}

#[derive(Args)]
pub(crate) struct MapArguments {
    /// The repository, or a folder in it: without a task, mentions and chat files the map is of this folder alone, weighed within the whole
    /// repository.
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,

    #[command(flatten)]
    pub(crate) request: RequestArguments,

    /// Print nothing, and end with 1, where the chance that a file to be edited is among the first ten is lower: from 0 to 1.
    #[arg(long, value_name = "CHANCE", value_parser = chance)]
    pub(crate) min_confidence: Option<f64>,

    /// Print the map that a conversation begins with: of the tree alone, of 4,096 tokens or more, so that providers cache the prompt.
    #[arg(long, conflicts_with_all = ["json", "copy", "task", "since", "diff", "min_confidence"])]
    pub(crate) base: bool,

    /// A file that keeps what a conversation was shown: only what is new is printed, so that the prompt grows and nothing in it changes.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["json", "copy", "min_confidence"])]
    pub(crate) session: Option<PathBuf>,

    /// Copy the map to the clipboard too.
    #[arg(long)]
    pub(crate) copy: bool,

    /// Print one JSON object instead of the text.
    #[arg(long)]
    pub(crate) json: bool,

    /// Which files the JSON object lists.
    #[arg(long, value_enum, default_value_t = RankingScope::Shown, requires = "json")]
    pub(crate) ranking: RankingScope,
}

#[derive(Args)]
pub(crate) struct ExplainArguments {
    /// Files, or definitions as FILE:NAME; none for everything. A folder that comes first is what `map` takes: so the operands and flags of a
    /// map explain it.
    #[arg(value_name = "FOLDER | FILE[:NAME]")]
    pub(crate) targets: Vec<String>,

    /// The repository, or a folder in it.
    #[arg(long)]
    pub(crate) root: Option<PathBuf>,

    /// List all signals with what each measures, and explain nothing.
    #[arg(long, conflicts_with = "targets")]
    pub(crate) signals: bool,

    #[command(flatten)]
    pub(crate) request: RequestArguments,

    /// Print one JSON object instead of the text.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What is asked of the map, and how it is made.
#[derive(Args)]
pub(crate) struct RequestArguments {
    /// Token budget of the map, never exceeded (default: as configured, else 1024). 4k means 4,096; 0 prints nothing.
    #[arg(long, short = 'n', value_name = "N", value_parser = budget, visible_alias = "tokens", allow_negative_numbers = true)]
    pub(crate) map_tokens: Option<usize>,

    /// Multiply the budget by this if there are no chat files.
    #[arg(long, value_name = "X", default_value_t = 1.0, value_parser = multiplier, allow_negative_numbers = true)]
    pub(crate) map_multiplier_no_files: f64,

    /// When the tree is refreshed (default: as configured, else auto).
    #[arg(long, value_name = "WHEN", value_enum)]
    pub(crate) map_refresh: Option<Refresh>,

    /// Only the files below PATH, where PATH is a folder inside a git repository.
    #[arg(long)]
    pub(crate) subtree_only: bool,

    /// Map the files of this list instead of all, one a line; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) files_from: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) signals: SignalArguments,

    /// How the map is printed (default: as configured, else outline).
    #[arg(long, value_enum)]
    pub(crate) style: Option<Style>,

    /// How files are delimited; counts towards the budget (default: as configured, else text).
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,

    /// Begin with a line that explains the notation; counts towards the budget.
    #[arg(long)]
    pub(crate) legend: bool,

    /// Begin each row with its line number; counts towards the budget.
    #[arg(long)]
    pub(crate) line_numbers: bool,

    /// The weights of the ranking to begin with (default: as configured, else default).
    #[arg(long, value_enum)]
    pub(crate) preset: Option<Preset>,

    /// A file of weights that replaces sections of the built-in and configured ones; `repo-map explain --signals` lists the signals.
    #[arg(long, value_name = "FILE", conflicts_with = "preset")]
    pub(crate) weights: Option<PathBuf>,

    /// Leave the git log out of the ranking.
    #[arg(long)]
    pub(crate) no_history: bool,

    /// Leave the messages of the git log out of the ranking.
    #[arg(long)]
    pub(crate) no_past_messages: bool,

    /// Put the first candidates of a task in the order of a program's scores: JSON lines, see docs/rerankers.md.
    #[arg(long, value_name = "COMMAND")]
    pub(crate) rerank: Option<String>,

    #[command(flatten)]
    pub(crate) engine: EngineArguments,
}

/// Where the cache is.
#[derive(Args, Clone)]
pub(crate) struct PlaceArguments {
    /// The cache's folder (default: as configured, else repo-map-cache in the user's cache folder).
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) cache_dir: Option<PathBuf>,

    /// Neither read nor write the cache.
    #[arg(long, conflicts_with = "cache_dir", global = true)]
    pub(crate) no_cache: bool,
}

impl PlaceArguments {
    /// The configuration that speaks for a folder, with what the flags say.
    pub(crate) fn config(&self, folder: &Path) -> Result<CacheConfig, Failure> {
        Ok(self.load(folder)?)
    }

    /// The same, for who tells failures in another way.
    pub(crate) fn load(&self, folder: &Path) -> Result<CacheConfig, Error> {
        let mut config = CacheConfig::load(folder)?;
        if self.no_cache {
            (config.cache_dir, config.remote) = (None, config.remote.map(RemoteConfig::keys_alone));
        } else if let Some(directory) = &self.cache_dir {
            config = config.in_folder(directory);
        }
        Ok(config)
    }
}

/// What the map is wanted for. Each list may also come from a file, one entry a line; `-` is standard input.
#[derive(Args)]
pub(crate) struct SignalArguments {
    /// The task in words: an issue, a commit message, a stack trace.
    #[arg(long, short = 't', value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) task: Option<String>,

    /// The task from a file; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "task")]
    pub(crate) task_file: Option<PathBuf>,

    /// The task is what changed since a commit: the messages and the difference of the work tree.
    #[arg(long, value_name = "REV")]
    pub(crate) since: Option<String>,

    /// The task is what is not committed yet: as `--since HEAD`.
    #[arg(long, conflicts_with = "since")]
    pub(crate) diff: bool,

    /// A file that you have open: it steers the ranking and is left out of the map.
    #[arg(long, value_name = "FILE")]
    pub(crate) chat_file: Vec<PathBuf>,

    /// Chat files from a list.
    #[arg(long, value_name = "FILE")]
    pub(crate) chat_files_from: Option<PathBuf>,

    /// An identifier that the conversation names.
    #[arg(long, value_name = "NAME")]
    pub(crate) mention_ident: Vec<String>,

    /// Mentioned identifiers from a list.
    #[arg(long, value_name = "FILE")]
    pub(crate) mention_idents_from: Option<PathBuf>,

    /// A file that the conversation names.
    #[arg(long, value_name = "FILE")]
    pub(crate) mention_file: Vec<PathBuf>,

    /// Mentioned files from a list.
    #[arg(long, value_name = "FILE")]
    pub(crate) mention_files_from: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct TagsArguments {
    /// Files, and folders whose files are wanted by the same rules as a map's.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) files: Vec<PathBuf>,

    /// Print JSON lines: a superset of universal-ctags'.
    #[arg(long)]
    pub(crate) json: bool,

    /// The largest file that is read, in bytes (default: as configured, else 1048576).
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u64).range(1..=64 << 20))]
    pub(crate) max_file_bytes: Option<u64>,

    /// Print the detected language of each file, and why it has no tags if it has none.
    #[arg(long, conflicts_with = "json")]
    pub(crate) explain: bool,

    /// Parse in this process instead of worker processes: a crash of a grammar ends the run.
    #[arg(long)]
    pub(crate) in_process: bool,

    /// A folder with queries of your own: python.scm adds to the query for Python, or takes its place if its first line
    /// is `; replaces`. By default the folder `queries` beside the user's config.toml.
    #[arg(long, value_name = "DIR")]
    pub(crate) queries: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct LanguagesArguments {
    /// Print a JSON array.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Refresh {
    /// Watch with inotify where that is reliable, otherwise re-stat every file.
    Auto,
    /// Re-stat every file.
    Stat,
    /// Read every file again.
    Always,
    /// Refresh when the named files change.
    Files,
    /// Refresh once per process.
    Manual,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Style {
    /// One line a definition, members under their class: the most definitions for a token.
    Outline,
    /// Whole signatures with the scopes around them and marks for gaps, as grep-ast prints them.
    Tree,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A path and a colon, then rows.
    Text,
    /// Each file's rows in a fence.
    Markdown,
    /// Each file's rows in tags.
    Xml,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Preset {
    /// The default, fitted weights.
    Default,
    /// The order of aider's RepoMap.
    Aider,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RankingScope {
    /// The files of the map.
    Shown,
    /// Every file of the repository, best first.
    All,
}

fn budget(text: &str) -> Result<usize, String> {
    MapConfig::parse_tokens(text)
        .ok_or_else(|| "a token budget is a whole number, 0 or more, or such as 4k".to_owned())
}

pub(crate) fn chance(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(chance) if (0.0..=1.0).contains(&chance) => Ok(chance),
        _ => Err("a chance is a number from 0 to 1".to_owned()),
    }
}

fn multiplier(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(factor) if factor.is_finite() && factor >= 0.0 => Ok(factor),
        _ => Err("a multiplier is a number, 0 or more".to_owned()),
    }
}
