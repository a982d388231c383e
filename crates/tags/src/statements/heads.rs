//! What a statement defines: `CREATE … NAME`.

use repo_map_model::DefinitionKind;

use super::token::{Kind, Tokens};

/// The beginning of a statement that defines something.
#[derive(Clone, Copy)]
pub(super) struct Head {
    pub(super) of: Of,
    /// Where its name stands, if it has one.
    pub(super) name: Option<usize>,
    /// The place behind the name.
    pub(super) after: usize,
    /// `ALTER`, which defines only what it gives a body.
    pub(super) alters: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Routine,
    Trigger,
    Package,
    Table,
    View,
    Type,
    Schema,
    Index,
    Sequence,
    /// It defines a function that has no body.
    Aggregate,
    /// Nothing that anybody calls by a name, and no grammar reads it.
    Unnamed,
}

impl Of {
    pub(super) fn kind(self) -> Option<DefinitionKind> {
        Some(match self {
            Self::Routine | Self::Trigger | Self::Aggregate => DefinitionKind::Function,
            Self::Package | Self::Schema => DefinitionKind::Module,
            Self::Table => DefinitionKind::Struct,
            Self::View => DefinitionKind::Class,
            Self::Type => DefinitionKind::Type,
            Self::Index => DefinitionKind::Property,
            Self::Sequence => DefinitionKind::Variable,
            Self::Unnamed => return None,
        })
    }

    pub(super) fn has_routine_body(self) -> bool {
        matches!(self, Self::Routine | Self::Trigger)
    }
}

#[rustfmt::skip]
const KINDS: &[(&str, Of)] = &[
    ("FUNCTION", Of::Routine), ("PROCEDURE", Of::Routine), ("PROC", Of::Routine), ("MACRO", Of::Routine),
    ("EVENT", Of::Routine), ("TRIGGER", Of::Trigger), ("PACKAGE", Of::Package), ("TABLE", Of::Table),
    ("VIEW", Of::View), ("TYPE", Of::Type), ("DOMAIN", Of::Type), ("SCHEMA", Of::Schema),
    ("INDEX", Of::Index), ("SEQUENCE", Of::Sequence), ("AGGREGATE", Of::Aggregate), ("OPERATOR", Of::Unnamed),
    ("CAST", Of::Unnamed), ("RULE", Of::Unnamed), ("POLICY", Of::Unnamed), ("COLLATION", Of::Unnamed),
    ("CONVERSION", Of::Unnamed), ("LANGUAGE", Of::Unnamed), ("SERVER", Of::Unnamed), ("SYNONYM", Of::Unnamed),
    ("PUBLICATION", Of::Unnamed), ("SUBSCRIPTION", Of::Unnamed),
];

/// Words between `CREATE` and what it creates.
#[rustfmt::skip]
const MODIFIERS: &[&str] = &[
    "OR", "REPLACE", "ALTER", "TEMP", "TEMPORARY", "GLOBAL", "LOCAL", "UNLOGGED", "FOREIGN", "EXTERNAL",
    "VIRTUAL", "TRANSIENT", "UNIQUE", "CLUSTERED", "NONCLUSTERED", "COLUMNSTORE", "BITMAP", "FULLTEXT",
    "SPATIAL", "PRIMARY", "XML", "MATERIALIZED", "RECURSIVE", "CONSTRAINT", "EDITIONABLE", "NONEDITIONABLE",
    "FORCE", "NO", "NOFORCE", "PUBLIC", "PRIVATE", "SECURE", "SQL", "SECURITY", "DEFINER", "INVOKER",
    "ALGORITHM", "UNDEFINED", "MERGE", "TEMPTABLE", "PROCEDURAL", "TRUSTED", "DEFAULT", "AGGREGATE", "EVENT",
];

/// No statement has more of them.
const MOST_MODIFIERS: usize = 16;

/// The head that begins at this place, if one does.
pub(super) fn head(tokens: Tokens<'_>, from: usize) -> Option<Head> {
    let alters = tokens.is(from, "ALTER");
    if !alters && !tokens.is(from, "CREATE") {
        return None;
    }
    let (at, of) = what(tokens, from + 1)?;
    if alters && !matches!(of, Of::Routine | Of::Trigger | Of::View) {
        return None;
    }
    let mut next = at + 1;
    let mut of = of;
    if tokens.is(next, "BODY") && matches!(of, Of::Package | Of::Type) {
        of = Of::Package;
        next += 1;
    }
    if tokens.is(next, "CONCURRENTLY") {
        next += 1;
    }
    if tokens.is(next, "IF") && tokens.is(next + 1, "NOT") && tokens.is(next + 2, "EXISTS") {
        next += 3;
    }
    let named = of.kind().and_then(|_| tokens.qualified(next)).filter(|(name, _)| {
        let is_between = of == Of::Index && tokens.is_any(*name, &["ON", "USING"])
            || of == Of::Schema && tokens.is(*name, "AUTHORIZATION");
        !is_between
    });
    Some(Head { of, name: named.map(|named| named.0), after: named.map_or(next, |named| named.1), alters })
}

fn what(tokens: Tokens<'_>, from: usize) -> Option<(usize, Of)> {
    let mut at = from;
    while at < from + MOST_MODIFIERS {
        let word = tokens.word(at);
        // Words that are both, such as `EVENT`, say what is created where nothing does after them.
        let own = KINDS.iter().find(|(kind, _)| word.eq_ignore_ascii_case(kind.as_bytes()));
        let is_before = |words: &[&str]| tokens.is_any(at + 1, words);
        if let Some((kind, of)) = own
            && !(*kind == "AGGREGATE" && is_before(&["FUNCTION"])
                || *kind == "EVENT" && is_before(&["TRIGGER"]))
        {
            return Some((at, *of));
        }
        if !tokens.is_any(at, MODIFIERS) {
            return None;
        }
        at += 1;
        if tokens.is_sign(at, b'=') {
            at = behind_account(tokens, at + 1);
        }
    }
    None
}

/// Passes over `'root'@'localhost'` or a word.
fn behind_account(tokens: Tokens<'_>, from: usize) -> usize {
    let is_part = |at| tokens.is_name(at) || tokens.kind(at) == Some(Kind::Text);
    let mut at = from + usize::from(is_part(from));
    if tokens.is_sign(at, b'@') {
        at += 1;
        at += usize::from(is_part(at));
    }
    at
}
