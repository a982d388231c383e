//! The core languages that are compiled.

use super::{D, R, Rewrite, Row};

// A build without these languages names neither.
const _: Option<(D, R, Rewrite)> = None;

pub(super) static ROWS: &[Row] = &[
    #[cfg(feature = "lang-c")]
    Row {
        rewrite: Some(Rewrite::CMacros),
        extensions: &["c", "h", "inc", "cl", "opencl"],
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
    #[cfg(feature = "lang-c-sharp")]
    Row {
        rewrite: Some(Rewrite::CSharpBranches),
        open_angles: true,
        extensions: &["cs", "csx", "cake"],
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
            D::Constant,
            D::Field,
            D::Module,
            D::Property,
        ],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        #[rustfmt::skip]
        noise: &[
            "Action", "Boolean", "Console", "Dictionary", "Equals", "Exception", "Func", "GetHashCode",
            "GetType", "IEnumerable", "Int32", "List", "Object", "String", "Task", "ToString", "nameof",
        ],
        ..Row::new(
            "c_sharp",
            "C#",
            (tree_sitter_c_sharp::LANGUAGE, "tree-sitter-c-sharp", "0.23.5"),
            &[include_str!("../../queries/c_sharp.scm")],
        )
    },
    #[cfg(feature = "lang-cpp")]
    Row {
        rewrite: Some(Rewrite::CMacros),
        extensions: &[
            "cpp", "cc", "cxx", "h", "c++", "hh", "hpp", "hxx", "h++", "ipp", "inl", "tpp", "C", "H", "tcc",
            "txx", "ixx", "ccm", "cppm", "cxxm", "c++m", "mpp", "ino", "cu", "cuh", "hip", "metal",
        ],
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
        open_angles: true,
        extensions: &["java", "jav", "jsh"],
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
    #[cfg(feature = "lang-kotlin")]
    Row {
        rewrite: Some(Rewrite::KotlinModifiers),
        extensions: &["kt", "kts", "ktm"],
        defines: &[
            D::Function,
            D::Method,
            D::Class,
            D::Interface,
            D::Enum,
            D::EnumMember,
            D::Type,
            D::Constant,
            D::Variable,
            D::Field,
            D::Property,
        ],
        // Two bytes for each string that a `${` is in, of 1 024.
        deepest: 500,
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        #[rustfmt::skip]
        noise: &[
            "Any", "Array", "Boolean", "Byte", "Char", "Double", "Float", "Int", "List", "Long", "Map",
            "Nothing", "Set", "Short", "String", "Unit", "also", "apply", "arrayOf", "check", "downTo",
            "error", "let", "listOf", "mapOf", "mutableListOf", "mutableMapOf", "print", "println",
            "require", "run", "setOf", "step", "takeIf", "to", "until", "with",
        ],
        cut_off: true,
        ..Row::new(
            "kotlin",
            "Kotlin",
            (tree_sitter_kotlin_sg::LANGUAGE, "tree-sitter-kotlin-sg", "0.4.1"),
            &[include_str!("../../queries/kotlin.scm")],
        )
    },
    #[cfg(feature = "lang-rust")]
    Row {
        rewrite: Some(Rewrite::RustItems),
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
    #[cfg(feature = "lang-scala")]
    Row {
        extensions: &["scala", "sc", "sbt", "mill"],
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
        ],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        constructors: &["this"],
        #[rustfmt::skip]
        noise: &[
            "!=", "%", "&", "&&", "*", "+", "++", "+=", "-", "-=", "->", "/", "::", "<", "<=", "==", ">",
            ">=", "Any", "AnyRef", "Array", "Boolean", "Byte", "Char", "Double", "Either", "Float",
            "Int", "Left", "List", "Long", "Map", "Nil", "None", "Nothing", "Option", "Right", "Seq",
            "Set", "Short", "Some", "String", "Tuple2", "Unit", "Vector", "_", "asInstanceOf", "equals",
            "hashCode", "isInstanceOf", "println", "toString", "||",
        ],
        cut_off: true,
        ..Row::new(
            "scala",
            "Scala",
            (tree_sitter_scala::LANGUAGE, "tree-sitter-scala", "0.26.4"),
            &[include_str!("../../queries/scala.scm")],
        )
    },
    #[cfg(feature = "lang-swift")]
    Row {
        rewrite: Some(Rewrite::SwiftAwaits),
        extensions: &["swift"],
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
            D::Constant,
            D::Variable,
            D::Field,
            D::Property,
        ],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        #[rustfmt::skip]
        noise: &[
            "Any", "AnyObject", "Array", "Bool", "Character", "Data", "Dictionary", "Double", "Element",
            "Error", "Float", "Int", "Int64", "Never", "Optional", "Self", "Set", "String", "UInt",
            "UInt8", "Void", "abs", "assert", "available", "discardableResult", "escaping", "fatalError",
            "init", "max", "min", "objc", "precondition", "print", "self", "super",
        ],
        ..Row::new(
            "swift",
            "Swift",
            (tree_sitter_swift::LANGUAGE, "tree-sitter-swift", "0.7.4"),
            &[include_str!("../../queries/swift.scm")],
        )
    },
];
