//! Cython: Python with declarations of C.
//!
//! The grammar is Python's. Heads with a body become those of Python in their place, and what only declares becomes an expression
//! of nothing, while its names are read here.

use std::borrow::Cow;
use std::ops::Range;

use repo_map_model::{DefinitionKind as D, ReferenceKind};

use crate::budget::Budget;
use crate::found::{Found, FoundDefinition, FoundReference};
use lines::Statement;
use parts::{Kind, Part, declared, items};

mod heads;
mod lines;
mod parts;

/// So often a text is gone through.
const PASSES: usize = 4;

/// The text as Python.
pub(crate) fn rewritten<'a>(source: &'a [u8], budget: &Budget) -> Cow<'a, [u8]> {
    let reader = read(source, budget);
    let mut text = source.to_vec();
    for range in reader.blanks {
        text[range].iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
    }
    for (at, word) in reader.writes {
        text[at..at + word.len()].copy_from_slice(word);
    }
    Cow::Owned(text)
}

/// Adds what is declared without a body. Beyond the budget that is nothing.
pub(crate) fn collect(source: &[u8], budget: &Budget, found: &mut Found) {
    let own = read(source, budget).found;
    found.definitions.extend(own.definitions);
    found.references.extend(own.references);
}

fn read<'a>(source: &'a [u8], budget: &Budget) -> Reader<'a> {
    let mut reader = Reader {
        source,
        open: Vec::new(),
        found: Found::default(),
        blanks: Vec::new(),
        writes: Vec::new(),
        decorators: Vec::new(),
    };
    if budget.read(PASSES * source.len()).is_break() {
        return reader;
    }
    let (statements, conversions) = lines::statements(source);
    reader.blanks = conversions;
    for statement in &statements {
        reader.statement(statement);
    }
    reader.close(0);
    reader
}

/// A block of declarations.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    /// Its statements are those of C: `cdef extern from`, `cdef:`.
    Declarations,
    /// Those are fields.
    Members,
    /// Those are values.
    Values,
    /// Those are types.
    Choices,
    /// `property`, which holds functions of Python.
    Property,
}

struct Open {
    indentation: usize,
    block: Block,
    /// What it is defined as, and where its statements begin.
    definition: Option<usize>,
    last: usize,
}

struct Reader<'a> {
    source: &'a [u8],
    open: Vec<Open>,
    found: Found,
    blanks: Vec<Range<usize>>,
    /// Decorators of what comes next.
    decorators: Vec<Range<usize>>,
    /// What is written where, after all blanks.
    writes: Vec<(usize, &'static [u8])>,
}

/// Words before a type that say nothing of it.
const BEFORE: &[&[u8]] =
    &[b"inline", b"public", b"readonly", b"api", b"packed", b"extern", b"const", b"volatile", b"static"];

