//! Text to words: identifiers whole and in their parts, lower-cased, endings and stop words off.

use crate::normal::normalize;
use crate::stop::is_stop;

/// Longer words are generated names, encoded data or sentences in scripts without spaces: nobody asks for them.
const MAX_BYTES: usize = 40;

/// Longer numbers are data: a year and a port are worth finding, an address is not.
const MAX_DIGITS: usize = 5;

/// Calls `each` with every word of a text, in order.
///
/// An identifier gives its parts (split at `_`, at camel case, between letters and digits, and where the script
/// has no case) and, when there are several, their concatenation: `HTTPServer` and `http_server` both give
/// `http`, `server` and `httpserver`. Of a script that puts no spaces between words each two neighbours are a word. Each word is lower-cased and stripped of plural and participle endings. Left out:
/// stop words, single characters, words over 40 bytes, numbers of more than 5 digits, and what looks like hexadecimal data.
///
/// Cost: linear in the text.
///
/// ```
/// let mut found = Vec::new();
/// repo_map_lexical::words("the HTTPServer's max_retries: 0xdeadbeef", |word| found.push(word.to_owned()));
/// assert_eq!(found, ["http", "server", "httpserver", "max", "retry", "maxretry"]);
/// ```
pub fn words(text: &str, mut each: impl FnMut(&str)) {
    let mut splitter = Splitter::default();
    for token in tokens(text) {
        splitter.split(token, &mut each);
    }
}

/// The runs of letters, digits and underscores.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = find(rest, true)?;
        rest = &rest[start..];
        let end = find(rest, false).unwrap_or(rest.len());
        let (token, after) = rest.split_at(end);
        rest = after;
        Some(token)
    })
}

/// The first byte that begins a character inside (or outside) of a token.
fn find(text: &str, inside: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte < 0x80 {
            if (byte.is_ascii_alphanumeric() || byte == b'_') == inside {
                return Some(at);
            }
            at += 1;
        } else {
            let character = text[at..].chars().next()?;
            if character.is_alphanumeric() == inside {
                return Some(at);
            }
            at += character.len_utf8();
        }
    }
    None
}

/// Splits tokens; holds the buffers between them.
#[derive(Default)]
pub(crate) struct Splitter {
    whole: String,
    part: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Lower,
    Upper,
    Digit,
    Uncased,
    Joint,
}

impl Splitter {
    /// Calls `each` with the words of one token.
    pub(crate) fn split(&mut self, token: &str, each: &mut impl FnMut(&str)) {
        if looks_like_data(token) {
            return;
        }
        self.whole.clear();
        let mut parts = 0;
        let mut rest = token;
        while let Some((part, after)) = next_part(rest) {
            rest = after;
            parts += 1;
            if part.starts_with(is_unspaced) {
                pairs(part, each);
                self.whole.push_str(if self.whole.len() <= MAX_BYTES { part } else { "" });
                continue;
            }
            lower_into(part, &mut self.part);
            // Past the limit the whole is dropped: its length alone still has to be known.
            if self.whole.len() <= MAX_BYTES {
                self.whole.push_str(&self.part);
            }
            emit(&mut self.part, each);
        }
        if parts > 1 {
            emit(&mut self.whole, each);
        }
    }
}

/// Each two neighbouring characters: where a word ends is known to no rule.
fn pairs(part: &str, each: &mut impl FnMut(&str)) {
    let ends = part.char_indices().map(|(at, character)| at + character.len_utf8());
    for ((start, _), end) in part.char_indices().zip(ends.skip(1)) {
        each(&part[start..end]);
    }
}

/// A letter of a script that puts no spaces between words, or puts endings to them without one: of China, Japan, Korea, Thailand and their neighbours.
pub(crate) fn is_unspaced(character: char) -> bool {
    matches!(
        u32::from(character),
        0x0e00..=0x0eff | 0x1000..=0x109f | 0x1100..=0x11ff | 0x1780..=0x17ff | 0x3005..=0x30ff | 0x3400..=0x9fff | 0xac00..=0xd7af | 0x2_0000..=0x3_ffff
    )
}

fn emit(word: &mut String, each: &mut impl FnMut(&str)) {
    let number = word.len() > MAX_DIGITS && word.bytes().all(|byte| byte.is_ascii_digit());
    if word.len() > MAX_BYTES || number || is_stop(word) || word.chars().nth(1).is_none() {
        return;
    }
    normalize(word);
    each(word);
}

