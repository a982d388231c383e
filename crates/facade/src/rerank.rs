//! The door for rerankers: who knows better than words and the log puts the first candidates of a task in another order.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use repo_map_model::{CancellationToken, DefinitionKind, RepoPath};
use repo_map_tags::start_thread;

/// A file or a definition that a map of the task may show.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Candidate {
    /// The file.
    pub path: RepoPath,
    /// How likely it is to be edited, by all signals: of all files, or of all definitions, these sum to 1.
    pub chance: f64,
    /// `None` for the file itself.
    pub definition: Option<CandidateDefinition>,
}

/// What a candidate defines.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CandidateDefinition {
    /// Its name.
    pub name: String,
    /// What it defines.
    pub kind: DefinitionKind,
    /// The line of its name, from 0.
    pub line: u32,
    /// The lines before its body, joined by spaces; cut at 400 characters.
    pub signature: String,
}

/// One question to a [`Reranker`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reranking {
    /// The task, whole.
    pub task: String,
    /// At most 50 files, then at most 150 definitions, each by their chances.
    pub candidates: Vec<Candidate>,
    /// When the answer is no longer wanted.
    pub deadline: Instant,
    /// Cancelled once the answer is not wanted any more, for whatever reason.
    pub cancellation: CancellationToken,
}

/// Scores the candidates of a task: an embedder, a language model, rules of one's own.
///
/// Files are put in the order of their scores, and definitions too; equal scores keep the order. The places keep their chances, so that scores of any
/// scale will do: the best definition gets what the best one had. A map is as deterministic as its reranker, and is not kept in the cache.
///
/// One that fails, is late, panics, or gives no finite score for each candidate costs a notice; the order is that without it.
///
/// ```
/// use repo_map_cache::{Reranker, Reranking};
///
/// /// Prefers short paths.
/// struct Short;
///
/// impl Reranker for Short {
///     fn scores(&self, of: &Reranking) -> Result<Vec<f64>, Box<dyn std::error::Error + Send + Sync>> {
///         Ok(of.candidates.iter().map(|candidate| -(candidate.path.as_str().len() as f64)).collect())
///     }
/// }
/// ```
pub trait Reranker: Send + Sync {
    /// A score for each candidate, in their order; a higher one is better. Called from a thread of its own, at most once a map; one that goes on after the
    /// deadline is left alone.
    ///
    /// # Errors
    /// Whatever is to be told in the notice.
    fn scores(&self, of: &Reranking) -> Result<Vec<f64>, Box<dyn Error + Send + Sync>>;
}

/// A reranker, and how long it is waited for.
#[derive(Clone)]
pub(crate) struct RerankSettings {
    pub(crate) reranker: Arc<dyn Reranker>,
    pub(crate) within: Duration,
}

/// How often it is looked whether the caller still waits.
const LOOK: Duration = Duration::from_millis(20);
/// How long one that was given up may take to end what it has begun.
const TO_END: Duration = Duration::from_secs(2);

impl RerankSettings {
    /// The scores, checked; an error is a clause.
    pub(crate) fn ask(
        &self,
        question: Reranking,
        caller: Option<&CancellationToken>,
    ) -> Result<Vec<f64>, String> {
        let (count, deadline, cancellation) =
            (question.candidates.len(), question.deadline, question.cancellation.clone());
        let reranker = self.reranker.clone();
        let (send, receive) = sync_channel(1);
        let ask = move || drop(send.send(reranker.scores(&question).map_err(|error| error.to_string())));
        let thread = std::thread::Builder::new().name("reranker".to_owned());
        start_thread(thread, ask).map_err(|error| format!("no thread for it: {error}"))?;
        let mut given_up: Option<(Instant, String)> = None;
        let answer = loop {
            match receive.recv_timeout(LOOK) {
                Ok(answer) => break answer,
                Err(RecvTimeoutError::Disconnected) => break Err("it panicked".to_owned()),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if let Some((_, why)) = given_up.as_ref().filter(|(until, _)| Instant::now() >= *until) {
                break Err(why.clone());
            }
            let is_late = Instant::now() >= deadline;
            if given_up.is_none() && (is_late || caller.is_some_and(CancellationToken::is_cancelled)) {
                cancellation.cancel();
                let why = format!("it gave no answer within {:.1} s", self.within.as_secs_f64());
                given_up = Some((Instant::now() + TO_END, why));
            }
        };
        cancellation.cancel();
        let scores = answer?;
        if scores.len() != count {
            return Err(format!("it gave {} scores for {count} candidates", scores.len()));
        }
        match scores.iter().find(|score| !score.is_finite()) {
            Some(score) => Err(format!("it gave {score} for a score")),
            None => Ok(scores),
        }
    }
}

impl fmt::Debug for RerankSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RerankSettings").field("within", &self.within).finish_non_exhaustive()
    }
}

/// Puts items in the order of their scores; the places keep their chances.
pub(crate) fn reorder<T: Copy>(items: &mut [T], scores: &[f64], chance: impl Fn(&mut T) -> &mut f64) {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(a.cmp(&b)));
    let before = items.to_vec();
    for (at, from) in order.into_iter().enumerate() {
        let mut own = before[at];
        items[at] = before[from];
        *chance(&mut items[at]) = *chance(&mut own);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_keep_their_chances_and_equal_scores_their_order() {
        let mut items = [(0, 0.5), (1, 0.3), (2, 0.2), (3, 0.1)];
        reorder(&mut items, &[1.0, -0.0, 0.0, 7.0], |item| &mut item.1);
        assert_eq!(items, [(3, 0.5), (0, 0.3), (2, 0.2), (1, 0.1)]);
        reorder(&mut items, &[1.0; 4], |item| &mut item.1);
        assert_eq!(items[0], (3, 0.5));
    }
}
