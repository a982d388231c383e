//! What every language finds in its fixture, and that it finds all that its row claims.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

use repo_map_model::{FileTags, ReferenceKind, ScopeId};
use repo_map_tags::{Extraction, Language, Outcome, extract};

fn fixture(language: Language) -> Vec<u8> {
    let name = format!("{}.{}", language.id(), language.extensions()[0]);
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/languages").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// One line a tag, in source order: `line role kind name [scopes] signature`, lines from 1.
fn listing(extraction: &Extraction) -> String {
    let tags = &extraction.tags;
    let mut lines = Vec::new();
    for definition in tags.definitions() {
        let role = if definition.declaration { "declaration" } else { "definition" };
        let signature = definition.signature;
        lines.push((
            definition.line,
            0,
            format!(
                "{role} {} {} [{}] {}-{} end {}",
                definition.kind.as_str(),
                tags.name(definition.name),
                chain(tags, definition.scope),
                signature.first + 1,
                signature.last + 1,
                definition.end_line + 1,
            ),
        ));
    }
    for reference in tags.references() {
        lines.push((
            reference.line,
            1,
            format!("reference {} {}", reference.kind.as_str(), tags.name(reference.name)),
        ));
    }
    for scope in tags.scopes() {
        let header = scope.header;
        lines.push((
            scope.line,
            2,
            format!(
                "scope {} {}-{} end {}",
                scope.kind.as_str(),
                header.first + 1,
                header.last + 1,
                scope.end_line + 1
            ),
        ));
    }
    lines.sort_by_key(|&(line, rank, _)| (line, rank));
    let mut listing = format!("{:?}\n", extraction.outcome);
    for (line, _, text) in lines {
        writeln!(listing, "{:>3} {text}", line + 1).expect("writing to a string cannot fail");
    }
    listing
}

fn chain(tags: &FileTags, scope: Option<ScopeId>) -> String {
    let mut chain: Vec<_> = tags
        .ancestors(scope)
        .map(|(_, scope)| format!("{} {}", scope.kind.as_str(), scope.line + 1))
        .collect();
    chain.reverse();
    chain.join(" > ")
}

#[test]
fn fixtures_yield_these_tags() {
    for language in Language::all() {
        insta::assert_snapshot!(language.id(), listing(&extract(language, &fixture(language))));
    }
}

#[test]
fn every_claimed_role_occurs_and_no_other() {
    for language in Language::all() {
        let extraction = extract(language, &fixture(language));
        let tags = &extraction.tags;
        let found = |declaration: bool| -> BTreeSet<_> {
            tags.definitions().iter().filter(|d| d.declaration == declaration).map(|d| d.kind).collect()
        };
        let kinds = tags.references().iter().map(|reference| reference.kind);
        let references: BTreeSet<_> = kinds.filter(|kind| *kind != ReferenceKind::Mention).collect();
        assert_eq!(found(false), language.defines().iter().copied().collect(), "{language:?} definitions");
        assert_eq!(found(true), language.declares().iter().copied().collect(), "{language:?} declarations");
        assert_eq!(references, language.references().iter().copied().collect(), "{language:?} references");
        assert_eq!(extraction.outcome, Outcome::Complete, "{language:?}");
    }
}
