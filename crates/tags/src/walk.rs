//! One tree through the query.
//!
//! A query cursor that walks a whole tree asks every node for its fields, supertypes and later
//! siblings, whether or not a pattern could begin there, and that costs more than matching. So the children of
//! each node that has anything below are listed once, plain patterns are matched on the lists, and the query runs
//! only at nodes of the kinds that its other patterns begin with.

use std::ops::{ControlFlow, Range};

use tree_sitter::{Node, QueryCursor, QueryCursorOptions, StreamingIterator, Tree};

use crate::budget::Budget;
use crate::children::{Child, Children};
use crate::declarator;
use crate::found::{Found, FoundDefinition, FoundReference, Holder, HolderKind, Wrapped};
use crate::pattern::Captured;
use crate::query::{Capture, CompiledQuery};

/// Visits between two progress calls.
const VISITS_A_CALL: u32 = 100;

/// Everything that the query finds in the tree; less, when the budget runs out.
pub(crate) fn collect<'tree>(
    cursor: &mut QueryCursor,
    query: &CompiledQuery,
    tree: &'tree Tree,
    source: &'tree [u8],
    budget: &'tree Budget,
) -> Found {
    let mut collector = Collector::new(query, budget);
    let mut visits = 0;
    cursor.set_max_start_depth(Some(0));
    let mut children = Children::new(tree, source, budget);
    // Nodes still to visit, the next one last.
    let mut ahead = vec![(tree.root_node(), tree.root_node().kind_id())];
    while let Some((node, kind)) = ahead.pop() {
        visits += 1;
        if visits == VISITS_A_CALL {
            visits = 0;
            if budget.spend(1) == ControlFlow::Break(()) {
                return collector.found;
            }
        }
        let root = query.root(kind);
        // Most nodes are leaves or have only leaves.
        let count = node.child_count();
        let only_leaves = !query.takes_leaves && node.descendant_count() == count as usize + 1;
        let descends = count > 0 && !only_leaves && root.is_none_or(|root| !root.opaque);
        if !descends && root.is_none() {
            continue;
        }
        let looks = root.is_some_and(|root| root.looks_at_children);
        let at = match (looks || (descends && query.takes_leaves), descends) {
            (false, false) => 0..0,
            (false, true) => children.push_inner(node),
            (true, _) => children.push(node),
        };
        if let Some(root) = root {
            for pattern in &root.plain {
                pattern.each_match(node, &at, Parts::default(), &mut children, &mut |_, parts| {
                    // One node may have as many matches as there are pairs of its children.
                    if budget.step(1).is_continue() {
                        collector.collect(parts);
                    }
                });
            }
            if root.others
                && let Some(machine) = &query.query
            {
                let mut progress = |_: &_| budget.spend(1);
                let options = QueryCursorOptions::new().progress_callback(&mut progress);
                let mut matches = cursor.matches_with_options(machine, node, source, options);
                while let Some(one) = matches.next() {
                    if budget.step(1).is_break() {
                        return collector.found;
                    }
                    let mut parts = Parts::default();
                    for capture in one.captures() {
                        parts.add(query.captures[capture.index as usize], capture.node);
                    }
                    collector.collect(parts);
                }
            }
        }
        if descends {
            let inner = |child: &&Child<'_>| query.takes_leaves || child.node.child_count() > 0;
            ahead.extend(children.of(&at).rev().filter(inner).map(|child| (child.node, child.kind)));
        }
        children.pop(&at);
    }
    collector.found
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
#[derive(Clone, Copy, Default)]
struct Parts<'tree> {
    role: Option<(Role, Node<'tree>)>,
    name: Option<Node<'tree>>,
    declarator: Option<Node<'tree>>,
    body: Option<Node<'tree>>,
    rest: Option<Node<'tree>>,
    member: bool,
}

impl<'tree> Captured<'tree> for Parts<'tree> {
    fn add(&mut self, capture: Capture, node: Node<'tree>) {
        let role = match capture {
            Capture::Reference(kind) => Role::Reference(kind),
            Capture::Definition(kind) => Role::Definition(kind, false),
            Capture::Declaration(kind) => Role::Definition(kind, true),
            Capture::Scope(kind) => Role::Holder(HolderKind::Scope(kind)),
            Capture::Local => Role::Holder(HolderKind::Local),
            Capture::Wrapper => Role::Wrapper,
            Capture::Decorator => Role::Decorator,
            Capture::Name | Capture::Wrapped => return self.name = Some(node),
            Capture::Declarator => return self.declarator = Some(node),
            Capture::Body => return self.body = Some(node),
            Capture::Rest => return self.rest = Some(node),
            Capture::Member => return self.member = true,
            // Only of use on a bare node, where the walk heeds it.
            Capture::Opaque | Capture::Ignored => return,
        };
        self.role = Some((role, node));
    }
}

