//! What stands among the names of an enumeration of C or C++: macros, `Red DEPRECATED, Green UMETA(Name = "x") = 2`, and lines of the
//! preprocessor that are no conditions, `#define Red Red`.

use std::ops::Range;

use super::branches::directive;
use super::lexer::Lexer;
use super::tokens::{Role, TokenKind};
use crate::budget::Budget;

/// Adds the macros between a name and what ends it, and the lines. What a name is called with, `ENTRY(a)`, makes it a macro itself: it stays.
pub(super) fn macros(text: &[u8], body: Range<usize>, budget: &Budget, blanks: &mut Vec<Range<usize>>) {
    if budget.read(body.len()).is_break() {
        return;
    }
    let mut lexer = Lexer::new(&text[..body.end], false, budget);
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
                    Some(b'#') => take_line(&mut lexer, blanks),
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
            b'#' => take_line(&mut lexer, blanks),
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

/// Passes over a line of the preprocessor; the grammar knows conditions there alone.
fn take_line(lexer: &mut Lexer<'_>, blanks: &mut Vec<Range<usize>>) {
    let start = lexer.at();
    lexer.skip_directive();
    let line = start..lexer.at();
    let name = directive(&lexer.text[line.clone()]);
    if !name.starts_with(b"if") && !name.starts_with(b"el") && name != b"endif" {
        blanks.push(line);
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
                "F(a) F(b) A, // XX\n           \nB [[a]]        ",
            ),
            (
                "A,\n# define A A\\\n x\n#ifdef B\nB = 1\n#undef C\n#endif\n,",
                "A,\n             \n  \n#ifdef B\nB = 1\n        \n#endif\n,",
            ),
            ("A =\n#if B\nVALUE,\n#else\nOTHER,\n#endif\nC", "A =\n#if B\nVALUE,\n#else\nOTHER,\n#endif\nC"),
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
