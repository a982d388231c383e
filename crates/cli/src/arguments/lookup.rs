//! The flags of look-ups, and those that all commands over a tree have.

use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;
use repo_map_cache::Tokenizer;

use super::{PlaceArguments, budget};

#[derive(Args)]
pub(crate) struct NavigationArguments {
    /// The name: `start`, `Engine.start`, `Engine::start`, `*_handler`.
    #[arg(allow_hyphen_values = true)]
    pub(crate) name: String,

    /// Only what stands in this folder or file.
    #[arg(long = "in", value_name = "PATH")]
    pub(crate) within: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) answer: AnswerArguments,
}

#[derive(Args)]
pub(crate) struct PlaceOfArguments {
    /// PATH, PATH:LINE, PATH:FIRST-LAST or PATH:NAME; `show` takes a bare NAME too.
    #[arg(value_name = "PLACE")]
    pub(crate) target: String,

    #[command(flatten)]
    pub(crate) answer: AnswerArguments,
}

/// How large the answer to a look-up may be, and from which tree it comes.
#[derive(Args)]
pub(crate) struct AnswerArguments {
    /// Token budget of the answer, never exceeded (default: as configured, else 1024).
    #[arg(long, short = 'n', value_name = "N", value_parser = budget, visible_alias = "map-tokens", allow_negative_numbers = true)]
    pub(crate) tokens: Option<usize>,

    /// The repository, or a folder in it.
    #[arg(long, default_value = ".")]
    pub(crate) root: PathBuf,

    /// Print one JSON object instead of the text.
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) engine: EngineArguments,
}

/// How a tree is read, and what counts tokens.
#[derive(Args, Clone)]
pub(crate) struct EngineArguments {
    /// A further file of ignore rules, in the format of .gitignore.
    #[arg(long, value_name = "FILE", visible_alias = "aiderignore")]
    pub(crate) ignore_file: Vec<PathBuf>,

    /// Tokenizer that counts the budget (default: as configured, else o200k).
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(Tokenizer::NAMES))]
    pub(crate) tokenizer: Option<String>,

    /// The largest file that is read, in bytes (default: as configured, else 1048576).
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u64).range(1..=64 << 20))]
    pub(crate) max_file_bytes: Option<u64>,

    /// Number of threads; 0 means one per core. No answer depends on it.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) threads: usize,

    /// Parse in this process instead of worker processes: a few percent faster, but a crash of a grammar ends the run.
    #[arg(long)]
    pub(crate) in_process: bool,

    /// A folder with queries of your own: python.scm adds to the query for Python, or takes its place if its first line
    /// is `; replaces`. By default the folder `queries` beside the user's config.toml.
    #[arg(long, value_name = "DIR")]
    pub(crate) queries: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) place: PlaceArguments,
}
