//! The JSON shapes, keys sorted. `schema_version` rises with every change that could break a reader.
//! Lines count from 1, as in ctags; `range` holds lines from 0, first and last.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::Duration;

use repo_map_cache::{
    Explanation, Extent, Language, MappedDefinition, Navigation, NavigationOmitted, NavigationRow, Reading,
    RepoMap, TaggedFile, WeighedSignal, is_hidden,
};
use serde_json::{Value, json};

/// The version of [`map`]'s object.
const SCHEMA_VERSION: u32 = 1;

/// A value as its JSON, on one line. Characters that nobody sees, or that act on a terminal, stand as `\uXXXX`: they can only be
/// in strings, so the value is the same.
pub(crate) fn text(value: &Value) -> String {
    let plain = value.to_string();
    if !plain.contains(is_hidden) {
        return plain;
    }
    let mut text = String::with_capacity(plain.len() + 64);
    for c in plain.chars() {
        if is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(c);
        }
    }
    text
}

/// The one object of `repo-map map --json`.
pub(crate) fn map(map: &RepoMap) -> Value {
    json!({
        "schema_version": SCHEMA_VERSION,
        "map": map.text,
        "budget": { "max": map.budget, "used": map.tokens_used, "tokenizer": map.tokenizer },
        "files": if map.ranking.is_empty() { shown_files(map) } else { all_files(map) },
        "confidence": map.confidence.map(rounded),
        "omitted": { "files": map.omitted.files, "definitions": map.omitted.definitions },
        "freshness": {
            "tree_digest": map.freshness.tree_digest.to_string(),
            "files": map.freshness.files,
            "skipped": map.freshness.skipped,
        },
        "reading": reading(&map.reading),
        "timings": {
            "scan_ms": milliseconds(map.timings.scan),
            "tags_ms": milliseconds(map.timings.tags),
            "words_ms": milliseconds(map.timings.words),
            "history_ms": milliseconds(map.timings.history),
            "graph_ms": milliseconds(map.timings.graph),
            "query_ms": milliseconds(map.timings.query),
            "rank_ms": milliseconds(map.timings.rank),
            "render_ms": milliseconds(map.timings.render),
            "total_ms": milliseconds(map.timings.total),
        },
        "cache": {
            "kept": map.cache.kept,
            "hits": map.cache.hits,
            "misses": map.cache.misses,
            "corrupt": map.cache.corrupt,
            "errors": map.cache.errors,
        },
        "notices": map.notices,
    })
}

/// How much of the tree was read.
fn reading(reading: &Reading) -> Value {
    let extent = |extent: &Extent| json!({ "files": extent.files, "bytes": extent.bytes });
    let left_out: serde_json::Map<String, Value> =
        reading.left_out.iter().map(|(word, of)| ((*word).to_owned(), extent(of))).collect();
    json!({
        "files": reading.all.files,
        "bytes": reading.all.bytes,
        "misfits": extent(&reading.misfits),
        "misfit_percent": reading.misfit_percent(),
        "left_out": left_out,
    })
}

/// The one object of `repo-map find`, `refs`, `callers`, `show` and `outline` with `--json`.
pub(crate) fn navigation(found: &Navigation) -> Value {
    let row = |row: &NavigationRow| {
        json!({
            "path": row.path.as_str(),
            "line": row.line + 1,
            "end_line": row.end_line + 1,
            "role": row.role.as_str(),
            "name": row.name,
            "kind": row.kind.map(|kind| kind.as_str()),
            "text": row.text,
        })
    };
    let NavigationOmitted { definitions, references, lines, .. } = found.omitted;
    json!({
        "schema_version": SCHEMA_VERSION,
        "text": found.text,
        "budget": { "max": found.budget, "used": found.tokens_used, "tokenizer": found.tokenizer },
        "rows": found.rows.iter().map(row).collect::<Vec<_>>(),
        "omitted": { "definitions": definitions, "references": references, "lines": lines },
        "notices": found.notices,
    })
}

/// More digits than two say nothing of a chance; a third keeps the order.
fn rounded(chance: f64) -> f64 {
    (chance * 1e3).round() / 1e3
}

fn shown_files(map: &RepoMap) -> Vec<Value> {
    map.files.iter().map(|file| row(file.path.as_str(), file.rank, file.score, &file.definitions)).collect()
}

fn all_files(map: &RepoMap) -> Vec<Value> {
    let shown: HashMap<&str, &[MappedDefinition]> =
        map.files.iter().map(|file| (file.path.as_str(), file.definitions.as_slice())).collect();
    let rows = map.ranking.iter().zip(1..).map(|(file, rank)| {
        let definitions = shown.get(file.path.as_str()).copied().unwrap_or_default();
        row(file.path.as_str(), rank, file.score, definitions)
    });
    rows.collect()
}

