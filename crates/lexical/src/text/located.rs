//! Paths with the lines that a text names for them, in whatever way it does: `a.c:12`, `a.c:12:5`, `a.c(12)`, `"a.py", line 12`, `a.cs:line 12`,
//! `a.php on line 12`, `a.c#L10-L20`, `lines 10-20 of a.c`.

use crate::mention::{has_extension, is_border};

/// A path with lines in a line of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Located<'a> {
    pub(super) path: &'a str,
    /// First and last, from 1.
    pub(super) lines: (u32, u32),
    /// Where the path begins in the line of text.
    pub(super) start: usize,
    /// Where what it says of lines ends.
    pub(super) end: usize,
}

/// Longer runs without spaces are data.
const MAX_CHUNK: usize = 1_024;
/// So much before and after a path is looked at for its line.
const AROUND: usize = 48;
/// Files that are known by their whole names.
const NAMES: [&str; 8] =
    ["Makefile", "Dockerfile", "Rakefile", "Gemfile", "Jenkinsfile", "Vagrantfile", "BUILD", "WORKSPACE"];

/// The places of a line of text, in their order. Cost: linear.
pub(super) fn located(line: &str) -> impl Iterator<Item = Located<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let (start, end) = next_chunk(line, at)?;
            at = end;
            if end - start > MAX_CHUNK {
                continue;
            }
            if let Some(found) = read(line, start, end) {
                at = found.end.max(end);
                return Some(found);
            }
        }
    })
}

/// The next run between spaces, quotes and brackets; of a path in `File "…"` all between the quotes.
fn next_chunk(line: &str, from: usize) -> Option<(usize, usize)> {
    let start = from + line[from..].find(|c| !is_border(c))?;
    let quote = line[..start].chars().next_back().filter(|c| matches!(c, '"' | '\''));
    if let Some(quote) = quote
        && line[..start - 1].trim_end().ends_with("File")
        && let Some(end) = line[start..].bytes().take(MAX_CHUNK).position(|byte| byte == quote as u8)
    {
        return Some((start, start + end));
    }
    let end = line[start..].find(is_border).map_or(line.len(), |end| start + end);
    Some((start, end))
}

fn read(line: &str, start: usize, end: usize) -> Option<Located<'_>> {
    let chunk = &line[start..end];
    // `name@scheme://…` of Firefox.
    let skipped = chunk.find("://").and_then(|scheme| chunk[..scheme].rfind('@')).map_or(0, |at| at + 1);
    let (start, chunk) = (start + skipped, &chunk[skipped..]);
    if let Some((path, lines, length)) = with_line(chunk) {
        return Some(Located { path, lines, start, end: start + length });
    }
    let path = chunk.trim_end_matches(['.', ':', '*', '!', '?', '#']);
    let path = path.strip_suffix(":line").unwrap_or(path);
    if !is_path(path) || path.contains("://") {
        return None;
    }
    let told = start + path.len();
    if let Some((lines, length)) = line_after(&line[told..line.floor_char_boundary(told + AROUND)]) {
        return Some(Located { path, lines, start, end: told + length });
    }
    let lines = line_before(&line[line.ceil_char_boundary(start.saturating_sub(AROUND))..start])?;
    Some(Located { path, lines, start, end })
}

