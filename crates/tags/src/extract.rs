//! One file through parser and query.

use std::cell::RefCell;

use repo_map_model::LineIndex;
use tree_sitter::{Node, ParseOptions, Parser, QueryCursor, QueryCursorOptions, StreamingIterator, Tree};

use crate::budget::Budget;
use crate::found::{Found, FoundDefinition, FoundReference, Holder, HolderKind, Wrapped};
use crate::query::{Capture, CompiledQuery};
use crate::{ExtractOptions, Extraction, Language, Outcome, SkipReason, declarator, nesting, screen};

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
        Extraction { tags: nesting::tags(found, language.row(), source, &lines), outcome }
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
}

/// The captures of one match.
#[derive(Default)]
struct Parts<'tree> {
    role: Option<(Role, Node<'tree>)>,
    name: Option<Node<'tree>>,
    declarator: Option<Node<'tree>>,
    body: Option<Node<'tree>>,
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
                });
            }
            Role::Holder(kind) => {
                found.holders.push(Holder {
                    node: node.byte_range(),
                    body: body().map(|body| body.start),
                    kind,
                });
            }
            Role::Wrapper => {
                if let Some(wrapped) = self.name {
                    found.wrapped.push(Wrapped { inner: wrapped.byte_range(), outer: node.byte_range() });
                }
            }
        }
    }
}

/// `C` of `a::b::C`, `Foo` of `Foo<T>`: compound names keep their last part in the field `name`.
fn last_segment<'tree>(name: Node<'tree>, query: &CompiledQuery) -> Node<'tree> {
    let mut name = name;
    while name.child_count() > 0 {
        match query.name.and_then(|field| name.child_by_field_id(field.get())) {
            Some(part) => name = part,
            None => break,
        }
    }
    name
}
