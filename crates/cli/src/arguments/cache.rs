//! What the commands of the cache take.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use repo_map_cache::KEYSPACES;

use super::PlaceArguments;

#[derive(Args)]
pub(crate) struct CacheArguments {
    #[command(subcommand)]
    pub(crate) command: CacheCommand,

    #[command(flatten)]
    pub(crate) place: PlaceArguments,

    /// Print JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Subcommand)]
pub(crate) enum CacheCommand {
    /// Print the cache's folder.
    Dir,
    /// Print what is stored, and what was done with it.
    Stats(StatsArguments),
    /// Print every entry: its table, key, bytes and what it is.
    List {
        /// The entries of one table alone.
        #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(KEYSPACES.iter().map(|table| table.name())))]
        table: Option<String>,
    },
    /// Print what is known of a file.
    Inspect {
        /// The file.
        path: PathBuf,

        /// The folder with queries of your own that the maps are made with, as `repo-map map` takes it.
        #[arg(long, value_name = "DIR")]
        queries: Option<PathBuf>,
    },
    /// Read everything; exit code 1 where something is damaged.
    Verify,
    /// Find the tags of a repository, so that its first map is quick.
    Warm {
        /// The repository, or a folder in it.
        #[arg(default_value = ".")]
        path: PathBuf,

        /// The folder with queries of your own that the maps are made with, as `repo-map map` takes it.
        #[arg(long, value_name = "DIR")]
        queries: Option<PathBuf>,
    },
    /// Give unused pages of the file back.
    Compact,
    /// Delete the cache, and nothing else that is in its folder.
    Clear,
}

#[derive(Args)]
pub(crate) struct StatsArguments {
    /// Print Prometheus' text format.
    #[arg(long, conflicts_with = "json")]
    pub(crate) prometheus: bool,
}
