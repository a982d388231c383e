use std::collections::HashMap;
use std::fmt;

use crate::{DefinitionKind, ReferenceKind, ScopeKind};

/// A name of one file: an index into [`FileTags::names`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(pub u32);

/// A scope of one file: an index into [`FileTags::scopes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeId(pub u32);

/// Lines from `first` to `last`, both included, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineSpan {
    /// The first line.
    pub first: u32,
    /// The last line, never before the first.
    pub last: u32,
}

/// A place where a name gets its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Definition {
    /// The last segment of the name: `c` of `a::b::c`.
    pub name: NameId,
    /// What is defined.
    pub kind: DefinitionKind,
    /// A prototype or forward declaration, to be ranked below the definition.
    pub declaration: bool,
    /// The line that the name stands on.
    pub line: u32,
    /// The byte offset of the name in the file.
    pub name_start: u32,
    /// The lines of the signature, decorators included, body excluded. It holds `line`.
    pub signature: LineSpan,
    /// The byte offset where the signature ends: where the body begins, or where the definition ends that has none. White
    /// space may stand before it, and what opens the body.
    pub signature_end: u32,
    /// The last line of the whole definition.
    pub end_line: u32,
    /// The innermost scope around the definition, not the one that it opens itself.
    pub scope: Option<ScopeId>,
}

/// A place where a name is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    /// The last segment of the name.
    pub name: NameId,
    /// How it is used.
    pub kind: ReferenceKind,
    /// The line that the name stands on.
    pub line: u32,
}

/// A construct over several lines with definitions inside: what a reader needs to place them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// What holds the definitions.
    pub kind: ScopeKind,
    /// The lines before the body.
    pub header: LineSpan,
    /// The line to print where one line stands for the scope: it holds the name.
    pub line: u32,
    /// The last line.
    pub end_line: u32,
    /// The scope around this one; it stands earlier in the list.
    pub parent: Option<ScopeId>,
}

/// The definitions, references and scopes of one file, each in source order.
///
/// Names are held once a file. Built by [`FileTagsBuilder`], or from stored parts by [`FileTags::from_parts`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileTags {
    names: Vec<Box<str>>,
    definitions: Vec<Definition>,
    references: Vec<Reference>,
    scopes: Vec<Scope>,
    summary: Option<Box<str>>,
}

/// Collects the tags of one file; holds each name once.
#[derive(Debug, Default)]
pub struct FileTagsBuilder {
    ids: HashMap<Box<str>, NameId>,
    tags: FileTags,
}

/// An id of the stored parts points outside them, or a scope's parent does not stand before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidTags;

impl LineSpan {
    /// Lines `first` to `last`; `last` is raised to `first` where it is less.
    pub const fn new(first: u32, last: u32) -> Self {
        Self { first, last: if last < first { first } else { last } }
    }

    /// Whether the line is one of them.
    pub const fn contains(self, line: u32) -> bool {
        self.first <= line && line <= self.last
    }
}

impl FileTags {
    /// An empty collection to add to.
    pub fn builder() -> FileTagsBuilder {
        FileTagsBuilder::default()
    }

    /// Puts stored parts together again.
    ///
    /// # Errors
    /// [`InvalidTags`] when an id points outside the parts or a scope's parent does not stand before it.
    pub fn from_parts(
        names: Vec<Box<str>>,
        definitions: Vec<Definition>,
        references: Vec<Reference>,
        scopes: Vec<Scope>,
    ) -> Result<Self, InvalidTags> {
        let name_ok = |name: NameId| (name.0 as usize) < names.len();
        let scope_ok = |scope: Option<ScopeId>, end: usize| scope.is_none_or(|id| (id.0 as usize) < end);
        let valid = definitions.iter().all(|d| name_ok(d.name) && scope_ok(d.scope, scopes.len()))
            && references.iter().all(|r| name_ok(r.name))
            && scopes.iter().enumerate().all(|(index, scope)| scope_ok(scope.parent, index));
        if valid {
            Ok(Self { names, definitions, references, scopes, summary: None })
        } else {
            Err(InvalidTags)
        }
    }

    /// The same tags with what the file says of itself.
    #[must_use]
    pub fn with_summary(mut self, summary: Option<Box<str>>) -> Self {
        self.summary = summary;
        self
    }

