//! Which words of a declaration of C or C++ can only be macros.
//!
//! A macro is told by its name, `LIKE_THIS` or `__like_this`. So are types (`FILE`, `__u32`) and functions, so a declaration keeps
//! what it has no other type or name for.

use std::ops::Range;

#[derive(Clone)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind<'a>,
    pub(super) range: Range<usize>,
}

#[derive(Clone, Copy)]
pub(super) enum TokenKind<'a> {
    Word(&'a [u8]),
    /// Parentheses and what they hold.
    Group,
    Angles,
    Colon,
    /// `::` is a `:`, and brackets are a `[`.
    Sign(u8),
}

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

impl Token<'_> {
    pub(super) fn is_word(&self, word: &[u8]) -> bool {
        matches!(self.kind, TokenKind::Word(own) if own == word)
    }

    fn is_macro(&self) -> bool {
        matches!(self.kind, TokenKind::Word(word) if is_macro(word))
    }
}

/// Words that say nothing of the type; some take arguments.
const QUALIFIERS: &[&[u8]] = &[
    b"_Alignas",
    b"_Noreturn",
    b"_Thread_local",
    b"__asm",
    b"__asm__",
    b"__attribute",
    b"__attribute__",
    b"__cdecl",
    b"__const",
    b"__declspec",
    b"__extension__",
    b"__inline",
    b"__inline__",
    b"__restrict",
    b"__restrict__",
    b"__stdcall",
    b"__thread",
    b"__volatile__",
    b"alignas",
    b"asm",
    b"const",
    b"consteval",
    b"constexpr",
    b"constinit",
    b"explicit",
    b"extern",
    b"final",
    b"friend",
    b"inline",
    b"mutable",
    b"noexcept",
    b"override",
    b"register",
    b"requires",
    b"restrict",
    b"static",
    b"template",
    b"thread_local",
    b"throw",
    b"typedef",
    b"typename",
    b"virtual",
    b"volatile",
];

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

fn is_macro(word: &[u8]) -> bool {
    let is_shouted = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    word.len() > 1
        && !word[0].is_ascii_digit()
        && (word.iter().all(is_shouted) && word.iter().any(u8::is_ascii_uppercase) || word.starts_with(b"__"))
        && !QUALIFIERS.contains(&word)
}

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
    (!head[key].is_word(b"enum")).then(|| Some(type_name(head, key).map_or(&b""[..], |(name, _)| name)))
}

/// The place of `class` and its like where the head is that of a type with a body, not of a function.
fn type_key(head: &[Token<'_>]) -> Option<usize> {
    let is_key = |token: &Token<'_>| TYPE_KEYS.iter().any(|key| token.is_word(key));
    let key = head.iter().position(is_key)?;
    let before_bases =
        head.iter().position(|token| matches!(token.kind, TokenKind::Colon)).unwrap_or(head.len());
    let is_function = head[..before_bases].windows(2).any(|pair| {
        matches!(pair[1].kind, TokenKind::Group)
            && !pair[0].is_macro()
            && !matches!(pair[0].kind, TokenKind::Word(word) if QUALIFIERS.contains(&word))
    });
    (!is_function).then_some(key)
}

/// The name of a type, and the end of the words that may hold it.
fn type_name<'a>(head: &[Token<'a>], key: usize) -> Option<(&'a [u8], usize)> {
    let mut words = key + 1..head.len();
    if head.get(words.start).is_some_and(|token| token.is_word(b"class") || token.is_word(b"struct")) {
        words.start += 1;
    }
    let is_other = |token: &Token<'_>| {
        matches!(token.kind, TokenKind::Colon | TokenKind::Angles | TokenKind::Sign(b':' | b'*' | b'&'))
            || token.is_word(b"final")
    };
    let end = head[words.clone()].iter().position(is_other).map_or(head.len(), |at| words.start + at);
    let names = head[words.start..end].iter().filter_map(|token| match token.kind {
        TokenKind::Word(word) if !QUALIFIERS.contains(&word) => Some(word),
        _ => None,
    });
    let name = names.clone().rfind(|word| !is_macro(word)).or_else(|| names.clone().next_back())?;
    Some((name, end))
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
            // A semicolon by itself is no member in C.
            let until = if end.by == b';' { end.at + 1 } else { head[leading - 1].range.end };
            blanks.push(head[0].range.start..until);
        }
        return;
    }
    let begins = |token: &Token<'_>| STARTERS.iter().any(|word| token.is_word(word));
    let own = if begins(&head[leading]) {
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
        && matches!(words.last(), Some(Token { kind: TokenKind::Word(word), .. }) if is_named(word) && !is_macro(word))
}

