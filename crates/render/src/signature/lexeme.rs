//! Signatures of any language in the smallest parts that matter to a reader: words, strings, brackets, comments.
//!
//! No grammar is asked: what a text is taken for here decides where white space is folded and where a row is cut, never
//! whether it is shown. Every look ahead is bounded, so the time is in proportion to the text.

/// What a part of a signature is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// White space within a line.
    Blank,
    /// White space with a line break.
    Break,
    Comment,
    Quoted,
    /// A name, a keyword, a number.
    Word,
    Open,
    Close,
    /// Any other character.
    Sign,
}

/// A part of a text, by its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lexeme {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The parts of a text, one after the other.
pub(super) struct Lexemes<'a> {
    text: &'a str,
    at: usize,
    /// The last character that is not white space.
    before: Option<char>,
    /// The last part was white space, of so many characters, or with a break.
    blank: Option<(usize, bool)>,
    /// Whether there are comments.
    comments: bool,
    /// No comment between marks ends before this place.
    unclosed_until: usize,
}

/// Strings that are longer are taken for what they hold.
const LONGEST_STRING: usize = 256;
/// Comments between marks that are longer are taken for what they hold.
const LONGEST_COMMENT: usize = 2048;

/// The parts of a piece of source.
pub(super) fn source(text: &str) -> Lexemes<'_> {
    Lexemes { text, at: 0, before: None, blank: None, comments: true, unclosed_until: 0 }
}

/// The parts of a text that has no comments, from an offset on.
pub(super) fn plain(text: &str, from: usize) -> Lexemes<'_> {
    Lexemes {
        text,
        at: from,
        before: text[..from].chars().next_back(),
        blank: None,
        comments: false,
        unclosed_until: 0,
    }
}

#[cfg(test)]
thread_local! {
    /// The bytes that were read on this thread, each as often as it was.
    pub(super) static READ: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Part of a name.
pub(super) fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// Whether a statement ends in a text, outside of brackets.
pub(super) fn ends_statement(text: &str) -> bool {
    let mut depth = 0;
    source(text).any(|part| {
        match part.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth -= 1,
            _ => {}
        }
        depth <= 0 && &text[part.start..part.end] == ";"
    })
}

impl Lexemes<'_> {
    /// The length of the comment here, if here is one.
    fn comment(&mut self, rest: &str) -> Option<usize> {
        let line = || rest.find(['\n', '\r']).unwrap_or(rest.len());
        let is_apart = self.before.is_none() || self.blank.is_some();
        let next = |skip: usize| rest[skip..].chars().next();
        let blank_next = |skip: usize| next(skip).is_none_or(char::is_whitespace);
        if rest.starts_with("/*") {
            let end = rest.len().min(LONGEST_COMMENT);
            // What was read for an earlier one is not read again.
            let from = self.unclosed_until.saturating_sub(self.at).clamp(2, end);
            #[cfg(test)]
            READ.set(READ.get() + end - from);
            let closes = rest.as_bytes()[from..end].windows(2).position(|pair| pair == b"*/");
            if closes.is_none() {
                self.unclosed_until = self.at + end - 1;
            }
            return closes.map(|at| from + at + 2);
        }
        let starts = if rest.starts_with("//") {
            is_apart || self.before.is_some_and(|c| ",;(){}[]".contains(c))
        } else if rest.starts_with('#') {
            let of_word = next(1).is_some_and(char::is_alphabetic);
            let is_far = self.blank.is_some_and(|(length, breaks)| length > 1 || breaks);
            // `#:nodoc:` and `#: (Integer) -> String` of Ruby; `#:key` is a keyword of Scheme.
            let directive = |rest: &str| rest.trim_start_matches(is_of_word).starts_with(':');
            let is_told = rest.strip_prefix("#:").is_some_and(|rest| directive(rest) || blank_next(2));
            is_apart
                && (blank_next(1) || matches!(next(1), Some('#' | '!')) || (of_word && is_far) || is_told)
        } else if rest.starts_with("--") {
            is_apart && (blank_next(2) || matches!(next(2), Some('-' | '|')))
        } else if rest.starts_with(";;") {
            is_apart
        } else {
            false
        };
        starts.then(line)
    }

    /// The length of the string here, if here is one.
    fn quoted(&self, rest: &str, quote: char) -> Option<usize> {
        if quote == '\'' {
            let word: usize = rest[1..].chars().take_while(|c| is_of_word(*c)).map(char::len_utf8).sum();
            let closes = rest[1 + word..].starts_with('\'');
            // Of a name (`x'`), or a lifetime (`&'a T`).
            let opens = self.before.is_none_or(|c| "=([{:".contains(c));
            if self.blank.is_none() && self.before.is_some_and(is_of_word) || (word > 0 && !closes && !opens)
            {
                return None;
            }
        }
        let mut escaped = false;
        for (at, c) in rest.char_indices().skip(1).take_while(|(at, _)| *at < LONGEST_STRING) {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '\n' | '\r' if quote != '`' => return None,
                _ if c == quote => return Some(at + 1),
                _ => {}
            }
        }
        None
    }
}

