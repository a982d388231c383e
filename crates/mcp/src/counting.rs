//! Tokens as they are on the wire.

use std::fmt::Write as _;

use repo_map_cache::{TokenCounter, Tokenizer};

/// Counts a text as it stands between the quotes of a JSON string: a line break there is two characters.
pub(crate) fn of_json_strings(tokenizer: &Tokenizer) -> Tokenizer {
    let inner = tokenizer.clone();
    Tokenizer::callback(format!("{} of JSON", inner.name()), move |text| {
        let mut json = String::with_capacity(text.len() + text.len() / 16);
        push_json(&mut json, text);
        inner.count(&json)
    })
}

/// As serde_json writes it.
fn push_json(json: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            c if c < ' ' => {
                let _ = write!(json, "\\u{:04x}", u32::from(c));
            }
            c => json.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_counted_as_json_has_it() {
        let text = (0..0x250).filter_map(char::from_u32).collect::<String>() + "│def f(\"a\\n\"):\n\"";
        let mut json = String::new();
        push_json(&mut json, &text);
        assert_eq!(format!("\"{json}\""), serde_json::to_string(&text).unwrap());
        let tokenizer = Tokenizer::o200k();
        assert_eq!(of_json_strings(&tokenizer).count(&text), tokenizer.count(&json));
    }
}
