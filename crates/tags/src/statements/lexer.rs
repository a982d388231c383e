//! Cuts a text of SQL into tokens, in one pass forward.
//!
//! No dialect is asked for: what one of them has alone is known by its look, such as the `DELIMITER` of MySQL's client, the data
//! behind PostgreSQL's `COPY`, and lines for clients and preprocessors.

use std::ops::Range;

use super::token::{Kind, Token};
use crate::rewrite::is_of_word;

/// So often something that was opened is looked for to the end of the text and not found; then nothing is any more.
const MOST_UNENDED: usize = 8;

/// A name in quotes is no longer.
const LONGEST_NAME: usize = 128;

pub(super) struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    /// Where all of the text is a part of a longer one.
    offset: usize,
    tokens: Vec<Token>,
    /// What no grammar of SQL reads.
    unread: Vec<Range<usize>>,
    delimiter: Option<&'a [u8]>,
    /// A backslash escapes a quote, as MySQL has it.
    escapes: bool,
    unended: usize,
    /// What is known of a `COPY` that is open: it reads what follows it.
    data: Data,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Data {
    None,
    Open,
    FromInput,
}

/// The tokens of a text that begins at an offset, and what between them is no SQL.
pub(super) fn tokens(text: &[u8], offset: usize) -> (Vec<Token>, Vec<Range<usize>>) {
    let escapes = memchr::memchr(b'`', text).is_some();
    let mut lexer = Lexer {
        text,
        at: 0,
        offset,
        tokens: Vec::new(),
        unread: Vec::new(),
        delimiter: None,
        escapes,
        unended: 0,
        data: Data::None,
    };
    let mut is_first = true;
    while let Some(&byte) = text.get(lexer.at) {
        match byte {
            b'\n' => is_first = true,
            byte if byte.is_ascii_whitespace() => {}
            _ => {
                let before = lexer.tokens.len();
                lexer.token(byte, is_first);
                // Comments are no more than blanks.
                is_first &= lexer.tokens.len() == before;
                continue;
            }
        }
        lexer.at += 1;
    }
    (lexer.tokens, lexer.unread)
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a [u8] {
        &self.text[self.at..]
    }

    /// What is left of the line, without its line feed.
    fn line(&self) -> &'a [u8] {
        let rest = self.rest();
        &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())]
    }

    fn push(&mut self, kind: Kind, length: usize, is_first: bool) {
        let range = self.offset + self.at..self.offset + self.at + length;
        let at_margin = is_first && (self.at == 0 || self.text[self.at - 1] == b'\n');
        self.tokens.push(Token { kind, range, is_first, at_margin });
        self.at += length;
    }

    /// Passes over what is no SQL.
    fn leave(&mut self, length: usize) {
        self.unread.push(self.offset + self.at..self.offset + self.at + length);
        self.at += length;
    }

    /// Whether a statement begins here.
    fn is_between(&self) -> bool {
        self.tokens.last().is_none_or(|token| matches!(token.kind, Kind::End | Kind::Batch))
    }

    fn token(&mut self, byte: u8, is_first: bool) {
        let rest = self.rest();
        if let Some(delimiter) = self.delimiter.filter(|delimiter| rest.starts_with(delimiter)) {
            self.unread.push(self.offset + self.at..self.offset + self.at + delimiter.len());
            return self.push(Kind::Batch, delimiter.len(), is_first);
        }
        match rest {
            [b'-', b'-', ..] => self.at += self.line().len(),
            // What only MySQL reads is no comment to it, and its end none to others.
            [b'/', b'*', b'!', version @ ..] => {
                self.at += 3 + version.iter().take_while(|byte| byte.is_ascii_digit()).count();
            }
            [b'*', b'/', ..] => self.at += 2,
            [b'/', b'*', ..] => self.comment(),
            // The preprocessor of C, or a comment of MySQL.
            [b'#', next, ..]
                if is_first && (next.is_ascii_alphanumeric() || matches!(next, b' ' | b'#' | b'!')) =>
            {
                self.hash_line();
            }
            [b'#', b'\r' | b'\n', ..] if is_first => self.at += 1,
            [b'\\', ..] => {
                let length = self.line().len();
                self.unread.push(self.offset + self.at..self.offset + self.at + length);
                self.push(Kind::Batch, length, is_first);
            }
            [b'/', ..] if is_first && self.line().trim_ascii() == b"/" => {
                self.unread.push(self.offset + self.at..self.offset + self.at + 1);
                self.push(Kind::Batch, 1, is_first);
            }
            [b';', ..] => self.end(is_first),
            [b'\'', ..] => self.text(is_first),
            [b'"' | b'`' | b'[', ..] => self.quoted(byte, is_first),
            [b'$', ..] => self.dollar(is_first),
            _ if is_of_word(byte) => self.word(is_first),
            _ => self.push(Kind::Sign(byte), 1, is_first),
        }
    }

    /// Comments of most dialects are nested; one that is not closed that way ends at its first sign.
    fn comment(&mut self) {
        let rest = self.rest();
        let mut depth = 0_usize;
        let mut first = None;
        let mut at = 0;
        let may_nest = self.unended < MOST_UNENDED;
        while let Some(found) = memchr::memchr2(b'*', b'/', &rest[at..]) {
            at += found;
            match &rest[at..] {
                [b'/', b'*', ..] if may_nest || depth == 0 => {
                    depth += 1;
                    at += 2;
                }
                [b'*', b'/', ..] => {
                    depth = depth.saturating_sub(1);
                    at += 2;
                    first = first.or(Some(at));
                    if depth == 0 {
                        self.at += at;
                        return;
                    }
                }
                _ => at += 1,
            }
        }
        self.unended += 1;
        self.at += first.unwrap_or(rest.len());
    }

    fn hash_line(&mut self) {
        let start = self.at;
        let is_define = self.rest().starts_with(b"#define");
        self.at += self.line().len();
        while is_define && self.text[..self.at].trim_ascii_end().ends_with(b"\\") && self.at < self.text.len()
        {
            self.at += 1;
            self.at += self.line().len();
        }
        self.unread.push(self.offset + start..self.offset + self.at);
    }

    fn end(&mut self, is_first: bool) {
        let is_data = self.data == Data::FromInput;
        self.data = Data::None;
        self.push(Kind::End, 1, is_first);
        if is_data && self.unended < MOST_UNENDED && self.line().trim_ascii().is_empty() {
            let ends = |at: &usize| matches!(self.rest().get(at + 3), None | Some(b'\n' | b'\r'));
            let end = memchr::memmem::find_iter(self.rest(), b"\n\\.").find(ends);
            match end {
                Some(end) => self.leave(end + 3),
                None => self.unended += 1,
            }
        }
    }

    /// A string; its quote is doubled in it, and escaped only where that is known.
    fn text(&mut self, is_first: bool) {
        let before = &self.text[..self.at];
        let adjoined = |letters: &[u8]| {
            before.last().is_some_and(|letter| letters.contains(letter))
                && !before.iter().rev().nth(1).copied().is_some_and(is_of_word)
        };
        if self.unended == MOST_UNENDED {
            return self.push(Kind::Sign(b'\''), 1, is_first);
        }
        if adjoined(b"qQ")
            && let Some(&opens) =
                self.rest().get(1).filter(|opens| opens.is_ascii_punctuation() && **opens != b'\'')
        {
            let closes = match opens {
                b'[' => b']',
                b'(' => b')',
                b'{' => b'}',
                b'<' => b'>',
                other => other,
            };
            if let Some(end) = memchr::memmem::find(&self.rest()[2..], &[closes, b'\'']) {
                return self.push(Kind::Text, end + 4, is_first);
            }
            self.unended += 1;
        }
        let escapes = self.escapes || adjoined(b"eE");
        let rest = self.rest();
        let mut at = 1;
        while let Some(found) = memchr::memchr2(b'\'', b'\\', &rest[at..]) {
            at += found;
            match (rest[at], rest.get(at + 1)) {
                (b'\\', Some(_)) => at += if escapes { 2 } else { 1 },
                (b'\'', Some(b'\'')) => at += 2,
                (b'\'', _) => return self.push(Kind::Text, at + 1, is_first),
                _ => break,
            }
        }
        self.unended += 1;
        self.push(Kind::Sign(b'\''), 1, is_first);
    }

    fn quoted(&mut self, opens: u8, is_first: bool) {
        let rest = self.rest();
        let before = self.text[..self.at].last().copied();
        let is_subscript = opens == b'['
            && (before.is_some_and(|byte| is_of_word(byte) || matches!(byte, b']' | b')'))
                || !rest
                    .get(1)
                    .is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'$' | 0x80..)));
        let closes = if opens == b'[' { b']' } else { opens };
        let inside = &rest[1..rest.len().min(LONGEST_NAME)];
        let end = inside.iter().position(|byte| *byte == closes || *byte == b'\n');
        match end.filter(|end| !is_subscript && *end > 0 && inside[*end] == closes) {
            Some(end) => self.push(Kind::Quoted, end + 2, is_first),
            None => self.push(Kind::Sign(opens), 1, is_first),
        }
    }

    fn dollar(&mut self, is_first: bool) {
        let rest = self.rest();
        if let Some(length) = directive(rest) {
            self.at += length;
            return;
        }
        let tag = rest[1..]
            .iter()
            .take(LONGEST_NAME)
            .take_while(|byte| is_of_word(**byte) && **byte != b'$')
            .count()
            + 2;
        let is_tag = rest.get(tag - 1) == Some(&b'$') && !rest[1].is_ascii_digit();
        if is_tag && self.unended < MOST_UNENDED {
            if let Some(end) = memchr::memmem::find(&rest[tag..], &rest[..tag]) {
                return self.push(Kind::Dollar, tag + end + tag, is_first);
            }
            self.unended += 1;
        }
        self.push(Kind::Sign(b'$'), 1, is_first);
    }

    fn word(&mut self, is_first: bool) {
        let rest = self.rest();
        let ends_at_dollar = self.delimiter.is_some_and(|delimiter| delimiter.contains(&b'$'));
        let is_part = |byte: &&u8| is_of_word(**byte) && !(ends_at_dollar && **byte == b'$');
        let length = rest.iter().take_while(is_part).count();
        let word = &rest[..length];
        let is = |other: &str| word.eq_ignore_ascii_case(other.as_bytes());
        if is_first {
            let line = self.line();
            let after = line[length..].trim_ascii();
            if is("DELIMITER") && is_delimiter(after) {
                self.delimiter = (after != b";").then_some(after);
                return self.leave(line.len());
            }
            if is("GO") && after.iter().all(|byte| byte.is_ascii_digit() || *byte == b';') {
                self.unread.push(self.offset + self.at..self.offset + self.at + line.len());
                return self.push(Kind::Batch, line.len(), true);
            }
            if self.is_between() && (is("PROMPT") || is("REM") || is("REMARK")) {
                return self.leave(line.len());
            }
        }
        if self.is_between() {
            self.data = if is("COPY") { Data::Open } else { Data::None };
        } else if self.data == Data::Open && is("STDIN") {
            self.data = Data::FromInput;
        }
        self.push(Kind::Word, length, is_first);
    }
}

