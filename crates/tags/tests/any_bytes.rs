//! Whatever the bytes: no panic, and tags that fit the text.
#![cfg(feature = "core")]

use std::path::PathBuf;

use proptest::prelude::*;
use repo_map_model::{FileTags, LineIndex, lines};
use repo_map_tags::{Extraction, Language, decode, extract};

fn fixture(language: Language) -> Vec<u8> {
    let name = format!("{}.{}", language.id(), language.extensions()[0]);
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/languages").join(name))
        .expect("every language has a fixture")
}

/// The invariants of tags against the text that they were read from.
fn check(source: &[u8]) {
    let text = &*decode(source);
    let index = LineIndex::new(text);
    let count = index.starts().len() as u32;
    for language in Language::all() {
        let Extraction { tags, .. } = extract(language, source);
        for definition in tags.definitions() {
            let start = definition.name_start as usize;
            let name = tags.name(definition.name);
            assert_eq!(&text[start..start + name.len()], name.as_bytes(), "{language}");
            assert_eq!(index.line_of(definition.name_start), definition.line, "{language}");
            let signature_end = definition.signature_end as usize;
            assert!(start < signature_end && signature_end <= text.len() + 1, "{language}");
            assert!(definition.signature.contains(definition.line), "{language}: {definition:?}");
            assert!(definition.signature.first <= definition.line && definition.line <= definition.end_line);
            assert!(definition.signature.last <= definition.end_line && definition.end_line < count);
            if let Some(scope) = definition.scope {
                let scope = tags.scopes()[scope.0 as usize];
                assert!(
                    scope.header.first <= definition.line && definition.line <= scope.end_line,
                    "{language}"
                );
            }
        }
        assert!(tags.references().iter().all(|reference| reference.line < count), "{language}");
        for scope in tags.scopes() {
            assert!(
                scope.header.contains(scope.line)
                    && scope.header.first < scope.end_line
                    && scope.end_line < count
            );
            if let Some(parent) = scope.parent {
                let parent = tags.scopes()[parent.0 as usize];
                assert!(
                    parent.header.first <= scope.header.first && scope.end_line <= parent.end_line,
                    "{language}"
                );
            }
        }
        check_order(&tags, language);
    }
}

fn check_order(tags: &FileTags, language: Language) {
    assert!(tags.definitions().is_sorted_by_key(|definition| definition.name_start), "{language}");
    assert!(tags.references().is_sorted_by_key(|reference| reference.line), "{language}");
    assert!(
        tags.scopes()
            .iter()
            .enumerate()
            .all(|(at, scope)| scope.parent.is_none_or(|parent| (parent.0 as usize) < at))
    );
    let used: std::collections::BTreeSet<_> =
        tags.definitions().iter().flat_map(|d| tags.ancestors(d.scope)).map(|(id, _)| id).collect();
    assert_eq!(used.len(), tags.scopes().len(), "{language}: a scope without definitions");
}

#[test]
fn fixtures_fit_their_text() {
    for language in Language::all() {
        check(&fixture(language));
    }
}

#[test]
fn line_ends_and_byte_order_marks_move_nothing() {
    for language in Language::all() {
        let unix = String::from_utf8(fixture(language)).unwrap();
        let expected = extract(language, unix.as_bytes());
        let marked = format!("\u{feff}{unix}");
        assert_eq!(extract(language, marked.as_bytes()), expected, "{language} with a byte order mark");

        // The offsets move with the line ends, the lines do not.
        let lines_of = |extraction: &Extraction| -> Vec<_> {
            let tags = &extraction.tags;
            tags.definitions()
                .iter()
                .map(|d| (tags.name(d.name).to_owned(), d.line, d.signature, d.end_line, d.scope))
                .collect()
        };
        let dos = extract(language, unix.replace('\n', "\r\n").as_bytes());
        assert_eq!(lines_of(&dos), lines_of(&expected), "{language} with CRLF");
        assert_eq!(dos.tags.references().len(), expected.tags.references().len(), "{language} with CRLF");
        assert_eq!(dos.tags.scopes(), expected.tags.scopes(), "{language} with CRLF");
        check(unix.replace('\n', "\r").as_bytes());
    }
}

#[test]
fn a_lone_carriage_return_ends_a_line() {
    let source = "x = 1\ry = 2\r\rclass A:\r    def f(self): pass\r";
    let tags = extract(Language::by_id("python").unwrap(), source.as_bytes()).tags;
    let lines: Vec<_> = lines(source).collect();
    for definition in tags.definitions() {
        assert!(lines[definition.line as usize].contains(tags.name(definition.name)));
    }
    assert!(tags.definitions().iter().any(|definition| definition.line == 4));
}

#[test]
fn names_that_are_not_utf8_are_left_out() {
    let python = Language::by_id("python").unwrap();
    let tags = extract(python, b"def f\xff(): pass\ndef g(): pass\n# \xe9\xff\ndef h(): pass\n").tags;
    let names: Vec<_> = tags.definitions().iter().map(|definition| tags.name(definition.name)).collect();
    assert!(names.contains(&"g") && names.contains(&"h"));
}

#[test]
fn one_thread_or_many_and_any_order_make_no_difference() {
    let forwards: Vec<_> = Language::all().map(|language| extract(language, &fixture(language))).collect();
    let mut backwards: Vec<_> = Language::all()
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .map(|language| extract(language, &fixture(language)))
        .collect();
    backwards.reverse();
    assert_eq!(forwards, backwards);
    let threads: Vec<_> = Language::all()
        .map(|language| std::thread::spawn(move || extract(language, &fixture(language))))
        .collect();
    let threads: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(forwards, threads);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn random_bytes(source in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        check(&source);
    }

    #[test]
    fn random_tokens(pieces in proptest::collection::vec(prop_oneof![
        "[a-zA-Z_]{1,4}",
        "[(){}\\[\\]<>;:,.=*&@#\"'`\\\\/ \t\r\n-]{1,3}",
        "(class|def|fn|func|struct|impl|enum|type|const|let|var|function|import|from|namespace|template|#define|#if|#endif|typedef|interface|static|public|async|return|export|package|trait|mod|use|union) ",
    ], 0..300)) {
        check(pieces.concat().as_bytes());
    }

    #[test]
    fn pieces_of_fixtures(language in 0..9_usize, from in 0..4_000_usize, len in 0..4_000_usize, other in 0..4_000_usize) {
        let language = Language::all().nth(language).unwrap();
        let source = fixture(language);
        let from = from.min(source.len());
        let to = (from + len).min(source.len());
        check(&source[..from]);
        check(&source[from..to]);
        // One piece in the place of another.
        let other = other.min(source.len());
        check(&[&source[..other], &source[from..to], &source[other..]].concat());
    }
}
