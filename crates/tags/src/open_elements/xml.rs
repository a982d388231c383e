//! The open elements of XML, each of which only its own end closes.

use memchr::memmem;

/// What is no element, however much looks like one in it: how it opens and how it closes.
const OTHERS: [(&[u8], &[u8]); 3] = [(b"!--", b"-->"), (b"![CDATA[", b"]]>"), (b"?", b"?>")];

/// A start is not looked at any further for its end.
const LONGEST_START: usize = 1 << 12;

/// How many elements the scanner will restore.
pub(super) fn restored(source: &[u8]) -> u64 {
    let mut open: Vec<&[u8]> = Vec::new();
    let mut restored = 0_u64;
    let mut never_closes = [false; OTHERS.len()];
    let mut at = 0;
    while let Some(next) = memchr::memchr(b'<', &source[at..]) {
        at += next + 1;
        let rest = &source[at..];
        if let Some(kind) = OTHERS.iter().position(|(opens, _)| rest.starts_with(opens)) {
            // What never closes is looked for once, and all behind it counts.
            if !never_closes[kind] {
                match memmem::find(rest, OTHERS[kind].1) {
                    Some(end) => at += end,
                    None => never_closes[kind] = true,
                }
            }
        } else if let Some(end) = rest.strip_prefix(b"/") {
            if open.last() == Some(&name(end)) {
                open.pop();
            }
        } else if !name(rest).is_empty() && !closes_itself(rest) {
            open.push(name(rest));
        }
        restored += open.len() as u64;
    }
    restored
}

fn name(text: &[u8]) -> &[u8] {
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-:_.".contains(byte) || *byte >= 0x80;
    &text[..text.iter().take_while(|byte| is_of_name(byte)).count()]
}

/// Whether `/>` ends a start. A `>` inside of quotes does not.
fn closes_itself(start: &[u8]) -> bool {
    let mut quote = None;
    let mut before = b' ';
    for &byte in start.iter().take(LONGEST_START) {
        match (quote, byte) {
            (None, b'>') => return before == b'/',
            (None, b'<') => return false,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if byte == open => quote = None,
            _ => {}
        }
        before = byte;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stays_open_is_restored() {
        let count = |text: &str, times: usize| restored(text.repeat(times).as_bytes());
        for closed in [
            "<a/>",
            "<a b='/>' c=\">\" />\n",
            "<_><b.c>d</b.c></_>",
            "<!-- <a> --><![CDATA[<b>]]><?c <d>?>",
            "</a>",
            "< a",
        ] {
            assert!(count(closed, 1_000) < 5_000, "{closed}: {}", count(closed, 1_000));
        }
        for open in ["<a>", "<_ b='c'>", "<a></b>", "<a b='/'>\n", "<a><b></a>", "<a\n", "<!-- <a>"] {
            assert!(count(open, 1_000) > 400_000, "{open}: {}", count(open, 1_000));
        }
    }
}
