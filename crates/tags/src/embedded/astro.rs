//! Components of Astro: a head of TypeScript, and a template that uses what it has.

use std::ops::Range;

use repo_map_model::ReferenceKind;

use super::{COMMENT, find, opens};
use crate::found::FoundReference;

const FENCE: &[u8] = b"---";

/// Elements whose text is no template, with what ends them.
const OTHERS: &[(&[u8], &[u8])] = &[(b"<script", b"</script"), (b"<style", b"</style")];

/// Words that brackets follow, and that name nothing.
#[rustfmt::skip]
const KEYWORDS: &[&str] = &[
    "async", "await", "case", "catch", "delete", "do", "else", "for", "function", "if", "in", "instanceof", "new", "of", "return",
    "super", "switch", "typeof", "void", "while", "yield",
];

/// What is between the two fences at the head; nothing at the beginning of a file that has none.
pub(crate) fn front_matter(source: &[u8]) -> Range<usize> {
    let mut head = source.trim_ascii_start();
    while head.starts_with(COMMENT.0) {
        let Some(end) = find(head, COMMENT.1) else { return 0..0 };
        head = head[end + COMMENT.1.len()..].trim_ascii_start();
    }
    if !head.starts_with(FENCE) {
        return 0..0;
    }
    let start = source.len() - head.len() + FENCE.len();
    let inside = &source[start..];
    let of_line = memchr::memchr_iter(b'\n', inside).find(|at| {
        let line = &inside[at + 1..];
        // Not through all that follows: lines of blanks would be gone through from each of them.
        let blanks = |text: &[u8]| text.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let Some(behind) = line[blanks(line)..].strip_prefix(FENCE) else { return false };
        // In a string, something else follows.
        matches!(behind[blanks(behind)..], [] | [b'\n' | b'\r' | b'<', ..])
    });
    // With the line feed before the fence: the code of a script may follow.
    let end = of_line.map(|at| at + 1).or_else(|| memchr::memmem::find(inside, FENCE));
    end.map_or(0..0, |end| start..start + end)
}

/// What the template uses: components, and what is called in its expressions.
pub(crate) fn used(source: &[u8]) -> Vec<FoundReference> {
    let mut used = Vec::new();
    let head = front_matter(source);
    // The fence that ends it is of no meaning here.
    let mut at = head.end;
    let mut depth = 0_usize;
    while let Some(&byte) = source.get(at) {
        let rest = &source[at..];
        match byte {
            b'<' => {
                let other = OTHERS.iter().find(|(open, _)| opens(rest, open));
                at += if rest.starts_with(COMMENT.0) {
                    find(rest, COMMENT.1).unwrap_or(rest.len())
                } else if let Some((_, end)) = other {
                    find(rest, end).map_or(rest.len(), |length| length + end.len())
                } else if rest.get(1).is_some_and(u8::is_ascii_uppercase) {
                    let length = path(&rest[1..]);
                    used.push(call(at + 1..at + 1 + length, source));
                    1 + length
                } else {
                    1
                };
                continue;
            }
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'/' if depth > 0 && rest.starts_with(b"/*") => {
                at += find(rest, b"*/").unwrap_or(rest.len());
                continue;
            }
            b'"' | b'\'' if depth > 0 => {
                at += string(rest);
                continue;
            }
            _ if depth > 0 && is_of_name(byte) => {
                let length = path(rest);
                let name = call(at..at + length, source);
                let word = &source[name.name.clone()];
                let is_call = source[at + length..].starts_with(b"(") && !byte.is_ascii_digit();
                if is_call && !word.is_empty() && !KEYWORDS.iter().any(|of| of.as_bytes() == word) {
                    used.push(name);
                }
                at += length;
                // What stands behind a letter is no string: `Don't`.
                at += usize::from(matches!(source.get(at), Some(b'\'')));
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    used
}

/// A string that ends on its line and soon; else the quote alone, which is one in a text.
fn string(text: &[u8]) -> usize {
    const LONGEST: usize = 256;
    let text = &text[..text.len().min(LONGEST)];
    let mut at = 1;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'\n' => return 1,
            b'\\' => at += 1,
            _ if byte == text[0] => return at + 1,
            _ => {}
        }
        at += 1;
    }
    1
}

/// The length of a name with all that it is a member of.
fn path(text: &[u8]) -> usize {
    text.iter().take_while(|byte| is_of_name(**byte) || **byte == b'.').count()
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

/// A use of the last name of a path.
fn call(path: Range<usize>, source: &[u8]) -> FoundReference {
    let last = memchr::memrchr(b'.', &source[path.clone()]).map_or(path.start, |dot| path.start + dot + 1);
    FoundReference { name: last..path.end, kind: ReferenceKind::Call }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_is_between_two_fences() {
        for (source, expected) in [
            ("---\na\n---\n<p/>", "\na\n"),
            ("\n<!-- x -->\n---\na - -b\n  ---\n---", "\na - -b\n"),
            ("--- a ---<p/>", " a "),
            ("---\r\na\r\n---\r\n", "\r\na\r\n"),
            ("---\na", ""),
            ("<p>---</p>\n---\n", ""),
            ("<!-- ---", ""),
            ("", ""),
        ] {
            assert_eq!(&source[front_matter(source.as_bytes())], expected, "{source}");
        }
    }

    #[test]
    fn a_template_uses_components_and_what_it_calls() {
        for (source, expected) in [
            ("---\nf(a)\n---\n<Layout><a.B/><UI.Card x={1}/></Layout>", "Layout Card"),
            ("<p>{list.map((i) => <Item n={name(i)}/>)} f(x)</p>", "map Item name"),
            ("<!-- <A/> {f()} --><script>f()</script><style>p{a:url(x)}</style><B/>", "B"),
            ("{/* f() */ 'g()' + \"h()\" + k()}", "k"),
            ("{ok && <p>Don't</p> && f()}{a ? if(b) : 3(c)}", "f"),
            ("{'open\nf()", "f"),
            ("<style", ""),
        ] {
            let used = used(source.as_bytes());
            let names: Vec<_> = used.iter().map(|reference| &source[reference.name.clone()]).collect();
            assert_eq!(names.join(" "), expected, "{source}");
        }
    }
}
