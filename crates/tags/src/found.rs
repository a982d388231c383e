//! What the query of a language found in a file, before it is put in order.

use std::ops::Range;

use repo_map_model::{DefinitionKind, ReferenceKind, ScopeKind};

use crate::declarator::Declared;

/// Everything that one pass over a file found, in no order and with duplicates. All ranges are bytes.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) definitions: Vec<FoundDefinition>,
    pub(crate) references: Vec<FoundReference>,
    pub(crate) holders: Vec<Holder>,
    pub(crate) wrapped: Vec<Wrapped>,
    /// Each belongs to the definition that follows it.
    pub(crate) decorators: Vec<Range<usize>>,
    /// Names in prose, in order, each as often as it stands there.
    pub(crate) mentions: Vec<Range<usize>>,
}

pub(crate) struct FoundDefinition {
    /// The whole definition.
    pub(crate) node: Range<usize>,
    pub(crate) name: Range<usize>,
    /// What the signature leaves out.
    pub(crate) body: Option<Range<usize>>,
    /// Where definitions are members of this one: the body, or some more.
    pub(crate) inside: Option<Range<usize>>,
    pub(crate) kind: DefinitionKind,
    pub(crate) declaration: bool,
    /// What a C declarator told besides.
    pub(crate) declared: Option<Declared>,
    /// Counts only as a member of something that is shown.
    pub(crate) member: bool,
}

pub(crate) struct FoundReference {
    pub(crate) name: Range<usize>,
    pub(crate) kind: ReferenceKind,
}

/// A construct that holds definitions and is none.
pub(crate) struct Holder {
    pub(crate) node: Range<usize>,
    /// Where its body starts.
    pub(crate) body: Option<usize>,
    pub(crate) kind: HolderKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HolderKind {
    Scope(ScopeKind),
    /// Holds locals; never shown.
    Local,
}

/// Decorators, template parameters: `outer` belongs to the definition that `inner` is.
pub(crate) struct Wrapped {
    pub(crate) inner: Range<usize>,
    pub(crate) outer: Range<usize>,
}
