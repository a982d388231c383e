//! Comments that have lines of their own, told by how the lines begin: no tree is asked.

use std::ops::Range;

use memchr::memmem;
use repo_map_model::LineIndex;

use super::{Markup, identifiers, line_at, spans};

/// What a line may begin with that is a comment to its end, in one language or another. Code that begins so has none of what
/// is looked for.
const MARKERS: [&[u8]; 5] = [b"//", b"#", b"--", b";", b"%"];

/// What names something in documentation of Java, of JavaScript and of C#, and what ends it.
const LINKS: [(&[u8], u8); 5] =
    [(b"{@link ", b'}'), (b"{@linkplain ", b'}'), (b"{@code ", b'}'), (b"cref=\"", b'"'), (b"@see ", b' ')];

/// The longest name between brackets.
const LONGEST: usize = 100;

/// Tells the names that comments write as code.
pub(super) fn scan(source: &[u8], lines: &LineIndex, in_strings: bool, found: &mut dyn FnMut(Range<usize>)) {
    let mut in_block = false;
    for line in 0..lines.starts().len() {
        let line = line_at(source, lines, line);
        let text = source[line.clone()].trim_ascii_start();
        let inner = line.end - text.len()..line.end;
        let opens = !in_block && text.starts_with(b"/*");
        let is_comment = in_block || opens || MARKERS.iter().any(|marker| text.starts_with(marker));
        if in_block || opens {
            in_block = memmem::find(text, b"*/").is_none();
        }
        if is_comment {
            spans::scan(source, inner.clone(), Markup::Markdown, found);
            links(source, &inner, found);
            brackets(source, &inner, found);
        } else if in_strings {
            spans::scan(source, inner, Markup::Rst, found);
        }
    }
}

/// `{@link Queue#run}`, `<see cref="Queue.Run"/>`.
fn links(source: &[u8], line: &Range<usize>, found: &mut dyn FnMut(Range<usize>)) {
    let mut at = line.start;
    while let Some(sign) = memchr::memchr2(b'@', b'=', &source[at..line.end]) {
        at += sign;
        // Each of them has the sign at another place.
        let link = LINKS.iter().find_map(|(link, end)| {
            let start = at.checked_sub(memchr::memchr2(b'@', b'=', link)?)?;
            let is_here = start >= line.start && source[start..line.end].starts_with(link);
            is_here.then_some((start + link.len(), *end))
        });
        at += 1;
        if let Some((start, end)) = link {
            let text = &source[start..line.end.min(start + LONGEST)];
            let length = memchr::memchr3(end, b' ', b'(', text).unwrap_or(text.len());
            identifiers::each(source, start..start + length, found);
            at = start + length;
        }
    }
}

/// `[Queue::run]` of Rust, `[Queue]` of Kotlin and Go: a path between brackets that is no link to elsewhere. Elsewhere than in Rust's
/// comments lower case is how people put words in brackets.
fn brackets(source: &[u8], line: &Range<usize>, found: &mut dyn FnMut(Range<usize>)) {
    let text = &source[line.clone()];
    let any_case = text.starts_with(b"///") || text.starts_with(b"//!");
    let mut at = line.start;
    while let Some(bracket) = memchr::memchr(b'[', &source[at..line.end]) {
        let start = at + bracket + 1;
        let is_path =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'.' | b'!' | b'@');
        let length = source[start..line.end].iter().take(LONGEST).take_while(|byte| is_path(byte)).count();
        let end = start + length;
        let calls = if source[end..line.end].starts_with(b"()") { 2 } else { 0 };
        let is_closed = source[end + calls..line.end].first() == Some(&b']');
        let is_link = source[end..line.end].get(calls + 1) == Some(&b'(');
        let last = source[start..end].rsplit(|byte| matches!(byte, b':' | b'.')).next().unwrap_or_default();
        if is_closed && !is_link && (any_case || last.first().is_some_and(u8::is_ascii_uppercase)) {
            identifiers::each(source, start..end, found);
        }
        at = end;
    }
}
