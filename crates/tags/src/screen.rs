//! What is refused before parsing. Some inputs abort the process inside a grammar's C code, which
//! nothing in this process can catch, so they must never get there.

use repo_map_model::LineIndex;

use crate::rows::Row;
use crate::{ExtractOptions, SkipReason};

/// The scanner of YAML saves four bytes for each open block in a buffer of 1 024, and the process aborts when
/// they do not fit. At most two blocks begin at one column: a mapping and the sequence that is its value.
const MAX_BLOCK_COLUMNS: usize = 120;

/// The most tokens outside of all brackets. Twice as many cost a parser that compares all of them six times as much: of 10 000 it
/// takes a second, of 40 000 two minutes. The largest honest files have a tenth.
const MAX_TOP_TOKENS: usize = 10_000;

/// The deepest nesting of type arguments, as far as their signs tell. A parser that cannot say what is one before all of them are
/// closed takes memory with the square of their number, and all of it within one step: 3 GB for 20 000. Honest code has five.
const MAX_ANGLES: usize = 1_000;

/// Why a file must not be parsed, from its size and bytes alone.
pub(crate) fn refuse_bytes(source: &[u8], options: &ExtractOptions) -> Option<SkipReason> {
    if source.len() > options.max_bytes || u32::try_from(source.len()).is_err() {
        return Some(SkipReason::TooLarge);
    }
    if memchr::memchr(0, source).is_some() {
        return Some(SkipReason::Binary);
    }
    if nesting_exceeds(source, options.max_nesting) {
        return Some(SkipReason::TooDeep);
    }
    None
}

/// Why a file must not be parsed, once its lines are known.
pub(crate) fn refuse_lines(
    source: &[u8],
    lines: &LineIndex,
    row: &Row,
    options: &ExtractOptions,
) -> Option<SkipReason> {
    if source.len() > options.max_average_line.saturating_mul(lines.starts().len())
        && has_many_long_lines(source, options.max_average_line)
    {
        return Some(SkipReason::LongLines);
    }
    if row.here_documents && has_long_delimiter(source) {
        return Some(SkipReason::LongDelimiter);
    }
    if row.indented && indentation_exceeds(source, lines, options.max_indentation) {
        return Some(SkipReason::TooDeep);
    }
    if row.deepest < options.max_nesting && nesting_exceeds(source, row.deepest) {
        return Some(SkipReason::TooDeep);
    }
    if row.ambiguous_top && top_tokens_exceed(source, MAX_TOP_TOKENS) {
        return Some(SkipReason::BudgetExceeded);
    }
    if row.open_angles && angles_exceed(source, MAX_ANGLES) {
        return Some(SkipReason::TooDeep);
    }
    if row.blocks_by_column && columns_exceed(source, lines, MAX_BLOCK_COLUMNS) {
        return Some(SkipReason::TooDeep);
    }
    None
}

/// Whether more than a tenth of the lines of code are longer. What looks like a comment tells nothing: so minified text begins.
fn has_many_long_lines(source: &[u8], longest: usize) -> bool {
    const COMMENTS: &[&[u8]] =
        &[b"/*", b"*", b"//", b"#", b"--", b";", b"%", b"<!--", b"(*", b"'", b"\"\"\""];
    let (mut long, mut all) = (0, 0);
    for line in source.split(|byte| *byte == b'\n') {
        let text = line.trim_ascii();
        let is_long = text.len() > longest;
        if is_long || !text.is_empty() && !COMMENTS.iter().any(|sign| text.starts_with(sign)) {
            long += usize::from(is_long);
            all += 1;
        }
    }
    long * 10 > all
}

/// The longest delimiter of a here-document; scanners keep its length in one byte.
const MAX_DELIMITER: usize = 200;

/// Whether something like `<<~WORD` or `<<"A WORD"` has a word beyond the limit.
fn has_long_delimiter(source: &[u8]) -> bool {
    let mut rest = source;
    while let Some(at) = memchr::memmem::find(rest, b"<<") {
        rest = &rest[at + 2..];
        // Signs that another `<<` is among stand before the same word.
        let lead = rest.iter().take_while(|byte| matches!(byte, b'<' | b'-' | b'~' | b' ' | b'\\')).count();
        rest = &rest[lead..];
        let is_long = match rest {
            [quote @ (b'"' | b'\'' | b'`'), word @ ..] => {
                is_beyond(word, |byte| byte != *quote && !matches!(byte, b'\n' | b'\r'))
            }
            word => is_beyond(word, |byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80),
        };
        if is_long {
            return true;
        }
    }
    false
}

