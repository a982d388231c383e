//! Characters that people do not see, or that act on a terminal, and how they are told.
//!
//! A reader of a map is a model or a terminal: the first reads what nobody sees, the second obeys what nobody meant. Hidden
//! are the general categories of controls, formats, private use and what is not assigned, line and paragraph separators,
//! what Unicode calls ignorable by default (variation selectors, tags, fillers, joiners), and the few letters and symbols
//! that are blank by design. `build.rs` takes the ranges from the Unicode tables of `regex-syntax`.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;

include!(concat!(env!("OUT_DIR"), "/hidden.rs"));

/// Whether a character is one that is never shown as it is. Of the white space, only the space and the wide ones are not.
pub fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    HIDDEN
        .binary_search_by(|&(first, last)| {
            if last < c {
                std::cmp::Ordering::Less
            } else if first > c {
                std::cmp::Ordering::Greater
            } else {
                std::cmp::Ordering::Equal
            }
        })
        .is_ok()
}

/// Whether any character of a text is hidden.
pub(crate) fn has_hidden(text: &str) -> bool {
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~');
    !text.as_bytes().iter().all(is_plain) && text.contains(is_hidden)
}

/// A path or a name on one line, with hidden characters written as Rust does: `\u{202e}`.
///
/// Different texts stay different: where anything is written so, or the text itself has what could be taken for it, each
/// backslash is doubled.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !has_hidden(text) && !looks_escaped(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    push_escaped(&mut out, text);
    Cow::Owned(out)
}

/// [`escaped`] of a path of the file system; bytes that are no UTF-8 are written as `\x{ff}`.
pub fn escaped_path(path: &Path) -> Cow<'_, str> {
    if let Some(text) = path.to_str() {
        return escaped(text);
    }
    let mut out = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        push_escaped(&mut out, chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{{{byte:x}}}");
        }
    }
    Cow::Owned(out)
}

/// A message on one line: hidden characters are written as in [`escaped`], all else stays. What is escaped already does
/// not change.
pub fn visible(message: &str) -> Cow<'_, str> {
    if !has_hidden(message) {
        return Cow::Borrowed(message);
    }
    let mut out = String::with_capacity(message.len() + 16);
    for c in message.chars() {
        if is_hidden(c) {
            push_code(&mut out, c);
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Whether a text has what an escaped one has.
fn looks_escaped(text: &str) -> bool {
    text.contains("\\u{") || text.contains("\\x{")
}

fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            c if is_hidden(c) => push_code(out, c),
            c => out.push(c),
        }
    }
}

/// The path of a block whose line has no colon of ours at its end: one of its own is written as its number.
pub(crate) fn escaped_without_colon(path: &str) -> Cow<'_, str> {
    let Some(rest) = path.strip_suffix(':') else { return escaped(path) };
    let mut out = String::with_capacity(path.len() + 16);
    push_escaped(&mut out, rest);
    push_code(&mut out, ':');
    Cow::Owned(out)
}

fn push_code(out: &mut String, c: char) {
    let _ = write!(out, "{}", c.escape_unicode());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_not_seen_is_hidden_and_what_is_seen_is_not() {
        for hidden in [
            '\0',
            '\t',
            '\n',
            '\u{1b}',
            '\u{7f}',
            '\u{85}',
            '\u{9b}',
            '\u{ad}',
            '\u{34f}',
            '\u{378}',
            '\u{600}',
            '\u{61c}',
            '\u{115f}',
            '\u{1160}',
            '\u{17b4}',
            '\u{180b}',
            '\u{180e}',
            '\u{200b}',
            '\u{200d}',
            '\u{200f}',
            '\u{2028}',
            '\u{2029}',
            '\u{202e}',
            '\u{2060}',
            '\u{2064}',
            '\u{2069}',
            '\u{2800}',
            '\u{3164}',
            '\u{e000}',
            '\u{fdd0}',
            '\u{fe00}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{fff9}',
            '\u{ffff}',
            '\u{16fe4}',
            '\u{1bca0}',
            '\u{1d159}',
            '\u{1d173}',
            '\u{1fffe}',
            '\u{3fffd}',
            '\u{e0001}',
            '\u{e0041}',
            '\u{e007f}',
            '\u{e0100}',
            '\u{e01ef}',
            '\u{e0fff}',
            '\u{f0000}',
            '\u{10fffd}',
            '\u{10ffff}',
        ] {
            assert!(is_hidden(hidden), "{}", hidden.escape_unicode());
        }
        for seen in " ~aäß\u{301}жאع\u{3000}漢한⋮│❤😀\u{a0}\u{fffd}\u{1f1e9}𝒳".chars() {
            assert!(!is_hidden(seen), "{}", seen.escape_unicode());
        }
    }

    #[test]
    fn names_are_told_visibly_and_messages_keep_their_backslashes() {
        assert_eq!(escaped("src\\plain.rs"), "src\\plain.rs");
        assert_eq!(escaped("a\u{1b}[31m\\b"), "a\\u{1b}[31m\\\\b");
        assert_eq!(escaped("a\\u{1b}"), "a\\\\u{1b}");
        assert_eq!(visible("C:\\new \u{202e}x\n"), "C:\\new \\u{202e}x\\u{a}");
        assert_eq!(visible(&escaped("a\u{1b}\\")), "a\\u{1b}\\\\");
        assert_eq!(escaped_without_colon("a:b:"), "a:b\\u{3a}");
    }

    #[test]
    #[cfg(unix)]
    fn bytes_that_are_no_text_are_told_apart() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt as _;
        let told = |bytes: &[u8]| escaped_path(Path::new(OsStr::from_bytes(bytes))).into_owned();
        assert_eq!(told(b"caf\xe9\\"), "caf\\x{e9}\\\\");
        assert_eq!(told(b"caf\xe8\\"), "caf\\x{e8}\\\\");
        assert_eq!(told(b"caf\\x{e9}\\"), "caf\\\\x{e9}\\\\");
    }

    /// What was written, from what it is told as.
    fn unescaped(told: &str) -> String {
        if !looks_escaped(told) {
            return told.to_owned();
        }
        let (mut text, mut rest) = (String::new(), told);
        while let Some(c) = rest.chars().next() {
            if let Some(after) = rest.strip_prefix("\\\\") {
                text.push('\\');
                rest = after;
            } else if let Some((code, after)) = rest.strip_prefix("\\u{").and_then(|of| of.split_once('}')) {
                text.push(u32::from_str_radix(code, 16).ok().and_then(char::from_u32).unwrap());
                rest = after;
            } else {
                text.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
        text
    }

    proptest! {
        /// Each text can be read back from its escape, so no two have the same; and the escape hides nothing.
        #[test]
        fn no_two_texts_are_told_alike(
            text in r"([\\u{}1b:./ a]|\\u\{1b\}|\\\\|[\x00-\x1f\u{200b}-\u{202e}\u{e0020}-\u{e007f}]|\PC|\p{C}){0,12}",
        ) {
            for told in [escaped(&text), escaped_without_colon(&text)] {
                prop_assert!(!told.contains(is_hidden), "{:?}", told);
                prop_assert_eq!(&unescaped(&told), &text);
                prop_assert_eq!(visible(&told), told.as_ref());
            }
            prop_assert!(!escaped_without_colon(&text).ends_with(':'));
            prop_assert!(!visible(&text).contains(is_hidden));
            prop_assert_eq!(has_hidden(&text), text.contains(is_hidden));
        }
    }
}