fn of_type(head: &[Token<'_>], key: usize, blanks: &mut Vec<Range<usize>>) {
    let Some((name, end)) = type_name(head, key) else { return };
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
    let is_plain = |at: usize| match head[at].kind {
        TokenKind::Word(word) => !is_macro(word) && !QUALIFIERS.contains(&word),
        _ => false,
    };
    let is_joined = |at: usize| {
        let is_colons = |token: &Token<'_>| matches!(token.kind, TokenKind::Sign(b':'));
        head.get(at + 1).is_some_and(is_colons) || at > 0 && is_colons(&head[at - 1])
    };
    let has_key = |at: usize| at > 0 && TYPE_KEYS.iter().any(|key| head[at - 1].is_word(key));
    let operator = head.iter().position(|token| token.is_word(b"operator"));
    let called = || (0..head.len()).find(|at| is_plain(*at) && is_called(*at));
    let shouted = || {
        (1..head.len()).find(|at| head[*at].is_macro() && is_called(*at) && has_type(head, *at, &is_plain))
    };
    let variable = || variable(head, &is_plain);
    let (name, is_function) = match operator.or_else(called) {
        Some(name) => (name, true),
        None => match (variable(), shouted()) {
            (Some(name), Some(call)) if name < call => (name, false),
            (_, Some(call)) => (call, true),
            (Some(name), None) => (name, false),
            (None, None) => return,
        },
    };
    let removable: Vec<usize> =
        (0..name).filter(|at| head[*at].is_macro() && !is_joined(*at) && !has_key(*at)).collect();
    let is_conversion =
        operator == Some(name) && matches!(head.get(name + 1), Some(Token { kind: TokenKind::Word(_), .. }));
    let is_constructor = is_function
        && (is_conversion
            || name > 0 && matches!(head[name - 1].kind, TokenKind::Sign(b'~'))
            || matches!((place, head[name].kind), (Place::Type(own), TokenKind::Word(word)) if own == word));
    let has_type = is_typed || is_constructor || (0..name).any(|at| is_plain(at) || has_key(at));
    let kept = if has_type { removable.len() } else { removable.len().saturating_sub(1) };
    removable[..kept].iter().for_each(|at| remove(head, *at, blanks));
    trailing(head, if is_function { name + 2 } else { name + 1 }, blanks);
}

/// Whether a type stands before a name.
fn has_type(head: &[Token<'_>], name: usize, is_plain: &impl Fn(usize) -> bool) -> bool {
    (0..name).any(is_plain) && !matches!(head[name - 1].kind, TokenKind::Group)
}

/// The name of a variable or a field: the last word, or the one before macros where there is a type too.
fn variable(head: &[Token<'_>], is_plain: &impl Fn(usize) -> bool) -> Option<usize> {
    let end =
        head.iter().position(|token| matches!(token.kind, TokenKind::Colon | TokenKind::Sign(b'[' | b',')));
    let words = |at: &usize| matches!(head[*at].kind, TokenKind::Word(word) if !QUALIFIERS.contains(&word));
    let last = (0..end.unwrap_or(head.len())).rfind(words)?;
    let plain = (0..=last).rfind(|at| is_plain(*at))?;
    let TokenKind::Word(word) = head[plain].kind else { return None };
    let is_joined = plain > 0 && matches!(head[plain - 1].kind, TokenKind::Sign(b':'));
    let is_typed = !is_joined
        && !BUILT_IN.contains(&word)
        && !TYPE_KEYS.iter().any(|key| plain > 0 && head[plain - 1].is_word(key))
        && !matches!(head.get(plain + 1), Some(Token { kind: TokenKind::Sign(_) | TokenKind::Angles, .. }) if plain < last);
    Some(if is_typed && (0..plain).any(is_plain) { plain } else { last })
}

/// Macros behind a name and its parameters. Parameters of the old way follow there too, and nothing is taken then.
fn trailing(head: &[Token<'_>], from: usize, blanks: &mut Vec<Range<usize>>) {
    let before = blanks.len();
    for at in from..head.len() {
        match head[at].kind {
            TokenKind::Word(word) if is_macro(word) => remove(head, at, blanks),
            TokenKind::Word(word) if !QUALIFIERS.contains(&word) && word != b"try" => {
                blanks.truncate(before);
                return;
            }
            TokenKind::Sign(b',' | b'-') | TokenKind::Colon => return,
            _ => {}
        }
    }
}

/// Takes a label of a class that ends at the colon, and what stands before it.
pub(super) fn label(head: &[Token<'_>], colon: usize, blanks: &mut Vec<Range<usize>>) -> bool {
    let from = leading(head);
    let is_access =
        |token: &Token<'_>| [&b"public"[..], b"protected", b"private"].iter().any(|word| token.is_word(word));
    match &head[from..] {
        [access, rest @ ..] if is_access(access) && rest.len() < 2 => {
            blanks.extend(head[..from].iter().chain(rest).map(|token| token.range.clone()));
            true
        }
        [only] if only.is_word(b"signals") || only.is_word(b"slots") => {
            blanks.extend(head.iter().map(|token| token.range.clone()));
            blanks.push(colon..colon + 1);
            true
        }
        [] if from > 0 => {
            blanks.extend(head.iter().map(|token| token.range.clone()));
            blanks.push(colon..colon + 1);
            true
        }
        _ => false,
    }
}
