//! What a mapper is asked: a look at the tree, then the answer from what it found.

use super::Session;
use super::answer::Answer;
use crate::error::Error;
use crate::explain::{Explanation, Target};
use crate::kept_map::may_be_kept;
use crate::limits::Limits;
use crate::map::{RepoMap, Timings};
use crate::request::MapRequest;

impl Session {
    /// Looks at the tree if the request wants that, ranks and prints.
    pub(crate) fn map(&self, request: &MapRequest, limits: &Limits<'_>) -> Result<RepoMap, Error> {
        let mut timings = Timings::default();
        let kept = may_be_kept(request, &self.settings().tokenizer);
        let mut seen = self.look_or_recall(request, kept, limits, &mut timings)?;
        let tree = seen.tree.clone();
        let mut map = Answer { session: self, tree: &tree, limits }.map(request, &mut seen, timings)?;
        // They are told once, and so not where the answer is cancelled.
        map.notices.splice(0..0, self.take_notices(&tree));
        map.notices.extend(self.take_shortage());
        drop((seen, tree));
        self.keep_within_ceiling();
        Ok(map)
    }

    pub(crate) fn explain(
        &self,
        request: &MapRequest,
        targets: &[Target],
        limits: &Limits<'_>,
    ) -> Result<Explanation, Error> {
        let seen = self.look(request, limits, &mut Timings::default())?;
        if seen.is_partial {
            return Err(limits.deadline_exceeded());
        }
        let mut explanation = Answer { session: self, tree: &seen.tree, limits }.explain(request, targets)?;
        explanation.notices.splice(0..0, self.take_notices(&seen.tree));
        drop(seen);
        self.keep_within_ceiling();
        Ok(explanation)
    }
}