/// Makes of matches what they found.
struct Collector<'a> {
    query: &'a CompiledQuery,
    budget: &'a Budget,
    found: Found,
    /// The last node whose field `body` was asked for, and what it is: one with many children may have as many matches.
    asked: Option<(usize, Option<Range<usize>>)>,
}

impl<'a> Collector<'a> {
    fn new(query: &'a CompiledQuery, budget: &'a Budget) -> Self {
        Self { query, budget, found: Found::default(), asked: None }
    }

    fn body(&mut self, parts: &Parts<'_>, node: Node<'_>) -> Option<Range<usize>> {
        match (parts.rest, parts.body, &self.asked) {
            (Some(rest), ..) => Some(rest.start_byte()..node.end_byte()),
            (None, Some(body), _) => Some(body.byte_range()),
            (None, None, Some((of, body))) if *of == node.id() => body.clone(),
            (None, None, _) => {
                let body = self.query.body.and_then(|field| node.child_by_field_id(field.get()));
                let body = body.map(|body| body.byte_range());
                self.asked = Some((node.id(), body.clone()));
                body
            }
        }
    }

    fn collect(&mut self, parts: Parts<'_>) {
        let Some((role, node)) = parts.role else { return };
        let (query, budget) = (self.query, self.budget);
        match role {
            Role::Reference(kind) => {
                let name = last_segment(parts.name.unwrap_or(node), query, budget);
                self.found.references.push(FoundReference { name: name.byte_range(), kind });
            }
            Role::Definition(kind, declaration) => {
                let (name, declared) = if let Some(name) = parts.name {
                    (last_segment(name, query, budget).byte_range(), None)
                } else if let Some(declared) = parts.declarator.and_then(|of| declarator::resolve(of, budget))
                {
                    (declared.name.clone(), Some(declared))
                } else {
                    return;
                };
                // What a function's parameters declare is not inside, what K&R declares before the body is.
                let body = self.body(&parts, node);
                let inside = match (body.clone(), parts.declarator) {
                    (Some(body), Some(declarator)) if declarator.end_byte() <= body.start => {
                        Some(declarator.end_byte()..body.end)
                    }
                    (body, _) => body,
                };
                self.found.definitions.push(FoundDefinition {
                    node: node.byte_range(),
                    name,
                    body,
                    inside,
                    kind,
                    declaration,
                    declared,
                    member: parts.member,
                });
            }
            Role::Holder(kind) => {
                let body = self.body(&parts, node).map(|body| body.start);
                self.found.holders.push(Holder { node: node.byte_range(), body, kind });
            }
            Role::Decorator => self.found.decorators.push(node.byte_range()),
            Role::Wrapper => {
                if let Some(wrapped) = parts.name {
                    self.found
                        .wrapped
                        .push(Wrapped { inner: wrapped.byte_range(), outer: node.byte_range() });
                }
            }
        }
    }
}

