//! Which words of a declaration of C or C++ can only be macros.
//!
//! A macro is told by its name, `LIKE_THIS` or `__like_this`. So are types (`FILE`, `__u32`) and functions, so a declaration keeps
//! what it has no other type or name for.

use std::ops::Range;

use super::tokens::{End, Place, Role, TYPE_KEYS, Token, TokenKind, is_built_in, remove};
use super::{declarators, parameters};

/// Words that begin a declaration, so that what stands before them is no part of it.
const STARTERS: &[&[u8]] = &[
    b"using",
    b"typedef",
    b"template",
    b"friend",
    b"static_assert",
    b"namespace",
    b"class",
    b"struct",
    b"union",
    b"enum",
];

/// What the brace behind a head holds: declarations, of a type if it names one.
pub(super) fn holder<'a>(head: &[Token<'a>]) -> Option<Option<&'a [u8]>> {
    if head.iter().any(|token| token.is_word(b"namespace")) {
        return Some(None);
    }
    if let [.., before, Token { kind: TokenKind::Sign(b'"'), .. }] = head
        && before.is_word(b"extern")
    {
        return Some(None);
    }
    let key = type_key(head)?;
    (!head[key].is_word(b"enum")).then(|| Some(type_name(head, key).0))
}

/// The place of `class` and its like where the head is that of a type with a body, not of a function.
fn type_key(head: &[Token<'_>]) -> Option<usize> {
    let key = head.iter().position(|token| token.is_any_word(TYPE_KEYS))?;
    let before_bases =
        head.iter().position(|token| matches!(token.kind, TokenKind::Colon)).unwrap_or(head.len());
    let takes_arguments =
        |token: &Token<'_>| matches!(token.kind, TokenKind::Word(_, Role::Macro | Role::Qualifier));
    let is_function = head[..before_bases]
        .windows(2)
        .any(|pair| matches!(pair[1].kind, TokenKind::Group) && !takes_arguments(&pair[0]));
    (!is_function).then_some(key)
}

/// The name of a type, empty where it has none, and the end of the words that may hold it.
fn type_name<'a>(head: &[Token<'a>], key: usize) -> (&'a [u8], usize) {
    let mut words = key + 1..head.len();
    if head.get(words.start).is_some_and(|token| token.is_word(b"class") || token.is_word(b"struct")) {
        words.start += 1;
    }
    let is_other = |token: &Token<'_>| {
        matches!(token.kind, TokenKind::Colon | TokenKind::Angles | TokenKind::Sign(b':' | b'*' | b'&'))
            || token.is_word(b"final")
    };
    let end = head[words.clone()].iter().position(is_other).map_or(head.len(), |at| words.start + at);
    let words = &head[words.start..end];
    let is_called = |at: usize| matches!(words.get(at + 1), Some(Token { kind: TokenKind::Group, .. }));
    let last = |role: Role| {
        (0..words.len()).rev().find_map(|at| match words[at].kind {
            TokenKind::Word(word, own) if own == role && !(role == Role::Macro && is_called(at)) => {
                Some(word)
            }
            _ => None,
        })
    };
    // What has arguments is no name.
    (last(Role::Plain).or_else(|| last(Role::Macro)).unwrap_or_default(), end)
}

