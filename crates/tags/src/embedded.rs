//! Scripts inside of another format.

use std::ops::Range;

use repo_map_model::LineIndex;
use tree_sitter::Point;

const COMMENT: (&[u8], &[u8]) = (b"<!--", b"-->");
const OPEN: &[u8] = b"<script";
const CLOSE: &[u8] = b"</script";

/// What is between `<script …>` and `</script`, in order; a last one that is not closed goes on to the end.
///
/// Offsets are those of the whole file, so nothing that is found inside moves. Never empty: a file without
/// a script has one of no bytes, since no range at all would mean the whole file.
pub(crate) fn scripts(source: &[u8], lines: &LineIndex) -> Vec<tree_sitter::Range> {
    let mut scripts = Vec::new();
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'<', &source[at..]) {
        at += found;
        let rest = &source[at..];
        if rest.starts_with(COMMENT.0) {
            at += find(rest, COMMENT.1).map_or(rest.len(), |end| end + COMMENT.1.len());
        } else if is_script(rest) {
            // One that never ends is the last: to look for the end of each would take long.
            let Some(tag) = memchr::memchr(b'>', rest) else { break };
            let start = at + tag + 1;
            let end = if rest[tag - 1] == b'/' {
                start
            } else {
                find(&source[start..], CLOSE).map_or(source.len(), |length| start + length)
            };
            scripts.push(range(start..end, lines));
            at = end;
        } else {
            at += 1;
        }
    }
    if scripts.is_empty() {
        scripts.push(range(0..0, lines));
    }
    scripts
}

fn is_script(text: &[u8]) -> bool {
    let name = text.get(..OPEN.len()).is_some_and(|name| name.eq_ignore_ascii_case(OPEN));
    name && text
        .get(OPEN.len())
        .is_some_and(|next| *next == b'>' || *next == b'/' || next.is_ascii_whitespace())
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window.eq_ignore_ascii_case(wanted))
}

fn range(bytes: Range<usize>, lines: &LineIndex) -> tree_sitter::Range {
    let point = |offset: usize| {
        let row = lines.line_of(offset as u32) as usize;
        Point::new(row, offset - lines.starts()[row] as usize)
    };
    tree_sitter::Range {
        start_byte: bytes.start,
        end_byte: bytes.end,
        start_point: point(bytes.start),
        end_point: point(bytes.end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &[&str]) {
        let scripts = scripts(source.as_bytes(), &LineIndex::new(source.as_bytes()));
        let texts: Vec<_> = scripts.iter().map(|range| &source[range.start_byte..range.end_byte]).collect();
        assert_eq!(texts, expected, "{source}");
    }

    #[test]
    fn scripts_are_found_and_nothing_else_is() {
        check("<script>a</script><p/><SCRIPT lang='ts'>\nb < c</SCRIPT>", &["a", "\nb < c"]);
        check("<!-- <script>a</script> --><script>b", &["b"]);
        check("<scripts>a</scripts><script", &[""]);
        check("<script src=x /><script>a</script>", &["", "a"]);
        check("", &[""]);
    }
}
