//! The plain patterns of a query, matched without tree-sitter's query machine.
//!
//! Nearly all patterns say no more than "a node of this kind, with a child of that kind in that field".
//! To match those by looking at the children costs a tenth of starting a query cursor at the node, and
//! leaving them out of the query spares its analysis, which takes as long as parsing 200 KB. What is not
//! plain (predicates, anchors, quantifiers, literal tokens) is left to tree-sitter; a test holds the
//! two ways against each other.

use std::ops::Range;

use tree_sitter::{Language, Node};

use crate::children::Children;
use crate::query::Capture;

/// A node of a plain pattern.
#[derive(Debug, Default)]
pub(crate) struct Pattern {
    captures: Vec<Capture>,
    absent: Vec<u16>,
    children: Vec<Child>,
}

/// A child that a node must have.
#[derive(Debug)]
struct Child {
    field: Option<u16>,
    alternatives: Vec<(Kind, Pattern)>,
}

#[derive(Debug)]
enum Kind {
    AnyNamed,
    /// One name may have several ids.
    Ids(Vec<u16>),
}

/// What the captures of one match hold, in the making.
pub(crate) trait Captured<'tree>: Copy {
    fn add(&mut self, capture: Capture, node: Node<'tree>);
}

/// What is called with every match.
type Sink<'s, 'tree, C> = &'s mut dyn FnMut(&mut Children<'tree>, C);

impl Pattern {
    /// Calls `found` with every match of the pattern at this node, whose kind is known to fit and whose children
    /// are `at` this place.
    pub(crate) fn each_match<'tree, C: Captured<'tree>>(
        &self,
        node: Node<'tree>,
        at: &Range<usize>,
        mut captured: C,
        children: &mut Children<'tree>,
        found: Sink<'_, 'tree, C>,
    ) {
        if self.absent.iter().any(|&field| children.of(at).any(|child| child.field == Some(field))) {
            return;
        }
        for &capture in &self.captures {
            captured.add(capture, node);
        }
        each_choice(&self.children, at, captured, children, found);
    }

    /// Whether it asks for nothing but the node itself.
    pub(crate) fn is_childless(&self) -> bool {
        self.children.is_empty() && self.absent.is_empty()
    }

    /// Whether a node without children can match and be a tag.
    pub(crate) fn tags_leaves(&self) -> bool {
        let tags = |capture: &Capture| {
            matches!(capture, Capture::Reference(_) | Capture::Definition(_) | Capture::Declaration(_))
        };
        self.children.is_empty() && self.captures.iter().any(tags)
    }

    pub(crate) fn captures(&self) -> &[Capture] {
        &self.captures
    }
}

/// Whether a pattern that is not plain surely asks for a child of the node that it begins with.
pub(crate) fn needs_child(text: &str) -> bool {
    // A group may hold a single node with a predicate: `((identifier) @name (#eq? @name "x"))`.
    let is_group = text.trim_start().strip_prefix('(').is_some_and(|rest| rest.trim_start().starts_with('('));
    let nodes = text.matches(['(', '[']).count() - text.matches("(#").count();
    !is_group && nodes > 1
}

/// Chooses a child for the first of `wanted`, in every way, and goes on with the others.
fn each_choice<'tree, C: Captured<'tree>>(
    wanted: &[Child],
    at: &Range<usize>,
    captured: C,
    children: &mut Children<'tree>,
    found: Sink<'_, 'tree, C>,
) {
    let Some((first, others)) = wanted.split_first() else { return found(children, captured) };
    for index in at.clone() {
        let child = children.list[index];
        if first.field.is_some() && first.field != child.field {
            continue;
        }
        for (kind, pattern) in &first.alternatives {
            let fits = match kind {
                Kind::AnyNamed => child.node.is_named(),
                Kind::Ids(ids) => ids.contains(&child.kind),
            };
            if fits {
                let below = if pattern.is_childless() { 0..0 } else { children.push(child.node) };
                pattern.each_match(child.node, &below, captured, children, &mut |children, captured| {
                    each_choice(others, at, captured, children, found);
                });
                children.pop(&below);
            }
        }
    }
}

