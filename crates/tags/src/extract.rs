//! One file through parser and query.

use std::cell::RefCell;

use repo_map_model::LineIndex;
use tree_sitter::{Node, ParseOptions, Parser, QueryCursor, QueryCursorOptions, StreamingIterator, Tree};

use crate::budget::Budget;
use crate::found::{Found, FoundDefinition, FoundReference, Holder, HolderKind, Wrapped};
use crate::query::{Capture, CompiledQuery};
use crate::{
    ExtractOptions, Extraction, Language, Outcome, SkipReason, declarator, nesting, preprocessor, screen,
};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

thread_local! {
    /// A parser and a cursor hold buffers that are worth keeping.
    static TOOLS: RefCell<(Parser, QueryCursor)> = RefCell::new((Parser::new(), QueryCursor::new()));
}

/// Finds the definitions, references and scopes of one file, with the default limits.
///
/// `source` is the file as it is on disk; a UTF-8 byte order mark is dropped. Names that are not
/// UTF-8 are left out. Costs about 1.3 times the parsing alone, 100 to 150 ns a byte; memory grows
/// with the tree, 20 to 200 times the source while it lasts.
pub fn extract(language: Language, source: &[u8]) -> Extraction {
    extract_with(language, source, &ExtractOptions::default())
}

/// [`extract`] within limits of the caller's choice.
pub fn extract_with(language: Language, source: &[u8], options: &ExtractOptions) -> Extraction {
    let source = source.strip_prefix(BYTE_ORDER_MARK).unwrap_or(source);
    if let Some(reason) = screen::refuse_bytes(source, options) {
        return Extraction::skipped(reason);
    }
    let lines = LineIndex::new(source);
    if let Some(reason) = screen::refuse_lines(source, &lines, language.row().indented, options) {
        return Extraction::skipped(reason);
    }
    if language.row().preprocessed
        && let Some(found) = preprocessor::scan(source)
    {
        return Extraction {
            tags: nesting::tags(found, language.row(), source, &lines),
            outcome: Outcome::Complete,
        };
    }
    parse_and_query(language, source, &lines, options)
}

fn parse_and_query(
    language: Language,
    source: &[u8],
    lines: &LineIndex,
    options: &ExtractOptions,
) -> Extraction {
    let mut budget = Budget::new(options, source.len());
    TOOLS.with_borrow_mut(|(parser, cursor)| {
        let Some(tree) = parse(parser, language, source, &mut budget) else {
            return Extraction::skipped(SkipReason::BudgetExceeded);
        };
        let found = run_query(cursor, language.query(), &tree, source, &mut budget);
        if budget.exceeded() {
            return Extraction::skipped(SkipReason::BudgetExceeded);
        }
        let outcome =
            if tree.root_node().has_error() { Outcome::CompleteWithSyntaxErrors } else { Outcome::Complete };
        Extraction { tags: nesting::tags(found, language.row(), source, lines), outcome }
    })
}

fn parse(parser: &mut Parser, language: Language, source: &[u8], budget: &mut Budget) -> Option<Tree> {
    parser
        .set_language(&tree_sitter::Language::new(language.row().grammar))
        .expect("the ABI of every pinned grammar is checked by a test");
    let mut progress = |_: &_| budget.spend();
    let options = ParseOptions::new().progress_callback(&mut progress);
    let tree = parser.parse_with_options(
        &mut |offset, _| source.get(offset..).unwrap_or_default(),
        None,
        Some(options),
    );
    if tree.is_none() {
        parser.reset();
    }
    tree
}

