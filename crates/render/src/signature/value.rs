//! What a definition does or holds, which is no part of its signature.

use std::ops::Range;

use repo_map_model::DefinitionKind;

use super::fold::Flat;
use super::groups;
use super::lexeme::{Kind, Lexeme, is_of_word, plain};

/// Where a value begins that the definition is given: the place after the name and its type.
pub(super) fn value(flat: &Flat) -> Option<usize> {
    let mut depth = 0i32;
    let mut before = ' ';
    let parts: Vec<Lexeme> = plain(&flat.text, flat.name.end).collect();
    for (at, part) in parts.iter().enumerate() {
        match part.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth -= 1,
            _ => {}
        }
        if depth == 0 && is_assignment(&flat.text, &parts, at, before) {
            return Some(part.start);
        }
        before = flat.text[part.start..part.end].chars().next_back().unwrap_or(' ');
    }
    None
}

/// Whether a part gives a value and compares nothing.
pub(super) fn is_assignment(text: &str, parts: &[Lexeme], at: usize, before: char) -> bool {
    let is = |at: usize, of: &str| parts.get(at).is_some_and(|part| &text[part.start..part.end] == of);
    is(at, "=") && !"=!<>+-*/%".contains(before) && !is(at + 1, "=") && !is(at + 1, ">")
}

/// Drops what is done and no part of a signature: what a constructor calls before its body (`A(int b) : B(b)`), a body after
/// a word (`def f(a), do: a`), the braces of a macro.
pub(super) fn without_body(flat: &mut Flat, kind: DefinitionKind) {
    let from = groups::parameters(flat).map_or(flat.name.end, |group| group.end);
    let after = &flat.text[from..];
    let calls = || after.trim_start().strip_prefix(':').is_some_and(|rest| !rest.starts_with(':'));
    let end = match kind {
        DefinitionKind::Constructor if calls() => Some(0),
        DefinitionKind::Macro => after.find('{'),
        _ => after.find(", do:"),
    };
    if let Some(end) = end {
        flat.truncate(from + end);
        flat.trim();
    }
}

/// Leaves of the blocks in a value no more than that they are there: a function's body, a literal with a type.
pub(super) fn without_blocks(flat: &mut Flat) {
    let Some(value) = value(flat) else { return };
    let mut dropped: Vec<Range<usize>> = Vec::new();
    let (mut depth, mut before) = (0, ' ');
    // Where the block begins that is dropped, and what it is inside of.
    let mut block: Option<(usize, i32)> = None;
    for part in plain(&flat.text, value) {
        let piece = &flat.text[part.start..part.end];
        match part.kind {
            Kind::Blank => continue,
            Kind::Open => {
                if block.is_none() && piece == "{" && opens_block(before) {
                    block = Some((part.end, depth));
                }
                depth += 1;
            }
            Kind::Close => {
                depth -= 1;
                if let Some((start, _)) = block.take_if(|(_, outside)| depth <= *outside) {
                    dropped.push(start..part.start);
                }
            }
            _ => {}
        }
        before = piece.chars().next_back().unwrap_or(' ');
    }
    dropped.extend(block.map(|(start, _)| start..flat.text.len()));
    for range in dropped.into_iter().rev().filter(|range| range.start < range.end) {
        flat.text.replace_range(range, "…");
    }
}

/// Whether a brace after this character opens a block, and not a literal or what is put into a text (`${a}`).
fn opens_block(before: char) -> bool {
    matches!(before, ')' | '>') || (is_of_word(before) && before != '$')
}

#[cfg(test)]
mod tests {
    use super::super::fold::named;
    use super::*;

    #[test]
    fn what_is_done_is_no_part_of_a_signature() {
        let row = |text: &str, name: &str, kind| {
            let mut flat = named(text, name);
            without_body(&mut flat, kind);
            without_blocks(&mut flat);
            flat.text
        };
        assert_eq!(row("A::Axe(int b) : B(b), c(1)", "Axe", DefinitionKind::Constructor), "A::Axe(int b)");
        assert_eq!(row("def go(a), do: a + 1", "go", DefinitionKind::Function), "def go(a)");
        assert_eq!(row("#define RUN(x) do { x } while (0)", "RUN", DefinitionKind::Macro), "#define RUN(x)");
        let text = "const all = { name: 'a', retry() { return 3; }, by: () => { go() } }";
        assert_eq!(
            row(text, "all", DefinitionKind::Constant),
            "const all = { name: 'a', retry() {…}, by: () => {…} }"
        );
        assert_eq!(row("path = ${name}/jobs", "path", DefinitionKind::Field), "path = ${name}/jobs");
        assert_eq!(row("all = Options{Name: 1", "all", DefinitionKind::Variable), "all = Options{…");
    }

    #[test]
    fn a_value_begins_after_the_type() {
        let at = |text: &str, name: &str| value(&named(text, name)).map(|at| text[at..].to_owned());
        assert_eq!(at("const A: Map<K, (u8, u8)> = f(b=1)", "A").as_deref(), Some("= f(b=1)"));
        assert_eq!(at("f: (a) => void", "f"), None);
        assert_eq!(at("a: b == c", "a"), None);
    }
}
