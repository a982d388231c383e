//! From the text of a query to patterns of ours.

use std::cell::Cell;

use tree_sitter::Language;

use super::condition::{self, Condition};
use super::tokens::{Tokens, is_name, string};
use super::{Child, Kind, Pattern, unambiguous};
use crate::query::Capture;

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

/// Whether a pattern that is not plain surely asks for a child of the node that it begins with.
pub(crate) fn needs_child(text: &str) -> bool {
    // A group may hold a single node with a predicate: `((identifier) @name (#eq? @name "x"))`.
    let is_group = text.trim_start().strip_prefix('(').is_some_and(|rest| rest.trim_start().starts_with('('));
    let nodes = text.matches(['(', '[']).count() - text.matches("(#").count();
    !is_group && nodes > 1
}

/// The kind that any pattern begins with, if it begins with one.
pub(crate) fn head(text: &str) -> Option<&str> {
    let mut tokens = Tokens { rest: text };
    let kind = (tokens.next() == "(").then(|| tokens.next())?;
    kind.starts_with(|c: char| c.is_ascii_alphabetic()).then_some(kind)
}

/// The id that nodes of this kind have in a tree.
///
/// # Errors
/// A sentence, when no node has the kind.
pub(crate) fn kind_id(kind: &str, language: &Language) -> Result<u16, String> {
    match language.id_for_node_kind(kind, true) {
        id if id != 0 && language.node_kind_is_visible(id) => Ok(id),
        _ => Err(format!("no node has the kind ({kind})")),
    }
}

/// The kinds that a plain pattern begins with, each with the pattern; none when it is not plain.
///
/// # Errors
/// A sentence, when the grammar has no such kind or field, or a capture is unknown.
pub(crate) fn plain(text: &str, language: &Language) -> Result<Option<Vec<(u16, Pattern)>>, String> {
    let Some(conditions) = condition::of_pattern(text) else { return Ok(None) };
    let conditions = conditions
        .into_iter()
        .map(|(capture, condition)| Asked { capture, condition, of_any: Cell::new(false) })
        .collect();
    let mut parser = PatternParser { tokens: Tokens { rest: text }, language, conditions };
    match parser.roots() {
        Ok(roots) => Ok(Some(roots)),
        Err(Refusal::NotPlain) => Ok(None),
        Err(Refusal::Wrong(sentence)) => Err(sentence),
    }
}

enum Refusal {
    NotPlain,
    Wrong(String),
}

struct PatternParser<'a, 'l> {
    tokens: Tokens<'a>,
    language: &'l Language,
    conditions: Vec<Asked<'a>>,
}

/// A condition, and whether the pattern has its capture.
struct Asked<'a> {
    capture: &'a str,
    condition: Condition,
    of_any: Cell<bool>,
}

/// What stands behind a node.
#[derive(Default)]
struct Suffix {
    captures: Vec<Capture>,
    conditions: Vec<Condition>,
    optional: bool,
}

impl PatternParser<'_, '_> {
    fn roots(&mut self) -> Result<Vec<(u16, Pattern)>, Refusal> {
        let (alternatives, optional) = self.alternatives()?;
        let is_used = self.conditions.iter().all(|asked| asked.of_any.get());
        if optional
            || !is_used
            || !self.tokens.peek().is_empty()
            || !unambiguous::all(&alternatives, self.language)
        {
            return Err(Refusal::NotPlain);
        }
        let roots = alternatives.into_iter().map(|(kind, pattern)| match kind {
            Kind::Id(id) if self.language.node_kind_is_named(id) => Ok((id, pattern)),
            _ => Err(Refusal::Wrong("a pattern must begin with the kind of a node".to_owned())),
        });
        roots.collect()
    }

    /// One node, or several in brackets, and what stands behind; whether it may be missing.
    fn alternatives(&mut self) -> Result<(Vec<(Kind, Pattern)>, bool), Refusal> {
        let mut alternatives = Vec::new();
        if self.tokens.peek() == "[" {
            self.tokens.next();
            while self.tokens.peek() != "]" {
                let (kind, mut pattern) = self.node()?;
                let suffix = self.suffix()?;
                if suffix.optional {
                    return Err(Refusal::NotPlain);
                }
                pattern.add(&suffix);
                alternatives.push((kind, pattern));
            }
            self.tokens.next();
        } else {
            alternatives.push(self.node()?);
        }
        let suffix = self.suffix()?;
        for (_, pattern) in &mut alternatives {
            pattern.add(&suffix);
        }
        Ok((alternatives, suffix.optional))
    }

