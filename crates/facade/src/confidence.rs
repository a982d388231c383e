//! How sure an answer to a task is that anything here matches.

use repo_map_lexical::Known;
use repo_map_ranking::Chances;

/// Files that count as the beginning of an answer.
const FIRST: usize = 10;

/// Smaller trees are as that one: none was fitted to.
const LEAST_FILES: usize = 20;

/// The chance that a file which a task will edit is among the first ten, and what it rests on.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Confidence {
    /// From 0 to 1.
    pub chance: f64,
    /// In the order of [`FACTS`](Self::FACTS).
    pub facts: [f64; Self::FACTS.len()],
}

impl Confidence {
    /// What the chance rests on: how the chances of files are spread, and how much of the task's words is known.
    pub const FACTS: &[&str] = &["first", "ten", "files", "in_one", "in_path", "weight"];

    pub(crate) fn of(chances: &Chances, known: &Known) -> Self {
        let first = chances.files.first().map_or(0.0, |file| file.chance);
        let ten: f64 = chances.files.iter().take(FIRST).map(|file| file.chance).sum();
        let facts = [
            logit(first),
            logit(ten),
            (chances.files.len().max(LEAST_FILES) as f64).ln(),
            f64::from(known.in_one),
            f64::from(known.in_path),
            f64::from(known.weight).ln_1p(),
        ];
        let sum: f64 = facts.iter().zip(WEIGHTS).map(|(fact, weight)| fact * weight).sum();
        // Where no file has any of the words, what else speaks for files speaks for them in every task.
        let is_known = known.in_one > 0.0 || known.in_path > 0.0;
        let fitted = if is_known { 1.0 / (1.0 + (-(BIAS + sum)).exp()) } else { 0.0 };
        // All files of such a tree are among the first: the question is only whether it is this tree's task at all.
        let is_small = chances.files.len() <= FIRST;
        let chance = if is_small { fitted.max(f64::from(known.in_one).min(0.99)) } else { fitted };
        Self { chance, facts }
    }
}

/// Fitted to what `cargo xtask quality --confidence` tells of development repositories: docs/quality.md.
const BIAS: f64 = -11.470;
const WEIGHTS: [f64; Confidence::FACTS.len()] = [0.553, 0.849, 0.622, 5.047, 4.711, 1.673];

/// Within bounds: of a tree of few files, any file is sure to be among the first.
fn logit(chance: f64) -> f64 {
    let chance = chance.clamp(0.015, 0.985);
    (chance / (1.0 - chance)).ln()
}
