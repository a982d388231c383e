//! The table of languages: one row each, the only place to add one.

use std::sync::OnceLock;

use repo_map_model::DefinitionKind::{self, *};
use repo_map_model::ReferenceKind::{self, Call, Implementation, Import};
use repo_map_model::RepoPath;
use tree_sitter_language::LanguageFn;

use crate::query::CompiledQuery;

/// One language. Every claim (`defines`, `declares`, `references`) is proven by its file in `fixtures/languages`.
pub(crate) struct Row {
    /// Stable: part of cache keys and of what users type.
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) extensions: &'static [&'static str],
    pub(crate) file_names: &'static [&'static str],
    /// What a `#!` line may call, without version digits.
    pub(crate) interpreters: &'static [&'static str],
    pub(crate) grammar: LanguageFn,
    /// As in Cargo.lock; a test compares.
    pub(crate) grammar_version: &'static str,
    /// Joined in this order.
    pub(crate) query: &'static [&'static str],
    pub(crate) defines: &'static [DefinitionKind],
    pub(crate) declares: &'static [DefinitionKind],
    pub(crate) references: &'static [ReferenceKind],
    /// Indentation has a meaning, and the scanner a stack of it.
    pub(crate) indented: bool,
    /// It has the preprocessor of C.
    pub(crate) preprocessed: bool,
    /// `MAX_SIZE` among variables and fields is a constant.
    pub(crate) capitals_are_constants: bool,
    /// Methods with these names are constructors.
    pub(crate) constructors: &'static [&'static str],
    /// A method with the name of its type is its constructor.
    pub(crate) constructors_named_as_type: bool,
    /// Names of the language itself, sorted by bytes: so frequent that references to them say nothing.
    pub(crate) noise: &'static [&'static str],
}

/// A row and what is made of it on first use.
pub(crate) struct Entry {
    pub(crate) row: Row,
    pub(crate) compiled: OnceLock<CompiledQuery>,
    pub(crate) fingerprint: OnceLock<[u8; 32]>,
}

impl Entry {
    const fn new(row: Row) -> Self {
        Self { row, compiled: OnceLock::new(), fingerprint: OnceLock::new() }
    }
}

impl Row {
    /// What a row need not say.
    const fn new(
        id: &'static str,
        name: &'static str,
        (grammar, grammar_version): (LanguageFn, &'static str),
        query: &'static [&'static str],
    ) -> Self {
        Self {
            id,
            name,
            extensions: &[],
            file_names: &[],
            interpreters: &[],
            grammar,
            grammar_version,
            query,
            defines: &[],
            declares: &[],
            references: &[],
            indented: false,
            preprocessed: false,
            capitals_are_constants: false,
            constructors: &[],
            constructors_named_as_type: false,
            noise: &[],
        }
    }

    /// Whether a reference to this name says nothing: a name of the language, or a one-letter type parameter.
    pub(crate) fn is_noise(&self, name: &[u8], kind: ReferenceKind) -> bool {
        (kind == ReferenceKind::Type && matches!(name, [b'A'..=b'Z']))
            || self.noise.binary_search_by(|noise| noise.as_bytes().cmp(name)).is_ok()
    }
}

/// The rows of this build, ordered by id.
pub(crate) static ROWS: &[&Entry] = &[
    #[cfg(feature = "lang-c")]
    &C,
    #[cfg(feature = "lang-python")]
    &PYTHON,
];

/// The row that a file's name alone tells.
pub(crate) fn of_file_name(path: &RepoPath) -> Option<&'static Entry> {
    let by_extension = |extension| ROWS.iter().find(|entry| entry.row.extensions.contains(&extension));
    ROWS.iter()
        .find(|entry| entry.row.file_names.contains(&path.file_name()))
        .or_else(|| path.extension().and_then(by_extension))
        .copied()
}

#[cfg(feature = "lang-c")]
static C: Entry = Entry::new(Row {
    extensions: &["c", "h"],
    defines: &[Function, Struct, Enum, EnumMember, Type, Variable, Field, Macro],
    declares: &[Function, Variable],
    references: &[Call, ReferenceKind::Type, Import],
    preprocessed: true,
    ..Row::new("c", "C", (tree_sitter_c::LANGUAGE, "0.24.2"), &[include_str!("../queries/c.scm")])
});

#[cfg(feature = "lang-python")]
static PYTHON: Entry = Entry::new(Row {
    extensions: &["py", "pyi", "pyw"],
    file_names: &["SConstruct", "SConscript", "wscript"],
    interpreters: &["python", "pypy"],
    defines: &[Function, Method, Constructor, Class, Constant, Variable, Field],
    references: &[Call, ReferenceKind::Type, Implementation, Import],
    indented: true,
    capitals_are_constants: true,
    constructors: &["__init__", "__new__"],
    noise: &[
        "Any",
        "Exception",
        "None",
        "Optional",
        "abs",
        "all",
        "any",
        "bool",
        "bytes",
        "classmethod",
        "dict",
        "enumerate",
        "float",
        "getattr",
        "hasattr",
        "int",
        "isinstance",
        "issubclass",
        "iter",
        "len",
        "list",
        "map",
        "max",
        "min",
        "next",
        "object",
        "open",
        "print",
        "property",
        "range",
        "repr",
        "reversed",
        "set",
        "setattr",
        "sorted",
        "staticmethod",
        "str",
        "sum",
        "super",
        "tuple",
        "type",
        "zip",
    ],
    ..Row::new(
        "python",
        "Python",
        (tree_sitter_python::LANGUAGE, "0.25.0"),
        &[include_str!("../queries/python.scm")],
    )
});
