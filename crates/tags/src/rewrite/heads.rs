//! Which words of a declaration of C or C++ can only be macros.
//!
//! A macro is told by its name, `LIKE_THIS` or `__like_this`. So are types (`FILE`, `__u32`) and functions, so a declaration keeps
//! what it has no other type or name for.

use std::ops::Range;

use super::tokens::{Role, Token, TokenKind};

/// What ends a declaration, or its head.
#[derive(Clone, Copy)]
pub(super) struct End {
    pub(super) by: u8,
    pub(super) at: usize,
    /// It goes on behind the body of a type: what stands there has a type.
    pub(super) is_typed: bool,
}

/// Where a declaration stands.
#[derive(Clone, Copy)]
pub(super) enum Place<'a> {
    Namespace,
    /// In the type of this name.
    Type(&'a [u8]),
}

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

const TYPE_KEYS: &[&[u8]] = &[b"class", b"struct", b"union", b"enum"];

/// Types of several words.
const BUILT_IN: &[&[u8]] = &[b"unsigned", b"signed", b"long", b"short", b"int", b"char", b"double", b"float"];

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
pub(super) fn macros(head: &[Token<'_>], end: End, place: Place<'_>, blanks: &mut Vec<Range<usize>>) {
    if !head.iter().any(Token::is_macro) {
        return;
    }
    let leading = leading(head);
    if leading == head.len() {
        // Nothing but macros: members of a class, or statements of a file.
        let is_called = head.last().is_some_and(|token| matches!(token.kind, TokenKind::Group));
        if matches!(place, Place::Type(_)) && (is_called || end.by == b'}') {
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
    of_declarator(own, end.is_typed, place, blanks);
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

/// A macro and what it is called with.
fn remove(head: &[Token<'_>], at: usize, blanks: &mut Vec<Range<usize>>) {
    blanks.push(head[at].range.clone());
    if let Some(Token { kind: TokenKind::Group, range }) = head.get(at + 1) {
        blanks.push(range.clone());
    }
}

/// A function, or variables.
fn of_declarator(head: &[Token<'_>], is_typed: bool, place: Place<'_>, blanks: &mut Vec<Range<usize>>) {
    let is_called = |at: usize| matches!(head.get(at + 1), Some(Token { kind: TokenKind::Group, .. }));
    let is_joined = |at: usize| {
        let is_colons = |token: &Token<'_>| matches!(token.kind, TokenKind::Sign(b':'));
        head.get(at + 1).is_some_and(is_colons) || at > 0 && is_colons(&head[at - 1])
    };
    let operator = head.iter().position(|token| token.is_word(b"operator"));
    let called = || (0..head.len()).find(|at| head[*at].is_plain() && is_called(*at));
    let (name, is_function) = match operator.or_else(called) {
        Some(name) => (name, true),
        None => match (variable(head), shouted(head)) {
            (Some(name), Some(call)) if name < call => (name, false),
            (_, Some(call)) => (call, true),
            (Some(name), None) => (name, false),
            (None, None) => return,
        },
    };
    let removable: Vec<usize> =
        (0..name).filter(|at| head[*at].is_macro() && !is_joined(*at) && !has_key(head, *at)).collect();
    let is_conversion =
        operator == Some(name) && matches!(head.get(name + 1), Some(Token { kind: TokenKind::Word(..), .. }));
    let is_constructor = is_function
        && (is_conversion
            || name > 0 && matches!(head[name - 1].kind, TokenKind::Sign(b'~'))
            || matches!(place, Place::Type(own) if head[name].is_word(own)));
    let has_type = is_typed || is_constructor || (0..name).any(|at| head[at].is_plain() || has_key(head, at));
    let kept = if has_type { removable.len() } else { removable.len().saturating_sub(1) };
    removable[..kept].iter().for_each(|at| remove(head, *at, blanks));
    trailing(head, if is_function { name + 2 } else { name + 1 }, blanks);
}

/// Whether it is the name of a type that is written with its key.
fn has_key(head: &[Token<'_>], at: usize) -> bool {
    at > 0 && head[at - 1].is_any_word(TYPE_KEYS)
}

/// The name of a function that is written as a macro is: a type stands before it, which may be written so too.
fn shouted(head: &[Token<'_>]) -> Option<usize> {
    let is_group = |at: usize| matches!(head.get(at), Some(Token { kind: TokenKind::Group, .. }));
    let is_type = |at: &usize| head[*at].is_macro() && !is_group(*at + 1);
    let plain = head.iter().position(Token::is_plain);
    let from = plain.or_else(|| (0..head.len()).find(is_type))? + 1;
    (from..head.len()).find(|at| head[*at].is_macro() && is_group(*at + 1) && !is_group(*at - 1))
}

/// The name of a variable or a field: the last word, or the one before macros where there is a type too.
fn variable(head: &[Token<'_>]) -> Option<usize> {
    let end =
        head.iter().position(|token| matches!(token.kind, TokenKind::Colon | TokenKind::Sign(b'[' | b',')));
    let words = &head[..end.unwrap_or(head.len())];
    let last = words.iter().rposition(|token| token.is_plain() || token.is_macro())?;
    let plain = words.iter().rposition(Token::is_plain)?;
    let is_joined = plain > 0 && matches!(head[plain - 1].kind, TokenKind::Sign(b':'));
    let is_typed = !is_joined
        && !head[plain].is_any_word(BUILT_IN)
        && !has_key(head, plain)
        && !matches!(head.get(plain + 1), Some(Token { kind: TokenKind::Sign(_) | TokenKind::Angles, .. }) if plain < last);
    Some(if is_typed && head[..plain].iter().any(Token::is_plain) { plain } else { last })
}

/// Macros behind a name and its parameters. Parameters of the old way follow there too, and nothing is taken then.
fn trailing(head: &[Token<'_>], from: usize, blanks: &mut Vec<Range<usize>>) {
    let before = blanks.len();
    for at in from..head.len() {
        match head[at].kind {
            TokenKind::Word(_, Role::Macro) => remove(head, at, blanks),
            TokenKind::Word(word, Role::Plain) if word != b"try" => {
                blanks.truncate(before);
                return;
            }
            TokenKind::Sign(b',' | b'-') | TokenKind::Colon => return,
            _ => {}
        }
    }
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
    let is_built_in = |token: &Token<'_>| token.is_any_word(BUILT_IN);
    let Some(first) = types.next() else { return false };
    let is_word = matches!(first.kind, TokenKind::Word(..));
    is_word && types.all(|token| is_built_in(first) && is_built_in(token))
}
