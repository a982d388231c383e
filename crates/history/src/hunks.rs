//! What differs between two texts of a file, as a unified diff.

use imara_diff::{Algorithm, BasicLineDiffPrinter, Diff, InternedInput, UnifiedDiffConfig};

use crate::touched::{MAX_BYTES, is_binary};

/// A longer line is data.
const MAX_LINE: usize = 400;

/// One side of a comparison.
pub(crate) enum Side {
    /// There is no file.
    Absent,
    Text(Vec<u8>),
    /// There is one that is not read: too large, no text, damaged.
    Unread,
}

impl Side {
    /// A text as it is compared.
    fn lines(&self) -> Option<String> {
        match self {
            Self::Absent => Some(String::new()),
            Self::Text(bytes) if bytes.len() <= MAX_BYTES && !is_binary(bytes) => {
                Some(String::from_utf8_lossy(&with_line_feeds(bytes)).into_owned())
            }
            Self::Text(_) | Self::Unread => None,
        }
    }
}

/// A text with the line ends of Unix.
pub(crate) fn with_line_feeds(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len());
    for (at, &byte) in bytes.iter().enumerate() {
        if byte != b'\r' || bytes.get(at + 1) != Some(&b'\n') {
            text.push(byte);
        }
    }
    text
}

/// Writes the head of a file and of its hunks what has room, in whole lines. Sides that are no texts have no hunks; a path with control
/// characters has no place in a diff.
pub(crate) fn write(path: &str, old: &Side, new: &Side, room: usize, diff: &mut String) {
    if path.contains(char::is_control) {
        return;
    }
    let name = |side: &Side, folder: &str| match side {
        Side::Absent => "/dev/null".to_owned(),
        Side::Text(_) | Side::Unread => format!("{folder}/{path}"),
    };
    diff.push_str(&format!("--- {}\n+++ {}\n", name(old, "a"), name(new, "b")));
    let (Some(old), Some(new)) = (old.lines(), new.lines()) else { return };
    let input = InternedInput::new(old.as_str(), new.as_str());
    let mut difference = Diff::compute(Algorithm::Histogram, &input);
    difference.postprocess_lines(&input);
    let printer = BasicLineDiffPrinter(&input.interner);
    let hunks = difference.unified_diff(&printer, UnifiedDiffConfig::default(), &input).to_string();
    let end = diff.len() + room;
    for line in hunks.lines() {
        let cut = line.char_indices().nth(MAX_LINE).map_or(line.len(), |(at, _)| at);
        if diff.len() + cut + 1 > end {
            return;
        }
        diff.push_str(&line[..cut]);
        diff.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(old: &Side, new: &Side, room: usize) -> String {
        let mut diff = String::new();
        write("src/a.py", old, new, room, &mut diff);
        diff
    }

    fn text(text: &str) -> Side {
        Side::Text(text.into())
    }

    #[test]
    fn lines_that_differ_stand_with_those_around_them() {
        let expected = "--- a/src/a.py\n+++ b/src/a.py\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n";
        assert_eq!(diff(&text("one\ntwo\nthree\n"), &text("one\n2\nthree\n"), 1000), expected);
        assert_eq!(
            diff(&text("one\r\ntwo\r\nthree"), &text("one\n2\nthree"), 1000),
            expected,
            "ends of lines"
        );
    }

    #[test]
    fn what_is_no_text_is_named_alone() {
        let head = "--- a/src/a.py\n+++ b/src/a.py\n";
        assert_eq!(diff(&text("a\0b"), &text("c"), 1000), head);
        assert_eq!(diff(&text("a"), &Side::Unread, 1000), head);
        assert_eq!(diff(&text("a"), &text(&"b\n".repeat(MAX_BYTES)), 1000), head);
        assert_eq!(
            diff(&text("a\n"), &Side::Absent, 1000),
            "--- a/src/a.py\n+++ /dev/null\n@@ -1,1 +1,0 @@\n-a\n"
        );
    }

    #[test]
    fn a_diff_ends_with_a_whole_line_where_the_room_does() {
        let old: String = (0..100).map(|line| format!("line {line}\n")).collect();
        for room in 0..200 {
            let diff = diff(&text(&old), &text(""), room);
            let hunks = diff.strip_prefix("--- a/src/a.py\n+++ b/src/a.py\n").unwrap();
            assert!(hunks.len() <= room && (hunks.is_empty() || hunks.ends_with('\n')));
        }
        let long = diff(&text(""), &text(&"é".repeat(5000)), 10_000);
        assert!(long.lines().all(|line| line.chars().count() <= MAX_LINE));
    }

    #[test]
    fn a_path_cannot_write_lines_of_the_diff() {
        let mut diff = String::new();
        write("a\n+++ b/other.py", &text("a"), &text("b"), 1000, &mut diff);
        assert_eq!(diff, "");
    }
}
