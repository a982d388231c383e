//! Definitions and signals of the files of a page: those that it shows, then the best ones, as many as there is room for.

use std::collections::BTreeMap;

use repo_map_cache::{ExplainedDefinition, Verdict, View, WeighedSignal, escaped};
use serde_json::{Value, json};

use super::tree::{Tree, level};

/// What definitions that no page shows may take of a page, in bytes.
const MOST_DEFINITIONS: usize = 260_000;

/// What the signals of files that no page shows may take, in bytes.
const MOST_SIGNALS: usize = 90_000;

/// A gain that is smaller is not told.
const LEAST_GAIN: f32 = 0.005;

/// The names of kinds, then the definitions by the number of their file.
pub(super) fn definitions(view: &View, tree: &Tree<'_>) -> (Vec<&'static str>, Value) {
    let mut kinds = Vec::new();
    let mut kept: BTreeMap<usize, BTreeMap<usize, Value>> = BTreeMap::new();
    let of_tree = || {
        tree.places().zip(0..).flat_map(|(place, id)| {
            view.files[place].definitions.iter().map(move |definition| (id, definition))
        })
    };
    let mut keep = |id: usize, of: &ExplainedDefinition| {
        let name = escaped(&of.name);
        let kind = of.kind.as_str();
        let kind = kinds.iter().position(|known| *known == kind).unwrap_or_else(|| {
            kinds.push(kind);
            kinds.len() - 1
        });
        let mut row =
            vec![json!(name), json!(kind), json!(of.line + 1), json!(of.rank), json!(level(of.chance))];
        if of.verdict == Verdict::Shown {
            row.push(sparse(&view.definition_signals, &of.values));
            row.extend(of.known_for_chat.map(|known| json!((known * 100.0).round() as u32)));
        }
        let cost = name.len() + 20;
        kept.entry(id).or_default().insert(of.rank, Value::Array(row));
        cost
    };
    for (id, of) in of_tree().filter(|(_, of)| of.verdict == Verdict::Shown) {
        keep(id, of);
    }
    let mut others: Vec<(usize, &ExplainedDefinition)> =
        of_tree().filter(|(_, of)| of.verdict != Verdict::Shown).collect();
    others.sort_unstable_by_key(|(_, of)| of.rank);
    let mut room = MOST_DEFINITIONS;
    for (id, of) in others {
        let Some(left) = room.checked_sub(keep(id, of)) else { break };
        room = left;
    }
    let rows = |rows: BTreeMap<usize, Value>| Value::Array(rows.into_values().collect());
    let kept: serde_json::Map<String, Value> =
        kept.into_iter().map(|(id, of)| (id.to_string(), rows(of))).collect();
    (kinds, Value::Object(kept))
}

/// The signals of files by their number.
pub(super) fn files(view: &View, tree: &Tree<'_>, is_needed: impl Fn(usize) -> bool) -> Value {
    let mut room = MOST_SIGNALS;
    let mut kept = serde_json::Map::new();
    for (place, id) in tree.places().zip(0..) {
        let values = sparse(&view.file_signals, &view.files[place].values);
        let cost = values.as_array().map_or(0, Vec::len) * 4 + 12;
        if is_needed(place) || cost < room {
            room = room.saturating_sub(cost);
            kept.insert(usize::to_string(&id), values);
        }
    }
    Value::Object(kept)
}

/// The signals, each with its weight and what it measures.
pub(super) fn signals(signals: &[WeighedSignal]) -> Value {
    let weight = |of: f32| (f64::from(of) * 1e4).round() / 1e4;
    signals.iter().map(|of| json!([of.name, weight(of.weight), of.says])).collect()
}

/// The signals that count, by number and value.
fn sparse(signals: &[WeighedSignal], values: &[f32]) -> Value {
    let pairs = signals.iter().zip(values).enumerate();
    let counts = pairs.filter(|(_, (signal, value))| (signal.weight * **value).abs() >= LEAST_GAIN);
    counts.flat_map(|(at, (_, value))| [json!(at), json!((f64::from(*value) * 1e3).round() / 1e3)]).collect()
}
