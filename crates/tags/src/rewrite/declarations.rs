//! The declarations of C and C++ one by one, and the macros among their parts.
//!
//! Only what stands in a file, a namespace or the body of a type is looked at. A body of a function is passed over, so statements
//! are never touched.

use std::ops::Range;

use super::enumerators;
use super::heads;
use super::lexer::{Lexer, is_of_word};
use super::modules;
use super::parameters;
use super::tokens::{End, Place, Role, Token, TokenKind};
use crate::budget::Budget;

/// Nobody writes a declaration of more parts. Longer ones are left as they are.
const MOST_TOKENS: usize = 400;

/// Angle brackets are not looked at any further for their end.
const LONGEST_ANGLES: usize = 256;

/// The places of macros that are no part of the language.
pub(super) fn macros(text: &[u8], budget: &Budget) -> Vec<Range<usize>> {
    let mut reader = Reader {
        lexer: Lexer::new(text, true, budget),
        budget,
        tokens: Vec::new(),
        blanks: Vec::new(),
        open: Vec::new(),
        exports: Vec::new(),
        is_typed: false,
        is_first: true,
    };
    reader.read();
    reader.blanks
}

struct Reader<'a> {
    lexer: Lexer<'a>,
    budget: &'a Budget,
    /// The declaration that is being read.
    tokens: Vec<Token<'a>>,
    blanks: Vec<Range<usize>>,
    /// What is open: a namespace, or a type by its name.
    open: Vec<Option<&'a [u8]>>,
    /// How deep each `export {` is.
    exports: Vec<usize>,
    /// The body of a type ended just before.
    is_typed: bool,
    /// Nothing was declared before.
    is_first: bool,
}

impl<'a> Reader<'a> {
    fn read(&mut self) {
        loop {
            self.lexer.skip_blank();
            let start = self.lexer.at();
            let Some(byte) = self.lexer.peek() else { break };
            let kind = match byte {
                b'{' => {
                    self.open_brace();
                    continue;
                }
                b'}' => {
                    self.end(b'}');
                    self.is_typed = matches!(self.open.pop(), Some(Some(_)));
                    if self.exports.pop_if(|depth| *depth == self.open.len()).is_some() {
                        self.blanks.push(start..start + 1);
                    }
                    self.lexer.pass(1);
                    continue;
                }
                b';' => {
                    self.end(b';');
                    self.lexer.pass(1);
                    continue;
                }
                b'=' if !self.follows_operator() => {
                    self.end(b'=');
                    while self.skip_part_of_value() {}
                    continue;
                }
                b':' if !self.lexer.rest().starts_with(b"::") => {
                    self.colon();
                    continue;
                }
                b'(' => {
                    let inside = self.lexer.skip_brackets(b'(', b')');
                    self.open_parameters(inside);
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
                byte if is_of_word(byte) => TokenKind::word(self.lexer.word(), self.type_name()),
                byte => {
                    self.lexer.pass(if byte == b':' { 2 } else { 1 });
                    TokenKind::Sign(byte)
                }
            };
            self.push(kind, start..self.lexer.at());
        }
        // What nothing ends is left to the end of the file, as to a brace.
        self.end(b'}');
    }

    fn push(&mut self, kind: TokenKind<'a>, range: Range<usize>) {
        if self.tokens.len() <= MOST_TOKENS {
            self.tokens.push(Token { kind, range });
        }
    }

    /// Whether the declaration is looked at, which is paid for.
    fn is_looked_at(&self) -> bool {
        let count = self.tokens.len();
        count <= MOST_TOKENS && self.budget.step(count).is_continue()
    }

    fn type_name(&self) -> Option<&'a [u8]> {
        self.open.last().copied().flatten()
    }

