//! What agents' commands take.

use std::path::PathBuf;

use clap::Args;

use super::{PlaceArguments, chance};
use crate::agents::catalogue::Agent;

/// What 97 of 100 real tasks reach, and words that nobody has do not: docs/quality.md.
const MIN_CONFIDENCE: f64 = 0.12;

#[derive(Args)]
pub(crate) struct InstallArguments {
    /// The agents; none takes those that are found.
    #[arg(value_name = "AGENT", value_enum)]
    pub(crate) agents: Vec<Agent>,

    /// In the files of a project, for all who work on it, instead of the user's own.
    #[arg(long, value_name = "DIR", num_args = 0..=1, default_missing_value = ".", require_equals = true)]
    pub(crate) project: Option<PathBuf>,

    /// Show what would change, and change nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Args)]
pub(crate) struct HookArguments {
    /// The map's size in tokens.
    #[arg(long, short = 'n', value_name = "N", default_value_t = 1024)]
    pub(crate) map_tokens: usize,

    /// Print nothing where the chance that a file to be edited is among the first ten is lower: from 0 to 1.
    #[arg(long, value_name = "CHANCE", default_value_t = MIN_CONFIDENCE, value_parser = chance)]
    pub(crate) min_confidence: f64,

    #[command(flatten)]
    pub(crate) place: PlaceArguments,
}