/// A chunk that tells its line: path, lines, and how much of the chunk that is.
fn with_line(chunk: &str) -> Option<(&str, (u32, u32), usize)> {
    if let Some((path, fragment)) = chunk.split_once('#')
        && is_path(path)
        && !path.contains("://")
        && let Some(lines) = lines_of_fragment(fragment)
    {
        return Some((path, lines, chunk.len()));
    }
    chunk.match_indices(':').find_map(|(at, _)| {
        let after = &chunk[at + 1..];
        let after_mark = after.strip_prefix(['L', 'l']).unwrap_or(after);
        let (lines, length) = range(after_mark)?;
        let ends =
            !after_mark[length..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_'));
        let path = &chunk[..at];
        let used = chunk.len() - after_mark.len() + length;
        (ends && is_path(path)).then_some((path, lines, used))
    })
}

/// What a link says of lines after `#` or `?`: `L10-L20`, `L10C3-L12C5`, `L10-20`, `lines-10:20`, `10-20`, `n12`, `L10:3-20:5`, `file.c-10`.
pub(super) fn lines_of_fragment(fragment: &str) -> Option<(u32, u32)> {
    let lower = fragment.to_ascii_lowercase();
    let at =
        ["lines-", "line-", "lines=", "line="].iter().find_map(|mark| Some(lower.find(mark)? + mark.len()));
    let digits = |c: char| c.is_ascii_digit();
    let begins = match at {
        Some(at) => at,
        None if lower.starts_with(digits) => 0,
        None if lower.starts_with(['l', 'n']) && lower[1..].starts_with(digits) => 1,
        None if lower.starts_with("l-") => 2,
        // Of Bitbucket: the name of the file stands before the line.
        None => {
            let at = lower.rfind('-')?;
            let before = lower[..at].trim_end_matches(|c: char| c.is_ascii_digit() || c == ':' || c == '-');
            has_extension(before).then_some(if before.len() < at { before.len() + 1 } else { at + 1 })?
        }
    };
    let rest = lower.get(begins..)?;
    let (first, length) = number(rest)?;
    // A column, then the last line.
    let rest = &rest[length..];
    let column = rest.strip_prefix('c').and_then(|rest| Some(&rest[number(rest)?.1..])).unwrap_or(rest);
    let is_range = column.starts_with('-') || (begins > 2 && column.starts_with(':'));
    let column = match column.strip_prefix(':').filter(|_| !is_range) {
        Some(rest) => number(rest).map_or(rest, |(_, length)| &rest[length..]),
        None => column,
    };
    let last = column.strip_prefix(['-', ':']).and_then(|rest| number(rest.trim_start_matches(['l', 'n'])));
    Some(ordered(first, last.map(|(last, _)| last)))
}

fn ordered(first: u32, last: Option<u32>) -> (u32, u32) {
    (first, last.filter(|last| *last >= first).unwrap_or(first))
}

/// A number of a line at the beginning, and its length.
fn number(text: &str) -> Option<(u32, usize)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = text[..length].parse().ok().filter(|number| (1..=99_999_999).contains(number))?;
    Some((number, length))
}

/// `12`, `12-20`, `12–20`.
fn range(text: &str) -> Option<((u32, u32), usize)> {
    let (first, length) = number(text)?;
    let rest = &text[length..];
    let dash = rest.strip_prefix(['-', '–']).map(|rest| rest.trim_start_matches('L'));
    let last = dash.and_then(|rest| Some((number(rest)?, text.len() - rest.len())));
    match last {
        Some(((last, digits), start)) => Some((ordered(first, Some(last)), start + digits)),
        None => Some(((first, first), length)),
    }
}

/// `(12`, `", line 12`, `:line 12`, ` on line 12`, `"},{line,12`: lines, and how far they reach.
fn line_after(text: &str) -> Option<((u32, u32), usize)> {
    if let Some(inner) = text.strip_prefix('(') {
        let (first, length) = number(inner)?;
        return inner[length..].starts_with([',', ':', ')']).then_some(((first, first), 1 + length));
    }
    let is_mark = |c: char| !c.is_alphanumeric();
    let marks = |text: &str, most: usize| {
        text.chars().take(most).take_while(|c| is_mark(*c)).map(char::len_utf8).sum()
    };
    let mut at: usize = marks(text, 6);
    for word in ["on ", "at ", "around ", "near ", "in "] {
        if text[at..].starts_with(word) {
            at += word.len();
            break;
        }
    }
    let rest = &text[at..];
    let word = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let after = &rest[word..];
    let gap: usize = match rest[..word].to_ascii_lowercase().as_str() {
        "line" | "lines" | "ln" => marks(after, 4),
        "l" if after.starts_with(|c: char| c.is_ascii_digit()) => 0,
        _ => return None,
    };
    let (lines, length) = range(&after[gap..])?;
    Some((lines, at + word + gap + length))
}