/// Whether more bytes than a delimiter may have are of the kind.
fn is_beyond(text: &[u8], mut is_of_kind: impl FnMut(u8) -> bool) -> bool {
    text.iter().take(MAX_DELIMITER + 1).take_while(|byte| is_of_kind(**byte)).count() > MAX_DELIMITER
}

/// Whether brackets are nested deeper than `limit`, strings and comments read as code.
fn nesting_exceeds(source: &[u8], limit: usize) -> bool {
    let opens = |byte: &u8| matches!(byte, b'(' | b'[' | b'{');
    // Counting vectorizes, and hardly any file has as many brackets as the limit.
    if source.iter().filter(|byte| opens(byte)).count() <= limit {
        return false;
    }
    let mut depth = 0_usize;
    source.iter().any(|byte| {
        if opens(byte) {
            depth += 1;
        } else if matches!(byte, b')' | b']' | b'}') {
            depth = depth.saturating_sub(1);
        }
        depth > limit
    })
}

/// Whether more than `limit` signs `<` are open at once. A statement's end closes all; `<<` and `<=` open none.
fn angles_exceed(source: &[u8], limit: usize) -> bool {
    let mut depth = 0_usize;
    let mut rest = source;
    while let [byte, after @ ..] = rest {
        rest = after;
        match byte {
            b'<' if matches!(after, [b'<' | b'=', ..]) => rest = &after[1..],
            b'<' => depth += 1,
            b'>' => depth = depth.saturating_sub(1),
            b';' | b'{' | b'}' => depth = 0,
            _ => {}
        }
        if depth > limit {
            return true;
        }
    }
    false
}

/// Whether more than `limit` tokens stand outside of all brackets. A word is a token, a string, and every other sign; lines
/// that begin as comments do not count.
fn top_tokens_exceed(source: &[u8], limit: usize) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
    let (mut depth, mut tokens, mut before) = (0_usize, 0, b'\n');
    let mut rest = source;
    while let [byte, after @ ..] = rest {
        rest = after;
        match byte {
            b'"' => {
                tokens += usize::from(depth == 0);
                rest = after_string(rest);
            }
            b'/' if before == b'\n' && after.starts_with(b"/") => {
                rest = &after[memchr::memchr(b'\n', after).unwrap_or(after.len())..];
            }
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ if byte.is_ascii_whitespace() || is_word(*byte) && is_word(before) => {}
            _ => tokens += usize::from(depth == 0),
        }
        if tokens > limit {
            return true;
        }
        before = *byte;
    }
    false
}

/// What comes after the string whose first quote was taken.
fn after_string(mut text: &[u8]) -> &[u8] {
    while let Some(at) = memchr::memchr2(b'"', b'\\', text) {
        let is_end = text[at] == b'"';
        text = text.get(at + if is_end { 1 } else { 2 }..).unwrap_or_default();
        if is_end {
            return text;
        }
    }
    &[]
}

