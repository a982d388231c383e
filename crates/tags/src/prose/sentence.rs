//! The first sentence of a paragraph, without its markup.

/// The longest summary, in characters.
const LONGEST: usize = 120;

/// The longest tag, link target and role that are taken for one, in bytes.
const LONGEST_MARKUP: usize = 300;

/// A paragraph that has fewer letters outside of links leads elsewhere.
const FEWEST_LETTERS: usize = 6;

/// What is written above something else.
const HEADINGS: [&str; 4] = ["module dependencies", "run with", "for example", "table of contents"];

/// What a point ends that is no sentence.
const ABBREVIATIONS: [&str; 10] = ["e.g", "i.e", "etc", "vs", "cf", "approx", "a.k.a", "inc", "dr", "mr"];

/// The first sentence, on one line; `None` where the paragraph says nothing.
pub(super) fn of(paragraph: &str) -> Option<Box<str>> {
    let plain = Plain::of(paragraph);
    let words = plain.text.split(' ').filter(|word| word.contains(char::is_alphabetic)).count();
    // Some scripts have no blanks between words.
    if plain.letters < FEWEST_LETTERS || (words < 2 && plain.text.is_ascii()) {
        return None;
    }
    let links = plain.text.split(' ').filter(|word| word.contains("://")).count();
    let sentence = first_sentence(&plain.text);
    let is_heading = HEADINGS.iter().any(|of| of.eq_ignore_ascii_case(sentence.trim_end_matches('.')));
    let leads_elsewhere = links > 0 && words < links + 3;
    (!is_heading && !leads_elsewhere).then(|| shortened(sentence))
}

fn first_sentence(text: &str) -> &str {
    for (at, end) in text.char_indices().filter(|(_, char)| matches!(char, '.' | '!' | '?' | '。')) {
        let (before, after) = (&text[..at], &text[at + end.len_utf8()..]);
        let word = before.rsplit([' ', '(']).next().unwrap_or_default();
        let is_short = end == '.' && ABBREVIATIONS.iter().any(|known| known.eq_ignore_ascii_case(word));
        let goes_on = after.strip_prefix(' ').map(|next| next.starts_with(char::is_lowercase));
        if end == '。' || (!is_short && (after.is_empty() || goes_on == Some(false))) {
            return &text[..at + end.len_utf8()];
        }
    }
    text.trim_end_matches([':', ' '])
}

fn shortened(text: &str) -> Box<str> {
    let Some((end, _)) = text.char_indices().nth(LONGEST) else { return text.into() };
    let last = text[..end].char_indices().next_back().map_or(0, |(at, _)| at);
    let kept = &text[..last];
    // A text without blanks is cut within.
    let kept = kept.rfind(' ').filter(|at| *at > last / 2).map_or(kept, |at| &kept[..at]);
    format!("{}…", kept.trim_end_matches([',', ';', ':', ' '])).into()
}

/// What a reader sees of a paragraph.
#[derive(Default)]
struct Plain {
    text: String,
    /// Outside of links.
    letters: usize,
}

impl Plain {
    fn of(paragraph: &str) -> Self {
        let mut plain = Self::default();
        let mut rest = paragraph;
        while let Some(char) = rest.chars().next() {
            rest = plain.markup(rest).unwrap_or_else(|| {
                plain.push(char, true);
                &rest[char.len_utf8()..]
            });
        }
        plain.text.truncate(plain.text.trim_end().len());
        plain
    }

    fn push(&mut self, char: char, counts: bool) {
        if !char.is_whitespace() && !char.is_control() {
            self.text.push(char);
            self.letters += usize::from(counts && char.is_alphabetic());
        } else if char.is_whitespace() && !self.text.is_empty() && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }

