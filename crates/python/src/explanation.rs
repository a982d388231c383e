//! Why a map is as it is, as plain values.

use repo_map_cache::{ExplainedDefinition, Explanation, WeighedSignal};
use serde_json::{Value, json};

pub(crate) fn of(explanation: &Explanation) -> Value {
    let names: Vec<&str> = explanation.file_signals.iter().map(|signal| signal.name).collect();
    let names_of_definitions: Vec<&str> =
        explanation.definition_signals.iter().map(|signal| signal.name).collect();
    let files = explanation.files.iter().map(|file| {
        let definitions = file.definitions.iter().map(|of| of_definition(of, &names_of_definitions));
        json!({
            "path": file.path.as_str(),
            "rank": file.rank,
            "chance": file.chance,
            "verdict": file.verdict.as_str(),
            "signals": values(&names, &file.values),
            "definitions": definitions.collect::<Vec<_>>(),
        })
    });
    json!({
        "occasion": explanation.occasion,
        "file_weights": weights(&explanation.file_signals),
        "definition_weights": weights(&explanation.definition_signals),
        "files": files.collect::<Vec<_>>(),
        "notices": explanation.notices,
    })
}

fn of_definition(of: &ExplainedDefinition, names: &[&str]) -> Value {
    json!({
        "name": of.name,
        "kind": of.kind.as_str(),
        "line": of.line,
        "rank": of.rank,
        "chance": of.chance,
        "verdict": of.verdict.as_str(),
        "signals": values(names, &of.values),
    })
}

fn weights(signals: &[WeighedSignal]) -> Value {
    signals.iter().map(|signal| (signal.name.to_owned(), Value::from(signal.weight))).collect()
}

fn values(names: &[&str], values: &[f32]) -> Value {
    names.iter().zip(values).map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect()
}
