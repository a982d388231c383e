//! A member of an object, or an item of an array, put into a text of JSON with comments and taken out of it.

use serde_json::{Map, Value, json};

use super::edit::{Edited, line_end, put};
use super::jsonc::{Kind, Node, parse, passed};

/// Puts a value at the end of what stands at a way of names: with a name into an object, without one into an array.
///
/// # Errors
/// In words, where the text is no JSON or something else stands on the way.
pub(crate) fn insert(
    before: &str,
    way: &[&str],
    name: Option<&str>,
    value: &Value,
) -> Result<Edited, String> {
    if before.trim_matches(['\u{feff}', ' ', '\t', '\r', '\n']).is_empty() {
        let whole = around(way, entry(name, value.clone()));
        let text = pretty(&whole, line_end(before), "", "  ") + line_end(before);
        return Ok(put(before, vec![(before.len(), text)]));
    }
    let root = parse(before).ok_or("it is not JSON with comments")?;
    let (mut node, mut left) = (&root, way);
    while let Some((first, rest)) = left.split_first() {
        match node.member(first) {
            Some(member) => (node, left) = (&member.value, rest),
            None => break,
        }
    }
    let (name, value) = match left.split_first() {
        None => (name, value.clone()),
        Some((first, rest)) => (Some(*first), around(rest, entry(name, value.clone()))),
    };
    match (&node.kind, name) {
        (Kind::Object(members), Some(name)) => {
            let last = members.last().map(|member| (member.start, member.value.span.end));
            let first = members.first().map(|member| member.start);
            Ok(append(before, node, first, last, Some(name), &value))
        }
        (Kind::Array(items), None) => {
            let last = items.last().map(|item| (item.span.start, item.span.end));
            let first = items.first().map(|item| item.span.start);
            Ok(append(before, node, first, last, None, &value))
        }
        _ => Err(format!("{} is not what it should be there", way.join("."))),
    }
}

/// A value in an object of one member, or in an array of one item.
fn entry(name: Option<&str>, value: Value) -> Value {
    match name {
        Some(name) => Value::Object(Map::from_iter([(name.to_owned(), value)])),
        None => json!([value]),
    }
}

fn around(way: &[&str], value: Value) -> Value {
    way.iter().rev().fold(value, |value, name| entry(Some(name), value))
}

fn append(
    before: &str,
    node: &Node,
    first: Option<usize>,
    last: Option<(usize, usize)>,
    name: Option<&str>,
    value: &Value,
) -> Edited {
    let end = line_end(before);
    let label = name.map_or(String::new(), |name| format!("{}: ", json!(name)));
    let outer = indent_of_line(before, node.span.start);
    let unit = if before.contains("\n\t") { "\t" } else { "  " };
    let (Some(first), Some((_, last_end))) = (first, last) else {
        let inner = format!("{outer}{unit}");
        let member = format!("{end}{inner}{label}{}", pretty(value, end, &inner, unit));
        let after = node.span.start + 1;
        let is_one_line = !before[after..node.span.end].contains('\n');
        let close = if is_one_line { format!("{end}{outer}") } else { String::new() };
        // A comment that stands there stays before it.
        let at = if is_one_line { node.span.end - 1 } else { after };
        return put(before, vec![(at, member + &close)]);
    };
    let is_one_line = !before[node.span.start..first].contains('\n');
    let text = if is_one_line {
        format!(" {label}{value}")
    } else {
        let inner = indent_of_line(before, first);
        format!("{end}{inner}{label}{}", pretty(value, end, &inner, unit))
    };
    let next = passed(before, last_end);
    if before[next..].starts_with(',') {
        return put(before, vec![(next + 1, text + ",")]);
    }
    // What stands behind the last member on its line is about that one.
    let line = before[last_end..].find(['\r', '\n']).map_or(before.len(), |at| last_end + at);
    if !is_one_line && line < next && line > last_end && !before[last_end..line].contains("/*") {
        return put(before, vec![(last_end, ",".to_owned()), (line, text)]);
    }
    put(before, vec![(last_end, format!(",{text}"))])
}

/// The text without what `is_ours` says is ours at a way of names; the rest as it stands. `None` where there is none.
pub(crate) fn remove(
    text: &str,
    way: &[&str],
    is_ours: &dyn Fn(Option<&str>, &str) -> bool,
) -> Option<String> {
    let mut text = text.to_owned();
    let mut found = false;
    loop {
        let root = parse(&text)?;
        let Some(node) = root.at(way) else { break };
        let entries: Vec<(usize, usize, bool)> = match &node.kind {
            Kind::Object(members) => members
                .iter()
                .map(|of| {
                    let value = &text[of.value.span.clone()];
                    (of.start, of.value.span.end, is_ours(Some(&of.name), value))
                })
                .collect(),
            Kind::Array(items) => items
                .iter()
                .map(|of| (of.span.start, of.span.end, is_ours(None, &text[of.span.clone()])))
                .collect(),
            Kind::Plain => break,
        };
        let Some(at) = entries.iter().position(|(.., is_ours)| *is_ours) else { break };
        let (start, end, _) = entries[at];
        let next = passed(&text, end);
        let has_comma = text[next..].starts_with(',');
        let lead = text[..start].trim_end_matches([' ', '\t', '\r', '\n']).len();
        if has_comma {
            text.replace_range(lead..next + 1, "");
        } else {
            text.replace_range(lead..end, "");
            // The comma that led to it.
            if let Some((_, before_end, _)) = at.checked_sub(1).map(|at| entries[at]) {
                let comma = passed(&text, before_end);
                if text[comma..].starts_with(',') {
                    text.replace_range(comma..=comma, "");
                }
            }
        }
        found = true;
    }
    // A comment that ran into what stood behind would hide it.
    parse(&text).filter(|_| found).map(|_| text)
}

/// JSON in lines, each but the first behind an indent.
fn pretty(value: &Value, end: &str, indent: &str, unit: &str) -> String {
    let inner = format!("{indent}{unit}");
    let lines: Vec<String> = match value {
        Value::Object(members) if !members.is_empty() => members
            .iter()
            .map(|(name, value)| format!("{}: {}", json!(name), pretty(value, end, &inner, unit)))
            .collect(),
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            items.iter().map(|item| pretty(item, end, &inner, unit)).collect()
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(Value::to_string).collect();
            return format!("[{}]", items.join(", "));
        }
        value => return value.to_string(),
    };
    let (open, close) = if value.is_object() { ('{', '}') } else { ('[', ']') };
    let lines = lines.join(&format!(",{end}{inner}"));
    format!("{open}{end}{inner}{lines}{end}{indent}{close}")
}

/// The white space at the beginning of the line that a place is in.
fn indent_of_line(text: &str, at: usize) -> String {
    let line = &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..];
    line.chars().take_while(|c| matches!(c, ' ' | '\t')).collect()
}
