//! What the servers take.

use std::path::PathBuf;

use clap::Args;

use super::EngineArguments;

#[derive(Args)]
pub(crate) struct McpArguments {
    #[command(flatten)]
    pub(crate) server: ServerArguments,
}

#[derive(Args)]
pub(crate) struct ServeArguments {
    /// The port on 127.0.0.1; 0 takes a free one. The address is told on standard error.
    #[arg(long, value_name = "PORT", default_value_t = 8765)]
    pub(crate) port: u16,

    /// A file with the token that clients show, of 16 characters or more; made, for you alone to read, if it is not there.
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: PathBuf,

    #[command(flatten)]
    pub(crate) server: ServerArguments,
}

#[derive(Args)]
pub(crate) struct ServerArguments {
    /// A folder that agents may ask for, with all below it; the first is meant where they name none.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) root: Vec<PathBuf>,

    /// The budget of a call that names none: the tokens of the whole reply, 100 to 24000.
    #[arg(long, short = 'n', value_name = "N", default_value_t = 2048, value_parser = clap::value_parser!(u32).range(100..=24_000))]
    pub(crate) map_tokens: u32,

    #[command(flatten)]
    pub(crate) engine: EngineArguments,
}
