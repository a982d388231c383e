//! The tools: what they are called, what they take, and what answers them.

mod navigate;
mod page;
mod repo_map;
mod schemas;
mod status;

use std::sync::{Arc, OnceLock};

use repo_map_cache::CancellationToken;
use rmcp::model::{CallToolResult, RequestId};
use serde_json::{Map, Value};

use crate::arguments::Arguments;
use crate::config::ServerConfig;
use crate::conversations::Conversations;
use crate::place::Place;
use crate::places::Places;
use crate::progress::Heard;
use crate::refusal::Refusal;
use crate::reply::{Envelope, Reply};
use crate::roots::{Chosen, Roots};

pub(crate) use schemas::{names, tools};

/// What all calls share.
pub(crate) struct Workplace {
    pub(crate) config: ServerConfig,
    pub(crate) roots: Roots,
    pub(crate) places: Places,
    pub(crate) conversations: Conversations,
}

/// One call, while it is answered.
pub(crate) struct Call {
    pub(crate) tool: &'static str,
    pub(crate) arguments: Map<String, Value>,
    pub(crate) id: RequestId,
    pub(crate) cancellation: CancellationToken,
    /// Where the work of this call can be heard of, once it has begun.
    pub(crate) heard: Arc<OnceLock<Arc<Heard>>>,
}

impl Workplace {
    /// The answer to a call. Whatever it is, it fits the budget.
    pub(crate) fn answer(&self, call: Call) -> CallToolResult {
        let known = schemas::arguments(call.tool);
        let mut budget = self.config.token_budget;
        let asked = || {
            let mut arguments = Arguments::new(call.tool, &known, call.arguments)?;
            budget = arguments.token_budget(budget)?;
            let root = arguments.text("root")?;
            let chosen = self.roots.choose(root.as_deref())?;
            Ok((arguments, chosen))
        };
        let asked: Result<(Arguments<'_>, Chosen), Refusal> = asked();
        let envelope = Envelope { id: &call.id, tokenizer: &self.config.tokenizer, budget };
        let answered = asked.and_then(|(arguments, chosen)| {
            let place = self.places.open(&chosen, &self.config)?;
            let _ = call.heard.set(place.heard.clone());
            let asked = Asked {
                workplace: self,
                envelope: &envelope,
                chosen,
                place,
                cancellation: &call.cancellation,
            };
            match call.tool {
                "find" => asked.find(arguments),
                "outline" => asked.outline(arguments),
                "repo_map" => asked.repo_map(arguments),
                "show" => asked.show(arguments),
                _ => asked.status(),
            }
        });
        let reply = answered.unwrap_or_else(|refusal| Reply::refusal(refusal.into_sentence()));
        let result = envelope.cut(reply).into_result();
        self.places.tidy(&self.config);
        result
    }
}

/// A call whose arguments make sense so far.
struct Asked<'a> {
    workplace: &'a Workplace,
    envelope: &'a Envelope<'a>,
    chosen: Chosen,
    place: Arc<Place>,
    cancellation: &'a CancellationToken,
}

impl Asked<'_> {
    /// Says that the tree is not read yet, and how to get the rest.
    fn tell_partial(&self, reply: &mut Reply) {
        reply.fact("partial", true);
        let standing = self.place.heard.standing().map(|standing| format!(" ({})", standing.told()));
        let standing = standing.unwrap_or_default();
        reply.line(&format!("[partial: the tree is still being read{standing}; the same call again in a few seconds is complete]"));
    }
}
