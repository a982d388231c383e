//! Statements of SQL that define something, in all of its dialects.
//!
//! The grammar knows no body of a routine: one statement that it does not read takes what stands around it with it. So definitions
//! are read here, from `CREATE … NAME` alone, and what the grammar cannot read (bodies, data, lines for clients) is kept from it.
//! Bodies are gone through for what they use.

use std::ops::Range;

use repo_map_model::{DefinitionKind, ReferenceKind};

use crate::budget::Budget;
use crate::found::{Found, FoundDefinition, FoundReference};
use ends::{Extent, Open};
use heads::{Head, Of};
use token::{Kind, Token, Tokens};

mod columns;
mod ends;
mod heads;
mod lexer;
mod package;
mod token;
mod uses;

/// So often a text is gone through.
const PASSES: usize = 6;

/// What the grammar does not get to read.
#[derive(Default)]
pub(crate) struct Unread {
    /// In no order, and some within others.
    pub(crate) ranges: Vec<Range<usize>>,
    /// Where a semicolon ends what the grammar reads, in the place of something else that does.
    pub(crate) ends: Vec<usize>,
}

pub(crate) fn unread(source: &[u8], budget: &Budget) -> Unread {
    read(source, budget).1
}

/// Adds what is defined, and what is used where the grammar does not look. Beyond the budget that is nothing.
pub(crate) fn collect(source: &[u8], budget: &Budget, found: &mut Found) {
    let (own, _) = read(source, budget);
    found.definitions.extend(own.definitions);
    found.references.extend(own.references);
}

fn read(source: &[u8], budget: &Budget) -> (Found, Unread) {
    if budget.read(PASSES * source.len()).is_break() {
        return Default::default();
    }
    let (all, ranges) = lexer::tokens(source, 0);
    let unread = Unread { ranges, ends: Vec::new() };
    let mut reader = Reader {
        tokens: Tokens { source, all: &all, batched: is_batched(source, &all) },
        found: Found::default(),
        unread,
    };
    let mut at = 0;
    while at < all.len() {
        if matches!(all[at].kind, Kind::End | Kind::Batch) {
            at += 1;
            continue;
        }
        let before = reader.unread.ranges.len();
        at = reader.statement(at);
        let is_left = reader.unread.ranges.len() == before;
        if let Some(batch) = all.get(at).filter(|token| is_left && token.kind == Kind::Batch) {
            reader.unread.ends.push(batch.range.start);
        }
    }
    (reader.found, reader.unread)
}

/// Whether a line of `GO` ends any of it.
fn is_batched(source: &[u8], all: &[Token]) -> bool {
    let is_go = |token: &Token| {
        token.kind == Kind::Batch && source[token.range.start..].first().is_some_and(u8::is_ascii_alphabetic)
    };
    all.iter().any(is_go)
}

struct Reader<'a> {
    tokens: Tokens<'a>,
    found: Found,
    unread: Unread,
}

