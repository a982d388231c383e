//! Command expressions of Groovy whose receiver has a name: `project.apply plugin: 'java'`.
//!
//! To the grammar such a line is an error in which the class around it is lost. Parentheses take the place of the blank before the
//! arguments and of their last byte, and blanks that of the rest: what is called is still seen, and so is a closure behind.

use std::ops::Range;

use super::lexer::is_of_word;
use crate::budget::Budget;

/// Words before a value that call nothing.
const KEYWORDS: &[&[u8]] =
    &[b"assert", b"case", b"default", b"else", b"in", b"instanceof", b"new", b"return", b"throw", b"yield"];

/// The arguments of each command, with the blank before them.
pub(super) fn arguments(source: &[u8], budget: &Budget) -> Vec<Range<usize>> {
    /// So many statements of a line are looked at.
    const MOST: usize = 4;
    let mut found = Vec::new();
    let mut start = 0;
    for line in source.split(|byte| *byte == b'\n') {
        let statements = memchr::memchr2_iter(b'{', b';', line).map(|at| at + 1);
        let mut behind = 0;
        for at in std::iter::once(0).chain(statements).take(MOST) {
            if at >= behind
                && let Some(path) = receiver_and_name(&line[at..], at > 0)
                && budget.read(line.len()).is_continue()
                && let Some(end) = end_of_arguments(&line[at + path..])
            {
                behind = at + path + end;
                found.push(start + at + path..start + behind);
            }
        }
        start += line.len() + 1;
    }
    found
}

/// Writes a call without arguments over each.
pub(super) fn called(text: &mut [u8], arguments: &[Range<usize>]) {
    for range in arguments {
        super::blank(&mut text[range.clone()]);
        text[range.start] = b'(';
        text[range.end - 1] = b')';
    }
}

/// The length of `receiver.name` at the head of a line, or of a statement, where a blank and a string, a number or a named argument
/// follow. The grammar reads a name by itself where it begins a line, and there alone.
fn receiver_and_name(line: &[u8], is_within: bool) -> Option<usize> {
    let from = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let path = line[from..].iter().take_while(|byte| is_of_word(**byte) || **byte == b'.').count();
    let name = &line[from..from + path];
    let is_path = memchr::memchr(b'.', name).is_some() || is_within && !KEYWORDS.contains(&name);
    let is_named = is_path && !name.ends_with(b".") && !name.first().is_none_or(u8::is_ascii_digit);
    let rest = line[from + path..].strip_prefix(b" ")?.trim_ascii_start();
    let word = rest.iter().take_while(|byte| is_of_word(**byte)).count();
    let is_argument = match rest {
        [b'\'' | b'"' | b'0'..=b'9', ..] => true,
        _ => word > 0 && rest.get(word) == Some(&b':') && rest.get(word + 1) != Some(&b':'),
    };
    (is_named && is_argument).then_some(from + path)
}

/// Where the arguments end: before a closure, a bracket that closes what is around them, or the end of the line. `None` where they go
/// on in the next line, or say more than a pass over them can tell.
fn end_of_arguments(line: &[u8]) -> Option<usize> {
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(&byte) = line.get(at) {
        match byte {
            b'\'' | b'"' => {
                if line[at + 1..].starts_with(&[byte, byte]) {
                    return None;
                }
                at += 1;
                while *line.get(at)? != byte {
                    at += 1 + usize::from(line[at] == b'\\');
                }
            }
            b'/' if matches!(line.get(at + 1), Some(b'/' | b'*')) => break,
            b'{' if open.is_empty() => break,
            b'(' | b'[' => open.push(byte),
            b')' | b']' if open.pop().is_none() => break,
            b'}' | b';' if open.is_empty() => break,
            b'{' | b'}' | b';' => return None,
            _ => {}
        }
        at += 1;
    }
    let arguments = line[..at].trim_ascii_end();
    let is_ended = open.is_empty()
        && (line.get(at) == Some(&b'{')
            || !matches!(arguments.last(), Some(b',' | b'+' | b'\\' | b':' | b'?')));
    (is_ended && arguments.len() > 1).then_some(arguments.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_becomes_a_call() {
        for (source, expected) in [
            ("  p.task 'x'", "  p.task(  )"),
            ("p.apply plugin: 'java' // b", "p.apply(             ) // b"),
            ("a.b.c \"x, { \", y: 2, { it }", "a.b.c(             ) { it }"),
            ("x { p.a 'b' }\np.a 1 }; q.b 'c;d'", "x { p.a(  ) }\np.a() }; q.b(    )"),
            ("p.a 'b' +\n'c'", "p.a 'b' +\n'c'"),
            (
                "java.util.List x = 1\n3.5 'a'\na.b c::d\na. 'x'\np.a \"\"\"x",
                "java.util.List x = 1\n3.5 'a'\na.b c::d\na. 'x'\np.a \"\"\"x",
            ),
            ("p.a 'b", "p.a 'b"),
        ] {
            let budget = Budget::new(&crate::ExtractOptions::default(), source.len());
            let mut text = source.as_bytes().to_vec();
            called(&mut text, &arguments(source.as_bytes(), &budget));
            assert_eq!(String::from_utf8_lossy(&text), expected, "{source}");
        }
    }
}