/// The length of a word of Oracle's that chooses code before it is compiled, `$if … $then` or `$end`, or asks where it is.
fn directive(rest: &[u8]) -> Option<usize> {
    const LONGEST: usize = 256;
    let word = |from: usize| {
        let text = rest.get(from..).unwrap_or_default();
        &text[..text
            .iter()
            .take(LONGEST)
            .take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'_')
            .count()]
    };
    let is =
        |own: &[u8], others: &[&str]| others.iter().any(|other| own.eq_ignore_ascii_case(other.as_bytes()));
    let own = word(1);
    let length = own.len() + 1;
    if is(own, &["if", "elsif"]) {
        let until = memchr::memmem::find_iter(&rest[..rest.len().min(LONGEST)], b"$")
            .skip(1)
            .find(|at| is(word(at + 1), &["then"]));
        return until.map(|at| at + "$then".len());
    }
    if is(own, &["then", "else", "end", "error"]) && rest.get(length) != Some(&b'$') {
        return Some(length);
    }
    let asked = word(2);
    let is_asked = rest.starts_with(b"$$") && asked.len() > 6 && asked[..6].eq_ignore_ascii_case(b"plsql_");
    is_asked.then_some(2 + asked.len())
}

/// Whether the client of MySQL may be told so what ends a statement, and no column or option is meant.
fn is_delimiter(text: &[u8]) -> bool {
    let is_part =
        |byte: &u8| byte.is_ascii_punctuation() && !matches!(byte, b'\'' | b'"' | b',' | b'(' | b'=');
    (1..=16).contains(&text.len()) && text.iter().all(is_part)
}
