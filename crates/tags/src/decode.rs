use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// The text of a file as the extractor reads it, in UTF-8: line numbers and offsets of tags are those of this text.
///
/// - A byte order mark tells UTF-8, UTF-16LE and UTF-16BE, and is dropped.
/// - Bytes that are not UTF-8 are read as Latin-1 (as Windows extends it, like browsers do), unless more of them are
///   UTF-8 than not: then the text is damaged, and its stray bytes are left for the reader to replace.
/// - A lone carriage return ends a line to old editors and not to grammars: it becomes a line feed. No other byte of
///   UTF-8 moves.
///
/// Costs a look at each byte, and no copy for UTF-8 with usual line ends.
///
/// ```
/// use repo_map_tags::decode;
///
/// assert_eq!(&*decode(b"\xff\xfed\x00e\x00f\x00"), b"def");
/// assert_eq!(&*decode(b"# caf\xe9\r"), "# café\n".as_bytes());
/// ```
pub fn decode(bytes: &[u8]) -> Cow<'_, [u8]> {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) if encoding == UTF_8 => Cow::Borrowed(&bytes[mark..]),
        Some((encoding, mark)) => decoded(encoding, &bytes[mark..]),
        None if is_latin_1(bytes) => decoded(WINDOWS_1252, bytes),
        None => Cow::Borrowed(bytes),
    };
    if has_lone_return(&text) { Cow::Owned(with_line_feeds(text.into_owned())) } else { text }
}

fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> Cow<'static, [u8]> {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    Cow::Owned(text.into_owned().into_bytes())
}

/// Whether more of the bytes beyond ASCII are no UTF-8 than are.
fn is_latin_1(bytes: &[u8]) -> bool {
    if std::str::from_utf8(bytes).is_ok() || memchr::memchr(0, bytes).is_some() {
        return false;
    }
    let (mut fitting, mut stray) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        fitting += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        stray += chunk.invalid().len();
    }
    stray > fitting
}

fn has_lone_return(text: &[u8]) -> bool {
    memchr::memchr_iter(b'\r', text).any(|at| text.get(at + 1) != Some(&b'\n'))
}

fn with_line_feeds(mut text: Vec<u8>) -> Vec<u8> {
    for at in 0..text.len() {
        if text[at] == b'\r' && text.get(at + 1) != Some(&b'\n') {
            text[at] = b'\n';
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(bytes: &[u8], expected: &str) {
        assert_eq!(String::from_utf8_lossy(&decode(bytes)), expected);
    }

    #[test]
    fn marks_tell_the_encoding_and_are_no_text() {
        check(b"\xef\xbb\xbfa = \xc3\xa9", "a = é");
        check(b"\xff\xfea\0\xe9\0\r\0\n\0", "aé\r\n");
        check(b"\xfe\xff\0a\0\xe9", "aé");
        check(b"\xff\xfea\0b", "a\u{fffd}");
    }

    #[test]
    fn latin_1_is_told_from_damaged_utf8() {
        check(b"caf\xe9 \x93quoted\x94", "café “quoted”");
        check("naïve café \u{1f980}".as_bytes(), "naïve café \u{1f980}");
        assert_eq!(&*decode(b"na\xc3\xafve caf\xc3\xa9 \xff"), b"na\xc3\xafve caf\xc3\xa9 \xff");
        assert_eq!(&*decode(b"\0\xe9"), b"\0\xe9");
    }

    #[test]
    fn lone_returns_end_lines() {
        check(b"a\rb\r\rc\r\nd\n\re", "a\nb\n\nc\r\nd\n\ne");
        assert!(matches!(decode(b"a\r\nb\n"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn any_text_keeps_its_lines(text in "[a-zé\r\n\u{4e2d}]{0,60}") {
            let decoded = decode(text.as_bytes());
            let decoded = std::str::from_utf8(&decoded).unwrap();
            prop_assert!(repo_map_model::lines(decoded).eq(repo_map_model::lines(&text)));
            prop_assert_eq!(decoded.len(), text.len());
            let utf16: Vec<u8> = std::iter::once('\u{feff}')
                .chain(text.chars())
                .flat_map(|c| c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()).collect::<Vec<_>>())
                .collect();
            prop_assert_eq!(&*decode(&utf16), decoded.as_bytes());
            prop_assert_eq!(&*decode(decoded.as_bytes()), decoded.as_bytes());
        }
    }
}