fn row(path: &str, rank: usize, score: f64, definitions: &[MappedDefinition]) -> Value {
    let definitions = definitions.iter().map(|definition| {
        json!({ "name": definition.name, "kind": definition.kind.as_str(), "line": definition.line + 1 })
    });
    json!({ "path": path, "rank": rank, "score": score, "definitions": definitions.collect::<Vec<_>>() })
}

/// The one object of `repo-map explain --json`. `values` stand in the order of the signals.
pub(crate) fn explanation(explanation: &Explanation) -> Value {
    let signals = |signals: &[WeighedSignal]| -> Vec<Value> {
        let signal =
            |of: &WeighedSignal| json!({ "name": of.name, "weight": plain(of.weight), "says": of.says });
        signals.iter().map(signal).collect()
    };
    let files = explanation.files.iter().map(|file| {
        let definitions = file.definitions.iter().map(|definition| {
            let mut row = json!({
                "name": definition.name,
                "kind": definition.kind.as_str(),
                "line": definition.line + 1,
                "rank": definition.rank,
                "chance": definition.chance,
                "verdict": definition.verdict.as_str(),
                "values": definition.values.iter().copied().map(plain).collect::<Vec<_>>(),
            });
            if let Some(known) = definition.known_for_chat {
                row["needs"] = json!({ "known": plain(known), "edited": plain(1.0 - known) });
            }
            row
        });
        json!({
            "path": file.path.as_str(),
            "rank": file.rank,
            "chance": file.chance,
            "verdict": file.verdict.as_str(),
            "values": file.values.iter().copied().map(plain).collect::<Vec<_>>(),
            "definitions": definitions.collect::<Vec<_>>(),
        })
    });
    json!({
        "schema_version": SCHEMA_VERSION,
        "occasion": explanation.occasion,

        "file_signals": signals(&explanation.file_signals),
        "definition_signals": signals(&explanation.definition_signals),
        "files": files.collect::<Vec<_>>(),
        "confidence": explanation.confidence.as_ref().map(|of| rounded(of.chance)),
        "notices": explanation.notices,
    })
}

/// The number that prints as this one does: 0.1 and not 0.10000000149011612.
fn plain(number: f32) -> f64 {
    number.to_string().parse().unwrap_or_else(|_| number.into())
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

/// The row of a language in `repo-map languages --json`.
pub(crate) fn language(language: Language) -> Value {
    let grammar =
        language.grammar().map(|(package, version)| json!({ "package": package, "version": version }));
    json!({
        "id": language.id(),
        "name": language.name(),
        "extensions": language.extensions(),
        "file_names": language.file_names(),
        "interpreters": language.interpreters(),
        "definitions": language.defines().iter().map(|kind| kind.as_str()).collect::<Vec<_>>(),
        "declarations": language.declares().iter().map(|kind| kind.as_str()).collect::<Vec<_>>(),
        "references": language.references().iter().map(|kind| kind.as_str()).collect::<Vec<_>>(),
        "outline": language.is_outline(),
        "grammar": grammar,
    })
}

/// The lines that `repo-map tags --json` prints for one file: universal-ctags' fields, and more.
pub(crate) fn tags<'a>(path: &'a str, file: &'a TaggedFile) -> impl Iterator<Item = Value> + 'a {
    let lines: Vec<&str> = file.lines().collect();
    let pattern = move |line: u32| {
        let text = lines.get(line as usize).copied().unwrap_or_default();
        format!("/^{}$/", text.replace('\\', "\\\\").replace('/', "\\/"))
    };
    let definitions = file.tags.definitions().iter().map({
        let pattern = pattern.clone();
        move |definition| {
            let mut row = json!({
                "_type": "tag",
                "name": file.tags.name(definition.name),
                "path": path,
                "pattern": pattern(definition.line),
                "language": file.language.name(),
                "line": definition.line + 1,
                "end": definition.end_line + 1,
                "kind": definition.kind.as_str(),
                "role": if definition.declaration { "declaration" } else { "def" },
                "offset": definition.name_start,
                "range": [definition.signature.first, definition.end_line],
                "signature": [definition.signature.first, definition.signature.last],
                "signatureEnd": definition.signature_end,
            });
            if let Some((name, kind)) = file.scope_of(definition) {
                row["scope"] = json!(name);
                row["scopeKind"] = json!(kind.as_str());
            }
            row
        }
    });
    let references = file.tags.references().iter().map(move |reference| {
        json!({
            "_type": "tag",
            "name": file.tags.name(reference.name),
            "path": path,
            "pattern": pattern(reference.line),
            "language": file.language.name(),
            "line": reference.line + 1,
            "kind": reference.kind.as_str(),
            "role": "ref",
        })
    });
    definitions.chain(references)
}

/// The line that tells a reader of ctags' format what follows.
pub(crate) fn tags_header() -> Value {
    json!({
        "_type": "ptag",
        "name": "JSON_OUTPUT_VERSION",
        "path": "1.0",
        "pattern": "in development",
    })
}
