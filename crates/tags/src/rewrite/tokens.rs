//! The parts of a declaration of C or C++, and what a word among them can be.

use std::ops::Range;

pub(super) struct Token<'a> {
    pub(super) kind: TokenKind<'a>,
    pub(super) range: Range<usize>,
}

#[derive(Clone, Copy)]
pub(super) enum TokenKind<'a> {
    Word(&'a [u8], Role),
    /// Parentheses and what they hold.
    Group,
    Angles,
    Colon,
    /// `::` is a `:`, and brackets are a `[`.
    Sign(u8),
}

/// What a word says, told by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It may be a macro: it is written `LIKE_THIS` or `__like_this`.
    Macro,
    /// It says nothing of the type.
    Qualifier,
    /// It is a type of the language's own, or a part of one, and never a name.
    BuiltIn,
    Plain,
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

/// A macro and what it is called with.
pub(super) fn remove(head: &[Token<'_>], at: usize, blanks: &mut Vec<Range<usize>>) {
    blanks.push(head[at].range.clone());
    if let Some(Token { kind: TokenKind::Group, range }) = head.get(at + 1) {
        blanks.push(range.clone());
    }
}

impl<'a> TokenKind<'a> {
    /// A word, in the body of the type `of` if there is one: its name is that of its constructors, however it is written.
    pub(super) fn word(word: &'a [u8], of: Option<&[u8]>) -> Self {
        let role = if is_qualifier(word) {
            Role::Qualifier
        } else if is_built_in(word) {
            Role::BuiltIn
        } else if is_macro(word) && of != Some(word) {
            Role::Macro
        } else {
            Role::Plain
        };
        Self::Word(word, role)
    }
}

impl Token<'_> {
    /// What stands in the parentheses that it is; none where they are not closed.
    pub(super) fn inside<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        text.get(self.range.start + 1..self.range.end - 1).unwrap_or_default()
    }

    pub(super) fn is_word(&self, word: &[u8]) -> bool {
        matches!(self.kind, TokenKind::Word(own, _) if own == word)
    }

    pub(super) fn is_any_word(&self, words: &[&[u8]]) -> bool {
        matches!(self.kind, TokenKind::Word(own, _) if words.contains(&own))
    }

    pub(super) fn is_macro(&self) -> bool {
        matches!(self.kind, TokenKind::Word(_, Role::Macro))
    }

    /// Whether it can be a type or a name, and no macro.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.kind, TokenKind::Word(_, Role::Plain | Role::BuiltIn))
    }

    pub(super) fn is_built_in(&self) -> bool {
        matches!(self.kind, TokenKind::Word(_, Role::BuiltIn))
    }
}

/// What the name of a type may stand behind.
pub(super) const TYPE_KEYS: &[&[u8]] = &[b"class", b"struct", b"union", b"enum"];

const BUILT_IN: &[&[u8]] = &[
    b"_Bool",
    b"auto",
    b"bool",
    b"char",
    b"double",
    b"float",
    b"int",
    b"long",
    b"short",
    b"signed",
    b"unsigned",
    b"void",
    b"wchar_t",
];

/// Words that say nothing of the type; some take arguments.
const QUALIFIERS: &[&[u8]] = &[
    b"_Alignas",
    b"_Noreturn",
    b"_Thread_local",
    b"__asm",
    b"__asm__",
    b"__attribute",
    b"__attribute__",
    b"__const",
    b"__declspec",
    b"__extension__",
    b"__inline",
    b"__inline__",
    b"__restrict",
    b"__restrict__",
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

/// The lengths of the words that begin with a byte, as bits: nearly all other words are told by them.
const fn lengths(words: &[&[u8]]) -> [u32; 256] {
    let mut lengths = [0; 256];
    let mut at = 0;
    while at < words.len() {
        lengths[words[at][0] as usize] |= 1 << words[at].len();
        at += 1;
    }
    lengths
}

fn is_one_of(words: &[&[u8]], lengths: &[u32; 256], word: &[u8]) -> bool {
    word.len() < 32
        && word.first().is_some_and(|first| lengths[usize::from(*first)] >> word.len() & 1 == 1)
        && words.contains(&word)
}

fn is_qualifier(word: &[u8]) -> bool {
    const LENGTHS: [u32; 256] = lengths(QUALIFIERS);
    is_one_of(QUALIFIERS, &LENGTHS, word)
}

pub(super) fn is_built_in(word: &[u8]) -> bool {
    const LENGTHS: [u32; 256] = lengths(BUILT_IN);
    is_one_of(BUILT_IN, &LENGTHS, word)
}

fn is_macro(word: &[u8]) -> bool {
    word.len() > 1 && !word[0].is_ascii_digit() && (is_shouted(word) || word.starts_with(b"__"))
}

/// Whether a word is written `LIKE_THIS`.
pub(super) fn is_shouted(word: &[u8]) -> bool {
    let is_capital = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    word.len() > 1 && word.iter().all(is_capital) && word.iter().any(u8::is_ascii_uppercase)
}