    /// What the file says of itself: the first sentence of a document or of the comment at the top of a source, on one line, 120 characters at
    /// most. It comes from the file, so whoever prints it hides what a terminal would heed.
    pub fn summary(&self) -> Option<&str> {
        self.summary.as_deref()
    }

    /// The text of a name.
    ///
    /// # Panics
    /// When the id is another file's and larger than any of this one.
    pub fn name(&self, id: NameId) -> &str {
        &self.names[id.0 as usize]
    }

    /// Each name once, in the order of first use.
    pub fn names(&self) -> &[Box<str>] {
        &self.names
    }

    /// The definitions in source order.
    pub fn definitions(&self) -> &[Definition] {
        &self.definitions
    }

    /// The references in source order.
    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// The scopes, parents before children.
    pub fn scopes(&self) -> &[Scope] {
        &self.scopes
    }

    /// The scopes around a definition or a scope, from the innermost out.
    pub fn ancestors(&self, scope: Option<ScopeId>) -> impl Iterator<Item = (ScopeId, &Scope)> {
        let mut next = scope;
        std::iter::from_fn(move || {
            let id = next?;
            let scope = &self.scopes[id.0 as usize];
            next = scope.parent;
            Some((id, scope))
        })
    }

    /// Neither definitions nor references.
    pub fn is_empty(&self) -> bool {
        self.definitions.is_empty() && self.references.is_empty()
    }
}

impl FileTagsBuilder {
    /// The id of a name, new or known.
    pub fn name(&mut self, text: &str) -> NameId {
        if let Some(&id) = self.ids.get(text) {
            return id;
        }
        let id = NameId(u32::try_from(self.tags.names.len()).expect("a file has fewer than 2^32 names"));
        self.tags.names.push(text.into());
        self.ids.insert(text.into(), id);
        id
    }

    /// Adds a definition; its name must come from [`name`](Self::name).
    pub fn definition(&mut self, definition: Definition) {
        self.tags.definitions.push(definition);
    }

    /// Adds a reference; its name must come from [`name`](Self::name).
    pub fn reference(&mut self, reference: Reference) {
        self.tags.references.push(reference);
    }

    /// Adds a scope; its parent must have been added before.
    pub fn scope(&mut self, scope: Scope) -> ScopeId {
        let id = ScopeId(u32::try_from(self.tags.scopes.len()).expect("a file has fewer than 2^32 scopes"));
        self.tags.scopes.push(scope);
        id
    }

    /// The collection.
    pub fn build(self) -> FileTags {
        self.tags
    }
}

impl fmt::Display for InvalidTags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the stored tags of a file refer to names or scopes that are not among them")
    }
}

impl std::error::Error for InvalidTags {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_held_once() {
        let mut builder = FileTags::builder();
        assert_eq!(builder.name("a"), builder.name("a"));
        assert_ne!(builder.name("a"), builder.name("b"));
        assert_eq!(builder.build().names().len(), 2);
    }

    #[test]
    fn parts_from_a_foreign_hand_are_refused() {
        let scope = Scope {
            kind: ScopeKind::Type,
            header: LineSpan::new(0, 0),
            line: 0,
            end_line: 1,
            parent: Some(ScopeId(0)),
        };
        assert_eq!(FileTags::from_parts(vec![], vec![], vec![], vec![scope]), Err(InvalidTags));
        let reference = Reference { name: NameId(0), kind: ReferenceKind::Call, line: 0 };
        assert_eq!(FileTags::from_parts(vec![], vec![], vec![reference], vec![]), Err(InvalidTags));
    }

    #[test]
    fn ancestors_come_from_the_inside_out() {
        let mut builder = FileTags::builder();
        let scope = |line, parent| Scope {
            kind: ScopeKind::Type,
            header: LineSpan::new(line, line),
            line,
            end_line: 9,
            parent,
        };
        let outer = builder.scope(scope(0, None));
        let inner = builder.scope(scope(1, Some(outer)));
        let tags = builder.build();
        let ids: Vec<_> = tags.ancestors(Some(inner)).map(|(id, _)| id).collect();
        assert_eq!(ids, [inner, outer]);
    }
}
