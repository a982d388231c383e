//! The declarations that make modules of C++ 20: `module;`, `export module a.b;`, `import std;`, `module : private;`.

use super::tokens::{Token, TokenKind};

/// Whether a declaration of a file that a semicolon ends is one of them. A type of C may be called `module`: such a word makes a
/// module where it stands alone, is exported or begins the file.
pub(super) fn is_declaration(tokens: &[Token<'_>], is_exported: bool, is_first: bool) -> bool {
    let [first, name @ ..] = tokens else { return false };
    let is_of_name = |token: &Token<'_>| match token.kind {
        TokenKind::Word(..) | TokenKind::Colon | TokenKind::Angles => true,
        TokenKind::Sign(sign) => matches!(sign, b'.' | b'"'),
        TokenKind::Group => false,
    };
    if !name.iter().all(is_of_name) {
        return false;
    }
    let is_part = matches!(name.first(), Some(Token { kind: TokenKind::Colon, .. }));
    match first.kind {
        TokenKind::Word(b"module", _) => name.is_empty() || is_part || is_exported || is_first,
        TokenKind::Word(b"import", _) => !name.is_empty(),
        _ => false,
    }
}
