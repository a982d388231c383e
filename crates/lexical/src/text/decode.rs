//! Percent encoding of links (RFC 3986, 2.1).

use std::borrow::Cow;

/// The text with `%20` and the like decoded; what is no encoding of UTF-8 stays.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut found = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                found.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                found.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(found).map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_decoded_once() {
        assert_eq!(decoded("my%20file%2Bx.py"), "my file+x.py");
        assert_eq!(decoded("gr%C3%B6%C3%9Fe.c"), "größe.c");
        assert_eq!(decoded("%2520"), "%20");
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(decoded("%ff%zz%4"), "%ff%zz%4");
    }
}
