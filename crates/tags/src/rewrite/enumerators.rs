//! Macros behind the names of an enumeration of C or C++: `Red DEPRECATED, Green UMETA(Name = "x") = 2`.

use std::ops::Range;

use super::lexer::Lexer;
use super::tokens::{Role, TokenKind};
use crate::budget::Budget;

/// Adds the macros between a name and what ends it. What a name is called with, `ENTRY(a)`, makes it a macro itself: it stays.
pub(super) fn macros(text: &[u8], body: Range<usize>, budget: &Budget, blanks: &mut Vec<Range<usize>>) {
    if budget.read(body.len()).is_break() {
        return;
    }
    let mut lexer = Lexer::new(&text[..body.end], true, budget);
    lexer.pass(body.start);
    // Whether a name was read, and whether what has parentheses next is a macro that follows it.
    let (mut named, mut called) = (false, false);
    loop {
        lexer.skip_blank();
        let start = lexer.at();
        let Some(byte) = lexer.peek() else { return };
        let was_called = std::mem::take(&mut called);
        match byte {
            b',' => {
                named = false;
                lexer.pass(1);
            }
            // The value ends with the next comma that is not in brackets.
            b'=' => loop {
                match lexer.peek() {
                    None | Some(b',') => break,
                    Some(b'(') => drop(lexer.skip_brackets(b'(', b')')),
                    Some(b'"' | b'\'') => lexer.skip_string(),
                    _ => lexer.skip_blank_or_one(),
                }
            },
            b'(' => {
                lexer.skip_brackets(b'(', b')');
                if was_called {
                    blanks.push(start..lexer.at());
                }
            }
            b'[' => drop(lexer.skip_brackets(b'[', b']')),
            b'"' | b'\'' => lexer.skip_string(),
            _ => {
                let word = lexer.word();
                if word.is_empty() {
                    lexer.pass(1);
                } else if !named {
                    named = true;
                } else if matches!(TokenKind::word(word, None), TokenKind::Word(_, Role::Macro)) {
                    blanks.push(start..lexer.at());
                    called = true;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_stay() {
        for (body, expected) in [
            ("A UMETA(Name=\"1\"), B DEPRECATED, C", "A                , B           , C"),
            ("A = F(1, 2) | G, B XX, C = 1 XX", "A = F(1, 2) | G, B   , C = 1 XX"),
            (
                "F(a) F(b) A, // XX\n#define Y Z\nB [[a]] XX(',')",
                "F(a) F(b) A, // XX\n#define Y Z\nB [[a]]        ",
            ),
            ("A XX(", "A    "),
            ("", ""),
        ] {
            let budget = Budget::new(&crate::ExtractOptions::default(), body.len());
            let mut blanks = Vec::new();
            macros(body.as_bytes(), 0..body.len(), &budget, &mut blanks);
            let text = super::super::blanked(body.as_bytes().into(), &blanks, &budget);
            assert_eq!(String::from_utf8_lossy(&text), expected, "{body}");
        }
    }
}
