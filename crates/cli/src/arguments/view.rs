//! What pages for people take.

use std::path::PathBuf;

use clap::Args;

use super::RequestArguments;

#[derive(Args)]
pub(crate) struct ViewArguments {
    /// The repository, or a folder in it, as `map` takes it.
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,

    #[command(flatten)]
    pub(crate) to: PageArguments,

    #[command(flatten)]
    pub(crate) request: RequestArguments,
}

/// Where a page goes.
#[derive(Args)]
pub(crate) struct PageArguments {
    /// The file to write, `-` for standard output (default: one in the user's cache folder, in `repo-map-pages`).
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Do not open the page in the browser.
    #[arg(long)]
    pub(crate) no_open: bool,
}
