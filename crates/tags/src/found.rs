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

impl FoundDefinition {
    /// Where the signature ends, in bytes. What stands in parentheses right after the name of a type is part of it: it has no
    /// other body, and says what makes a value. So is the word that a body may begin with: `type A interface { … }`.
    pub(crate) fn signature_end(&self, source: &[u8]) -> usize {
        const WORDS: &[&str] = &["class", "enum", "interface", "object", "record", "struct", "union"];
        let Some(body) = self.body.as_ref().filter(|body| body.start >= self.name.end) else {
            return self.node.end;
        };
        let text = &source[body.start..];
        if self.kind.is_type() {
            let word = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
            if WORDS.iter().any(|of| of.as_bytes() == &text[..word]) {
                return body.start + word;
            }
        }
        let adjoins = source[..body.start].last().is_some_and(|before| !before.is_ascii_whitespace());
        let is_of_values = self.kind.is_type() || self.kind == DefinitionKind::EnumMember;
        if is_of_values && adjoins && text.starts_with(b"(") { self.node.end } else { body.start }
    }
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
