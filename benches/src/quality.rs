//! Replays commits of a repository: is what a commit edits in the map of the tree before it?

mod baselines;
mod cases;
mod confidence;
mod definitions;
mod fit;
mod mentions;
mod newton;
mod overview;
mod page;
mod public;
mod replay;
mod report;
mod repository;
mod samples;
mod sections;
mod seeds;
mod tree;
mod uses;

pub use cases::{Case, Choice, Leak, choose, read_cases};
pub use confidence::{Sure, confidences};
pub use fit::{Fitted, fitted};
pub use public::{checked, read_issues, read_questions};
pub use replay::{Regime, Replay, Row, Tool};
pub use report::tables;
pub use repository::Repository;
pub use samples::{Sample, samples};
pub use sections::{BUILT_IN, Sections, with_sections};
pub use seeds::fitted_seeds;
