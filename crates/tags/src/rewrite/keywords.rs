//! Words that a grammar stumbles over and that nothing found depends on.

use std::ops::Range;

use super::lexer::is_of_word;

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
];

/// Two modifiers before a type of Kotlin: with neither constructor nor base the grammar reads them as a call.
pub(super) fn kotlin_modifiers(source: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (start, line) in lines(source) {
        let (mut at, mut modifiers) = (indentation(line), 0);
        let first = at;
        loop {
            let word = word(&line[at..]);
            if !MODIFIERS.contains(&word) {
                if modifiers > 1 && [&b"class"[..], b"interface", b"object"].contains(&word) {
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

/// `if let a = await b {` of Swift: the brace is read as that of a closure.
pub(super) fn swift_awaits(source: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for at in memchr::memmem::find_iter(source, b"= await ") {
        let start = memchr::memrchr(b'\n', &source[..at]).map_or(0, |feed| feed + 1);
        let words: Vec<_> =
            source[start..at].split(|byte| !is_of_word(*byte)).filter(|word| !word.is_empty()).collect();
        let binds = words.windows(2).any(|pair| {
            [&b"if"[..], b"guard", b"while"].contains(&pair[0]) && [&b"let"[..], b"var"].contains(&pair[1])
        });
        if binds {
            found.push(at + 2..at + 7);
        }
    }
    found
}

/// The line feeds before call signatures of TypeScript that follow another without a semicolon.
pub(super) fn unended_signatures(source: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut before: &[u8] = b"";
    for (start, line) in lines(source) {
        let text = line.trim_ascii();
        let ends_signature = memchr::memmem::find(before, b"): ").is_some()
            && before
                .last()
                .is_some_and(|last| is_of_word(*last) || matches!(last, b'>' | b']' | b')' | b'}'));
        if start > 0
            && text.first() == Some(&b'<')
            && text.get(1).is_some_and(u8::is_ascii_alphabetic)
            && ends_signature
        {
            found.push(start - 1);
        }
        if !text.is_empty() {
            before = text;
        }
    }
    found
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
