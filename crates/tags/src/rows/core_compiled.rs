//! The core languages that are compiled.

use super::{D, R, Row};

// A build without these languages names neither.
const _: Option<(D, R)> = None;

pub(super) static ROWS: &[Row] = &[
    #[cfg(feature = "lang-c")]
    Row {
        extensions: &["c", "h"],
        defines: &[D::Function, D::Struct, D::Enum, D::EnumMember, D::Type, D::Variable, D::Field, D::Macro],
        declares: &[D::Function, D::Variable],
        references: &[R::Call, R::Type, R::Import],
        preprocessed: true,
        ..Row::new(
            "c",
            "C",
            (tree_sitter_c::LANGUAGE, "tree-sitter-c", "0.24.2"),
            &[include_str!("../../queries/c.scm")],
        )
    },
    #[cfg(feature = "lang-cpp")]
    Row {
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
            (tree_sitter_cpp::LANGUAGE, "tree-sitter-cpp", "0.23.4"),
            &[include_str!("../../queries/c.scm"), include_str!("../../queries/cpp.scm")],
        )
    },
    #[cfg(feature = "lang-go")]
    Row {
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
        #[rustfmt::skip]
    noise: &[
            "any", "append", "bool", "byte", "cap", "close", "complex128", "complex64", "copy", "delete",
            "error", "float32", "float64", "int", "int16", "int32", "int64", "int8", "len", "make", "new",
            "panic", "print", "println", "recover", "rune", "string", "uint", "uint16", "uint32",
            "uint64", "uint8", "uintptr",
        ],
        ..Row::new(
            "go",
            "Go",
            (tree_sitter_go::LANGUAGE, "tree-sitter-go", "0.25.0"),
            &[include_str!("../../queries/go.scm")],
        )
    },
    #[cfg(feature = "lang-java")]
    Row {
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
        ..Row::new(
            "java",
            "Java",
            (tree_sitter_java::LANGUAGE, "tree-sitter-java", "0.23.5"),
            &[include_str!("../../queries/java.scm")],
        )
    },
    #[cfg(feature = "lang-rust")]
    Row {
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
        noise: &[
            "Box", "Err", "None", "Ok", "Option", "Result", "Self", "Some", "String", "Vec", "_", "self",
        ],
        ..Row::new(
            "rust",
            "Rust",
            (tree_sitter_rust::LANGUAGE, "tree-sitter-rust", "0.24.2"),
            &[include_str!("../../queries/rust.scm")],
        )
    },
];
