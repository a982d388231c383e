//! What a task's text holds beside its words: places in files, and parts that are not its author's own words.

mod clean;
mod decode;
mod frames;
mod hunks;
mod links;
mod located;
mod output;
mod place;
mod pointing;
mod said;
mod seams;

pub(crate) use clean::cleaned;
pub use place::{Origin, Place};
pub(crate) use place::{Reach, told};
pub(crate) use pointing::places;
pub(crate) use said::{Said, said};
pub(crate) use seams::parted;
