//! A map with what stands around its rows: a legend, the marks of a format. All of it is within the budget.

use repo_map_render::{Format, TokenCounter as _, Tokenizer};

use crate::error::Error;
use crate::map::RepoMap;
use crate::request::MapRequest;

/// A few rounds are enough: marks take a part of the budget that changes little with it.
const MOST_ROUNDS: usize = 8;

/// Asks for maps of smaller budgets until one fits with what stands around it.
pub(crate) fn dressed(
    request: &MapRequest,
    tokenizer: &Tokenizer,
    map: impl Fn(&MapRequest) -> Result<RepoMap, Error>,
) -> Result<RepoMap, Error> {
    if request.format == Format::Text && !request.legend {
        return map(request);
    }
    let mut plain = request.clone();
    (plain.format, plain.legend) = (Format::Text, false);
    let mut notices = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let mut found = map(&plain)?;
        // They are told once.
        notices.append(&mut found.notices);
        let text = match request.legend && !found.text.is_empty() {
            true => format!("{}\n{}", legend(&found), request.format.of(&found.text)),
            false => request.format.of(&found.text).into_owned(),
        };
        let count = tokenizer.count(&text);
        if count <= request.token_budget {
            notices.dedup();
            return Ok(RepoMap { text, tokens_used: count, budget: request.token_budget, notices, ..found });
        }
        let over = count - request.token_budget;
        plain.token_budget = plain.token_budget.saturating_sub(over.max(plain.token_budget / 50 + 1));
        if plain.token_budget == 0 {
            break;
        }
    }
    let mut nothing = RepoMap::nothing(tokenizer.name());
    (nothing.budget, nothing.notices) = (request.token_budget, notices);
    Ok(nothing)
}

/// How a map is read, and how much of the tree it is.
fn legend(map: &RepoMap) -> String {
    let shown = map.files.len();
    let all = map.freshness.files;
    format!(
        "Map of a repository, a part of it: {shown} of {all} files, their most relevant definitions as signatures. │ begins a row, ⋮ stands for lines left out; bodies are not shown.\n"
    )
}
