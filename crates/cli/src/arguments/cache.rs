//! What the commands of the cache take.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use repo_map_cache::KEYSPACES;

use super::{PageArguments, PlaceArguments};

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
    /// Print entries, size and hit rates.
    Stats(StatsArguments),
    /// List all entries: table, key, size, description.
    List {
        /// The entries of one table alone.
        #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(KEYSPACES.iter().map(|table| table.name())))]
        table: Option<String>,
    },
    /// Print what the cache has of a file.
    Inspect {
        /// The file.
        path: PathBuf,

        /// The folder with queries of your own that the maps are made with, as `repo-map map` takes it.
        #[arg(long, value_name = "DIR")]
        queries: Option<PathBuf>,
    },
    /// Verify all checksums; exit code 1 if an entry is damaged.
    Verify,
    /// Extract and store the tags of a repository, so that its first map is fast.
    Warm(WarmArguments),
    /// Write what the cache knows of a repository's contents into one file, for other machines.
    Export(ExportArguments),
    /// Take what such files know of a repository's contents; exit code 1 if some of it was refused.
    Import(ImportArguments),
    /// Return unused pages of the store to the file system.
    Compact,
    /// Delete the cache, and nothing else in its folder.
    Clear,
}

#[derive(Args)]
pub(crate) struct WarmArguments {
    /// The repository, or a folder in it.
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,

    /// The folder with queries of your own that the maps are made with, as `repo-map map` takes it.
    #[arg(long, value_name = "DIR")]
    pub(crate) queries: Option<PathBuf>,
}

/// Which tree the packs are of.
#[derive(Args)]
pub(crate) struct PackArguments {
    /// The repository, or a folder in it.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) root: PathBuf,

    /// The folder with queries of your own that the maps are made with, as `repo-map map` takes it.
    #[arg(long, value_name = "DIR")]
    pub(crate) queries: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct ExportArguments {
    /// The pack: a file that is written, in place of a pack that is there.
    #[arg(required_unless_present = "remote")]
    pub(crate) pack: Option<PathBuf>,

    /// Leave out what this pack has.
    #[arg(long, value_name = "PACK", conflicts_with = "remote")]
    pub(crate) base: Option<PathBuf>,

    /// Store the pack of this commit in the shared cache instead.
    #[arg(long, conflicts_with = "pack")]
    pub(crate) remote: bool,

    #[command(flatten)]
    pub(crate) of: PackArguments,
}

#[derive(Args)]
pub(crate) struct ImportArguments {
    /// The packs; the first that has a record gives it.
    #[arg(required_unless_present = "remote", value_name = "PACK")]
    pub(crate) packs: Vec<PathBuf>,

    /// Take the pack of the nearest commit that the shared cache has one of.
    #[arg(long, conflicts_with = "packs")]
    pub(crate) remote: bool,

    #[command(flatten)]
    pub(crate) of: PackArguments,
}

#[derive(Args)]
pub(crate) struct StatsArguments {
    /// Print Prometheus' text format.
    #[arg(long, conflicts_with = "json")]
    pub(crate) prometheus: bool,

    /// Write a page for people.
    #[arg(long, conflicts_with_all = ["json", "prometheus"])]
    pub(crate) html: bool,

    #[command(flatten)]
    pub(crate) to: PageArguments,
}