    /// Takes the markup that the text begins with, and tells what follows it.
    fn markup<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        match text.as_bytes() {
            [b'!', b'[', ..] => Some(after_target(after(&text[2..], ']')?.1)),
            [b'[', ..] => {
                let (inner, rest) = linked(text)?;
                Self::of(inner).text.chars().for_each(|char| self.push(char, false));
                Some(after_target(rest))
            }
            [b'<', first, ..] if first.is_ascii_alphabetic() || matches!(first, b'/' | b'!') => {
                Some(after(text, '>')?.1)
            }
            [b'`', ..] => self.code(text),
            [b':', first, ..] if first.is_ascii_alphabetic() => {
                let (role, rest) = after(&text[1..], ':')?;
                let is_role = rest.starts_with('`') && !role.contains(' ');
                is_role.then(|| self.code(rest)).flatten()
            }
            // By itself it is a sign.
            [b'*', next, ..] if *next != b' ' || !self.text.ends_with(' ') => {
                Some(text.trim_start_matches('*'))
            }
            [b'\\', ..] => Some(&text[1..]),
            _ => None,
        }
    }

    /// What stands between backticks: a name as it is, a link as its text, the last part of `~a.b.c`.
    fn code<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        let run = text.len() - text.trim_start_matches('`').len();
        let (code, rest) = bounded(&text[run..]).split_once(&text[..run])?;
        let is_link = rest.starts_with('_');
        let shown = code.split_once(" <").filter(|_| code.ends_with('>')).map_or(code, |(title, _)| title);
        let shown = shown.strip_prefix('~').map_or(shown, |path| path.rsplit('.').next().unwrap_or(path));
        shown.chars().for_each(|char| self.push(char, !is_link));
        Some(text[run + code.len() + run..].trim_start_matches('_'))
    }
}

/// What stands before the sign, if it is near, and what stands behind it.
fn after(text: &str, sign: char) -> Option<(&str, &str)> {
    let at = bounded(text).find(sign)?;
    Some((&text[..at], &text[at + sign.len_utf8()..]))
}

fn bounded(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST_MARKUP)]
}

/// The text of `[text]`, in which brackets may stand, and what follows.
fn linked(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0;
    for (at, char) in bounded(text).char_indices() {
        match char {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((&text[1..at], &text[at + 1..]));
        }
    }
    None
}

/// What follows `(target)` or `[label]`.
fn after_target(text: &str) -> &str {
    let close = match text.as_bytes() {
        [b'(', ..] => ')',
        [b'[', ..] => ']',
        _ => return text,
    };
    after(text, close).map_or(text, |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(paragraph: &str, expected: Option<&str>) {
        assert_eq!(of(paragraph).as_deref(), expected, "{paragraph}");
    }

    #[test]
    fn the_first_sentence_is_told_without_markup() {
        check("A *fast*, **small** queue\nof `jobs`. It has more.", Some("A fast, small queue of jobs."));
        check("*shop* is a *shop*, 2 * 2 of them", Some("shop is a shop, 2 * 2 of them"));
        check("[Shop](https://a.example) sells, e.g. books. More.", Some("Shop sells, e.g. books."));
        check("Runs :meth:`~shop.Queue.run` of ``Clock`` 1.5 times", Some("Runs run of Clock 1.5 times"));
        check(
            "A `web framework <https://a.example>`_ for <b>people</b>:",
            Some("A web framework for people"),
        );
    }

    #[test]
    fn what_says_nothing_is_no_sentence() {
        check("[![Build](a.svg)](https://a.example) ![Logo](b.png)", None);
        check("[Website](a) · [Documentation](b) · [Blog](c)", None);
        check("queue.c", None);
        check("Documentation: https://a.example", None);
        check("Module dependencies.", None);
        check("-- ** --", None);
        check("", None);
    }

    #[test]
    fn a_long_sentence_is_cut_between_words() {
        let cut = of(&"words and ".repeat(40)).unwrap();
        assert!(cut.chars().count() <= LONGEST && cut.ends_with("words…"), "{cut}");
    }

    proptest! {
        #[test]
        fn any_text_gives_one_short_line(text in "([a-z]{1,4}|[*`<>:!\\[\\]()~_.\\\\ \n]|é|\u{7}|。){0,80}") {
            if let Some(sentence) = of(&text) {
                prop_assert!(sentence.chars().count() <= LONGEST && !sentence.contains(char::is_control));
                prop_assert!(!sentence.is_empty() && sentence.trim() == &*sentence);
            }
        }
    }
}