fn run_query(
    cursor: &mut QueryCursor,
    query: &CompiledQuery,
    tree: &Tree,
    source: &[u8],
    budget: &mut Budget,
) -> Found {
    let mut found = Found::default();
    let mut progress = |_: &_| budget.spend();
    let options = QueryCursorOptions::new().progress_callback(&mut progress);
    let mut matches = cursor.matches_with_options(&query.query, tree.root_node(), source, options);
    while let Some(one) = matches.next() {
        let mut parts = Parts::default();
        for capture in one.captures() {
            let node = capture.node;
            match query.captures[capture.index as usize] {
                Capture::Reference(kind) => parts.role = Some((Role::Reference(kind), node)),
                Capture::Definition(kind) => parts.role = Some((Role::Definition(kind, false), node)),
                Capture::Declaration(kind) => parts.role = Some((Role::Definition(kind, true), node)),
                Capture::Scope(kind) => parts.role = Some((Role::Holder(HolderKind::Scope(kind)), node)),
                Capture::Local => parts.role = Some((Role::Holder(HolderKind::Local), node)),
                Capture::Wrapper => parts.role = Some((Role::Wrapper, node)),
                Capture::Name | Capture::Wrapped => parts.name = Some(node),
                Capture::Declarator => parts.declarator = Some(node),
                Capture::Body => parts.body = Some(node),
                Capture::Decorator => parts.role = Some((Role::Decorator, node)),
                Capture::Member => parts.member = true,
                Capture::Ignored => {}
            }
        }
        parts.collect(query, &mut found);
    }
    found
}

#[derive(Clone, Copy)]
enum Role {
    Reference(repo_map_model::ReferenceKind),
    Definition(repo_map_model::DefinitionKind, bool),
    Holder(HolderKind),
    Wrapper,
    Decorator,
}

/// The captures of one match.
#[derive(Default)]
struct Parts<'tree> {
    role: Option<(Role, Node<'tree>)>,
    name: Option<Node<'tree>>,
    declarator: Option<Node<'tree>>,
    body: Option<Node<'tree>>,
    member: bool,
}

impl Parts<'_> {
    fn collect(self, query: &CompiledQuery, found: &mut Found) {
        let Some((role, node)) = self.role else { return };
        let body =
            || self.body.or_else(|| node.child_by_field_id(query.body?.get())).map(|body| body.byte_range());
        match role {
            Role::Reference(kind) => {
                let name = last_segment(self.name.unwrap_or(node), query);
                found.references.push(FoundReference { name: name.byte_range(), kind });
            }
            Role::Definition(kind, declaration) => {
                let (name, declared) = if let Some(name) = self.name {
                    (last_segment(name, query).byte_range(), None)
                } else if let Some(declared) = self.declarator.and_then(declarator::resolve) {
                    (declared.name.clone(), Some(declared))
                } else {
                    return;
                };
                // What a function's parameters declare is not inside, what K&R declares before the body is.
                let inside = match (body(), self.declarator) {
                    (Some(body), Some(declarator)) if declarator.end_byte() <= body.start => {
                        Some(declarator.end_byte()..body.end)
                    }
                    (body, _) => body,
                };
                found.definitions.push(FoundDefinition {
                    node: node.byte_range(),
                    name,
                    body: body(),
                    inside,
                    kind,
                    declaration,
                    declared,
                    member: self.member,
                });
            }
            Role::Holder(kind) => {
                found.holders.push(Holder {
                    node: node.byte_range(),
                    body: body().map(|body| body.start),
                    kind,
                });
            }
            Role::Decorator => found.decorators.push(node.byte_range()),
            Role::Wrapper => {
                if let Some(wrapped) = self.name {
                    found.wrapped.push(Wrapped { inner: wrapped.byte_range(), outer: node.byte_range() });
                }
            }
        }
    }
}

/// `C` of `a::b::C`, `Foo` of `Foo<T>`: compound names keep their last part in a field, or simply last.
fn last_segment<'tree>(name: Node<'tree>, query: &CompiledQuery) -> Node<'tree> {
    let mut name = name;
    while name.child_count() > 0 {
        let part = match name.kind() {
            "nested_namespace_specifier" | "dependent_name" => {
                name.named_child_count().checked_sub(1).and_then(|last| name.named_child(last as u32))
            }
            _ => query.last_parts.iter().find_map(|field| name.child_by_field_id(field.get())),
        };
        match part {
            Some(part) => name = part,
            None => break,
        }
    }
    name
}