impl Iterator for Lexemes<'_> {
    type Item = Lexeme;

    fn next(&mut self) -> Option<Lexeme> {
        let rest = &self.text[self.at..];
        let first = rest.chars().next()?;
        let run = |of: fn(char) -> bool| rest.find(|c| !of(c)).unwrap_or(rest.len());
        let (kind, length) = if first.is_whitespace() {
            let length = run(char::is_whitespace);
            let breaks = rest[..length].contains(['\n', '\r']);
            (if breaks { Kind::Break } else { Kind::Blank }, length)
        } else if let Some(length) = self.comments.then(|| self.comment(rest)).flatten() {
            (Kind::Comment, length)
        } else if is_of_word(first) {
            (Kind::Word, run(is_of_word))
        } else {
            let quoted = if "\"'`".contains(first) { self.quoted(rest, first) } else { None };
            match (quoted, first) {
                (Some(length), _) => (Kind::Quoted, length),
                (None, '(' | '[' | '{') => (Kind::Open, 1),
                (None, ')' | ']' | '}') => (Kind::Close, 1),
                _ => (Kind::Sign, first.len_utf8()),
            }
        };
        #[cfg(test)]
        READ.set(READ.get() + length);
        let lexeme = Lexeme { kind, start: self.at, end: self.at + length };
        self.at = lexeme.end;
        self.blank = match kind {
            Kind::Blank => Some((length, false)),
            Kind::Break => Some((length, true)),
            Kind::Comment => self.blank,
            _ => {
                self.before = rest[..length].chars().next_back();
                None
            }
        };
        Some(lexeme)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(Kind, &str)> {
        source(text)
            .filter(|part| part.kind != Kind::Blank)
            .map(|of| (of.kind, &text[of.start..of.end]))
            .collect()
    }

    fn of(kind: Kind, text: &str) -> Vec<&str> {
        kinds(text).into_iter().filter(|part| part.0 == kind).map(|part| part.1).collect()
    }

    #[test]
    fn a_comment_is_told_from_what_looks_like_one() {
        assert_eq!(of(Kind::Comment, "f(a, /* b) */ c, // d\n e)"), ["/* b) */", "// d"]);
        assert_eq!(of(Kind::Comment, "def f(a,  # one\n b,  #two\n):"), ["# one", "#two"]);
        assert_eq!(of(Kind::Comment, "def f(a) #:nodoc: all"), ["#:nodoc: all"]);
        assert_eq!(of(Kind::Comment, "def f(a) #: (Integer) -> String"), ["#: (Integer) -> String"]);
        assert_eq!(of(Kind::Comment, "f x -- | why\n y"), ["-- | why"]);
        assert_eq!(of(Kind::Comment, "(f ;; why\n x)"), [";; why"]);
        for text in [
            "#[a] x",
            "static #x()",
            "a = 'http://b'",
            "https://x",
            "--main: 1",
            "/* open",
            "i--",
            "a#b",
            "(f #:key k)",
        ] {
            assert_eq!(of(Kind::Comment, text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_string_is_told_from_a_lifetime_and_a_prime() {
        assert_eq!(of(Kind::Quoted, r#"f(a="(\"", b='x y', c=`d`)"#), [r#""(\"""#, "'x y'", "`d`"]);
        assert_eq!(of(Kind::Quoted, "fn f<'a, 'b>(x: &'a str, y: &'b str)"), [""; 0]);
        assert_eq!(of(Kind::Quoted, "fold' f x'"), [""; 0]);
        assert_eq!(of(Kind::Quoted, "x == 'a', \"open"), ["'a'"]);
    }
}