fn lower_into(part: &str, into: &mut String) {
    into.clear();
    if part.is_ascii() {
        into.push_str(part);
        into.make_ascii_lowercase();
    } else {
        into.extend(part.chars().flat_map(char::to_lowercase));
    }
}

/// A literal such as `0x1f`, or eight and more hexadecimal digits with a number among them.
fn looks_like_data(token: &str) -> bool {
    let bytes = token.as_bytes();
    matches!(bytes, [b'0', b'x' | b'X', ..])
        || (bytes.len() >= 8
            && bytes.iter().all(u8::is_ascii_hexdigit)
            && bytes.iter().any(u8::is_ascii_digit)
            && bytes.len() > MAX_DIGITS)
}

/// The first part of a token and what follows it; underscores between parts belong to neither.
fn next_part(token: &str) -> Option<(&str, &str)> {
    let token = token.trim_start_matches('_');
    let mut characters = token.char_indices().map(|(at, character)| (at, class(character))).peekable();
    let (_, first) = characters.next()?;
    let mut before = first;
    while let Some((at, now)) = characters.next() {
        let next = characters.peek().map(|&(_, class)| class);
        let split = match (before, now) {
            (Class::Upper, Class::Upper) => next == Some(Class::Lower) && !is_plural_acronym(&token[at..]),
            (Class::Upper, Class::Lower) => false,
            (before, now) => before != now,
        };
        if split {
            return Some(token.split_at(at));
        }
        before = now;
    }
    Some((token, ""))
}

/// Whether the text goes on as the `Ls` of `URLs` does: the capital belongs to the acronym before it.
fn is_plural_acronym(text: &str) -> bool {
    let mut characters = text.chars().skip(1);
    characters.next() == Some('s') && characters.next().is_none_or(|next| class(next) != Class::Lower)
}

fn class(character: char) -> Class {
    if character.is_ascii_lowercase() {
        Class::Lower
    } else if character.is_ascii_uppercase() {
        Class::Upper
    } else if character == '_' {
        Class::Joint
    } else if character.is_numeric() {
        Class::Digit
    } else if character.is_lowercase() {
        Class::Lower
    } else if character.is_uppercase() {
        Class::Upper
    } else {
        Class::Uncased
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let mut found = Vec::new();
        words(text, |word| found.push(word.to_owned()));
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn identifiers_are_split_and_kept() {
        check("HTTPServer", &["http", "server", "httpserver"]);
        check("__maxRetryCount_", &["max", "retry", "count", "maxretrycount"]);
        check("kebab-case.path", &["kebab", "case", "path"]);
        check("sha256sum", &["sha", "256", "sum", "sha256sum"]);
        check("parseURLs URLs", &["pars", "url", "parseurl", "url"]);
        check("B2C", &["b2c"]);
        check("_ __ x 7", &[]);
    }

    #[test]
    fn scripts_without_case_end_where_others_begin() {
        check("修复Blueprint注册", &["修复", "blueprint", "注册", "修复blueprint注册"]);
        check("反序列化", &["反序", "序列", "列化"]);
        check("Größe ΑΒΓδ", &["größe", "αβ", "γδ", "αβγδ"]);
    }

    #[test]
    fn noise_is_left_out() {
        check("0xDEADBEEF 9f8e7d6c5b4a 123456 the return", &[]);
        check(&"a".repeat(41), &[]);
        check("8080 e2e", &["8080", "e2e"]);
    }

    proptest! {
        #[test]
        fn any_text_gives_lower_case_words_within_the_limits(text in "\\PC{0,60}") {
            words(&text, |word| {
                assert!(word.len() <= MAX_BYTES);
                assert!(!word.bytes().any(|byte| byte.is_ascii_uppercase()));
            });
        }

        #[test]
        fn joining_with_underscores_or_capitals_gives_the_same_words(parts in prop::collection::vec("[a-z]{2,8}", 1..4)) {
            let snake = parts.join("_");
            let camel: String = parts.iter().map(|part| part[..1].to_uppercase() + &part[1..]).collect();
            let collect = |text: &str| {
                let mut found = Vec::new();
                words(text, |word| found.push(word.to_owned()));
                found
            };
            prop_assert_eq!(collect(&snake), collect(&camel));
        }
    }
}
