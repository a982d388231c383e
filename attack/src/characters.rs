//! Characters that a terminal obeys or that nobody sees: they must not reach an output raw.

/// The first and last of each range of what is refused: controls, format characters (Cf), line separators, fillers,
/// variation selectors, tag characters, planes without a character.
const REFUSED: &[(u32, u32)] = &[
    (0x00, 0x08),
    (0x0b, 0x1f),
    (0x7f, 0x9f),
    (0xad, 0xad),
    (0x34f, 0x34f),
    (0x61c, 0x61c),
    (0x115f, 0x1160),
    (0x17b4, 0x17b5),
    (0x180b, 0x180f),
    (0x200b, 0x200f),
    (0x2028, 0x202e),
    (0x2060, 0x206f),
    (0x3164, 0x3164),
    (0xfe00, 0xfe0f),
    (0xfeff, 0xfeff),
    (0xffa0, 0xffa0),
    (0xfff9, 0xfffb),
    (0x1_bca0, 0x1_bca3),
    (0x1_d173, 0x1_d17a),
    (0x4_0000, 0x10_ffff),
];

/// Characters to put into names and paths, one of each sort that is refused. None of them ends a path.
pub(crate) const HOSTILE: &[char] = &[
    '\u{1b}',
    '\u{7}',
    '\r',
    '\u{8}',
    '\u{7f}',
    '\u{85}',
    '\u{9b}',
    '\u{ad}',
    '\u{61c}',
    '\u{115f}',
    '\u{180e}',
    '\u{200b}',
    '\u{200e}',
    '\u{200f}',
    '\u{202e}',
    '\u{2028}',
    '\u{2060}',
    '\u{2066}',
    '\u{206a}',
    '\u{3164}',
    '\u{fe01}',
    '\u{feff}',
    '\u{ffa0}',
    '\u{fff9}',
    '\u{1d173}',
    '\u{e0041}',
    '\u{e0101}',
    '\u{50000}',
];

/// What is invisible in names that a grammar lets pass.
pub(crate) const INVISIBLE: &[char] = &[
    '\u{ad}',
    '\u{61c}',
    '\u{115f}',
    '\u{200b}',
    '\u{200e}',
    '\u{200f}',
    '\u{2060}',
    '\u{3164}',
    '\u{fe01}',
    '\u{ffa0}',
    '\u{e0041}',
    '\u{e0020}',
    '\u{e0101}',
    '\u{180e}',
];

/// The first character of an output that must not be in it; bytes that are no text count too.
pub(crate) fn first_refused(output: &[u8]) -> Option<String> {
    let text = match std::str::from_utf8(output) {
        Ok(text) => text,
        Err(error) => return Some(format!("bytes that are no UTF-8 at {}", error.valid_up_to())),
    };
    let refused = |c: char| REFUSED.iter().any(|(first, last)| (*first..=*last).contains(&(c as u32)));
    text.chars().find(|c| refused(*c)).map(|c| format!("a raw U+{:04X}", c as u32))
}

#[cfg(test)]
mod tests {
    use super::{HOSTILE, INVISIBLE, first_refused};

    #[test]
    fn what_is_put_into_names_is_found_in_outputs() {
        for c in HOSTILE.iter().chain(INVISIBLE) {
            assert!(first_refused(format!("a{c}b").as_bytes()).is_some(), "U+{:04X}", *c as u32);
        }
    }

    #[test]
    fn plain_text_passes() {
        assert_eq!(first_refused("│def größe(): \tλ 漢\n".as_bytes()), None);
        assert!(first_refused(b"a\xff").is_some());
    }
}
