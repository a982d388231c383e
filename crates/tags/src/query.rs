//! A query, compiled, with the meaning of its captures.

use std::num::NonZeroU16;

use repo_map_model::{DefinitionKind, ReferenceKind, ScopeKind};
use tree_sitter::{Language, Query};

use crate::pattern::{self, Pattern};

/// What a capture of a query says of its node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Capture {
    /// `@name`: the name of what the match found.
    Name,
    /// `@declarator`: the name is inside, as C wraps it.
    Declarator,
    /// `@body`: what the signature leaves out, where it is not the node's field `body`.
    Body,
    /// `@rest`: the body begins with this node and ends with the definition.
    Rest,
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
    /// `@member` beside a definition: it counts only as a member of a type, of a module, or of a block that is
    /// no local.
    Member,
    /// `@opaque`: nothing is inside; the walk does not go there.
    Opaque,
    /// `@_…`: for predicates only.
    Ignored,
}

/// What begins at nodes of some kind.
#[derive(Debug, Default)]
pub(crate) struct Root {
    /// Plain patterns, in the order of the query.
    pub(crate) plain: Vec<Pattern>,
    /// Whether one of them asks for children.
    pub(crate) looks_at_children: bool,
    /// Nothing inside counts.
    pub(crate) opaque: bool,
    /// Patterns of `query` begin here.
    pub(crate) others: bool,
}

#[derive(Debug)]
pub(crate) struct CompiledQuery {
    /// The patterns that are not plain, if there are any.
    pub(crate) query: Option<Query>,
    /// By index of capture in `query`.
    pub(crate) captures: Vec<Capture>,
    /// By id of node kind, the index in `roots`; 0 where no pattern begins.
    root_of_kind: Vec<u8>,
    roots: Vec<Root>,
    /// Whether a node without children can be a tag by itself: if not, the walk need not visit leaves.
    pub(crate) takes_leaves: bool,
    pub(crate) body: Option<NonZeroU16>,
    /// The fields that hold the last part of a compound name.
    pub(crate) last_parts: Vec<NonZeroU16>,
}

impl CompiledQuery {
    /// Compiles the joined parts; the error is a sentence for the author of the query.
    pub(crate) fn new(language: &Language, parts: &[&str]) -> Result<Self, String> {
        Self::with(language, parts, pattern::plain)
    }

    /// Leaves every pattern to tree-sitter, but for what only the walk knows: the slow way, to compare with.
    #[cfg(all(test, feature = "core"))]
    pub(crate) fn without_shortcuts(language: &Language, parts: &[&str]) -> Result<Self, String> {
        Self::with(language, parts, |text, language| {
            let plain = pattern::plain(text, language)?;
            Ok(plain.filter(|patterns| patterns.iter().all(|(_, pattern)| pattern.is_bare())))
        })
    }

    fn with<'a>(
        language: &Language,
        parts: &[&'a str],
        plain: impl Fn(&'a str, &Language) -> Result<Option<Vec<(u16, Pattern)>>, String>,
    ) -> Result<Self, String> {
        let mut roots = Roots { of_kind: vec![0; language.node_kind_count()], roots: vec![Root::default()] };
        let mut others = String::new();
        let mut takes_leaves = false;
        for part in parts {
            for text in pattern::split(part)? {
                if let Some(patterns) = plain(text, language)? {
                    for (kind, pattern) in patterns {
                        takes_leaves |= pattern.tags_leaves();
                        let root = roots.of(kind)?;
                        if pattern.is_childless() && pattern.captures() == [Capture::Opaque] {
                            root.opaque = true;
                        } else {
                            root.looks_at_children |= !pattern.is_childless();
                            root.plain.push(pattern);
                        }
                    }
                } else {
                    let kind = pattern::head(text)
                        .ok_or_else(|| format!("a pattern must begin with the kind of a node: {text}"))?;
                    roots.of(pattern::kind_id(kind, language)?)?.others = true;
                    takes_leaves |= !pattern::needs_child(text);
                    others.push_str(text);
                    others.push('\n');
                }
            }
        }
        // What a grammar can produce is worked out for every query, even an empty one.
        let query = match others.as_str() {
            "" => None,
            others => Some(Query::new(language, others).map_err(|error| error.to_string())?),
        };
        let names = query.as_ref().map_or(&[][..], Query::capture_names);
        let captures = names
            .iter()
            .map(|name| Capture::from_name(name).ok_or_else(|| format!("no capture has the name @{name}")))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            query,
            captures,
            root_of_kind: roots.of_kind,
            roots: roots.roots,
            takes_leaves,
            body: language.field_id_for_name("body"),
            last_parts: ["name", "property"]
                .iter()
                .filter_map(|field| language.field_id_for_name(field))
                .collect(),
        })
    }

    /// What begins at a node of this kind, if anything does.
    pub(crate) fn root(&self, kind: u16) -> Option<&Root> {
        match self.root_of_kind.get(usize::from(kind)) {
            None | Some(0) => None,
            Some(&index) => Some(&self.roots[usize::from(index)]),
        }
    }
}

struct Roots {
    of_kind: Vec<u8>,
    roots: Vec<Root>,
}

impl Roots {
    fn of(&mut self, kind: u16) -> Result<&mut Root, String> {
        let index = self.of_kind.get_mut(usize::from(kind)).ok_or("no pattern can begin with an error")?;
        if *index == 0 {
            *index = u8::try_from(self.roots.len())
                .map_err(|_| "patterns begin with too many kinds".to_owned())?;
            self.roots.push(Root::default());
        }
        Ok(&mut self.roots[usize::from(*index)])
    }
}

impl Capture {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
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
                "rest" => Some(Self::Rest),
                "local" => Some(Self::Local),
                "wrapper" => Some(Self::Wrapper),
                "wrapped" => Some(Self::Wrapped),
                "decorator" => Some(Self::Decorator),
                "member" => Some(Self::Member),
                "opaque" => Some(Self::Opaque),
                _ => None,
            },
        }
    }
}
