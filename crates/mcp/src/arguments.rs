//! What a call says, checked: whatever is wrong is told in a sentence that names the argument and what it takes.

use repo_map_cache::escaped;
use serde_json::{Map, Value};

use crate::refusal::Refusal;

/// The least budget that a reply fits in.
pub(crate) const LEAST_BUDGET: usize = 100;
/// More than any client takes.
pub(crate) const MOST_BUDGET: usize = 24_000;
/// Items of a list.
const MOST_ITEMS: usize = 1_000;

/// The arguments of one call. Each is taken once; `null` is as good as none.
pub(crate) struct Arguments<'a> {
    tool: &'a str,
    known: &'a [&'a str],
    values: Map<String, Value>,
}

impl<'a> Arguments<'a> {
    /// # Errors
    /// One that names an argument which the tool does not know.
    pub(crate) fn new(
        tool: &'a str,
        known: &'a [&'a str],
        values: Map<String, Value>,
    ) -> Result<Self, Refusal> {
        match values.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => Err(Refusal::new(format!(
                "{tool} has no argument {}; it takes {}",
                shown(key),
                known.join(", ")
            ))),
            None => Ok(Self { tool, known, values }),
        }
    }

    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, Refusal> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong(name, "is a text")),
        }
    }

    /// A text that a tool cannot do without.
    pub(crate) fn needed(&mut self, name: &str) -> Result<String, Refusal> {
        let text = self.text(name)?.filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| self.wrong(name, "is missing"))
    }

    pub(crate) fn flag(&mut self, name: &str) -> Result<bool, Refusal> {
        match self.take(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(_) => Err(self.wrong(name, "is true or false")),
        }
    }

    pub(crate) fn texts(&mut self, name: &str) -> Result<Vec<String>, Refusal> {
        let items = match self.take(name) {
            None => return Ok(Vec::new()),
            Some(Value::Array(items)) if items.len() <= MOST_ITEMS => items,
            Some(Value::Array(_)) => return Err(self.wrong(name, "takes at most 1,000 texts")),
            // What models write for a list of one.
            Some(Value::String(text)) => return Ok(vec![text]),
            Some(_) => return Err(self.wrong(name, "is a list of texts")),
        };
        let texts: Option<Vec<String>> = items.into_iter().map(into_text).collect();
        texts.ok_or_else(|| self.wrong(name, "is a list of texts"))
    }

    pub(crate) fn number(&mut self, name: &str) -> Result<Option<u64>, Refusal> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Number(number)) => {
                let whole = number.as_u64().or_else(|| whole(number.as_f64()?));
                whole.map(Some).ok_or_else(|| self.wrong(name, "is a whole number, 0 or more"))
            }
            // What clients send whose arguments are all texts.
            Some(Value::String(text)) if text.parse::<u64>().is_ok() => Ok(text.parse().ok()),
            Some(_) => Err(self.wrong(name, "is a whole number, 0 or more")),
        }
    }

    /// The budget of the reply.
    pub(crate) fn token_budget(&mut self, otherwise: usize) -> Result<usize, Refusal> {
        let Some(asked) = self.number("token_budget")? else { return Ok(otherwise) };
        match usize::try_from(asked) {
            Ok(budget) if (LEAST_BUDGET..=MOST_BUDGET).contains(&budget) => Ok(budget),
            _ => Err(self.wrong("token_budget", "is a number of tokens from 100 to 24000")),
        }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        debug_assert!(self.known.contains(&name));
        self.values.remove(name).filter(|value| !value.is_null())
    }

    fn wrong(&self, name: &str, takes: &str) -> Refusal {
        Refusal::new(format!("{name} of {} {takes}", self.tool))
    }
}

fn into_text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// What clients whose numbers are all fractions send.
fn whole(number: f64) -> Option<u64> {
    let is_whole = number >= 0.0 && number <= 2f64.powi(53) && number.fract() == 0.0;
    is_whole.then_some(number as u64)
}

/// A text of the caller's in a sentence: whole if it is short.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 80;
    let start: String = text.chars().take(MOST).collect();
    let dots = if start.len() < text.len() { "…" } else { "" };
    format!("`{}{dots}`", escaped(&start))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn arguments(values: Value) -> Result<Arguments<'static>, Refusal> {
        let Value::Object(values) = values else { panic!("no object") };
        Arguments::new("repo_map", &["task", "chat_files", "token_budget"], values)
    }

    fn refused<T>(result: Result<T, Refusal>) -> String {
        result.err().expect("it is wrong").into_sentence()
    }

    #[test]
    fn what_is_wrong_is_told_with_what_is_right() {
        assert_eq!(
            refused(arguments(json!({"tsk\u{202e}": "x"}))),
            "repo_map has no argument `tsk\\u{202e}`; it takes task, chat_files, token_budget"
        );
        let of = |values| arguments(values).unwrap();
        assert_eq!(refused(of(json!({"task": 1})).text("task")), "task of repo_map is a text");
        assert_eq!(
            refused(of(json!({"chat_files": [1]})).texts("chat_files")),
            "chat_files of repo_map is a list of texts"
        );
        for budget in [json!(-1), json!(1.5), json!("9"), json!(99), json!(24_001), json!(1e300)] {
            let sentence = refused(of(json!({ "token_budget": budget })).token_budget(1));
            assert!(sentence.starts_with("token_budget of repo_map is a "), "{sentence}");
        }
    }

    #[test]
    fn null_is_none_and_numbers_may_be_fractions() {
        let mut given =
            arguments(json!({"task": null, "chat_files": "a.py", "token_budget": 200.0})).unwrap();
        assert_eq!(given.text("task").unwrap(), None);
        assert_eq!(given.texts("chat_files").unwrap(), ["a.py"]);
        assert_eq!(given.token_budget(1).unwrap(), 200);
    }
}
