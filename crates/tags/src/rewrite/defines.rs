//! Comments among what a macro stands for: the grammar ends the line there, and what follows is an error.

use std::ops::Range;

use super::lexer::Lexer;
use crate::budget::Budget;

/// The comments that more of the same line follows, and the signs in strings that begin none.
pub(super) fn comments(source: &[u8], budget: &Budget) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut read = 0;
    for at in memchr::memmem::find_iter(source, b"define") {
        if at < read || !is_directive(&source[..at]) {
            continue;
        }
        let mut lexer = Lexer::new(source, true, budget);
        lexer.go_to(at);
        comments_of(&mut lexer, &mut found);
        read = lexer.at();
        if budget.read(read - at).is_break() {
            break;
        }
    }
    found
}

fn is_directive(before: &[u8]) -> bool {
    const LONGEST: usize = 40;
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let blanks = |text: &[u8]| text.iter().rev().take(LONGEST).take_while(|byte| is_blank(byte)).count();
    let before = &before[..before.len() - blanks(before)];
    let Some(before) = before.strip_suffix(b"#") else { return false };
    matches!(before[..before.len() - blanks(before)].last(), None | Some(b'\n'))
}

fn comments_of(lexer: &mut Lexer<'_>, found: &mut Vec<Range<usize>>) {
    // Those of which it is not known yet whether more follows.
    let mut ahead: Vec<Range<usize>> = Vec::new();
    while let Some(byte) = lexer.peek() {
        let start = lexer.at();
        match byte {
            b'\n' => return,
            b'\\' => {
                lexer.pass(1);
                lexer.pass(usize::from(lexer.peek() == Some(b'\r')));
                lexer.pass(1);
            }
            b'"' | b'\'' => {
                lexer.skip_string();
                let string = &lexer.text[start..lexer.at()];
                let signs = memchr::memmem::find_iter(string, b"/*");
                found.extend(signs.map(|at| start + at..start + at + 1));
                found.append(&mut ahead);
                // It has no end in its line.
                if string.ends_with(b"\n") {
                    return;
                }
            }
            b'/' if lexer.rest().starts_with(b"//") => return,
            b'/' if lexer.skip_comment() => {
                // One that goes on in the next line ends the directive, to the grammar too.
                if memchr::memchr(b'\n', &lexer.text[start..lexer.at()]).is_some() {
                    return;
                }
                ahead.push(start..lexer.at());
            }
            byte => {
                lexer.pass(1);
                if !byte.is_ascii_whitespace() {
                    found.append(&mut ahead);
                }
            }
        }
    }
}