    fn node(&mut self) -> Result<(Kind, Pattern), Refusal> {
        let token = self.tokens.next();
        if let Some(text) = string(token) {
            return match self.language.id_for_node_kind(&text, false) {
                0 => Err(Refusal::Wrong(format!("no node has the kind {token}"))),
                id => Ok((Kind::Id(id), Pattern::default())),
            };
        }
        if token != "(" {
            return Err(Refusal::NotPlain);
        }
        let kind = match self.tokens.next() {
            "_" => Kind::AnyNamed,
            "MISSING" => return Err(Refusal::NotPlain),
            name if name.starts_with(is_name) => {
                if self.language.node_kind_is_supertype(self.language.id_for_node_kind(name, true)) {
                    return Err(Refusal::NotPlain);
                }
                Kind::Id(kind_id(name, self.language).map_err(Refusal::Wrong)?)
            }
            _ => return Err(Refusal::NotPlain),
        };
        let mut pattern = Pattern::default();
        self.inside(&mut pattern)?;
        Ok((kind, pattern))
    }

    /// What stands between a kind and the closing parenthesis.
    fn inside(&mut self, pattern: &mut Pattern) -> Result<(), Refusal> {
        let mut adjacent = false;
        loop {
            match self.tokens.peek() {
                ")" => break,
                "!" => {
                    self.tokens.next();
                    let field = self.tokens.next();
                    pattern.absent.push(self.field(field)?);
                    continue;
                }
                "." => {
                    self.tokens.next();
                    adjacent = true;
                    continue;
                }
                // To tree-sitter an anchor before a predicate is an anchor before nothing.
                "(" if self.is_predicate() => while self.tokens.next() != ")" {},
                name if name.starts_with(is_name) => {
                    self.tokens.next();
                    if self.tokens.next() != ":" {
                        return Err(Refusal::NotPlain);
                    }
                    let field = self.field(name)?;
                    let child = self.child(Some(field), adjacent)?;
                    pattern.children.push(child);
                }
                _ => {
                    let child = self.child(None, adjacent)?;
                    pattern.children.push(child);
                }
            }
            adjacent = false;
        }
        self.tokens.next();
        if adjacent {
            pattern.children.last_mut().ok_or(Refusal::NotPlain)?.last = true;
        }
        Ok(())
    }

    fn is_predicate(&mut self) -> bool {
        let mut ahead = self.tokens.clone();
        ahead.next();
        ahead.peek().starts_with('#')
    }

    fn child(&mut self, field: Option<u16>, adjacent: bool) -> Result<Child, Refusal> {
        let (alternatives, optional) = self.alternatives()?;
        let silent = alternatives.iter().all(|(_, pattern)| pattern.capture_count() == 0);
        Ok(Child { field, adjacent, last: false, optional, silent, alternatives })
    }

    fn suffix(&mut self) -> Result<Suffix, Refusal> {
        let mut suffix = Suffix::default();
        loop {
            match self.tokens.peek() {
                "?" => suffix.optional = true,
                "*" | "+" => return Err(Refusal::NotPlain),
                token => {
                    let Some(name) = token.strip_prefix('@') else { return Ok(suffix) };
                    let capture = Capture::from_name(name)
                        .ok_or_else(|| Refusal::Wrong(format!("no capture has the name @{name}")))?;
                    suffix.captures.push(capture);
                    for asked in self.conditions.iter().filter(|asked| asked.capture == name) {
                        asked.of_any.set(true);
                        suffix.conditions.push(asked.condition.clone());
                    }
                }
            }
            self.tokens.next();
        }
    }

    fn field(&self, name: &str) -> Result<u16, Refusal> {
        let id = self.language.field_id_for_name(name);
        id.map(|id| id.get()).ok_or_else(|| Refusal::Wrong(format!("no node has the field {name}")))
    }
}

impl Pattern {
    fn add(&mut self, suffix: &Suffix) {
        self.captures.extend_from_slice(&suffix.captures);
        self.conditions.extend_from_slice(&suffix.conditions);
    }
}
