//! The core languages that are run from their text.

use super::{D, R, Row};

// A build without these languages names neither.
const _: Option<(D, R)> = None;

pub(super) static ROWS: &[Row] = &[
    #[cfg(feature = "lang-javascript")]
    Row {
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
            (tree_sitter_javascript::LANGUAGE, "tree-sitter-javascript", "0.25.0"),
            &[
                include_str!("../../queries/ecmascript.scm"),
                include_str!("../../queries/javascript.scm"),
                include_str!("../../queries/jsx.scm"),
            ],
        )
    },
    #[cfg(feature = "lang-python")]
    Row {
        extensions: &["py", "pyi", "pyw"],
        file_names: &["SConstruct", "SConscript", "wscript"],
        interpreters: &["python", "pypy"],
        defines: &[
            D::Function,
            D::Method,
            D::Constructor,
            D::Class,
            D::Type,
            D::Constant,
            D::Variable,
            D::Field,
        ],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        indented: true,
        capitals_are_constants: true,
        constructors: &["__init__", "__new__"],
        #[rustfmt::skip]
    noise: &[
            "Any", "Exception", "None", "Optional", "abs", "all", "any", "bool", "bytes", "classmethod",
            "dict", "enumerate", "float", "getattr", "hasattr", "int", "isinstance", "issubclass", "iter",
            "len", "list", "map", "max", "min", "next", "object", "open", "print", "property", "range",
            "repr", "reversed", "set", "setattr", "sorted", "staticmethod", "str", "sum", "super",
            "tuple", "type", "zip",
        ],
        ..Row::new(
            "python",
            "Python",
            (tree_sitter_python::LANGUAGE, "tree-sitter-python", "0.25.0"),
            &[include_str!("../../queries/python.scm")],
        )
    },
    #[cfg(feature = "lang-typescript")]
    Row {
        extensions: &["tsx"],
        ..typescript(
            "tsx",
            "TSX",
            tree_sitter_typescript::LANGUAGE_TSX,
            &[
                include_str!("../../queries/ecmascript.scm"),
                include_str!("../../queries/typescript.scm"),
                include_str!("../../queries/jsx.scm"),
            ],
        )
    },
    #[cfg(feature = "lang-typescript")]
    Row {
        extensions: &["ts", "mts", "cts"],
        interpreters: &["ts-node", "tsx", "deno"],
        ..typescript(
            "typescript",
            "TypeScript",
            tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
            &[include_str!("../../queries/ecmascript.scm"), include_str!("../../queries/typescript.scm")],
        )
    },
];

/// What TypeScript and TSX have in common, which is all but the grammar and JSX.
#[cfg(feature = "lang-typescript")]
const fn typescript(
    id: &'static str,
    name: &'static str,
    grammar: tree_sitter_language::LanguageFn,
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
        ..Row::new(id, name, (grammar, "tree-sitter-typescript", "0.23.2"), query)
    }
}
