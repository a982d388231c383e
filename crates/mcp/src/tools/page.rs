//! A page of text, and the budget of the whole reply around it.

use std::path::Path;

use repo_map_cache::{Error, RepoMapper, escaped_path};
use serde_json::{Map, Value};

use super::Asked;
use crate::refusal::Refusal;
use crate::reply::Reply;

/// How often a page is made anew that came out larger than what its parts are.
const MOST_ROUNDS: usize = 4;

/// Counts as long as any tree's.
const LONGEST: usize = 9_999_999;

/// What a mapper has answered.
pub(super) struct Page {
    pub(super) text: String,
    /// What the budget left out, in kinds and numbers.
    pub(super) omitted: Vec<(&'static str, usize)>,
    /// How sure the answer is that anything here matches a task.
    pub(super) confidence: Option<f64>,
    pub(super) is_partial: bool,
    pub(super) notices: Vec<String>,
}

impl Page {
    pub(super) fn of(text: String) -> Self {
        Self { text, omitted: Vec::new(), confidence: None, is_partial: false, notices: Vec::new() }
    }
}

impl Asked<'_> {
    /// Asks for a page until the reply around it fits: mostly once, since the mapper counts a text as it is in JSON.
    pub(super) fn fit(
        &self,
        kinds: &[&'static str],
        has_task: bool,
        ask: impl Fn(&RepoMapper, std::time::Instant, usize) -> Result<Page, Error>,
    ) -> Result<Reply, Refusal> {
        let widest = Page {
            text: String::new(),
            omitted: kinds.iter().map(|kind| (*kind, LONGEST)).collect(),
            confidence: has_task.then_some(0.999),
            is_partial: !self.place.is_warm(),
            notices: Vec::new(),
        };
        let mut budget = self.envelope.room(&self.around(&widest));
        let reply = self.place.ask(self.workplace.config.patience, |mapper, deadline| {
            let mut rounds = 0;
            loop {
                let page = ask(mapper, deadline, budget)?;
                let reply = self.around(&page);
                let tokens = self.envelope.tokens(&reply);
                rounds += 1;
                if tokens <= self.envelope.budget || budget == 0 || rounds == MOST_ROUNDS {
                    return Ok(self.noted(reply, &page.notices));
                }
                tracing::debug!(budget, tokens, most = self.envelope.budget, "a page is made anew");
                budget = budget.saturating_sub(tokens - self.envelope.budget);
            }
        });
        Ok(reply?)
    }

    /// The page with what is to be said of it.
    fn around(&self, page: &Page) -> Reply {
        let mut reply = Reply::of(&page.text);
        if page.is_partial {
            self.tell_partial(&mut reply);
        }
        let omitted = page.omitted.iter().filter(|(_, count)| *count > 0);
        let (mut words, mut facts) = (Vec::new(), Map::new());
        for (kind, count) in omitted {
            words.push(format!("{count} {kind}"));
            facts.insert((*kind).to_owned(), Value::from(*count));
        }
        if let Some(confidence) = page.confidence {
            reply.fact("confidence", (confidence * 100.0).round() / 100.0);
        }
        if !words.is_empty() {
            reply.line(&format!("[left out: {}]", words.join(", ")));
            reply.fact("omitted", facts);
        }
        if !self.workplace.roots.is_one() {
            let root: &Path = &self.chosen.repository;
            reply.fact("root", escaped_path(root).into_owned());
        }
        reply
    }

    /// With what the mapper has to say, as far as there is room.
    fn noted(&self, mut reply: Reply, notices: &[String]) -> Reply {
        let mut counts = (1..=notices.len()).rev();
        counts.find(|&count| self.envelope.add(&mut reply, "notices", notices[..count].to_vec()));
        reply
    }
}