impl<'a> Reader<'a> {
    fn word(&self, part: Option<&Part>) -> &'a [u8] {
        part.filter(|part| part.kind == Kind::Word).map_or(b"", |part| &self.source[part.range.clone()])
    }

    fn close(&mut self, indentation: usize) {
        while let Some(open) = self.open.pop_if(|open| open.indentation >= indentation) {
            if let Some(definition) = open.definition.and_then(|at| self.found.definitions.get_mut(at)) {
                let start = definition.body.as_ref().map_or(definition.name.end, |body| body.start);
                let end = open.last.max(start);
                definition.node.end = definition.node.end.max(end);
                definition.body = Some(start..end);
                definition.inside = Some(start..end);
            }
        }
    }

    fn statement(&mut self, statement: &Statement) {
        self.close(statement.indentation);
        for open in &mut self.open {
            open.last = statement.range.end;
        }
        let parts = parts::parts(self.source, &statement.range);
        let block = self.open.last().map(|open| open.block).filter(|block| *block != Block::Property);
        let Some(first) = parts.first() else { return };
        if first.kind == Kind::Sign(b'@') {
            return self.decorators.push(statement.range.clone());
        }
        self.read(statement, &parts, block);
        self.decorators.clear();
    }

    fn read(&mut self, statement: &Statement, parts: &[Part], block: Option<Block>) {
        let at = statement.range.start;
        match self.word(parts.first()) {
            b"cdef" | b"cpdef" => self.declaration(statement, parts, 1, false),
            b"ctypedef" => self.declaration(statement, parts, 1, true),
            b"pass" | b"" if block.is_some() && parts.len() == 1 => {}
            b"def" => self.arguments(parts, true),
            b"include" if parts.get(1).is_some_and(|part| part.kind == Kind::Text) => {
                let name = parts[1].range.clone();
                self.found.references.push(FoundReference { name, kind: ReferenceKind::Import });
                self.nothing(&statement.range);
            }
            b"cimport" => self.writes.push((at, b"import ")),
            b"from" => {
                let cimport = parts.iter().find(|part| self.word(Some(part)) == b"cimport");
                self.writes.extend(cimport.map(|part| (part.range.start, &b"import "[..])));
            }
            b"for" if self.word(parts.get(2)) == b"from" => {
                self.writes.push((parts[2].range.start, b"in  "));
                let step = parts.iter().find(|part| self.word(Some(part)) == b"by");
                if let (Some(step), Some(colon)) = (step, parts.iter().find(|part| is_colon(part))) {
                    self.blanks.push(step.range.start..colon.range.start.max(step.range.end));
                }
            }
            b"raise" => {
                let comma = parts.iter().find(|part| part.depth == 0 && part.kind == Kind::Sign(b','));
                self.writes.extend(comma.map(|part| (part.range.start, &b";"[..])));
            }
            b"DEF" => self.writes.push((at, b"0; ")),
            b"IF" => self.writes.push((at, b"if")),
            b"ELIF" => self.writes.push((at, b"elif")),
            b"ELSE" => self.writes.push((at, b"else")),
            b"property" if parts.len() == 3 && parts[2].kind == Kind::Sign(b':') => {
                self.block(statement, parts, Some((1, D::Method)), Block::Property);
            }
            _ => match block {
                Some(Block::Values) => self.values(statement, parts),
                Some(Block::Choices) => self.nothing(&statement.range),
                Some(_) => self.declaration(statement, parts, 0, false),
                None => {}
            },
        }
    }

    /// `cdef …`, or what may stand so in a block of such.
    fn declaration(&mut self, statement: &Statement, parts: &[Part], from: usize, is_type: bool) {
        let mut at = from;
        let is_extern = self.word(parts.get(at)) == b"extern";
        while BEFORE.contains(&self.word(parts.get(at))) {
            at += 1;
        }
        let has_body = parts.iter().any(is_colon);
        let word = self.word(parts.get(at));
        let what = match word {
            b"class" => {
                // A declaration of a class that is elsewhere has no body.
                return if has_body {
                    self.class(statement, parts, at);
                } else {
                    self.nothing(&statement.range);
                };
            }
            b"from" if is_extern && has_body => {
                return self.block(statement, parts, None, Block::Declarations);
            }
            b"struct" | b"union" => Some((D::Struct, Block::Members)),
            b"cppclass" => Some((D::Class, Block::Members)),
            b"enum" => Some((D::Enum, Block::Values)),
            b"fused" => Some((D::Type, Block::Choices)),
            _ => None,
        };
        if let Some((kind, block)) = what {
            at += 1 + usize::from(self.word(parts.get(at + 1)) == b"class");
            let is_named = parts.get(at).is_some_and(|part| part.kind == Kind::Word);
            if has_body {
                return self.block(statement, parts, is_named.then_some((at, kind)), block);
            }
            // `struct a` may be the type of what follows.
            if parts.len() <= at + 1 {
                return self.nothing(&statement.range);
            }
        }
        if parts.get(at).is_some_and(is_colon) {
            return self.block(statement, parts, None, Block::Declarations);
        }
        self.declared(statement, &parts[at..], is_type, has_body);
    }

    /// A function with a body, one without, or variables.
    fn declared(&mut self, statement: &Statement, parts: &[Part], is_type: bool, has_body: bool) {
        let opens = |part: &Part| part.depth == 0 && part.kind == Kind::Sign(b'(');
        let bracket = parts.iter().position(opens);
        let is_pointer =
            bracket.is_some_and(|at| parts.get(at + 1).is_some_and(|part| part.kind == Kind::Sign(b'*')));
        let equals = parts.iter().position(|part| part.depth == 0 && part.kind == Kind::Sign(b'='));
        let called = bracket.filter(|at| *at > 0 && !is_pointer && equals.is_none_or(|equals| equals > *at));
        if let Some(name) = called.and_then(|at| declared(&parts[..at])) {
            if has_body {
                let at = statement.range.start;
                self.blanks.push(at..name.range.start);
                self.writes.push((at, b"def"));
                return self.arguments(parts, false);
            }
            let kind = if is_type { D::Type } else { D::Function };
            self.define(&statement.range, name.range.clone(), kind, !is_type);
            return self.nothing(&statement.range);
        }
        if is_pointer {
            let name = bracket.and_then(|at| parts.get(at + 2)).filter(|part| part.kind == Kind::Word);
            if let Some(name) = name {
                self.define(
                    &statement.range,
                    name.range.clone(),
                    if is_type { D::Type } else { D::Variable },
                    false,
                );
            }
            return self.nothing(&statement.range);
        }
        let kind = match self.open.last().map(|open| open.block) {
            _ if is_type => D::Type,
            Some(Block::Members) => D::Field,
            _ => D::Variable,
        };
        let all: Vec<_> = items(parts, 0).collect();
        if let ([item], Some(_)) = (&*all, equals)
            && let Some(name) = declared(item).map(|name| name.range.start)
            && name >= statement.range.start + 2
        {
            // What it is set to is Python.
            self.blanks.push(statement.range.start..name);
            self.writes.push((statement.range.start, b"0;"));
            return;
        }
        for (at, item) in all.into_iter().enumerate() {
            // A type alone declares nothing.
            let is_name =
                at > 0 || item.iter().filter(|part| part.depth == 0 && part.kind == Kind::Word).count() > 1;
            if let Some(name) = declared(item).filter(|_| is_name) {
                self.define(&statement.range, name.range.clone(), kind, false);
            }
        }
        self.nothing(&statement.range);
    }

    fn values(&mut self, statement: &Statement, parts: &[Part]) {
        for item in items(parts, 0) {
            if let Some(name) = item.first().filter(|part| part.kind == Kind::Word) {
                self.define(&statement.range, name.range.clone(), D::EnumMember, false);
            }
        }
        self.nothing(&statement.range);
    }

    /// A head of a block becomes one that always holds.
    fn block(&mut self, statement: &Statement, parts: &[Part], named: Option<(usize, D)>, block: Block) {
        let at = statement.range.start;
        let Some(end) = parts.iter().find(|part| is_colon(part)).map(|colon| colon.range.start) else {
            return;
        };
        if end < at + 4 {
            return;
        }
        self.blanks.push(at..end);
        // A condition is a scope to the grammar of its own, beside what is defined.
        let is_scope = named.is_none() || end < at + 7;
        self.writes.push((at, if is_scope { b"if 1" } else { b"while 1" }));
        let definition = named.map(|(name, kind)| {
            self.define(&statement.range, parts[name].range.clone(), kind, false);
            let last = self.found.definitions.len() - 1;
            self.found.definitions[last].body = Some(end + 1..end + 1);
            last
        });
        self.open.push(Open { indentation: statement.indentation, block, definition, last: end + 1 });
    }

    fn define(&mut self, node: &Range<usize>, name: Range<usize>, kind: D, declaration: bool) {
        self.found.definitions.push(FoundDefinition {
            node: node.clone(),
            name,
            body: None,
            inside: None,
            kind,
            declaration,
            declared: None,
            member: false,
        });
    }

    /// An expression of nothing, as long as the statement: names in it are where the block is.
    fn nothing(&mut self, range: &Range<usize>) {
        self.blanks.push(range.clone());
        self.blanks.append(&mut self.decorators);
        if range.len() == 1 {
            self.writes.push((range.start, b"0"));
        } else {
            self.writes.extend([(range.start, &b"("[..]), (range.end - 1, &b")"[..])]);
        }
    }
}

fn is_colon(part: &Part) -> bool {
    part.depth == 0 && part.kind == Kind::Sign(b':')
}
