//! Replays commits of a repository: is what a commit edits in the map of the tree before it?

mod baselines;
mod cases;
mod definitions;
mod evolution;
mod fit;
mod mentions;
mod newton;
mod page;
mod replay;
mod report;
mod repository;
mod tune;

pub use cases::{Case, Choice, Leak, choose, read_cases};
pub use fit::{Sample, fitted, samples, with_shared_sections};
pub use replay::{Regime, Replay, Row, Tool};
pub use report::tables;
pub use repository::Repository;
