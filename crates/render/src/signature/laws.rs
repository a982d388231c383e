//! What holds of rows whatever the text: none panics, none is too wide, each is read a bounded number of times.

use proptest::prelude::*;
use repo_map_model::{Definition, DefinitionKind as Kind, FileTags, LineIndex, LineSpan, Scope, ScopeKind};

use super::fold::{Flat, fold};
use super::lexeme::READ;
use super::{shorten, shorten_value};
use crate::file::{Look, SourceFile};
use crate::source::Source;
use crate::style::Style;

/// What signatures are made of, and what breaks them.
const PIECES: &[&str] = &[
    "a",
    "größe",
    "T",
    "name",
    "where ",
    "throws ",
    "extends ",
    "template ",
    "func ",
    "typedef ",
    "mut self",
    "@Ann",
    "@id int",
    "#[x]",
    "// c\n",
    "/* c */",
    "/*",
    "\"s\"",
    "'c'",
    "'a",
    "`",
    "\"",
    "\\",
    "$",
    "1",
    " ",
    "  ",
    "\n",
    "\t",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    ",",
    ";",
    ":",
    "=",
    "-",
    "->",
    "=>",
    "::",
    ":=",
    ".",
    "&",
    "*",
    "…",
    "\u{1b}[1m",
    "\u{202e}",
    ", do:",
    "\r\n",
];

fn text() -> impl Strategy<Value = String> {
    let pieces =
        prop::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|pieces| pieces.concat());
    prop_oneof![6 => pieces, 1 => any::<String>()]
}

/// The place of the character at so great a part of a text, or its end.
fn boundary(text: &str, part: prop::sample::Index) -> usize {
    let all = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    part.get(&all.collect::<Vec<_>>()).to_owned()
}

/// A file of a definition whose name is a part of a line, and of a scope that is none.
fn file(
    text: &str,
    name: [usize; 2],
    kind: Kind,
    lines: [u32; 2],
    end: usize,
    look: Look,
) -> Option<SourceFile> {
    let starts = LineIndex::new(text.as_bytes());
    let line = starts.line_of(name[0] as u32);
    let first = lines[0].min(line);
    let mut tags = FileTags::builder();
    let header = LineSpan::new(first, line.saturating_add(lines[1]));
    tags.scope(Scope {
        kind: ScopeKind::Implementation,
        header,
        line: first,
        end_line: header.last,
        parent: None,
    });
    let of_name = tags.name(&text[name[0]..name[1]]);
    tags.definition(Definition {
        name: of_name,
        kind,
        declaration: false,
        line,
        name_start: name[0] as u32,
        signature: header,
        signature_end: end as u32,
        end_line: header.last,
        scope: None,
    });
    SourceFile::new(Source::new(text, tags.build()), look)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn no_row_panics_or_is_too_wide(
        text in text(),
        places in any::<[prop::sample::Index; 3]>(),
        kind in prop::sample::select(vec![
            Kind::Function, Kind::Constructor, Kind::Macro, Kind::Class, Kind::Interface, Kind::Constant, Kind::Field,
        ]),
        lines in [0..3_u32, 0..3_u32],
        width in prop_oneof![3 => 0..120_usize, 1 => Just(usize::MAX)],
    ) {
        let [mut from, mut to, end] = places.map(|part| boundary(&text, part));
        if to < from {
            (from, to) = (to, from);
        }
        for to in [to, text[from..].find(' ').map_or(to, |at| from + at), text[from..].find('(').map_or(to, |at| from + at)] {
            let look = Look { style: Style::Outline, width, line_numbers: false };
            let file = file(&text, [from, to], kind, lines, end, look).expect("a short text");
            for line in 0..file.len() {
                let row = file.row(line);
                prop_assert!(row.chars().count() <= width.max(1), "{}: {:?}", width, row);
                prop_assert!(!row.contains(['\n', '\r']), "{:?}", row);
            }
            for of_row in [shorten::shorten, shorten_value] {
                let mut flat = fold(&text, from..to, false);
                of_row(&mut flat, width);
                let name = flat.text.get(flat.name.clone());
                prop_assert!(name.is_some(), "{:?}", flat);
                let end = flat.text[..flat.name.end].chars().count();
                let has_place = name.is_some_and(|name| name.chars().count().saturating_add(3) <= width);
                prop_assert!(end <= width || !has_place, "{}: {:?}", width, flat);
            }
        }
    }
}

/// The same word before the name on a line above is its type in `f :: A -> B`, and none where a statement ends in between.
#[test]
fn a_name_behind_a_statement_that_begins_with_it_is_a_row_of_its_own_line() {
    let look = Look { style: Style::Outline, width: 80, line_numbers: false };
    for text in ["a b;\n  a(x)", "a;\n\n   a(x) {", "a = 1;\n  a(x)"] {
        let at = text.rfind('a').unwrap();
        let line = text[..at].matches('\n').count() as u32;
        let file = file(text, [at, at + 1], Kind::Function, [0, 0], text.len(), look).expect("a short text");
        let row = file.row(line);
        assert_eq!(row.trim_start_matches('│').trim_start(), "a(x)", "{text:?}");
    }
}

/// Each of thousands of signs that open nothing was looked for its end by itself.
#[test]
fn signs_that_never_close_are_read_a_bounded_number_of_times() {
    let read = |begin: &str, unit: &str, end: &str, count: usize| {
        let text = [begin, &unit.repeat(count), end].concat();
        READ.set(0);
        let flat = fold(&text, 4..6, false);
        for of_row in [shorten::shorten, shorten_value] {
            for most in [20, text.len() - 1] {
                of_row(&mut Flat::clone(&flat), most);
            }
        }
        READ.get()
    };
    for (begin, end) in [
        ("def zz(a: ", ")"),
        ("def zz(a: int) -> ", ""),
        ("def zz<", ">(a)"),
        ("def zz = ", ""),
        ("def zz", "()"),
    ] {
        for unit in ["b<", "<", "b<c, ", "a < b, ", "@a ", "'", "/* "] {
            let [few, many] = [500, 1000].map(|count| read(begin, unit, end, count));
            assert!(many <= few * 2 + 1000, "{begin}{unit}…{end}: {few} bytes read, then {many}");
        }
    }
}