/// The patterns of a query's text, one slice each.
pub(crate) fn split(text: &str) -> Result<Vec<&str>, String> {
    let mut patterns = Vec::new();
    let mut tokens = Tokens { rest: text };
    loop {
        let start = tokens.peek_offset(text);
        match tokens.peek() {
            "" => return Ok(patterns),
            "(" | "[" => {}
            other => return Err(format!("a pattern must begin with a parenthesis, not {other}")),
        }
        let mut depth = 0_usize;
        loop {
            match tokens.next() {
                "(" | "[" => depth += 1,
                ")" | "]" => depth -= 1,
                "" => return Err("a parenthesis is not closed".to_owned()),
                _ => {}
            }
            if depth == 0 && !tokens.peek().starts_with('@') {
                break;
            }
        }
        let end = text.len() - tokens.rest.len();
        patterns.push(&text[start..end]);
    }
}

/// The kinds that a plain pattern begins with, each with the pattern; none when it is not plain.
///
/// # Errors
/// A sentence, when the grammar has no such kind or field, or a capture is unknown.
pub(crate) fn plain<'a>(
    text: &'a str,
    language: &Language,
) -> Result<Option<Vec<(&'a str, Pattern)>>, String> {
    let mut parser = PatternParser { tokens: Tokens { rest: text }, language };
    match parser.alternatives() {
        Ok(alternatives) => Ok(Some(alternatives)),
        Err(Refusal::NotPlain) => Ok(None),
        Err(Refusal::Wrong(sentence)) => Err(sentence),
    }
}

/// The kind that any pattern begins with, if it begins with one.
pub(crate) fn head(text: &str) -> Option<&str> {
    let mut tokens = Tokens { rest: text };
    let kind = (tokens.next() == "(").then(|| tokens.next())?;
    kind.starts_with(|c: char| c.is_ascii_alphabetic()).then_some(kind)
}

/// The ids that nodes of this kind have in a tree.
///
/// # Errors
/// A sentence, when no node has the kind.
pub(crate) fn kind_ids(kind: &str, language: &Language) -> Result<Vec<u16>, String> {
    let ids: Vec<u16> = (0..language.node_kind_count() as u16)
        .filter(|&id| language.node_kind_is_named(id) && language.node_kind_is_visible(id))
        .filter(|&id| language.node_kind_for_id(id) == Some(kind))
        .collect();
    if ids.is_empty() { Err(format!("no node has the kind ({kind})")) } else { Ok(ids) }
}

enum Refusal {
    NotPlain,
    Wrong(String),
}

struct PatternParser<'a, 'l> {
    tokens: Tokens<'a>,
    language: &'l Language,
}

impl<'a> PatternParser<'a, '_> {
    /// One node, or several in brackets, and the captures behind.
    fn alternatives(&mut self) -> Result<Vec<(&'a str, Pattern)>, Refusal> {
        let mut alternatives = Vec::new();
        if self.tokens.peek() == "[" {
            self.tokens.next();
            while self.tokens.peek() != "]" {
                alternatives.push(self.node()?);
            }
            self.tokens.next();
        } else {
            alternatives.push(self.node()?);
        }
        let captures = self.captures()?;
        for (_, pattern) in &mut alternatives {
            pattern.captures.extend_from_slice(&captures);
        }
        Ok(alternatives)
    }

    fn node(&mut self) -> Result<(&'a str, Pattern), Refusal> {
        if self.tokens.next() != "(" {
            return Err(Refusal::NotPlain);
        }
        let kind = self.tokens.next();
        if !kind.starts_with(is_name) {
            return Err(Refusal::NotPlain);
        }
        let mut pattern = Pattern::default();
        loop {
            match self.tokens.peek() {
                ")" => break,
                "!" => {
                    self.tokens.next();
                    let field = self.tokens.next();
                    pattern.absent.push(self.field(field)?);
                }
                "(" | "[" => pattern.children.push(self.child(None)?),
                name if name.starts_with(is_name) => {
                    self.tokens.next();
                    if self.tokens.next() != ":" {
                        return Err(Refusal::NotPlain);
                    }
                    let field = self.field(name)?;
                    pattern.children.push(self.child(Some(field))?);
                }
                _ => return Err(Refusal::NotPlain),
            }
        }
        self.tokens.next();
        // Children without a field have an order among them, which is not kept here.
        if pattern.children.len() > 1 && pattern.children.iter().any(|child| child.field.is_none()) {
            return Err(Refusal::NotPlain);
        }
        pattern.captures.extend(self.captures()?);
        Ok((kind, pattern))
    }

    fn child(&mut self, field: Option<u16>) -> Result<Child, Refusal> {
        let alternatives = self.alternatives()?.into_iter().map(|(kind, pattern)| {
            let kind = match kind {
                "_" => Kind::AnyNamed,
                _ => Kind::Ids(kind_ids(kind, self.language).map_err(Refusal::Wrong)?),
            };
            Ok((kind, pattern))
        });
        Ok(Child { field, alternatives: alternatives.collect::<Result<_, _>>()? })
    }

    fn captures(&mut self) -> Result<Vec<Capture>, Refusal> {
        let mut captures = Vec::new();
        while let Some(name) = self.tokens.peek().strip_prefix('@') {
            self.tokens.next();
            let capture = Capture::from_name(name);
            captures.push(capture.ok_or_else(|| Refusal::Wrong(format!("no capture has the name @{name}")))?);
        }
        if matches!(self.tokens.peek(), "?" | "*" | "+") { Err(Refusal::NotPlain) } else { Ok(captures) }
    }

    fn field(&self, name: &str) -> Result<u16, Refusal> {
        let id = self.language.field_id_for_name(name);
        id.map(|id| id.get()).ok_or_else(|| Refusal::Wrong(format!("no node has the field {name}")))
    }
}