/// `line 12 of`, `lines 10-20 in the file`.
fn line_before(text: &str) -> Option<(u32, u32)> {
    let mut words = text.split_whitespace().rev().map(|word| word.trim_matches(['`', '"', '\'', '(', '*']));
    let mut word = words.find(|word| !matches!(*word, "" | "the" | "file"))?;
    if !matches!(word, "of" | "in" | "from" | "at") {
        return None;
    }
    word = words.next()?;
    let (lines, length) = range(word)?;
    let is_line =
        words.next().is_some_and(|word| matches!(word.to_ascii_lowercase().as_str(), "line" | "lines"));
    (length == word.len() && is_line).then_some(lines)
}

/// Whether it ends in the name of a file.
fn is_path(path: &str) -> bool {
    let path = path.trim_start_matches(['*', '_', '!', '?', '@', '#']);
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    has_extension(name)
        || NAMES.contains(&name)
        || (name.len() < path.len()
            && path
                .split(['/', '\\'])
                .all(|part| part.chars().all(|c| c.is_alphanumeric() || "._-+@~:".contains(c)))
            && name.chars().any(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &[(&str, (u32, u32))]) {
        let found: Vec<_> = located(line).map(|found| (found.path, found.lines)).collect();
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn lines_stand_with_their_paths_in_many_forms() {
        for line in [
            "src/a.c:12",
            "see src/a.c:12:5.",
            "(src/a.c:12)",
            "src/a.c:12: error: x",
            "src/a.c:L12",
            "src/a.c(12): error",
            "src/a.c(12,5): error C2065",
            "src/a.c#L12",
            "`src/a.c` line 12",
            "src/a.c, line 12",
            "\"src/a.c\", line 12, in f",
            "src/a.c (line 12)",
            "src/a.c on line 12",
            "src/a.c at line 12",
            "in src/a.c:line 12",
            "src/a.c L12",
            "{file,\"src/a.c\"},{line,12}",
            "line 12 of src/a.c",
            "at line 12 in `src/a.c`",
            "on line 12 of the file src/a.c",
        ] {
            check(line, &[("src/a.c", (12, 12))]);
        }
        check("src/a.c:12-20", &[("src/a.c", (12, 20))]);
        check("src/a.c#L12-L20 and b.c#L3C1-L4C2", &[("src/a.c", (12, 20)), ("b.c", (3, 4))]);
        check("lines 12–20 of src/a.c", &[("src/a.c", (12, 20))]);
        check("src/a.c lines 12-20", &[("src/a.c", (12, 20))]);
        check("File \"C:\\My Work\\a b.py\", line 7", &[("C:\\My Work\\a b.py", (7, 7))]);
        check("Makefile:3 lib/Makefile:4", &[("Makefile", (3, 3)), ("lib/Makefile", (4, 4))]);
        check("run@http://localhost:3000/js/a.js:12:5", &[("http://localhost:3000/js/a.js", (12, 12))]);
    }

    #[test]
    fn other_numbers_are_no_lines() {
        for line in [
            "at 12:30:45",
            "localhost:8080",
            "a.c:0",
            "1.2:3",
            "version 1.2 line 3",
            "see a.c",
            "a.c(x)",
            "File \"<stdin>\", line 1",
            "http://[::1]:80/",
        ] {
            check(line, &[]);
        }
    }

    #[test]
    fn fragments_of_all_hosts_tell_lines() {
        for (fragment, lines) in [
            ("L10", (10, 10)),
            ("L10-L20", (10, 20)),
            ("L10-20", (10, 20)),
            ("L10C3-L12C5", (10, 12)),
            ("L10C3", (10, 10)),
            ("lines-10", (10, 10)),
            ("lines-10:20", (10, 20)),
            ("10-20", (10, 20)),
            ("L10:3-20:5", (10, 20)),
            ("n12", (12, 12)),
            ("l12", (12, 12)),
            ("a.c-10", (10, 10)),
            ("a.c-10:20", (10, 20)),
            ("line=12&lineEnd=13", (12, 12)),
            ("L20-L10", (20, 20)),
        ] {
            assert_eq!(lines_of_fragment(fragment), Some(lines), "{fragment}");
        }
        for fragment in ["", "issuecomment-123", "L", "readme", "diff-0123abc", "L99999999999"] {
            assert_eq!(lines_of_fragment(fragment), None, "{fragment}");
        }
    }
}