/// `C` of `a::b::C`, `Foo` of `Foo<T>`: compound names keep their last part in a field, or simply last.
fn last_segment<'tree>(name: Node<'tree>, query: &CompiledQuery, budget: &Budget) -> Node<'tree> {
    let mut name = name;
    // Every level of a nested name may be a reference that goes down from there.
    while name.child_count() > 0 && budget.step(1).is_continue() {
        let part = match name.kind() {
            "nested_namespace_specifier" | "dependent_name" | "dotted_name" => {
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

#[cfg(test)]
#[cfg(feature = "core")]
mod tests {
    use tree_sitter::Parser;

    use super::*;
    use crate::{ExtractOptions, Language, nesting};

    /// The tags of a text by the language's query, or by the same query without shortcuts.
    fn tags(language: Language, query: &CompiledQuery, source: &[u8]) -> repo_map_model::FileTags {
        let mut parser = Parser::new();
        parser.set_language(&language.parser_language().unwrap()).unwrap();
        let tree = parser.parse(source, None).unwrap();
        let budget = Budget::new(&ExtractOptions::default(), source.len());
        let found = collect(&mut QueryCursor::new(), query, &tree, source, &budget);
        tags_of(found, language, source)
    }

    fn tags_of(found: Found, language: Language, source: &[u8]) -> repo_map_model::FileTags {
        let budget = Budget::new(&ExtractOptions::default(), source.len());
        let lines = repo_map_model::LineIndex::new(source);
        nesting::tags(found, language.row(), source, &lines, &budget).expect("it is within the budget")
    }

    /// The tags of a text by one pass of tree-sitter's query machine over the whole tree.
    fn tags_of_one_pass(
        language: Language,
        compiled: &CompiledQuery,
        source: &[u8],
    ) -> repo_map_model::FileTags {
        let grammar = language.parser_language().unwrap();
        let text = language.row().query.join("\n");
        let query = tree_sitter::Query::new(&grammar, &text).unwrap();
        let captures: Vec<_> =
            query.capture_names().iter().map(|name| Capture::from_name(name).unwrap()).collect();
        let mut parser = Parser::new();
        parser.set_language(&grammar).unwrap();
        let tree = parser.parse(source, None).unwrap();
        let (mut opaque, mut all) = (std::collections::HashSet::new(), Vec::new());
        let mut cursor = QueryCursor::new();
        let mut matches = cursor.matches(&query, tree.root_node(), source);
        while let Some(one) = matches.next() {
            let mut parts = Parts::default();
            for capture in one.captures() {
                let meaning = captures[capture.index as usize];
                parts.add(meaning, capture.node);
                if meaning == Capture::Opaque {
                    opaque.insert(capture.node.id());
                }
            }
            let pattern = &text[query.start_byte_for_pattern(one.pattern_index)..];
            all.push((parts, crate::pattern::head(pattern)));
        }
        // Only the walk knows that nothing begins inside of these.
        let begins_inside = |node: Node<'_>, head: Option<&str>| {
            let mut around = std::iter::successors(Some(node), Node::parent);
            let is_found = around.any(|node| head == Some(node.kind()));
            is_found && around.any(|node| opaque.contains(&node.id()))
        };
        let budget = Budget::new(&ExtractOptions::default(), source.len());
        let mut collector = Collector::new(compiled, &budget);
        for (parts, head) in all {
            if parts.role.is_some_and(|(_, node)| !begins_inside(node, head)) {
                collector.collect(parts);
            }
        }
        tags_of(collector.found, language, source)
    }

    fn fixture(language: Language) -> Vec<u8> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/languages");
        let prefix = format!("{}.", language.id());
        let mut files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
        let file = files.find(|file| file.file_name().to_string_lossy().starts_with(&prefix));
        std::fs::read(file.unwrap().path()).unwrap()
    }

    fn check_one_pass(language: Language, source: &[u8]) {
        let query = language.query(&language.parser_language().unwrap());
        let text = String::from_utf8_lossy(&source[..source.len().min(100)]);
        assert_eq!(
            tags(language, query, source),
            tags_of_one_pass(language, query, source),
            "{language} {text}"
        );
    }

    #[test]
    fn node_by_node_finds_what_one_pass_over_the_tree_finds() {
        let workspace = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for language in Language::all().filter(|language| !language.is_text()) {
            let source = fixture(language);
            for from in (0..source.len()).step_by(source.len() / 4 + 1) {
                check_one_pass(language, &source[from..]);
            }
        }
        for (language, file) in [
            ("rust", "crates/tags/src/walk.rs"),
            ("rust", "crates/tags/src/pattern/mod.rs"),
            ("python", "benches/peers/aider_map.py"),
        ] {
            let source = std::fs::read(workspace.join(file)).unwrap();
            check_one_pass(Language::by_id(language).unwrap(), &source);
        }
    }

    #[test]
    fn plain_patterns_match_as_the_query_machine_does() {
        for language in Language::all().filter(|language| !language.is_text()) {
            let grammar = language.parser_language().unwrap();
            let slow = CompiledQuery::without_shortcuts(&grammar, language.row().query).unwrap();
            let source = fixture(language);
            // The whole fixture, and what syntax errors make of its pieces.
            for from in (0..source.len()).step_by(97) {
                let piece = &source[from..];
                assert_eq!(
                    tags(language, language.query(&grammar), piece),
                    tags(language, &slow, piece),
                    "{language} {from}"
                );
            }
        }
    }
}