/// Adds the macros of a declaration, or of its head, that ends so.
pub(super) fn macros(
    text: &[u8],
    head: &[Token<'_>],
    end: End,
    place: Place<'_>,
    blanks: &mut Vec<Range<usize>>,
) {
    let statements = declarators::statements(head);
    blanks.extend(head[..statements].iter().map(|token| token.range.clone()));
    let head = &head[statements..];
    if !head.iter().any(Token::is_macro) {
        return declarators::prefixes(head, blanks);
    }
    let leading = leading(head);
    if leading == head.len() {
        // Nothing but macros: members of a class, or statements of a file.
        let is_called = head.last().is_some_and(|token| matches!(token.kind, TokenKind::Group));
        let is_type = |word: &[u8]| is_built_in(word) || word == b"const";
        let is_odd = |token: &Token<'_>| {
            matches!(token.kind, TokenKind::Group)
                && parameters::are_no_arguments(token.inside(text), is_type)
        };
        let is_taken = match place {
            Place::Type(_) => is_called || end.by == b'}',
            Place::Namespace => end.by == b'}' || end.by == b';' && head.iter().any(is_odd),
        };
        if is_taken {
            // Without the lines of the preprocessor between them.
            blanks.extend(head.iter().map(|token| token.range.clone()));
            if end.by == b';' {
                // A semicolon by itself is no member in C.
                blanks.push(end.at..end.at + 1);
            }
        }
        return;
    }
    let own = if head[leading].is_any_word(STARTERS) {
        blanks.extend(head[..leading].iter().map(|token| token.range.clone()));
        &head[leading..]
    } else {
        head
    };
    if own[0].is_word(b"namespace") {
        (2..own.len()).filter(|at| own[*at].is_macro()).for_each(|at| remove(own, at, blanks));
        return;
    }
    if let Some(key) = type_key(own)
        && (end.by == b'{' || end.by == b';' && is_forward(own, key))
    {
        return of_type(own, key, blanks);
    }
    declarators::macros(text, own, end, place, blanks);
}

/// `class API Name;`, not a variable of a type that is written with its key.
fn is_forward(head: &[Token<'_>], key: usize) -> bool {
    let is_named = |word: &[u8]| head[key].is_word(b"class") || word[0].is_ascii_uppercase();
    let words = &head[key + 1..];
    words.len() > 1
        && words[0].is_macro()
        && matches!(words.last(), Some(Token { kind: TokenKind::Word(word, role), .. }) if is_named(word) && *role != Role::Macro)
}

fn of_type(head: &[Token<'_>], key: usize, blanks: &mut Vec<Range<usize>>) {
    let (name, end) = type_name(head, key);
    for at in (0..end).filter(|at| head[*at].is_macro() && !head[*at].is_word(name)) {
        remove(head, at, blanks);
    }
}

/// Macros that a head begins with, with what they are called with.
fn leading(head: &[Token<'_>]) -> usize {
    let mut at = 0;
    while at < head.len() && head[at].is_macro() {
        at += 1 + usize::from(matches!(head.get(at + 1), Some(Token { kind: TokenKind::Group, .. })));
    }
    at
}

/// Takes a label of a class that ends at the colon, and what stands before it. With a number behind it a type alone is no label: it
/// is that of a bit field without a name.
pub(super) fn label(
    head: &[Token<'_>],
    colon: usize,
    has_number: bool,
    blanks: &mut Vec<Range<usize>>,
) -> bool {
    let from = leading(head);
    match &head[from..] {
        [access, rest @ ..]
            if access.is_any_word(&[b"public", b"protected", b"private"]) && rest.len() < 2 =>
        {
            blanks.extend(head[..from].iter().chain(rest).map(|token| token.range.clone()));
            return true;
        }
        [only] if only.is_any_word(&[b"signals", b"slots"]) => {}
        [] if from > 0 && !has_number => {}
        _ => return false,
    }
    blanks.extend(head.iter().map(|token| token.range.clone()));
    blanks.push(colon..colon + 1);
    true
}

/// Whether a head is a type and no name.
pub(super) fn is_type_alone(head: &[Token<'_>]) -> bool {
    let mut types = head.iter().filter(|token| !matches!(token.kind, TokenKind::Word(_, Role::Qualifier)));
    let is_built_in = |token: &Token<'_>| token.is_built_in();
    let Some(first) = types.next() else { return false };
    let is_word = matches!(first.kind, TokenKind::Word(..));
    is_word && types.all(|token| is_built_in(first) && is_built_in(token))
}