/// The tokens of a query: names, captures, strings and single signs; `""` at the end.
struct Tokens<'a> {
    rest: &'a str,
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

impl<'a> Tokens<'a> {
    fn skip_blank(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            if !self.rest.starts_with(';') {
                return;
            }
            self.rest = self.rest.find('\n').map_or("", |end| &self.rest[end..]);
        }
    }

    fn next(&mut self) -> &'a str {
        self.skip_blank();
        let rest = self.rest;
        let len = match rest.chars().next() {
            None => 0,
            Some('"') => {
                let mut escaped = false;
                let end = rest[1..].find(|c| {
                    let closes = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    closes
                });
                end.map_or(rest.len(), |end| end + 2)
            }
            Some('@' | '#') => {
                let end = rest[1..].find(|c| !(is_name(c) || matches!(c, '.' | '-' | '?' | '!')));
                end.map_or(rest.len(), |end| end + 1)
            }
            Some(c) if is_name(c) => rest.find(|c| !is_name(c)).unwrap_or(rest.len()),
            Some(c) => c.len_utf8(),
        };
        self.rest = &rest[len..];
        &rest[..len]
    }

    fn peek(&mut self) -> &'a str {
        let rest = self.rest;
        let token = self.next();
        self.rest = rest;
        token
    }

    fn peek_offset(&mut self, text: &str) -> usize {
        self.skip_blank();
        text.len() - self.rest.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_told_apart() {
        let text = "; (no)\n(a) @x ; no\n (b (c) @y \"(\" (#eq? @y \")\\\"\")) @z.w\n[(d) (e)] @x";
        let patterns = split(text).unwrap();
        assert_eq!(patterns, ["(a) @x", "(b (c) @y \"(\" (#eq? @y \")\\\"\")) @z.w", "[(d) (e)] @x"]);
        assert_eq!(
            patterns.iter().map(|pattern| head(pattern)).collect::<Vec<_>>(),
            [Some("a"), Some("b"), None]
        );
        assert!(split("(a").is_err());
        assert!(split("\"if\" @x").is_err());
        assert_eq!(head("(_) @x"), None);
    }

    #[cfg(feature = "lang-c")]
    #[test]
    fn only_plain_patterns_are_taken() {
        let c = Language::new(tree_sitter_c::LANGUAGE);
        let is_plain = |text| plain(text, &c).map(|patterns| patterns.map(|patterns| patterns.len()));
        assert_eq!(is_plain("(identifier) @reference.call"), Ok(Some(1)));
        assert_eq!(is_plain("[(preproc_if) (preproc_ifdef)] @scope.block"), Ok(Some(2)));
        assert_eq!(is_plain("(enumerator !value name: (_) @name) @definition.enum_member"), Ok(Some(1)));
        assert_eq!(is_plain("(enumerator \"=\") @local"), Ok(None));
        assert_eq!(is_plain("(enumerator (_)? @name) @local"), Ok(None));
        assert_eq!(is_plain("(enumerator (_) (_)) @local"), Ok(None));
        assert!(is_plain("(no_such_kind (no_such_kind)) @local").is_err());
        assert!(is_plain("(enumerator no_such_field: (_)) @local").is_err());
        assert!(is_plain("(enumerator) @definition.no_such_kind").is_err());
    }
}
