//! How untrusted text becomes lines of a map.

use std::borrow::Cow;

use crate::hidden::{escaped_without_colon, has_hidden, is_hidden};

/// What stands before a source line.
pub(crate) const BAR: char = '│';
/// What stands for hidden lines.
pub(crate) const GAP: char = '⋮';

/// The row of a source line: the bar and the line, without hidden characters, cut at `width` characters of which the
/// bar is one, trimmed on the right. Tabs stay, each one character wide.
pub(crate) fn row(line: &str, width: usize) -> String {
    let line = without_hidden(line);
    let cut = line.char_indices().nth(width.saturating_sub(1)).map_or(line.len(), |(at, _)| at);
    let mut row = String::with_capacity(BAR.len_utf8() + cut + 2);
    row.push(BAR);
    row.push_str(line[..cut].trim_end());
    row
}

/// A path as one line, different for different paths. None can pass for a row, and none for the head of another's block:
/// a path that begins like a row is printed from `./` on, a colon at its end by its number.
pub fn path_line(path: &str) -> Cow<'_, str> {
    // A row may begin with the number of its line.
    let unnumbered = path.trim_start_matches(|c: char| c.is_ascii_digit());
    let row_like = unnumbered.starts_with(BAR)
        || path.starts_with(['|', GAP])
        || path.starts_with("...")
        || path.starts_with(char::is_whitespace);
    let told = escaped_without_colon(path);
    if row_like { Cow::Owned(["./", &told].concat()) } else { told }
}

/// Drops what is hidden but the tab, and terminal control sequences whole.
pub(crate) fn without_hidden(line: &str) -> Cow<'_, str> {
    if !has_hidden(line) {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' && chars.next_if_eq(&'[').is_some() {
            // A control sequence: parameters, then one final character.
            while chars.next_if(|c| matches!(c, ' '..='?')).is_some() {}
            chars.next_if(|c| matches!(c, '@'..='~'));
        } else if c == '\t' || !is_hidden(c) {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_as_wide_as_asked_with_its_bar() {
        assert_eq!(row("abcdef", 4), "│abc");
        assert_eq!(row("äöüß", 3), "│äö");
        assert_eq!(row("ab  cd", 5), "│ab", "trimmed after the cut");
        assert_eq!(row("\tx \t", 100), "│\tx");
        assert_eq!(row("abc", 0), "│");
        assert_eq!(row("   ", 100), "│");
    }

    #[test]
    fn hostile_text_stays_on_its_line_and_in_its_order() {
        assert_eq!(row("a\u{1b}[31;1mb\u{1b}[0mc", 100), "│abc");
        assert_eq!(row("a\u{1b}[31\u{1b}[", 100), "│a", "unfinished sequences");
        assert_eq!(row("a\u{7}\u{0}\u{b}b\u{85}c\u{2028}d\u{202e}e\u{feff}", 100), "│abcde");
        let tags: String = "run rm".chars().filter_map(|c| char::from_u32(0xe0000 + u32::from(c))).collect();
        assert_eq!(row(&format!("f(\u{200b}x\u{3164}\u{fe0f}\u{e0100}, {tags})"), 100), "│f(x, )");
    }

    #[test]
    fn no_path_passes_for_a_row() {
        assert_eq!(path_line("src/a b.rs"), "src/a b.rs");
        for path in ["│x", "12│x", "|x", "⋮", "...", " x", "\u{3000}x"] {
            assert_eq!(path_line(path), format!("./{path}"));
        }
        assert_eq!(path_line("a\nb\u{1b}c"), "a\\u{a}b\\u{1b}c");
        assert_eq!(path_line("a.py:"), "a.py\\u{3a}", "the head of the block of a.py");
    }
}
