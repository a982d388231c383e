//! The tokens of a task, with how each is said.

use super::output::weighed;
use crate::mention::is_address;
use crate::words::tokens;

/// A token and how it is said.
#[derive(Clone, Copy)]
pub(crate) struct Said<'a> {
    pub(crate) token: &'a str,
    pub(crate) is_code: bool,
    /// Two in the title, less than one in what programs print.
    pub(crate) uses: f32,
}

/// What a task says, without those lines and links that say who wrote it and where it was talked about.
pub(crate) fn said(text: &str) -> Vec<Said<'_>> {
    let mut said = Vec::new();
    let base = text.as_ptr() as usize;
    let mut is_title = true;
    for (line, counts) in weighed(text) {
        if line.trim().is_empty() {
            continue;
        }
        let uses = if is_title { 2.0 * counts } else { counts };
        is_title = false;
        if is_trailer(line) {
            continue;
        }
        // The words of `[text](link)` are words.
        let chunks =
            line.split_whitespace().flat_map(|chunk| chunk.split("](")).filter(|chunk| !is_address(chunk));
        said.extend(chunks.flat_map(tokens).map(|token| {
            let start = token.as_ptr() as usize - base;
            let is_code = is_code(&text[..start], token, &text[start + token.len()..]);
            Said { token, is_code, uses }
        }));
    }
    said
}

/// `Signed-off-by: …` and the like.
fn is_trailer(line: &str) -> bool {
    line.split_once(": ").is_some_and(|(key, _)| {
        key.ends_with("-by") && key.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
    })
}

/// Whether a token is written as code: by its own shape or by what stands around it.
fn is_code(before: &str, token: &str, after: &str) -> bool {
    let inner = token.trim_matches('_');
    let snake = inner.contains('_') || (inner.len() < token.len() && !inner.is_empty());
    let camel = inner.chars().skip(1).any(char::is_uppercase) && inner.chars().any(char::is_lowercase);
    let quoted = before.ends_with('`') || after.starts_with('`');
    let called = after.starts_with("()")
        || after.starts_with("::")
        || before.ends_with("::")
        || before.ends_with("->");
    snake || camel || quoted || called
}
