//! Code inside of another format.

use std::ops::Range;

use repo_map_model::LineIndex;
use tree_sitter::Point;

pub(crate) mod astro;

/// Where the code of a format is, all else of which is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Embedded {
    /// In `<script>` elements.
    Scripts,
    /// There, and between two lines of `---` at the head; the template uses what is there.
    Astro,
    /// In the cells of a notebook, by the row of the kernel's language; the row itself is for Python.
    Notebook,
}

impl Embedded {
    /// Where the parser finds code. No range at all means the whole text.
    pub(crate) fn ranges(self, source: &[u8], lines: &LineIndex) -> Vec<tree_sitter::Range> {
        match self {
            Self::Scripts => scripts(source, 0, lines),
            Self::Astro => {
                let head = astro::front_matter(source);
                let scripts = scripts(source, head.end, lines);
                std::iter::once(range(head, lines)).chain(scripts).collect()
            }
            // Its code is a text of its own.
            Self::Notebook => Vec::new(),
        }
    }
}

const COMMENT: (&[u8], &[u8]) = (b"<!--", b"-->");
const OPEN: &[u8] = b"<script";
const CLOSE: &[u8] = b"</script";

/// What is between `<script …>` and `</script` from here on, in order; a last one that is not closed goes on to the end.
///
/// Offsets are those of the whole file, so nothing that is found inside moves. Never empty: a file without
/// a script has one of no bytes, since no range at all would mean the whole file.
fn scripts(source: &[u8], from: usize, lines: &LineIndex) -> Vec<tree_sitter::Range> {
    let mut scripts = Vec::new();
    let mut at = from;
    while let Some(found) = memchr::memchr(b'<', &source[at..]) {
        at += found;
        let rest = &source[at..];
        if rest.starts_with(COMMENT.0) {
            at += find(rest, COMMENT.1).map_or(rest.len(), |end| end + COMMENT.1.len());
        } else if is_script(rest) {
            // One that never ends is the last: to look for the end of each would take long.
            let Some(tag) = tag_end(rest) else { break };
            let start = at + tag + 1;
            let end = if rest[tag - 1] == b'/' {
                start
            } else {
                find(&source[start..], CLOSE).map_or(source.len(), |length| start + length)
            };
            if is_code(&rest[OPEN.len()..tag]) {
                scripts.push(range(start..end, lines));
                scripts.extend(line_feed(source, start..end).map(|feed| range(feed, lines)));
            }
            at = end;
        } else {
            at += 1;
        }
    }
    if scripts.is_empty() {
        scripts.push(range(from..from, lines));
    }
    scripts
}

/// The end of the line of a script that has none itself: what follows is no part of its last statement.
fn line_feed(source: &[u8], script: Range<usize>) -> Option<Range<usize>> {
    const NEAR: usize = 64;
    if source[script.clone()].trim_ascii_end().len() < script.len() || script.is_empty() {
        return None;
    }
    let rest = &source[script.end..source.len().min(script.end + NEAR)];
    let at = memchr::memchr2(b'\n', b'<', rest.get(1..)?)? + 1;
    (rest[at] == b'\n').then(|| script.end + at..script.end + at + 1)
}

fn is_script(text: &[u8]) -> bool {
    opens(text, OPEN)
}

/// Whether a text begins with `<name`, and the name ends there.
fn opens(text: &[u8], element: &[u8]) -> bool {
    let name = text.get(..element.len()).is_some_and(|name| name.eq_ignore_ascii_case(element));
    name && text
        .get(element.len())
        .is_some_and(|next| *next == b'>' || *next == b'/' || next.is_ascii_whitespace())
}

/// The `>` that ends a tag: none in quotes, and none in braces, which hold an expression as a value.
fn tag_end(tag: &[u8]) -> Option<usize> {
    let (mut quote, mut depth) = (None, 0_usize);
    tag.iter().position(|byte| {
        match (quote, byte) {
            (Some(open), _) => quote = Some(open).filter(|open| open != byte),
            (None, b'"' | b'\'' | b'`') => quote = Some(*byte),
            (None, b'{') => depth += 1,
            (None, b'}') => depth = depth.saturating_sub(1),
            (None, b'>') => return depth == 0,
            _ => {}
        }
        false
    })
}

/// Whether the attributes of a script say no other type than code: data and templates are elements of this name too.
fn is_code(attributes: &[u8]) -> bool {
    const CODE: &[&str] = &["babel", "ecmascript", "javascript", "jsx", "module", "ts", "typescript"];
    let Some(at) = find(attributes, b"type=") else { return true };
    let value = attributes[at + b"type=".len()..].trim_ascii_start();
    let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
    let value = value.split(|byte| matches!(byte, b'"' | b'\'' | b' ')).next().unwrap_or_default();
    value.is_empty()
        || value
            .split(|byte| !byte.is_ascii_alphanumeric())
            .any(|word| CODE.iter().any(|of| word.eq_ignore_ascii_case(of.as_bytes())))
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
        let scripts = scripts(source.as_bytes(), 0, &LineIndex::new(source.as_bytes()));
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

    #[test]
    fn scripts_of_one_line_are_no_statement_together() {
        check(
            "<script>a</script>\n<script>b\n</script>\n<script>c</script><script>d",
            &["a", "\n", "b\n", "c", "d"],
        );
    }

    #[test]
    fn a_tag_ends_behind_its_values() {
        check("<script a=\"x > y\" b={() => '}'}>c</script>", &["c"]);
        check("<script a='>b</script>", &[""]);
    }

    #[test]
    fn data_is_no_code() {
        check("<script type=\"application/ld+json\">{}</script><script type='module'>a</script>", &["a"]);
        check("<script type=text/template><p></script><script type=\"text/javascript\">b</script>", &["b"]);
        check("<script lang=\"ts\" type=\"\">c</script>", &["c"]);
    }
}
