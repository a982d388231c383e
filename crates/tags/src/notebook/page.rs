//! A notebook as a reader sees it.

use std::borrow::Cow;
use std::ops::Range;

use super::cells;
use crate::embedded::Embedded;
use crate::{Language, decode};

/// The text of a file that people read: as [`decode`](crate::decode()) has it, and of a notebook what its cells say, with blanks in the place of
/// all else, what they have put out among it. Lines and offsets of tags hold in it.
///
/// ```
/// # #[cfg(feature = "lang-jupyter")] {
/// use repo_map_tags::{Language, page};
///
/// let notebook = Language::by_id("jupyter").expect("notebooks are compiled in");
/// let file = br#"{"cells": [{"cell_type": "code", "source": ["a = \"b\"\n"]}]}"#;
/// let page = page(notebook, file);
/// assert_eq!(page.len(), file.len());
/// assert_eq!(page.trim_ascii(), br#"a =  "b ""#);
/// # }
/// ```
pub fn page(language: Language, bytes: &[u8]) -> Cow<'_, [u8]> {
    let text = decode(bytes);
    if language.row().embedded != Some(Embedded::Notebook) {
        return text;
    }
    let found = cells::find(&text, None);
    let mut page: Vec<u8> =
        text.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { *byte } else { b' ' }).collect();
    for string in found.strings {
        write(&mut page, &text, string);
    }
    Cow::Owned(page)
}

/// A string without its escapes: the last byte of each stands for it, where it stands for itself.
fn write(page: &mut [u8], text: &[u8], string: Range<usize>) {
    let mut at = string.start;
    while at < string.end {
        let rest = &text[at..string.end];
        let plain = memchr::memchr(b'\\', rest).unwrap_or(rest.len());
        page[at..at + plain].copy_from_slice(&rest[..plain]);
        at += plain;
        at += match rest.get(plain + 1) {
            Some(b'u') if rest[plain + 2..].iter().take(4).filter(|byte| byte.is_ascii()).count() == 4 => 6,
            Some(&byte @ (b'"' | b'\\' | b'/')) => {
                page[at + 1] = byte;
                2
            }
            Some(byte) if byte.is_ascii() => 2,
            _ => 1,
        };
    }
}

#[cfg(test)]
#[cfg(feature = "lang-jupyter")]
mod tests {
    use super::*;

    #[test]
    fn only_cells_are_on_the_page() {
        let notebook = Language::by_id("jupyter").expect("it is in this build");
        for (file, expected) in [
            (
                r#"{"cells": [{"cell_type": "markdown", "source": ["A `b`.\n"]}, {"outputs": ["no"], "source": "c\\d\té", "cell_type": "code"}]}"#,
                "A `b`. c \\d é",
            ),
            (r#"{"cells": [{"cell_type": "raw", "source": "a\u00e9\é\uéé\u"}]}"#, "a é éé"),
            (r#"["a"]"#, ""),
            ("\"\\", ""),
        ] {
            let page = page(notebook, file.as_bytes());
            assert_eq!(page.len(), file.len());
            let words: Vec<_> = std::str::from_utf8(&page).unwrap().split_whitespace().collect();
            assert_eq!(words.join(" "), expected, "{file}");
        }
    }
}
