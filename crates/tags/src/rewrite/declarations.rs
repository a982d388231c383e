//! The declarations of C and C++ one by one, and the macros among their parts.
//!
//! Only what stands in a file, a namespace or the body of a type is looked at. A body of a function is passed over, so statements
//! are never touched.

use std::ops::Range;

use super::heads::{self, End, Place, Token, TokenKind};
use super::lexer::{Lexer, is_of_word};

/// Nobody writes a declaration of more parts. Longer ones are left as they are.
const MOST_TOKENS: usize = 400;

/// Angle brackets are not looked at any further for their end.
const LONGEST_ANGLES: usize = 256;

/// The places of macros that are no part of the language.
pub(super) fn macros(text: &[u8]) -> Vec<Range<usize>> {
    let lexer = Lexer { text, at: 0, preprocessed: true };
    let mut reader =
        Reader { lexer, tokens: Vec::new(), blanks: Vec::new(), open: Vec::new(), is_typed: false };
    reader.read();
    reader.blanks
}

struct Reader<'a> {
    lexer: Lexer<'a>,
    /// The declaration that is being read.
    tokens: Vec<Token<'a>>,
    blanks: Vec<Range<usize>>,
    /// What is open: a namespace, or a type by its name.
    open: Vec<Option<&'a [u8]>>,
    /// The body of a type ended just before.
    is_typed: bool,
}

impl<'a> Reader<'a> {
    fn read(&mut self) {
        loop {
            self.lexer.skip_blank();
            let start = self.lexer.at;
            let Some(byte) = self.lexer.peek() else { break };
            let kind = match byte {
                b'{' => {
                    self.open_brace();
                    continue;
                }
                b'}' => {
                    self.end(b'}');
                    self.is_typed = matches!(self.open.pop(), Some(Some(_)));
                    self.lexer.at += 1;
                    continue;
                }
                b';' => {
                    self.end(b';');
                    self.lexer.at += 1;
                    continue;
                }
                b'=' if !self.follows_operator() => {
                    self.end(b'=');
                    self.skip_value();
                    continue;
                }
                b':' => {
                    self.colon();
                    continue;
                }
                b'(' => {
                    self.lexer.skip_brackets(b'(', b')');
                    TokenKind::Group
                }
                b'[' => {
                    self.lexer.skip_brackets(b'[', b']');
                    TokenKind::Sign(b'[')
                }
                b'<' if self.skip_angles() => TokenKind::Angles,
                b'"' | b'\'' => {
                    self.lexer.skip_string();
                    TokenKind::Sign(b'"')
                }
                byte if is_of_word(byte) => TokenKind::Word(self.lexer.word()),
                byte => {
                    self.lexer.at += 1;
                    TokenKind::Sign(byte)
                }
            };
            if self.tokens.len() <= MOST_TOKENS {
                self.tokens.push(Token { kind, range: start..self.lexer.at });
            }
        }
    }

    fn place(&self) -> Place<'a> {
        match self.open.last() {
            Some(Some(name)) => Place::Type(name),
            _ => Place::Namespace,
        }
    }

    /// The declaration ends here, or its head does.
    fn end(&mut self, by: u8) {
        if self.tokens.len() <= MOST_TOKENS {
            let end = End { by, at: self.lexer.at, is_typed: self.is_typed };
            heads::macros(&self.tokens, end, self.place(), &mut self.blanks);
        }
        self.tokens.clear();
        self.is_typed = false;
    }

    fn open_brace(&mut self) {
        let holder = heads::holder(&self.tokens);
        self.end(b'{');
        match holder {
            Some(name) => {
                self.open.push(name);
                self.lexer.at += 1;
            }
            None => self.lexer.skip_brackets(b'{', b'}'),
        }
    }

    fn follows_operator(&self) -> bool {
        let words =
            self.tokens.iter().rev().take_while(|token| !matches!(token.kind, TokenKind::Group)).take(3);
        words.into_iter().any(|token| token.is_word(b"operator"))
    }

    /// Passes over what follows `=`, as far as the semicolon.
    fn skip_value(&mut self) {
        while let Some(byte) = self.lexer.peek() {
            match byte {
                b'{' => self.lexer.skip_brackets(b'{', b'}'),
                b'(' => self.lexer.skip_brackets(b'(', b')'),
                b'"' | b'\'' => self.lexer.skip_string(),
                b';' | b'}' => return,
                b'/' | b'#' => {
                    let before = self.lexer.at;
                    self.lexer.skip_blank();
                    self.lexer.at += usize::from(self.lexer.at == before);
                }
                _ => self.lexer.at += 1,
            }
        }
    }

    /// Takes a label of a class, or what constructors begin with, where a colon says so.
    fn colon(&mut self) {
        if self.lexer.rest().starts_with(b"::") {
            let start = self.lexer.at;
            self.lexer.at += 2;
            self.tokens.push(Token { kind: TokenKind::Sign(b':'), range: start..self.lexer.at });
            return;
        }
        if let Place::Type(_) = self.place()
            && heads::label(&self.tokens, self.lexer.at, &mut self.blanks)
        {
            self.tokens.clear();
            self.lexer.at += 1;
            return;
        }
        if matches!(self.tokens.last(), Some(Token { kind: TokenKind::Group, .. })) {
            self.end(b':');
            self.skip_initializers();
            return;
        }
        self.lexer.at += 1;
        self.tokens.push(Token { kind: TokenKind::Colon, range: self.lexer.at - 1..self.lexer.at });
    }

    /// Passes over what a constructor gives to its fields, and over its body.
    fn skip_initializers(&mut self) {
        while let Some(byte) = self.lexer.peek() {
            match byte {
                b'{' => {
                    self.lexer.skip_brackets(b'{', b'}');
                    self.lexer.skip_blank();
                    if !matches!(self.lexer.peek(), Some(b',' | b'{')) {
                        return;
                    }
                }
                b'(' => self.lexer.skip_brackets(b'(', b')'),
                b';' | b'}' => return,
                b'/' | b'#' => {
                    let before = self.lexer.at;
                    self.lexer.skip_blank();
                    self.lexer.at += usize::from(self.lexer.at == before);
                }
                _ => self.lexer.at += 1,
            }
        }
    }

    /// Passes over type arguments; where they do not end soon, the sign is one by itself.
    fn skip_angles(&mut self) -> bool {
        if !matches!(self.tokens.last(), Some(Token { kind: TokenKind::Word(word), .. }) if *word != b"operator")
        {
            return false;
        }
        let mut depth = 0_usize;
        for (at, byte) in self.lexer.rest().iter().take(LONGEST_ANGLES).enumerate() {
            match byte {
                b'<' => depth += 1,
                b'>' => depth -= 1,
                b';' | b'{' | b'}' | b'"' => return false,
                _ => {}
            }
            if depth == 0 {
                self.lexer.at += at + 1;
                return true;
            }
        }
        false
    }
}
