//! A query, compiled, with the meaning of its captures.

use std::num::NonZeroU16;

use repo_map_model::{DefinitionKind, ReferenceKind, ScopeKind};
use tree_sitter::{Language, Query};

/// What a capture of a query says of its node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Capture {
    /// `@name`: the name of what the match found.
    Name,
    /// `@declarator`: the name is inside, as C wraps it.
    Declarator,
    /// `@body`: what the signature leaves out, where it is not the node's field `body`.
    Body,
    /// `@definition.<kind>`: the whole definition.
    Definition(DefinitionKind),
    /// `@declaration.<kind>`: a definition without its body, elsewhere defined.
    Declaration(DefinitionKind),
    /// `@reference.<kind>`: a use; without `@name` the node is its own name.
    Reference(ReferenceKind),
    /// `@scope.<kind>`: holds definitions and is none.
    Scope(ScopeKind),
    /// `@local`: variables and constants inside are locals.
    Local,
    /// `@wrapper` around `@wrapped`: decorators, template parameters and the like, which belong to the definition.
    Wrapper,
    /// See [`Wrapper`](Self::Wrapper).
    Wrapped,
    /// `@decorator`: belongs to the definition that follows it.
    Decorator,
    /// `@member` beside a definition: it counts only as a member of a type or of a block that is no local.
    Member,
    /// `@_…`: for predicates only.
    Ignored,
}

#[derive(Debug)]
pub(crate) struct CompiledQuery {
    pub(crate) query: Query,
    /// By index of capture.
    pub(crate) captures: Vec<Capture>,
    pub(crate) body: Option<NonZeroU16>,
    /// The fields that hold the last part of a compound name.
    pub(crate) last_parts: Vec<NonZeroU16>,
}

impl CompiledQuery {
    /// Compiles the joined parts; the error is a sentence for the author of the query.
    pub(crate) fn new(language: &Language, parts: &[&str]) -> Result<Self, String> {
        let query = Query::new(language, &parts.join("\n")).map_err(|error| error.to_string())?;
        let captures = query
            .capture_names()
            .iter()
            .map(|name| Capture::from_name(name).ok_or_else(|| format!("no capture has the name @{name}")))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            query,
            captures,
            body: language.field_id_for_name("body"),
            last_parts: ["name", "property"]
                .iter()
                .filter_map(|field| language.field_id_for_name(field))
                .collect(),
        })
    }
}

impl Capture {
    fn from_name(name: &str) -> Option<Self> {
        if name.starts_with('_') {
            return Some(Self::Ignored);
        }
        match name.split_once('.') {
            Some(("definition", kind)) => DefinitionKind::from_word(kind).map(Self::Definition),
            Some(("declaration", kind)) => DefinitionKind::from_word(kind).map(Self::Declaration),
            Some(("reference", kind)) => ReferenceKind::from_word(kind).map(Self::Reference),
            Some(("scope", kind)) => ScopeKind::from_word(kind).map(Self::Scope),
            Some(_) => None,
            None => match name {
                "name" => Some(Self::Name),
                "declarator" => Some(Self::Declarator),
                "body" => Some(Self::Body),
                "local" => Some(Self::Local),
                "wrapper" => Some(Self::Wrapper),
                "wrapped" => Some(Self::Wrapped),
                "decorator" => Some(Self::Decorator),
                "member" => Some(Self::Member),
                _ => None,
            },
        }
    }
}
