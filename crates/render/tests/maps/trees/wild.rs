//! Files whose tags have nothing to do with their text.

use proptest::prelude::*;
use repo_map_model::{Definition, DefinitionKind, FileTags, LineSpan, Scope, ScopeId, ScopeKind};
use repo_map_render::is_hidden;

use super::File;

/// Printable text, code or not, with any definitions and scopes, also past its end.
pub(crate) fn printable_files(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<File>> {
    let line = prop_oneof![
        4 => "[ -~\t]{0,30}",
        2 => prop::sample::select(vec!["", "  ", "}", "# x", "// y", "})", "\t@a"]).prop_map(str::to_owned),
        // The model does not know what rows drop: tests of their own ask that.
        1 => "\\PC{0,140}".prop_map(|line| line.chars().filter(|c| !is_hidden(*c)).collect()),
    ];
    files(line, "[a-z]{1,8}(/[a-z_.]{1,8}[a-z]){0,3}", count)
}

/// Text and paths with any characters.
pub(crate) fn hostile_files(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<File>> {
    let line = prop_oneof![
        "[ -~\t]{0,30}",
        any::<String>(),
        "[\u{1b}\\[\\]0-9;mK\u{7}\r\u{b}\u{85}\u{2028}\u{202e}ab]{0,12}"
    ];
    files(line, "[^/.\0][^/\0]{0,10}", count)
}

fn files(
    line: impl Strategy<Value = String>,
    path: &'static str,
    count: std::ops::Range<usize>,
) -> impl Strategy<Value = Vec<File>> {
    let text = prop::collection::vec(line, 0..30).prop_map(|lines| lines.join("\n"));
    prop::collection::vec((path, text, tags()), count).prop_map(|files| {
        let mut files: Vec<_> =
            files.into_iter().map(|(path, text, tags)| File::new(path, text, tags)).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        files
    })
}

fn tags() -> impl Strategy<Value = FileTags> {
    let span = || (0..35u32, 0..5u32).prop_map(|(first, more)| LineSpan::new(first, first + more));
    let kind = prop::sample::select(ScopeKind::ALL);
    let scope = (kind, span(), 0..9u32, any::<Option<prop::sample::Index>>()).prop_map(
        |(kind, header, more, parent)| {
            (Scope { kind, header, line: header.first, end_line: header.last + more, parent: None }, parent)
        },
    );
    let kind = prop::sample::select(DefinitionKind::ALL);
    let definition = (kind, span(), 0..9u32, any::<Option<prop::sample::Index>>())
        .prop_map(|(kind, signature, more, scope)| (kind, signature, more, scope));
    let definition = (definition, 0..400u32, 0..400u32);
    (prop::collection::vec(scope, 0..6), prop::collection::vec(definition, 0..12)).prop_map(
        |(scopes, definitions)| {
            let mut builder = FileTags::builder();
            // One that is often where it is said to be.
            let name = builder.name("a");
            for (index, (mut scope, parent)) in scopes.iter().copied().enumerate() {
                scope.parent = parent.filter(|_| index > 0).map(|parent| ScopeId(parent.index(index) as u32));
                builder.scope(scope);
            }
            for ((kind, signature, more, scope), name_start, signature_end) in definitions {
                builder.definition(Definition {
                    name,
                    kind,
                    declaration: false,
                    line: signature.last,
                    name_start,
                    signature,
                    signature_end,
                    end_line: signature.last + more,
                    scope: scope
                        .filter(|_| !scopes.is_empty())
                        .map(|scope| ScopeId(scope.index(scopes.len()) as u32)),
                });
            }
            builder.build()
        },
    )
}