impl Reader<'_> {
    /// Reads a statement and tells the place behind it.
    fn statement(&mut self, from: usize) -> usize {
        let tokens = self.tokens;
        let head = heads::head(tokens, from);
        let Some(head) = head else {
            let end = ends::extent(tokens, from, None).end;
            let is_block = ends::opens(tokens, from) == Some(Open::Block);
            if is_block
                || tokens.is(from, "DO") && (from..end).any(|at| tokens.kind(at) == Some(Kind::Dollar))
            {
                self.withhold(from, end);
            }
            if tokens.is(from, "COPY") {
                self.table(from + 1, end);
                self.keep(from, end);
            }
            return end;
        };
        if head.of == Of::Package {
            return self.package(from, &head);
        }
        let extent = ends::extent(tokens, from, Some(&head));
        let body = self.body(&head, &extent);
        if head.alters && body.is_none() {
            return extent.end;
        }
        // What begins anew may do so where a name was due.
        if let (Some(kind), Some(name)) = (head.of.kind(), head.name.filter(|name| *name < extent.end)) {
            self.define(from..extent.end, name, kind, body);
            if head.of == Of::Table {
                self.columns(&head, extent.end);
            }
        }
        match head.of {
            Of::Routine | Of::Aggregate | Of::Unnamed | Of::Type => self.withhold(from, extent.end),
            Of::Trigger if extent.body.is_some() => {
                // The table whose changes it waits for.
                if let Some(on) = (head.after..extent.end).find(|at| tokens.is(*at, "ON")) {
                    self.table(on + 1, extent.end);
                }
                self.withhold(from, extent.end);
            }
            _ => {}
        }
        extent.end
    }

    /// Adds the table that is named at a place.
    fn table(&mut self, at: usize, end: usize) {
        let tokens = self.tokens;
        if let Some((table, _)) = tokens.qualified(at).filter(|(table, _)| *table < end) {
            self.found
                .references
                .push(FoundReference { name: tokens.name(table), kind: ReferenceKind::Type });
        }
    }

    /// The place where the body of a definition begins.
    fn body(&self, head: &Head, extent: &Extent) -> Option<usize> {
        let tokens = self.tokens;
        let mut outside = Outside { tokens, at: head.after, end: extent.end };
        match head.of {
            Of::Routine => extent.body.or_else(|| {
                outside.find(|at| {
                    tokens.is_any(*at, &["AS", "RETURN"]) || tokens.kind(*at) == Some(Kind::Dollar)
                })
            }),
            Of::Trigger => extent.body,
            Of::View => {
                outside.find(|at| tokens.is(*at, "AS")).map(|at| at + 1).filter(|at| *at < extent.end)
            }
            _ => None,
        }
    }

    /// Adds a definition of these tokens; its body goes on to the end of them.
    fn define(&mut self, places: Range<usize>, name: usize, kind: DefinitionKind, body: Option<usize>) {
        let all = self.tokens.all;
        let end = all[places.end - 1].range.end;
        self.found.definitions.push(FoundDefinition {
            node: all[places.start].range.start..end,
            name: self.tokens.name(name),
            body: body.filter(|body| *body < places.end).map(|body| all[body].range.start..end),
            inside: None,
            kind,
            declaration: false,
            declared: None,
            member: false,
        });
    }

    /// Adds the columns of a table that was added just now.
    fn columns(&mut self, head: &Head, end: usize) {
        let (tokens, all) = (self.tokens, self.tokens.all);
        if head.after >= end || !tokens.is_sign(head.after, b'(') {
            return;
        }
        let behind = tokens.behind_brackets(head.after, end);
        let body = all[head.after].range.start..all[behind - 1].range.end;
        if let Some(table) = self.found.definitions.last_mut() {
            table.body = Some(body.clone());
            table.inside = Some(body);
        }
        for (column, last) in columns::columns(tokens, head.after + 1, behind.max(head.after + 2) - 1) {
            self.define(column..last + 1, column, DefinitionKind::Field, None);
        }
    }

    fn package(&mut self, from: usize, head: &Head) -> usize {
        let package = package::read(self.tokens, head.after);
        let end = package.end.max(from + 1);
        if let Some(name) = head.name {
            self.define(from..end, name, DefinitionKind::Module, package.body.filter(|body| *body < end));
            if let Some(definition) = self.found.definitions.last_mut() {
                definition.inside = definition.body.clone();
            }
            for member in package.members {
                self.define(
                    member.at..member.end.max(member.name + 1),
                    member.name,
                    DefinitionKind::Function,
                    member.body,
                );
                if let Some(definition) = self.found.definitions.last_mut() {
                    definition.declaration = member.body.is_none();
                }
            }
        }
        self.withhold(from, end);
        end
    }

    /// Keeps a statement from the grammar.
    fn keep(&mut self, from: usize, end: usize) {
        let all = self.tokens.all;
        let ended = all.get(end).filter(|token| token.kind == Kind::End).unwrap_or(&all[end - 1]);
        self.unread.ranges.push(all[from].range.start..ended.range.end);
    }

    /// Keeps a statement from the grammar, and tells what it uses.
    fn withhold(&mut self, from: usize, end: usize) {
        let (tokens, all) = (self.tokens, self.tokens.all);
        self.keep(from, end);
        uses::collect(tokens, from, end, &mut self.found.references);
        if !self.is_of_sql(from, end) {
            return;
        }
        for body in all[from..end].iter().filter(|token| token.kind == Kind::Dollar) {
            let text = &tokens.source[body.range.clone()];
            let tag = memchr::memchr(b'$', &text[1..]).map_or(0, |at| at + 2);
            let inside = &text[tag..text.len().saturating_sub(tag).max(tag)];
            let (all, _) = lexer::tokens(inside, body.range.start + tag);
            let tokens = Tokens { all: &all, ..tokens };
            uses::collect(tokens, 0, all.len(), &mut self.found.references);
        }
    }

    /// Whether the language that a statement tells, if it does, is one of SQL.
    fn is_of_sql(&self, from: usize, end: usize) -> bool {
        let tokens = self.tokens;
        let is_language = |at: &usize| {
            tokens.is(*at, "LANGUAGE") && (tokens.is_name(at + 1) || tokens.kind(at + 1) == Some(Kind::Text))
        };
        (from..end).find(is_language).is_none_or(|at| {
            let name = &tokens.source[tokens.name(at + 1)];
            name.eq_ignore_ascii_case(b"sql") || name.eq_ignore_ascii_case(b"plpgsql")
        })
    }
}

/// Goes through a statement outside of its brackets.
struct Outside<'a> {
    tokens: Tokens<'a>,
    at: usize,
    end: usize,
}

impl Iterator for Outside<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while self.at < self.end && self.tokens.is_sign(self.at, b'(') {
            self.at = self.tokens.behind_brackets(self.at, self.end);
        }
        self.at += 1;
        (self.at <= self.end).then(|| self.at - 1)
    }
}
