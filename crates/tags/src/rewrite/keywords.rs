//! Words that a grammar stumbles over and that nothing found depends on.

use std::ops::Range;

use super::lexer::{Lexer, is_of_word};
use crate::budget::Budget;

/// Words before `class` and its like, all of which say nothing of what it is.
const MODIFIERS: &[&[u8]] = &[
    b"public",
    b"private",
    b"internal",
    b"protected",
    b"open",
    b"abstract",
    b"sealed",
    b"final",
    b"data",
    b"inner",
    b"value",
    b"expect",
    b"actual",
    b"external",
    b"annotation",
    b"inline",
];

/// What a declaration of Kotlin is made for, `context(Logger, db: Database) fun store()`: to the grammar a call.
pub(super) fn kotlin_contexts(source: &[u8], budget: &Budget) -> Vec<Range<usize>> {
    const DECLARES: &[&[u8]] = &[b"fun", b"val", b"var", b"class", b"interface", b"object"];
    let mut found = Vec::new();
    let mut lexer = Lexer::new(source, false, budget);
    for start in memchr::memmem::find_iter(source, b"context") {
        // What was read is not read again.
        if start < lexer.at() || start > 0 && is_of_word(source[start - 1]) {
            continue;
        }
        lexer.go_to(start + b"context".len());
        lexer.skip_blank();
        if lexer.peek() != Some(b'(') {
            continue;
        }
        lexer.skip_brackets(b'(', b')');
        let end = lexer.at();
        loop {
            lexer.skip_blank();
            // An annotation may stand between.
            if lexer.peek() == Some(b'@') {
                lexer.pass(1);
                lexer.word();
                if lexer.peek() == Some(b'(') {
                    lexer.skip_brackets(b'(', b')');
                }
            } else if !MODIFIERS.contains(&lexer.peek_word()) {
                break;
            } else {
                lexer.word();
            }
        }
        if DECLARES.contains(&lexer.peek_word()) {
            found.push(start..end);
        }
    }
    found
}

/// Modifiers before a type of Kotlin: with neither constructor nor base the grammar reads two of them as a call, and one where
/// another type follows.
pub(super) fn kotlin_modifiers(source: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (start, line) in lines(source) {
        let (mut at, mut modifiers) = (indentation(line), 0);
        let first = at;
        loop {
            let word = word(&line[at..]);
            if !MODIFIERS.contains(&word) {
                let is_bare = || !line[at..].iter().any(|byte| matches!(byte, b'{' | b'(' | b':'));
                let is_type = [&b"class"[..], b"interface", b"object"].contains(&word);
                if is_type && (modifiers > 1 || modifiers == 1 && is_bare()) {
                    found.push(start + first..start + at);
                }
                break;
            }
            modifiers += 1;
            at += word.len();
            at += indentation(&line[at..]);
        }
    }
    found
}

/// The line feeds of Kotlin behind an object that is nothing but a name, where a declaration follows: the grammar takes that for a part
/// of it.
pub(super) fn unended_objects(source: &[u8]) -> Vec<usize> {
    const FOLLOWS: &[&[u8]] =
        &[b"class", b"interface", b"object", b"enum", b"fun", b"val", b"var", b"typealias"];
    let mut found = Vec::new();
    let mut is_bare = false;
    for (start, line) in lines(source) {
        let text = line.trim_ascii();
        let begins = word(text);
        if is_bare && (text.starts_with(b"@") || FOLLOWS.contains(&begins) || MODIFIERS.contains(&begins)) {
            found.push(start - 1);
        }
        let mut words = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        is_bare = words.find(|word| !MODIFIERS.contains(word)) == Some(b"object")
            && words.next().is_some_and(|name| name.iter().all(|byte| is_of_word(*byte)))
            && words.next().is_none();
    }
    found
}

/// The blanks of Kotlin before braces that close a type of one line, `class A { object B { val c = 1 } }`: the grammar wants what such a type
/// holds to be ended.
pub(super) fn unended_members(source: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    for (start, line) in lines(source) {
        let mut words = line.split(|byte| !is_of_word(*byte));
        if !words.any(|word| [&b"class"[..], b"interface", b"object"].contains(&word)) {
            continue;
        }
        let closes = memchr::memchr_iter(b'}', line).filter(|at| *at > 0 && line[at - 1] == b' ');
        for at in closes {
            // After a `;` of its own, and in an empty body, there is nothing to end.
            let before = line[..at].trim_ascii_end().last();
            if before.is_some_and(|byte| !matches!(byte, b'{' | b';' | b',' | b'(')) {
                found.push(start + at - 1);
            }
        }
    }
    found
}

/// `if let a = await b {` of Swift: the brace is read as that of a closure.
pub(super) fn swift_awaits(source: &[u8], budget: &Budget) -> Vec<Range<usize>> {
    const AWAIT: &[u8] = b"= await ";
    let mut found = Vec::new();
    for (start, line) in lines(source) {
        let Some(first) = memchr::memmem::find(line, AWAIT) else { continue };
        let Some(binding) = binding(line, budget) else { continue };
        let from = first.max(binding);
        let awaits = memchr::memmem::find_iter(&line[from..], AWAIT);
        found.extend(awaits.map(|at| start + from + at + 2..start + from + at + 7));
    }
    found
}

/// The end of the first words of a line that bind a name in a condition.
fn binding(line: &[u8], budget: &Budget) -> Option<usize> {
    if budget.read(line.len()).is_break() {
        return None;
    }
    let (mut at, mut is_condition) = (0, false);
    while at < line.len() {
        let word = word(&line[at..]);
        at += word.len().max(1);
        if is_condition && [&b"let"[..], b"var"].contains(&word) {
            return Some(at);
        }
        if !word.is_empty() {
            is_condition = [&b"if"[..], b"guard", b"while"].contains(&word);
        }
    }
    None
}

/// The line feeds before call signatures of TypeScript that follow another without a semicolon.
pub(super) fn unended_signatures(source: &[u8], budget: &Budget) -> Vec<usize> {
    let mut found = Vec::new();
    let mut before: &[u8] = b"";
    for (start, line) in lines(source) {
        let text = line.trim_ascii();
        if matches!(text, [b'<', name, ..] if name.is_ascii_alphabetic()) && ends_signature(before, budget) {
            found.push(start - 1);
        }
        if !text.is_empty() {
            before = text;
        }
    }
    found
}

fn ends_signature(line: &[u8], budget: &Budget) -> bool {
    let ends = |last: &u8| is_of_word(*last) || matches!(last, b'>' | b']' | b')' | b'}');
    budget.read(line.len()).is_continue()
        && line.last().is_some_and(ends)
        && memchr::memmem::find(line, b"): ").is_some()
}

fn lines(source: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut start = 0;
    source.split(|byte| *byte == b'\n').map(move |line| {
        let at = start;
        start += line.len() + 1;
        (at, line)
    })
}

fn indentation(line: &[u8]) -> usize {
    line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

fn word(text: &[u8]) -> &[u8] {
    &text[..text.iter().take_while(|byte| is_of_word(**byte)).count()]
}
