use repo_map_cache::{MapRequest, TokenCounter as _, escaped_path};

use super::Asked;
use crate::refusal::Refusal;
use crate::reply::Reply;

impl Asked<'_> {
    /// What is known of the tree.
    pub(super) fn status(&self) -> Result<Reply, Refusal> {
        let patience = self.workplace.config.patience;
        let map = self.place.ask(patience, |mapper, deadline| {
            mapper.map(&MapRequest::new(1).cancellation(self.cancellation).deadline(deadline))
        })?;
        let mut reply = Reply::default();
        reply.line(&format!("repo-map {}", env!("CARGO_PKG_VERSION")));
        reply.line(&format!("root: {}", escaped_path(&self.chosen.repository)));
        reply.line(&format!("files: {}, skipped: {}", map.freshness.files, map.freshness.skipped));
        reply.line(&format!("budgets are {} tokens of the whole reply", self.envelope.tokenizer.name()));
        if map.is_partial {
            self.tell_partial(&mut reply);
        } else if self.place.is_warm() {
            reply.line("all is read");
        } else {
            reply.line("names are read; words and log are read with the first task");
        }
        reply.fact("files", map.freshness.files);
        reply.fact("skipped", map.freshness.skipped);
        reply.fact("ready", self.place.is_warm() && !map.is_partial);
        reply.fact("open", self.workplace.places.count());
        Ok(reply)
    }
}