    fn place(&self) -> Place<'a> {
        self.type_name().map_or(Place::Namespace, Place::Type)
    }

    /// The declaration ends here, or its head does.
    fn end(&mut self, by: u8) {
        let is_exported = self.take_export();
        let is_first = std::mem::take(&mut self.is_first);
        if by == b';' && self.open.is_empty() && modules::is_declaration(&self.tokens, is_exported, is_first)
        {
            let semicolon = self.lexer.at();
            self.blanks.extend(self.tokens.iter().map(|token| token.range.clone()));
            self.blanks.push(semicolon..semicolon + 1);
        } else if self.is_looked_at() {
            let end = End { by, at: self.lexer.at(), is_typed: self.is_typed };
            heads::macros(self.lexer.text, &self.tokens, end, self.place(), &mut self.blanks);
        }
        self.tokens.clear();
        self.is_typed = false;
    }

    /// Takes `export` before a declaration of C++.
    fn take_export(&mut self) -> bool {
        let is_exported = self.tokens.len() > 1 && self.tokens[0].is_word(b"export");
        if is_exported {
            self.blanks.push(self.tokens.remove(0).range);
        }
        is_exported
    }

    /// Takes `export {` and the brace that closes it: what stands between belongs to the file.
    fn open_exports(&mut self) -> bool {
        let [Token { kind: TokenKind::Word(b"export", _), range }] = &*self.tokens else { return false };
        let brace = self.lexer.at();
        self.blanks.extend([range.clone(), brace..brace + 1]);
        self.tokens.clear();
        self.exports.push(self.open.len());
        self.open.push(None);
        self.lexer.pass(1);
        true
    }

    fn open_brace(&mut self) {
        if self.open_exports() {
            return;
        }
        self.take_export();
        let holder = heads::holder(&self.tokens);
        let is_enum = self.tokens.iter().any(|token| token.is_word(b"enum"));
        self.end(b'{');
        match holder {
            Some(name) => {
                self.open.push(name);
                self.lexer.pass(1);
            }
            None => {
                let body = self.lexer.skip_brackets(b'{', b'}');
                if is_enum {
                    enumerators::macros(self.lexer.text, body, self.budget, &mut self.blanks);
                }
            }
        }
    }

    /// Takes the macro, and its parentheses, around parameters that are written for compilers without prototypes:
    /// `int f OF((int a));`. Takes one around a name and its parameters too: `int REDIRECT(f, (int a), g);`.
    fn open_parameters(&mut self, inside: Range<usize>) {
        self.take_convention(&inside);
        parameters::defaults(self.lexer.text, inside.clone(), &mut self.blanks);
        let [.., name, of] = &*self.tokens else { return };
        let TokenKind::Word(word, Role::Macro) = of.kind else { return };
        if let Some((own, parameters)) = named_parameters(self.lexer.text, inside.clone()) {
            let (TokenKind::Word(..) | TokenKind::Sign(b'*' | b'&')) = name.kind else { return };
            self.blanks.extend([
                of.range.start..own.start,
                own.end..parameters.start,
                parameters.end..inside.end + 1,
            ]);
            let kind = TokenKind::Word(&self.lexer.text[own.clone()], Role::Plain);
            self.tokens.pop();
            self.tokens.push(Token { kind, range: own });
            return;
        }
        let says_so = [&b"OF"[..], b"__P", b"_P", b"P_", b"PP"].contains(&word)
            || [&b"PROTO"[..], b"PARAM", b"ARGS"].iter().any(|of| memchr::memmem::find(word, of).is_some());
        let parameters = self.lexer.text[inside.clone()].trim_ascii();
        if name.is_plain() && says_so && parameters.starts_with(b"(") && parameters.ends_with(b")") {
            self.blanks.extend([
                of.range.clone(),
                inside.start - 1..inside.start,
                inside.end..inside.end + 1,
            ]);
            self.tokens.pop();
        }
    }

    /// Takes what says how a function is called from before the star of a pointer to one: `int (API *f)(int);`, and attributes before
    /// its parentheses.
    fn take_convention(&mut self, inside: &Range<usize>) {
        let text = self.lexer.text[inside.clone()].trim_ascii_start();
        let start = inside.end - text.len();
        let word = text.iter().take_while(|byte| is_of_word(**byte)).count();
        if !text[word..].trim_ascii_start().starts_with(b"*")
            || !self.lexer.rest().trim_ascii_start().starts_with(b"(")
        {
            return;
        }
        if self.tokens.len() > 1 && self.tokens.last().is_some_and(Token::is_macro) {
            self.blanks.extend(self.tokens.pop().map(|token| token.range));
        }
        if let [_, .., of, Token { kind: TokenKind::Group, .. }] = &*self.tokens
            && of.is_any_word(&[b"__attribute__", b"__attribute"])
        {
            let taken = self.tokens.len() - 2;
            self.blanks.extend(self.tokens.drain(taken..).map(|token| token.range));
        }
        if word > 0 && !self.tokens.is_empty() {
            self.blanks.push(start..start + word);
        }
    }

    fn follows_operator(&self) -> bool {
        let words =
            self.tokens.iter().rev().take_while(|token| !matches!(token.kind, TokenKind::Group)).take(3);
        words.into_iter().any(|token| token.is_word(b"operator"))
    }

    /// Passes over a part of what follows `=` or gives values to fields, unless it ends here.
    fn skip_part_of_value(&mut self) -> bool {
        match self.lexer.peek() {
            None | Some(b';' | b'}') => return false,
            Some(b'{') => drop(self.lexer.skip_brackets(b'{', b'}')),
            Some(b'(') => drop(self.lexer.skip_brackets(b'(', b')')),
            Some(b'"' | b'\'') => self.lexer.skip_string(),
            Some(b'/' | b'#') => self.lexer.skip_blank_or_one(),
            _ => self.lexer.pass(1),
        }
        true
    }

    /// Takes a label of a class, a bit field without a name, or what constructors begin with, where a colon says so.
    fn colon(&mut self) {
        let colon = self.lexer.at();
        self.lexer.pass(1);
        self.lexer.skip_blank();
        let has_number = self.lexer.peek().is_some_and(|byte| byte.is_ascii_digit());
        if matches!(self.place(), Place::Type(_)) && self.is_looked_at() {
            if heads::label(&self.tokens, colon, has_number, &mut self.blanks) {
                self.tokens.clear();
                return;
            }
            // A macro makes its name: `unsigned PREFIX(name) : 1;`.
            let is_made = has_number && self.ends_in_call();
            if (is_made || heads::is_type_alone(&self.tokens)) && self.is_of_bits(colon) {
                return;
            }
        }
        if matches!(self.tokens.last(), Some(Token { kind: TokenKind::Group, .. })) {
            self.end(b':');
            self.skip_initializers();
            return;
        }
        self.push(TokenKind::Colon, colon..colon + 1);
    }

    /// Whether a macro and its parentheses were read last.
    fn ends_in_call(&self) -> bool {
        matches!(&*self.tokens, [.., of, Token { kind: TokenKind::Group, .. }] if of.is_macro())
    }

    /// Takes `unsigned : 3;`, of which the grammar knows nothing.
    fn is_of_bits(&mut self, colon: usize) -> bool {
        let start = self.lexer.at();
        self.lexer.word();
        let end = self.lexer.at();
        self.lexer.skip_blank();
        if start == end || self.lexer.peek() != Some(b';') {
            self.lexer.go_to(start);
            return false;
        }
        self.blanks.extend(self.tokens.drain(..).map(|token| token.range));
        let semicolon = self.lexer.at();
        self.blanks.extend([colon..colon + 1, start..end, semicolon..semicolon + 1]);
        self.lexer.pass(1);
        true
    }

    /// Passes over what a constructor gives to its fields, and over its body.
    fn skip_initializers(&mut self) {
        loop {
            let is_braced = self.lexer.peek() == Some(b'{');
            if !self.skip_part_of_value() {
                return;
            }
            if is_braced {
                self.lexer.skip_blank();
                if !matches!(self.lexer.peek(), Some(b',' | b'{')) {
                    return;
                }
            }
        }
    }

    /// Passes over type arguments; where they do not end soon, the sign is one by itself.
    fn skip_angles(&mut self) -> bool {
        let may_have =
            |token: &Token<'_>| matches!(token.kind, TokenKind::Word(..)) && !token.is_word(b"operator");
        if !self.tokens.last().is_some_and(may_have) {
            return false;
        }
        let (mut depth, mut parentheses) = (0_usize, 0_usize);
        for (at, byte) in self.lexer.rest().iter().take(LONGEST_ANGLES).enumerate() {
            match byte {
                b'(' => parentheses += 1,
                b')' => parentheses = parentheses.saturating_sub(1),
                b'<' if parentheses == 0 => depth += 1,
                b'>' if parentheses == 0 => depth -= 1,
                b';' | b'{' | b'}' | b'"' => return false,
                _ => {}
            }
            if depth == 0 {
                let start = self.lexer.at() + 1;
                if self.tokens.last().is_some_and(|token| token.is_word(b"template")) {
                    parameters::conditions(self.lexer.text, start..start + at - 1, &mut self.blanks);
                }
                self.lexer.pass(at + 1);
                return true;
            }
        }
        false
    }
}

/// A name and the parentheses behind its comma, where arguments begin so.
fn named_parameters(text: &[u8], arguments: Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let inside = &text[arguments.clone()];
    let at = |rest: &[u8]| arguments.end - rest.len();
    let rest = inside.trim_ascii_start();
    let name = rest.iter().take_while(|byte| is_of_word(**byte)).count();
    let own = at(rest)..at(rest) + name;
    let rest = rest[name..].trim_ascii_start().strip_prefix(b",")?.trim_ascii_start();
    let is_name = text[own.clone()].first().is_some_and(|byte| !byte.is_ascii_digit());
    if !is_name || !rest.starts_with(b"(") {
        return None;
    }
    let mut depth = 0_usize;
    for (length, byte) in rest.iter().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((own, at(rest)..at(rest) + length + 1));
        }
    }
    None
}
