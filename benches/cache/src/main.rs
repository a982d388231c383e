//! The cache beside its peers, in one run: `cargo xtask bench cache`.
//!
//! ```text
//! records ──► every engine, by turns ──► best and median of the rounds, and the ratio to ours
//! ```
//!
//! The records are those of a source tree like Linux: 27 tags a file in the median, 426 in the ninety-ninth
//! hundredth. Each engine gets the same, keeps its files in a folder of its own, and is read warm. Where we lose, the table says so.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program that prints figures")]

mod disk;
mod engines;
mod memory;
mod records;

use anyhow::Result;
use clap::Parser;

/// The cache beside redb, fjall, SQLite, quick_cache and moka.
#[derive(Parser)]
pub(crate) struct Arguments {
    /// Records, one a source file.
    #[arg(long, default_value_t = 55_000)]
    pub(crate) records: u64,
    /// Rounds; engines take turns in each.
    #[arg(long, default_value_t = 5)]
    pub(crate) rounds: usize,
    /// Single reads of a round.
    #[arg(long, default_value_t = 10_000)]
    pub(crate) reads: usize,
    /// Only engines whose name has this in it, beside ours.
    #[arg(long, default_value = "")]
    pub(crate) only: String,
    /// Only the memory tiers.
    #[arg(long)]
    memory_only: bool,
    /// What diskcache takes for one read of 50 tags, in nanoseconds, where somebody has measured it.
    #[arg(long)]
    pub(crate) diskcache_ns: Option<f64>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if arguments.only.is_empty() {
        memory::run(arguments.rounds);
    }
    if !arguments.memory_only {
        disk::run(&arguments)?;
    }
    Ok(())
}
