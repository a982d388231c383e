//! A block of lines between two comments that say whose it is.

use super::edit::{Edited, line_end, put};

/// How a comment is written where a block stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comment {
    /// `<!-- … -->`
    Markdown,
    /// `# …`
    Hash,
}

impl Comment {
    pub(crate) fn line(self, words: &str) -> String {
        match self {
            Self::Markdown => format!("<!-- {words} -->"),
            Self::Hash => format!("# {words}"),
        }
    }
}

pub(crate) const BEGIN: &str = "repo-map begin";
pub(crate) const END: &str = "repo-map end";

/// Puts a block at the end of a text, behind a blank line.
pub(crate) fn append(before: &str, comment: Comment, block: &str) -> Edited {
    let end = line_end(before);
    let mut text = String::new();
    if !before.is_empty() {
        if !before.ends_with('\n') {
            text.push_str(end);
        }
        text.push_str(end);
    }
    for line in [comment.line(BEGIN).as_str()].into_iter().chain(block.lines()).chain([&*comment.line(END)]) {
        text.push_str(line);
        text.push_str(end);
    }
    put(before, vec![(before.len(), text)])
}

/// Puts a block below the line of a key of YAML, where that stands at the left and opens a block; else the key too, at the end.
///
/// # Errors
/// In words, where the key has something else.
pub(crate) fn below_key(before: &str, key: &str, block: &str) -> Result<Edited, String> {
    let end = line_end(before);
    if before.lines().filter(|line| line.starts_with("---")).count() > 1 {
        return Err("it holds several documents".to_owned());
    }
    let mut at = 0;
    for line in before.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let Some(rest) = line.strip_prefix(key).and_then(|rest| rest.strip_prefix(':')) else { continue };
        let rest = rest.trim();
        if !rest.is_empty() && !rest.starts_with('#') {
            return Err(format!("{key} is written on one line there"));
        }
        let next =
            before[at..].lines().find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
        let indent: String = next.unwrap_or("").chars().take_while(|c| *c == ' ').collect();
        let indent = if indent.is_empty() { "  " } else { &indent };
        let broken = if before[start..at].ends_with('\n') { "" } else { end };
        return Ok(put(before, vec![(at, format!("{broken}{}", indented(block, indent, end)))]));
    }
    let mut text = String::new();
    if !before.is_empty() && !before.ends_with('\n') {
        text.push_str(end);
    }
    text.push_str(&format!("{key}:{end}{}", indented(block, "  ", end)));
    Ok(put(before, vec![(before.len(), text)]))
}

fn indented(block: &str, indent: &str, end: &str) -> String {
    let (begin, last) = (Comment::Hash.line(BEGIN), Comment::Hash.line(END));
    let lines = [begin.as_str()].into_iter().chain(block.lines()).chain([last.as_str()]);
    lines.map(|line| format!("{indent}{line}{end}")).collect()
}

/// The text without blocks of ours, and without the blank line before each. `None` where there is none.
pub(crate) fn remove(text: &str, comment: Comment) -> Option<String> {
    let (begin, last) = (comment.line(BEGIN), comment.line(END));
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let first = lines.iter().position(|line| line.trim() == begin)?;
    let length = lines[first..].iter().position(|line| line.trim() == last)? + 1;
    let blank = usize::from(first > 0 && lines[first - 1].trim().is_empty());
    let kept = lines[..first - blank].iter().chain(&lines[first + length..]);
    Some(kept.copied().collect())
}
