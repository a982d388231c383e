//! Prints chosen definitions of files in the tree style, for comparison with other tools.
//!
//! Standard input: one JSON object a line, `{"path": "a/b.py", "lines": [3, 17]}`, the path relative to the folder given
//! as the argument, lines from 0. Standard output: one object a line, `{"text", "definitions", "scopes"}`: the map of the
//! definitions on these lines, then all definitions and scopes of the file.
//!
//! ```sh
//! echo '{"path": "src/lib.rs", "lines": []}' | cargo run -p repo-map-render --example tree_lines -- crates/render
//! ```
#![expect(clippy::print_stdout, reason = "standard output is what the example is for")]

use std::error::Error;
use std::io::{self, BufRead};
use std::path::Path;
use std::sync::Arc;

use repo_map_model::{FileTags, LineSpan, RepoPath};
use repo_map_render::{Item, RenderOptions, Source, Style, Tokenizer, render};
use repo_map_tags::{Language, extract};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let root = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    for line in io::stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line?)?;
        println!("{}", answer(Path::new(&root), &request)?);
    }
    Ok(())
}

fn answer(root: &Path, request: &Value) -> Result<Value, Box<dyn Error>> {
    let path = RepoPath::new(request["path"].as_str().ok_or("no path")?)?;
    let bytes = std::fs::read(root.join(path.as_str()))?;
    let language = Language::detect(&path, &bytes).ok_or("unknown language")?;
    let tags = Arc::new(extract(language, &bytes).tags);
    let wanted: Vec<u64> =
        request["lines"].as_array().into_iter().flatten().filter_map(Value::as_u64).collect();

    let items =
        (0..).zip(tags.definitions()).filter(|(_, definition)| wanted.contains(&definition.line.into()));
    let items = items.map(|(index, _)| Item::definition(path.clone(), index));
    let source = Source::new(String::from_utf8_lossy(&bytes).as_ref(), Arc::clone(&tags));
    // Enough for any file: the comparison is about lines, not about the budget.
    let options = RenderOptions::new(usize::MAX)
        .style(Style::Tree)
        .tokenizer(Tokenizer::bytes4())
        .max_line_width(usize::MAX);
    let rendered = render(items, |_: &RepoPath| Some(source.clone()), &options);
    Ok(json!({ "text": rendered.text, "definitions": definitions(&tags), "scopes": scopes(&tags) }))
}

fn definitions(tags: &FileTags) -> Vec<Value> {
    let shown = tags.definitions().iter().map(|definition| {
        json!({
            "kind": definition.kind.as_str(),
            "line": definition.line,
            "signature": span(definition.signature),
            "end_line": definition.end_line,
        })
    });
    shown.collect()
}

fn scopes(tags: &FileTags) -> Vec<Value> {
    let shown = tags.scopes().iter().map(|scope| {
        json!({ "kind": scope.kind.as_str(), "header": span(scope.header), "end_line": scope.end_line })
    });
    shown.collect()
}

fn span(span: LineSpan) -> [u32; 2] {
    [span.first, span.last]
}
