//! What goes back to a caller, and its size on the wire.

use repo_map_cache::{TokenCounter as _, Tokenizer};
use rmcp::model::{CallToolResult, ContentBlock, RequestId, ServerJsonRpcMessage, ServerResult};
use serde_json::{Map, Value};

/// Peers of older revisions get a member less, which can join what stood beside it to other tokens.
const SLACK: usize = 4;

/// The answer of a tool: a text for the model, and what a program wants to know of it. Nothing is said twice.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reply {
    pub(crate) text: String,
    pub(crate) facts: Map<String, Value>,
    is_error: bool,
}

/// What a reply must fit in: the message to a request, whole.
pub(crate) struct Envelope<'a> {
    pub(crate) id: &'a RequestId,
    pub(crate) tokenizer: &'a Tokenizer,
    pub(crate) budget: usize,
}

impl Reply {
    pub(crate) fn of(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    pub(crate) fn refusal(sentence: String) -> Self {
        Self { text: sentence, is_error: true, ..Self::default() }
    }

    pub(crate) fn fact(&mut self, name: &str, value: impl Into<Value>) {
        self.facts.insert(name.to_owned(), value.into());
    }

    /// Adds a line; what is in brackets is ours.
    pub(crate) fn line(&mut self, line: &str) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        self.text.push_str(line);
    }

    pub(crate) fn into_result(self) -> CallToolResult {
        let content = vec![ContentBlock::text(self.text)];
        let mut result =
            if self.is_error { CallToolResult::error(content) } else { CallToolResult::success(content) };
        if !self.is_error {
            result.is_error = None;
        }
        result.structured_content = (!self.facts.is_empty()).then_some(Value::Object(self.facts));
        result
    }
}

impl Envelope<'_> {
    /// The tokens of the whole message.
    pub(crate) fn tokens(&self, reply: &Reply) -> usize {
        let result = ServerResult::CallToolResult(reply.clone().into_result());
        let message = ServerJsonRpcMessage::response(result, self.id.clone());
        // What cannot be written is no message; rmcp would send none.
        serde_json::to_string(&message).map_or(0, |json| self.tokenizer.count(&json) + SLACK)
    }

    pub(crate) fn fits(&self, reply: &Reply) -> bool {
        self.tokens(reply) <= self.budget
    }

    /// What is left for more text.
    pub(crate) fn room(&self, reply: &Reply) -> usize {
        self.budget.saturating_sub(self.tokens(reply))
    }

    /// Adds facts for which there is room; tells whether there was.
    pub(crate) fn add(&self, reply: &mut Reply, name: &str, value: impl Into<Value>) -> bool {
        let mut more = reply.clone();
        more.fact(name, value);
        let fits = self.fits(&more);
        if fits {
            *reply = more;
        }
        fits
    }

    /// The reply, cut where it does not fit: whole lines from the end, then facts, then characters.
    pub(crate) fn cut(&self, mut reply: Reply) -> Reply {
        const CUT: &str = "[cut to fit token_budget]";
        if self.fits(&reply) {
            return reply;
        }
        let whole = std::mem::take(&mut reply.text);
        let ends: Vec<usize> = whole.match_indices('\n').map(|(at, _)| at).collect();
        let with_lines = |count: usize| {
            let mut less = reply.clone();
            less.text = ends.get(count.wrapping_sub(1)).map_or("", |&end| &whole[..end]).to_owned();
            less.line(CUT);
            less
        };
        let counts: Vec<usize> = (0..=ends.len()).collect();
        let fitting = counts.partition_point(|&count| self.fits(&with_lines(count)));
        if fitting > 1 {
            return with_lines(fitting - 1);
        }
        if !reply.facts.is_empty() {
            return self.cut(Reply { text: whole, facts: Map::new(), is_error: reply.is_error });
        }
        let ends: Vec<usize> = whole.char_indices().map(|(at, _)| at).collect();
        let with_characters = |&end: &usize| Reply { text: format!("{}…", &whole[..end]), ..reply.clone() };
        let fitting = ends.partition_point(|end| self.fits(&with_characters(end)));
        fitting.checked_sub(1).and_then(|at| ends.get(at)).map_or_else(Reply::default, with_characters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_said_is_cut_to_the_budget() {
        let id = RequestId::Number(7);
        let tokenizer = Tokenizer::o200k();
        let texts = ["one line of words ".repeat(400), "a line\n".repeat(900), "\"\\\n\t".repeat(500)];
        for text in texts {
            for budget in [60, 100, 500, 2_000] {
                let envelope = Envelope { id: &id, tokenizer: &tokenizer, budget };
                let mut reply = Reply { text: text.clone(), ..Reply::default() };
                reply.fact("omitted", 12);
                let cut = envelope.cut(reply);
                assert!(envelope.tokens(&cut) <= budget);
                assert!(!cut.text.is_empty());
            }
        }
    }

    #[test]
    fn a_reply_that_fits_is_left_alone() {
        let id = RequestId::Number(7);
        let envelope = Envelope { id: &id, tokenizer: &Tokenizer::o200k(), budget: 100 };
        let reply = Reply { text: "short\nas it is\n".to_owned(), ..Reply::default() };
        assert_eq!(envelope.cut(reply.clone()).text, reply.text);
    }
}
