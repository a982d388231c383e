//! Takes off what the forms of issue trackers put around a text: comments that nobody sees, and headings with nothing below.

use std::borrow::Cow;

/// What forms say where nothing was filled in, lower case.
const NOTHING: [&str; 8] =
    ["_no response_", "*no response*", "no response", "n/a", "none", "none.", "-", "_none_"];

/// The text without HTML comments and without headings that have nothing below them. The title, which is the first line that says something,
/// stays. Cost: linear in the text.
pub(crate) fn cleaned(text: &str) -> Cow<'_, str> {
    let text = without_comments(text);
    let has_headings = text.lines().any(|line| heading(line).is_some());
    if has_headings { Cow::Owned(without_empty_headings(&text)) } else { text }
}

/// A comment that does not end is text: it may be about comments.
fn without_comments(text: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("<!--") {
        // `<!-->` is a comment too.
        let Some(end) = rest[start + 2..].find("-->").map(|end| start + 2 + end) else { break };
        kept.push_str(&rest[..start]);
        // The words on both sides stay apart, and lines stay lines.
        kept.push(if rest[start..end].contains('\n') { '\n' } else { ' ' });
        rest = &rest[end + 3..];
    }
    if rest.len() == text.len() {
        return Cow::Borrowed(text);
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

fn without_empty_headings(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let title = lines.iter().position(|line| !line.trim().is_empty());
    let mut keeps = vec![true; lines.len()];
    let mut fence: Option<&str> = None;
    // Headings with nothing below so far, each deeper than the one before.
    let mut open: Vec<(usize, usize)> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let line = line.trim();
        if let Some(mark) = fence_of(line, fence) {
            fence = mark;
            open.clear();
        } else if let Some(depth) = heading(line).filter(|_| fence.is_none()) {
            while let Some((empty, _)) = open.pop_if(|(_, outer)| depth <= *outer) {
                keeps[empty] = false;
            }
            if Some(at) != title {
                open.push((at, depth));
            }
        } else if !says_nothing(line) {
            open.clear();
        } else if !open.is_empty() {
            keeps[at] = false;
        }
    }
    open.into_iter().for_each(|(empty, _)| keeps[empty] = false);
    let mut kept = String::with_capacity(text.len());
    for (line, keeps) in lines.iter().zip(keeps) {
        if keeps {
            kept.push_str(line);
        }
        kept.push('\n');
    }
    kept
}

/// How deep a heading is: `## Title`, or a line that is bold as a whole.
fn heading(line: &str) -> Option<usize> {
    let line = line.trim();
    let depth = line.bytes().take_while(|byte| *byte == b'#').count();
    if (1..=6).contains(&depth) && line[depth..].starts_with([' ', '\t']) {
        return Some(depth);
    }
    let inner = line.strip_prefix("**")?.trim_end_matches(':').strip_suffix("**")?;
    (!inner.is_empty() && !inner.contains("**")).then_some(7)
}

/// Whether a line opens or closes a fence: the mark that is open after it.
pub(super) fn fence_of<'a>(line: &'a str, open: Option<&str>) -> Option<Option<&'a str>> {
    let mark = line.get(..3).filter(|mark| matches!(*mark, "```" | "~~~"))?;
    match open {
        None => Some(Some(mark)),
        Some(open) => (open == mark).then_some(None),
    }
}

fn says_nothing(line: &str) -> bool {
    line.is_empty() || (line.len() <= 16 && NOTHING.contains(&line.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let text = cleaned(text);
        let found: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn comments_count_nothing() {
        check("a <!-- tell us\nmore --> b", &["a ", " b"]);
        check("<!-- form -->\nIt hangs", &["It hangs"]);
        check("a <!-- b --> c <!-- d", &["a   c <!-- d"]);
        check("a --> b <!-- c -->", &["a --> b  "]);
        check("x <!----> y <!--> z", &["x   y   z"]);
        check("<!-- <!-- a --> b", &["  b"]);
    }

    #[test]
    fn headings_with_nothing_below_count_nothing() {
        check(
            "Crash\n### Steps\n\n### Expected\n_No response_\n### Actual\nit hangs\n",
            &["Crash", "### Actual", "it hangs"],
        );
        check("# Title\n## Empty\n", &["# Title"]);
        check("x\n## Outer\n### Inner\ntext\n## Last\nN/A", &["x", "## Outer", "### Inner", "text"]);
        check("x\n## Outer\n### Inner\n\n### Other\n-\n## Last\ny", &["x", "## Last", "y"]);
        check("x\n**Version:**\n\n**Logs**\nnone\n**Code**\ny", &["x", "**Code**", "y"]);
    }

    #[test]
    fn comments_of_programs_in_fences_are_no_headings() {
        check("x\n```sh\n# run\n# again\n```\n", &["x", "```sh", "# run", "# again", "```"]);
        check("x\n## Log\n```\n```\n", &["x", "## Log", "```", "```"]);
        check("#12 fails\n#!/bin/sh", &["#12 fails", "#!/bin/sh"]);
    }

    #[test]
    fn a_text_of_openings_alone_is_read_once() {
        assert_eq!(cleaned(&"<!--".repeat(200_000)).len(), 800_000);
        let ends = "-->".repeat(200_000);
        assert_eq!(cleaned(&format!("<!-- {ends}")).len(), ends.len() - 2);
    }
}
