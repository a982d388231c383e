//! The name that a declaration of C or C++ gives to a function or a variable, and the macros around it.

use std::ops::Range;

use super::lexer::is_of_word;
use super::tokens::{End, Place, Role, TYPE_KEYS, Token, TokenKind, is_built_in, remove};

/// Words that are no type, or have one behind them, and are no macros.
const OF_OTHERS: &[&[u8]] = &[b"operator", b"using", b"namespace", b"new", b"delete", b"return", b"concept"];

/// What a declaration may begin with, and what no parameter of the old way does.
const BEGINNINGS: &[&[u8]] = &[b"static", b"extern", b"inline", b"typedef", b"constexpr"];

/// Parameters are told by so many bytes of the first.
const LONGEST_PARAMETER: usize = 256;

/// How many tokens of a head are calls that stand for statements and have no semicolon: `module_init(start) static int next(void)`.
pub(super) fn statements(head: &[Token<'_>]) -> usize {
    let mut at = 0;
    while let [name, Token { kind: TokenKind::Group, .. }, next, ..] = &head[at..]
        && name.is_plain()
        && !name.is_built_in()
    {
        at += 2;
        if next.is_any_word(BEGINNINGS) {
            return at;
        }
    }
    0
}

/// Takes words that stand where only macros can, though they are not written so: `noinline void f(void)` has one type.
pub(super) fn prefixes(head: &[Token<'_>], blanks: &mut Vec<Range<usize>>) {
    if head.len() > 2
        && let Some(name) = called(head).or_else(|| variable(head))
    {
        blanks.extend((0..name).filter(|at| is_prefix(head, *at, name)).map(|at| head[at].range.clone()));
    }
}

/// Whether a word before a name has another type behind it.
fn is_prefix(head: &[Token<'_>], at: usize, name: usize) -> bool {
    let is_after_sign = at > 0 && matches!(head[at - 1].kind, TokenKind::Sign(_));
    let own = &head[at];
    if !own.is_plain()
        || own.is_built_in()
        || own.is_any_word(TYPE_KEYS)
        || own.is_any_word(OF_OTHERS)
        || is_after_sign
        || has_key(head, at)
    {
        return false;
    }
    let is_qualifier = |token: &Token<'_>| matches!(token.kind, TokenKind::Word(_, Role::Qualifier));
    let Some(next) = (at + 1..name).find(|next| !is_qualifier(&head[*next])) else { return false };
    // `size_t Queue::longest` has one type, and so has `T held<T>::value`.
    let is_part = matches!(head[next + 1].kind, TokenKind::Sign(b':') | TokenKind::Angles);
    head[next].is_built_in() || head[next].is_plain() && !is_part && !head[next].is_any_word(OF_OTHERS)
}

/// A function, or variables.
pub(super) fn macros(
    text: &[u8],
    head: &[Token<'_>],
    end: End,
    place: Place<'_>,
    blanks: &mut Vec<Range<usize>>,
) {
    let is_joined = |at: usize| {
        let is_colons = |token: &Token<'_>| matches!(token.kind, TokenKind::Sign(b':'));
        head.get(at + 1).is_some_and(is_colons) || at > 0 && is_colons(&head[at - 1])
    };
    let operator = head.iter().position(|token| token.is_word(b"operator"));
    let (name, is_function) = match operator.or_else(|| called(head)) {
        Some(name) => (name, true),
        None => match (variable(head), shouted(text, head)) {
            (Some(name), Some(call))
                if name < call && !(end.by == b'{' || has_parameters(text, head, call)) =>
            {
                (name, false)
            }
            (_, Some(call)) => (call, true),
            (Some(name), None) => (name, false),
            (None, None) => return,
        },
    };
    let is_prefix: Vec<usize> = (0..name).filter(|at| is_prefix(head, *at, name)).collect();
    blanks.extend(is_prefix.iter().map(|at| head[*at].range.clone()));
    let removable: Vec<usize> =
        (0..name).filter(|at| head[*at].is_macro() && !is_joined(*at) && !has_key(head, *at)).collect();
    let is_conversion =
        operator == Some(name) && matches!(head.get(name + 1), Some(Token { kind: TokenKind::Word(..), .. }));
    let is_constructor = is_function
        && (is_conversion
            || name > 0 && matches!(head[name - 1].kind, TokenKind::Sign(b'~'))
            || matches!(place, Place::Type(own) if head[name].is_word(own)));
    let is_type = |at: usize| head[at].is_plain() && !is_prefix.contains(&at) || has_key(head, at);
    let has_type = end.is_typed || is_constructor || (0..name).any(is_type);
    let kept = if has_type { removable.len() } else { removable.len().saturating_sub(1) };
    removable[..kept].iter().for_each(|at| remove(head, *at, blanks));
    trailing(head, if is_function { name + 2 } else { name + 1 }, blanks);
}

/// Whether it is the name of a type that is written with its key.
fn has_key(head: &[Token<'_>], at: usize) -> bool {
    at > 0 && head[at - 1].is_any_word(TYPE_KEYS)
}

fn is_group(head: &[Token<'_>], at: usize) -> bool {
    matches!(head.get(at), Some(Token { kind: TokenKind::Group, .. }))
}

/// The name of a function that is not written as macros are, or the parentheses that hold a name: those of `int (*f)(int)` follow a
/// type.
fn called(head: &[Token<'_>]) -> Option<usize> {
    let at = (1..head.len()).find(|at| {
        let is_wrapped = is_group(head, at + 1) && !head[at - 1].is_macro();
        is_group(head, *at) && (head[at - 1].is_plain() || is_wrapped)
    })?;
    Some(if is_group(head, at + 1) { at } else { at - 1 })
}

/// The name of a function that is written as a macro is: a type stands before it, which may be written so too.
fn shouted(text: &[u8], head: &[Token<'_>]) -> Option<usize> {
    let is_type = |at: &usize| head[*at].is_macro() && !is_group(head, *at + 1);
    let plain = head.iter().position(Token::is_plain);
    let from = plain.or_else(|| (0..head.len()).find(is_type))? + 1;
    let is_call = |at: &usize| head[*at].is_macro() && is_group(head, *at + 1) && !is_group(head, *at - 1);
    let mut calls = (from..head.len()).filter(is_call);
    let first = calls.next()?;
    let has_parameters = |at: &usize| has_parameters(text, head, *at);
    Some([first].into_iter().chain(calls).find(has_parameters).unwrap_or(first))
}

/// Whether the parentheses behind a name hold parameters, and not arguments: a type and a name, or what can only be a type.
fn has_parameters(text: &[u8], head: &[Token<'_>], name: usize) -> bool {
    let inside = head[name + 1].inside(text);
    let inside = inside[..inside.len().min(LONGEST_PARAMETER)].trim_ascii();
    let first = inside.split(|byte| *byte == b',').next().unwrap_or_default().trim_ascii_end();
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'*' | b'&');
    let length = first.iter().take_while(|byte| is_of_word(**byte)).count();
    let (word, rest) = first.split_at(length);
    if inside.is_empty() || inside.starts_with(b"...") {
        return true;
    }
    let begins = |text: &[u8]| text.first().is_some_and(|byte| is_of_word(*byte) && !byte.is_ascii_digit());
    let blank = rest.iter().take_while(|byte| is_blank(byte)).count();
    let is_type = [&b"const"[..], b"volatile"].contains(&word) || TYPE_KEYS.contains(&word);
    begins(word) && (is_type || is_built_in(word) || blank > 0 && begins(&rest[blank..]))
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
        && !head[plain].is_built_in()
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
            TokenKind::Word(word, Role::Plain | Role::BuiltIn) if word != b"try" => {
                blanks.truncate(before);
                return;
            }
            TokenKind::Sign(b',' | b'-') | TokenKind::Colon => return,
            _ => {}
        }
    }
}
