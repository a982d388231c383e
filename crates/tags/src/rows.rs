//! The table of languages: one row each, the only place to add one.

use std::sync::OnceLock;

use repo_map_model::{DefinitionKind as D, ReferenceKind as R, RepoPath};
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
    pub(crate) defines: &'static [D],
    pub(crate) declares: &'static [D],
    pub(crate) references: &'static [R],
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
    /// Names of the language itself, sorted by bytes, that references use without end: they would only weigh
    /// on files that happen to define the same name.
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

    /// Whether a reference to this name says nothing: a name of the language, or one letter as type
    /// parameters have.
    pub(crate) fn is_noise(&self, name: &[u8]) -> bool {
        matches!(name, [b'A'..=b'Z'])
            || self.noise.binary_search_by(|noise| noise.as_bytes().cmp(name)).is_ok()
    }
}

// A build without any language makes no row.
const _: fn(Row) -> Entry = Entry::new;
const _: fn(&'static str, &'static str, (LanguageFn, &'static str), &'static [&'static str]) -> Row =
    Row::new;

/// The rows of this build, ordered by id.
pub(crate) static ROWS: &[&Entry] = &[
    #[cfg(feature = "lang-c")]
    &C,
    #[cfg(feature = "lang-cpp")]
    &CPP,
    #[cfg(feature = "lang-go")]
    &GO,
    #[cfg(feature = "lang-java")]
    &JAVA,
    #[cfg(feature = "lang-javascript")]
    &JAVASCRIPT,
    #[cfg(feature = "lang-python")]
    &PYTHON,
    #[cfg(feature = "lang-rust")]
    &RUST,
    #[cfg(feature = "lang-typescript")]
    &TSX,
    #[cfg(feature = "lang-typescript")]
    &TYPESCRIPT,
];

/// The place of the row that a file's name alone tells.
pub(crate) fn of_file_name(path: &RepoPath) -> Option<usize> {
    let by_name = position(|row| row.file_names.contains(&path.file_name()));
    by_name.or_else(|| {
        path.extension().and_then(|extension| position(|row| row.extensions.contains(&extension)))
    })
}

/// The place of the first row that fits.
pub(crate) fn position(fits: impl Fn(&Row) -> bool) -> Option<usize> {
    ROWS.iter().position(|entry| fits(&entry.row))
}

#[cfg(feature = "lang-c")]
static C: Entry = Entry::new(Row {
    extensions: &["c", "h"],
    defines: &[D::Function, D::Struct, D::Enum, D::EnumMember, D::Type, D::Variable, D::Field, D::Macro],
    declares: &[D::Function, D::Variable],
    references: &[R::Call, R::Type, R::Import],
    preprocessed: true,
    ..Row::new("c", "C", (tree_sitter_c::LANGUAGE, "0.24.2"), &[include_str!("../queries/c.scm")])
});

#[cfg(feature = "lang-cpp")]
static CPP: Entry = Entry::new(Row {
    extensions: &["cpp", "cc", "cxx", "c++", "hh", "hpp", "hxx", "h++", "ipp", "inl", "tpp"],
    defines: &[
        D::Function,
        D::Method,
        D::Constructor,
        D::Class,
        D::Struct,
        D::Interface,
        D::Enum,
        D::EnumMember,
        D::Type,
        D::Variable,
        D::Field,
        D::Macro,
        D::Module,
    ],
    declares: &[D::Function, D::Method, D::Constructor, D::Variable],
    references: &[R::Call, R::Type, R::Implementation, R::Import],
    preprocessed: true,
    constructors_named_as_type: true,
    noise: &["std"],
    ..Row::new(
        "cpp",
        "C++",
        (tree_sitter_cpp::LANGUAGE, "0.23.4"),
        &[include_str!("../queries/c.scm"), include_str!("../queries/cpp.scm")],
    )
});

#[cfg(feature = "lang-go")]
static GO: Entry = Entry::new(Row {
    extensions: &["go"],
    defines: &[
        D::Function,
        D::Method,
        D::Struct,
        D::Interface,
        D::Type,
        D::Constant,
        D::Variable,
        D::Field,
        D::Module,
    ],
    references: &[R::Call, R::Type, R::Implementation, R::Import],
    noise: &[
        "any",
        "append",
        "bool",
        "byte",
        "cap",
        "close",
        "complex128",
        "complex64",
        "copy",
        "delete",
        "error",
        "float32",
        "float64",
        "int",
        "int16",
        "int32",
        "int64",
        "int8",
        "len",
        "make",
        "new",
        "panic",
        "print",
        "println",
        "recover",
        "rune",
        "string",
        "uint",
        "uint16",
        "uint32",
        "uint64",
        "uint8",
        "uintptr",
    ],
    ..Row::new("go", "Go", (tree_sitter_go::LANGUAGE, "0.25.0"), &[include_str!("../queries/go.scm")])
});

#[cfg(feature = "lang-java")]
static JAVA: Entry = Entry::new(Row {
    extensions: &["java"],
    defines: &[
        D::Method,
        D::Constructor,
        D::Class,
        D::Struct,
        D::Interface,
        D::Enum,
        D::EnumMember,
        D::Constant,
        D::Field,
    ],
    references: &[R::Call, R::Type, R::Implementation, R::Import],
    capitals_are_constants: true,
    noise: &["Boolean", "Integer", "Long", "Object", "Override", "String", "var"],
    ..Row::new("java", "Java", (tree_sitter_java::LANGUAGE, "0.23.5"), &[include_str!("../queries/java.scm")])
});

#[cfg(feature = "lang-javascript")]
static JAVASCRIPT: Entry = Entry::new(Row {
    extensions: &["js", "jsx", "mjs", "cjs"],
    interpreters: &["node", "nodejs", "bun"],
    defines: &[
        D::Function,
        D::Method,
        D::Constructor,
        D::Class,
        D::Constant,
        D::Variable,
        D::Field,
        D::Property,
    ],
    references: &[R::Call, R::Implementation, R::Import],
    constructors: &["constructor"],
    noise: &["require"],
    ..Row::new(
        "javascript",
        "JavaScript",
        (tree_sitter_javascript::LANGUAGE, "0.25.0"),
        &[
            include_str!("../queries/ecmascript.scm"),
            include_str!("../queries/javascript.scm"),
            include_str!("../queries/jsx.scm"),
        ],
    )
});

#[cfg(feature = "lang-python")]
static PYTHON: Entry = Entry::new(Row {
    extensions: &["py", "pyi", "pyw"],
    file_names: &["SConstruct", "SConscript", "wscript"],
    interpreters: &["python", "pypy"],
    defines: &[D::Function, D::Method, D::Constructor, D::Class, D::Type, D::Constant, D::Variable, D::Field],
    references: &[R::Call, R::Type, R::Implementation, R::Import],
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

#[cfg(feature = "lang-rust")]
static RUST: Entry = Entry::new(Row {
    extensions: &["rs"],
    defines: &[
        D::Function,
        D::Method,
        D::Struct,
        D::Interface,
        D::Enum,
        D::EnumMember,
        D::Type,
        D::Constant,
        D::Variable,
        D::Field,
        D::Macro,
        D::Module,
    ],
    declares: &[D::Module],
    references: &[R::Call, R::Type, R::Implementation, R::Import, R::Macro],
    noise: &["Box", "Err", "None", "Ok", "Option", "Result", "Self", "Some", "String", "Vec", "_", "self"],
    ..Row::new("rust", "Rust", (tree_sitter_rust::LANGUAGE, "0.24.2"), &[include_str!("../queries/rust.scm")])
});

/// What TypeScript and TSX have in common, which is all but the grammar and JSX.
#[cfg(feature = "lang-typescript")]
const fn typescript(
    id: &'static str,
    name: &'static str,
    grammar: LanguageFn,
    query: &'static [&'static str],
) -> Row {
    Row {
        defines: &[
            D::Function,
            D::Method,
            D::Constructor,
            D::Class,
            D::Interface,
            D::Enum,
            D::EnumMember,
            D::Type,
            D::Constant,
            D::Variable,
            D::Field,
            D::Module,
            D::Property,
        ],
        declares: &[D::Function],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        constructors: &["constructor"],
        noise: &["require"],
        ..Row::new(id, name, (grammar, "0.23.2"), query)
    }
}

#[cfg(feature = "lang-typescript")]
static TSX: Entry = Entry::new(Row {
    extensions: &["tsx"],
    ..typescript(
        "tsx",
        "TSX",
        tree_sitter_typescript::LANGUAGE_TSX,
        &[
            include_str!("../queries/ecmascript.scm"),
            include_str!("../queries/typescript.scm"),
            include_str!("../queries/jsx.scm"),
        ],
    )
});

#[cfg(feature = "lang-typescript")]
static TYPESCRIPT: Entry = Entry::new(Row {
    extensions: &["ts", "mts", "cts"],
    interpreters: &["ts-node", "tsx", "deno"],
    ..typescript(
        "typescript",
        "TypeScript",
        tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
        &[include_str!("../queries/ecmascript.scm"), include_str!("../queries/typescript.scm")],
    )
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_in_order_and_share_no_file_name() {
        assert!(ROWS.is_sorted_by_key(|entry| entry.row.id));
        let mut names: Vec<_> = ROWS
            .iter()
            .flat_map(|entry| [entry.row.extensions, entry.row.file_names, entry.row.interpreters].concat())
            .collect();
        // An interpreter may be called as an extension is.
        names.retain(|name| *name != "tsx");
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(ROWS.iter().all(|entry| entry.row.noise.is_sorted()), "noise is searched by halves");
    }

    #[test]
    fn every_query_compiles_and_every_grammar_loads() {
        for entry in ROWS {
            let grammar = tree_sitter::Language::new(entry.row.grammar);
            if let Err(error) = CompiledQuery::new(&grammar, entry.row.query) {
                panic!("{}: {error}", entry.row.id);
            }
            tree_sitter::Parser::new().set_language(&grammar).unwrap();
        }
    }

    #[test]
    fn grammar_versions_are_those_that_are_pinned() {
        let manifest = include_str!("../../../Cargo.toml");
        for entry in ROWS {
            let id = if entry.row.id == "tsx" { "typescript" } else { entry.row.id };
            let line = format!("tree-sitter-{id} = \"={}\"", entry.row.grammar_version);
            assert!(manifest.lines().any(|pinned| pinned == line), "{line}");
        }
    }
}