#[cfg(all(test, any(feature = "lang-c", feature = "lang-cpp")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Both ways to read a file of preprocessor lines; the fast one only where it dares.
    fn check_both_ways(source: &str) -> bool {
        let source = source.as_bytes();
        let lines = LineIndex::new(source);
        let Some(_) = preprocessor::scan(source) else { return false };
        for language in ["c", "cpp"].into_iter().filter_map(Language::by_id) {
            let found = preprocessor::scan(source).expect("it did so before");
            let fast = nesting::tags(found, language.row(), source, &lines);
            let slow = parse_and_query(language, source, &lines, &ExtractOptions::default());
            let text = String::from_utf8_lossy(source);
            assert_eq!(slow.outcome, Outcome::Complete, "{language}: {text}");
            assert_eq!(fast, slow.tags, "{language}: {text}");
        }
        true
    }

    #[test]
    fn preprocessor_lines_are_read_as_the_parser_reads_them() {
        for text in [
            "",
            "\n",
            "/* only */",
            "#define A\n",
            "#define A 1\n#define B(x, ...) x\n# define C  \"/\" \r\n",
            "#define A 1 /* one\n two */\n#define B /* none */\n",
            "#define A(x) \\\n  do { x } \\\n  while (0)\n",
            "#define A \\\r\n  1\r\n#undef A\r\n#pragma once\n",
            "#ifndef A_H\n#define A_H\n#include <a.h>\n#include \"b.h\"\n#endif /* A_H */",
            "#if defined(A) && !defined B || (C + 1) >= 0x10\n#define D\n#elif X\n#define E\n#else\n#define F\n#endif\n",
            "#ifdef A\n#if B\n#define C\n#endif\n#define D\n#endif // done\n",
            "#define A a / b\n#error no\n",
        ] {
            assert!(check_both_ways(text), "not recognised: {text:?}");
        }
    }

    #[test]
    fn code_is_left_to_the_parser() {
        for text in [
            "int x;",
            "#define A 1",
            "#if 1\n",
            "#endif\n",
            "#if F(1)\n#endif\n",
            "/* open",
            "#else\n",
            "\u{1}",
        ] {
            assert!(!check_both_ways(text), "recognised: {text:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(600))]
        #[test]
        fn any_preprocessor_lines_are_read_as_the_parser_reads_them(
            pieces in proptest::collection::vec(prop_oneof![
                4 => "[ \t]{0,2}#[ \t]{0,2}define [A-Z_]{1,3}(\\([a-z], ?[a-z]\\)|\\(\\.\\.\\.\\)|\\(\\))?([ \t]+[-+a-zA-Z0-9(){}/*\\\\,\"'# .]{1,12})?\r?\n",
                1 => "#include [<\"][a-z/.]{1,8}[>\"]( /\\* x \\*/)?\n",
                2 => "#(ifdef|ifndef) [A-Z]{1,2}( // [a-z]{1,4})?\n",
                2 => "#(if|elif) (!?defined\\([A-Z]\\)|[A-Z0-9]{1,3}|\\([A-Z] [-+<>=&|]{1,2} [0-9]\\))( (&&|\\|\\||==) [A-Z])?\n",
                1 => "#else\n",
                3 => "#endif( /\\* [a-z]{1,3} \\*/)?\n",
                1 => "#(undef|pragma|error|warning)( [a-z \"]{1,6})?\n",
                1 => "/\\*[a-z* \n]{0,8}\\*/\n?",
                1 => "//[a-z /]{0,8}\n",
                1 => "[ \t\n]{1,3}",
            ], 0..12)
        ) {
            check_both_ways(&pieces.concat());
        }
    }
}