/// Whether the blocks of YAML might begin at more than `limit` different columns, and so be nested deeper.
///
/// A block begins where a line's text does, or behind the marks `- `, `? ` and `: ` that come before it.
fn columns_exceed(source: &[u8], lines: &LineIndex, limit: usize) -> bool {
    let mut seen = [false; 1024];
    let mut columns = 0;
    lines.starts().iter().any(|&start| {
        let line = &source[start as usize..];
        let mut column = 0;
        loop {
            column += line[column..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            // Wider than the table: counted again for each line, which errs on the safe side.
            columns += match seen.get_mut(column) {
                Some(seen) => usize::from(!std::mem::replace(seen, true)),
                None => 1,
            };
            match line[column..] {
                [b'-' | b'?' | b':', b' ' | b'\t', ..] => column += 1,
                _ => return columns > limit,
            }
        }
    })
}

/// Whether an off-side grammar might have more than `limit` indentations open at once.
///
/// Open indentations grow strictly, and each is the width of some line, so there are never more of
/// them than different widths. A width is measured as tree-sitter-python does it: a tab is eight
/// columns, a form feed begins anew, a backslash at the end goes on in the next line.
fn indentation_exceeds(source: &[u8], lines: &LineIndex, limit: usize) -> bool {
    let mut seen = [false; 1024];
    let mut widths = 0;
    // From the last line up: what a line goes on with is known then.
    let mut next = Indentation::default();
    lines.starts().iter().rev().any(|&start| {
        let (own, goes_on) = Indentation::of_line(&source[start as usize..]);
        next = if goes_on { own.then(next) } else { own };
        // Wider than the table: counted again for each line, which errs on the safe side.
        widths += match seen.get_mut(next.width) {
            Some(seen) => usize::from(!std::mem::replace(seen, true)),
            None => 1,
        };
        widths > limit
    })
}

/// The blanks that a line begins with, and what it goes on with where it has nothing else.
#[derive(Clone, Copy, Default)]
struct Indentation {
    width: usize,
    /// Whether what came before counts no more.
    begins_anew: bool,
}

impl Indentation {
    /// That of a line by itself, and whether the next line goes on with it.
    fn of_line(mut line: &[u8]) -> (Self, bool) {
        let mut own = Self::default();
        loop {
            match line {
                [b' ', rest @ ..] => (own.width, line) = (own.width + 1, rest),
                [b'\t', rest @ ..] => (own.width, line) = (own.width + 8, rest),
                [b'\x0c', rest @ ..] => (own, line) = (Self { width: 0, begins_anew: true }, rest),
                [b'\\', b'\r', b'\n', ..] | [b'\\', b'\n', ..] => return (own, true),
                _ => return (own, false),
            }
        }
    }

    fn then(self, next: Self) -> Self {
        let before = if next.begins_anew { 0 } else { self.width };
        Self { width: before + next.width, begins_anew: self.begins_anew || next.begins_anew }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_outside_of_brackets_are_counted() {
        let count = |text: &str| (0..).find(|&limit| !top_tokens_exceed(text.as_bytes(), limit)).unwrap();
        for (text, expected) in [
            ("", 0),
            ("pub fn add(a: Int, b: Int) -> Int {\n  \"}\" a + b\n}\n", 6),
            ("// one comment\n/// and another (\nconst a = \"two\n// \\\" lines\"\n", 4),
            ("\"\"\"\n\"\"\"", 3),
            ("\"\\", 1),
            ("1 / 2 // 3", 6),
            (")) a", 1),
        ] {
            assert_eq!(count(text), expected, "{text}");
        }
    }

    #[test]
    fn angles_are_open_until_they_or_the_statement_end() {
        let deepest = |text: &str| (0..).find(|&limit| !angles_exceed(text.as_bytes(), limit)).unwrap();
        for (text, expected) in [
            ("", 0),
            ("Map<A, List<B>> a; Set<C> b", 2),
            ("a < b\nc < d\n", 2),
            ("a < b; c < d;", 1),
            ("if (a < b) { c < d }", 1),
            ("1 << 2 << 3 <= 4", 0),
            ("<<<", 1),
        ] {
            assert_eq!(deepest(text), expected, "{text}");
        }
    }

    #[test]
    fn delimiters_are_measured_whatever_stands_before_them() {
        let is_refused = |lead: &str, word: &str, end: &str| {
            has_long_delimiter(format!("x = {lead}{word}{end}").as_bytes())
        };
        let (long, longest) = ("a".repeat(MAX_DELIMITER + 1), "a".repeat(MAX_DELIMITER));
        for (lead, end) in [
            ("<<", "\n"),
            ("<<~", ".b\n"),
            ("<<-\"", "\" c"),
            ("<<<'", "'"),
            ("<<\\", " "),
            ("<<<<<<<", ""),
            ("<<- <<~`", "`"),
            ("<<a <<b <<", "\n"),
            ("<<\"a\" <<'", "'\n"),
        ] {
            assert!(is_refused(lead, &long, end), "{lead}{end}");
            assert!(!is_refused(lead, &longest, end), "{lead}{end}");
        }
        assert!(!is_refused("1 << \"", &"a\n".repeat(200), "\""));
        assert!(!is_refused("<", &long, ""));
    }
}
