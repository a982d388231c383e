//! Names in prose: what documents and comments write as code.
//!
//! ```text
//! document ──► blocks ──► code ─────────────► names
//!                 └─────► paragraphs ─► spans ──┘
//! source ────► comments ─► lines ─────────┘
//! ```
//!
//! And the first sentence of either, which tells what the file is about (`summary`).
//!
//! Everything goes forward through the text, looks ahead a bounded stretch at most, and takes any bytes.

mod blocks;
mod comment_head;
mod comments;
mod identifiers;
mod sentence;
mod spans;
pub(crate) mod summary;

use std::ops::Range;

use repo_map_model::LineIndex;

/// The markup of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Markup {
    Markdown,
    /// Plain text as well: what people write there by habit is this.
    Rst,
    AsciiDoc,
}

/// The names that a document writes as code, in order.
pub(crate) fn of_document(source: &[u8], lines: &LineIndex, markup: Markup) -> Vec<Range<usize>> {
    let mut names = Vec::new();
    blocks::scan(source, lines, markup, &mut |name| names.push(name));
    names
}

/// The names that comments of a source file write as code, in order. With `in_strings`, those of strings too: where no code
/// has a backtick.
pub(crate) fn of_comments(source: &[u8], lines: &LineIndex, in_strings: bool) -> Vec<Range<usize>> {
    let mut names = Vec::new();
    comments::scan(source, lines, in_strings, &mut |name| names.push(name));
    names
}

/// The bytes of a line, without blanks at its end.
fn line_at(source: &[u8], lines: &LineIndex, line: usize) -> Range<usize> {
    let starts = lines.starts();
    let start = starts[line] as usize;
    let end = starts.get(line + 1).map_or(source.len(), |next| *next as usize);
    start..start + source[start..end].trim_ascii_end().len()
}

#[cfg(test)]
mod tests;
