//! Languages of the group `extended` that many repositories are written in.

use super::{D, R, Row};

// A build without these languages names neither.
const _: Option<(D, R)> = None;

pub(super) static ROWS: &[Row] = &[
    #[cfg(feature = "lang-dart")]
    Row {
        extensions: &["dart"],
        interpreters: &["dart"],
        cut_off: true,
        defines: &[
            D::Function,
            D::Method,
            D::Constructor,
            D::Class,
            D::Enum,
            D::EnumMember,
            D::Type,
            D::Constant,
            D::Variable,
            D::Field,
            D::Module,
            D::Property,
        ],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        #[rustfmt::skip]
        noise: &[
            "DateTime", "Duration", "Function", "Future", "Iterable", "List", "Map", "Object", "Set",
            "Stream", "String", "bool", "double", "dynamic", "int", "num", "override", "print", "void",
        ],
        ..Row::new(
            "dart",
            "Dart",
            (tree_sitter_dart::LANGUAGE, "tree-sitter-dart", "0.3.0"),
            &[include_str!("../../queries/dart.scm")],
        )
    },
    #[cfg(feature = "lang-haskell")]
    Row {
        many_readings: true,
        extensions: &["hs", "hs-boot"],
        interpreters: &["runhaskell", "runghc", "stack", "cabal"],
        defines: &[D::Function, D::Method, D::Constructor, D::Interface, D::Type, D::Field, D::Module],
        declares: &[D::Constructor],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        clauses: true,
        #[rustfmt::skip]
        noise: &[
            "!!", "$", "$!", "$>", "&", "&&", "&&&", "*", "**", "***", "+", "++", "-", ".", ".=", "/",
            "/=", "<", "<$", "<$!>", "<$>", "<&>", "<*", "<*>", "<>", "<|>", "=", "=<<", "==", ">", ">=",
            ">=>", ">>", ">>=", "Bool", "Char", "Double", "Either", "Eq", "False", "FilePath", "Functor",
            "IO", "Int", "Integer", "Just", "Left", "Maybe", "Monad", "Nothing", "Ord", "Right", "Show",
            "String", "Text", "True", "^", "either", "elem", "error", "filter", "flip", "fmap", "foldl",
            "foldr", "fromIntegral", "fst", "id", "length", "map", "mapM", "mapM_", "maybe", "mempty",
            "not", "null", "otherwise", "pure", "return", "show", "snd", "undefined", "when", "||",
        ],
        ..Row::new(
            "haskell",
            "Haskell",
            (tree_sitter_haskell::LANGUAGE, "tree-sitter-haskell", "0.24.1"),
            &[include_str!("../../queries/haskell.scm")],
        )
    },
    #[cfg(feature = "lang-julia")]
    Row {
        extensions: &["jl"],
        interpreters: &["julia"],
        defines: &[
            D::Function,
            D::Constructor,
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
        references: &[R::Call, R::Type, R::Implementation, R::Import, R::Macro],
        constructors_named_as_type: true,
        #[rustfmt::skip]
        noise: &[
            "Any", "Array", "Base", "Bool", "Dict", "Float64", "Int", "Int64", "Nothing", "Number",
            "String", "Tuple", "Union", "Vector", "convert", "copy", "eltype", "enum", "error",
            "inbounds", "include", "inline", "isa", "isempty", "isnothing", "length", "new", "print",
            "println", "push!", "size", "string", "test", "throw", "typeof", "zero",
        ],
        ..Row::new(
            "julia",
            "Julia",
            (arborium_julia::language(), "arborium-julia", "2.18.2"),
            &[include_str!("../../queries/julia.scm")],
        )
    },
    #[cfg(feature = "lang-objc")]
    Row {
        extensions: &["m", "mm", "h"],
        defines: &[
            D::Function,
            D::Method,
            D::Class,
            D::Struct,
            D::Interface,
            D::Enum,
            D::EnumMember,
            D::Type,
            D::Variable,
            D::Field,
            D::Macro,
            D::Property,
        ],
        declares: &[D::Function, D::Method, D::Class, D::Interface, D::Variable],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        preprocessed: true,
        #[rustfmt::skip]
        noise: &[
            "BOOL", "CGFloat", "NSArray", "NSDictionary", "NSError", "NSInteger", "NSLog",
            "NSMutableArray", "NSMutableDictionary", "NSNumber", "NSObject", "NSString", "NSUInteger",
            "alloc", "autorelease", "class", "copy", "count", "dealloc", "init", "instancetype",
            "isEqual", "isKindOfClass", "new", "objectAtIndex", "objectForKey", "release",
            "respondsToSelector", "retain", "self", "super",
        ],
        ..Row::new(
            "objc",
            "Objective-C",
            (tree_sitter_objc::LANGUAGE, "tree-sitter-objc", "3.0.2"),
            &[include_str!("../../queries/c.scm"), include_str!("../../queries/objc.scm")],
        )
    },
    #[cfg(feature = "lang-ocaml")]
    Row {
        extensions: &["ml"],
        interpreters: &["ocaml"],
        defines: &[
            D::Function,
            D::Method,
            D::Class,
            D::Struct,
            D::Interface,
            D::Enum,
            D::EnumMember,
            D::Type,
            D::Variable,
            D::Field,
            D::Module,
        ],
        declares: &[D::Method],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        #[rustfmt::skip]
        noise: &[
            "!=", "&", "&&", "*", "+", "+.", "-", "-.", "->", "/", "/.", ":=", "<", "<=", "<>", "=",
            "==", ">", ">=", "@", "@@", "Error", "None", "Ok", "Some", "^", "array", "bool", "bytes",
            "char", "failwith", "float", "fst", "ignore", "int", "int64", "invalid_arg", "list", "not",
            "option", "raise", "ref", "snd", "string", "t", "unit", "|>", "||",
        ],
        ..Row::new(
            "ocaml",
            "OCaml",
            (tree_sitter_ocaml::LANGUAGE_OCAML, "tree-sitter-ocaml", "0.26.0"),
            &[include_str!("../../queries/ocaml.scm")],
        )
    },
    #[cfg(feature = "lang-ocaml")]
    Row {
        extensions: &["mli"],
        defines: &[
            D::Function,
            D::Method,
            D::Class,
            D::Struct,
            D::Interface,
            D::Enum,
            D::EnumMember,
            D::Type,
            D::Field,
            D::Module,
        ],
        declares: &[D::Function, D::Method],
        references: &[R::Type, R::Implementation, R::Import],
        #[rustfmt::skip]
        noise: &[
            "array", "bool", "bytes", "char", "float", "int", "int64", "list", "option", "ref", "string",
            "t", "unit",
        ],
        ..Row::new(
            "ocaml_interface",
            "OCaml interface",
            (tree_sitter_ocaml::LANGUAGE_OCAML_INTERFACE, "tree-sitter-ocaml", "0.26.0"),
            &[include_str!("../../queries/ocaml.scm")],
        )
    },
    #[cfg(feature = "lang-perl")]
    Row {
        extensions: &["pl", "pm", "t", "psgi", "perl", "ph", "plx"],
        file_names: &["cpanfile"],
        interpreters: &["perl"],
        here_documents: true,
        defines: &[D::Function, D::Constant, D::Variable, D::Module, D::Property],
        declares: &[D::Function],
        final_line_feed: true,
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        separator: Some("::"),
        #[rustfmt::skip]
        noise: &[
            "Carp", "Data::Dumper", "Exporter", "POSIX", "base", "bless", "carp", "close", "confess",
            "constant", "croak", "defined", "die", "eq", "exists", "feature", "has", "integer", "is",
            "is_deeply", "join", "lib", "like", "local", "new", "ok", "open", "overload", "parent",
            "pass", "plan", "print", "printf", "push", "require", "return", "shift", "splice", "split",
            "sprintf", "strict", "sub", "substr", "uc", "unshift", "utf8", "vars", "warn", "warnings",
        ],
        ..Row::new(
            "perl",
            "Perl",
            (ts_parser_perl::LANGUAGE, "ts-parser-perl", "2.0.4"),
            &[include_str!("../../queries/perl.scm")],
        )
    },
    #[cfg(feature = "lang-r")]
    Row {
        extensions: &["r", "R"],
        file_names: &[".Rprofile"],
        interpreters: &["Rscript"],
        defines: &[D::Function, D::Method, D::Constructor, D::Class, D::Constant, D::Variable],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        capitals_are_constants: true,
        constructors: &["initialize"],
        #[rustfmt::skip]
        noise: &[
            "abs", "all", "any", "as.character", "as.integer", "as.numeric", "attr", "c", "cat",
            "character", "class", "data.frame", "do.call", "expect_equal", "expect_error", "factor",
            "for", "function", "identical", "if", "ifelse", "inherits", "invisible", "is.character",
            "is.function", "is.na", "is.null", "lapply", "length", "library", "list", "map", "matrix",
            "max", "mean", "message", "min", "missing", "names", "ncol", "new", "nrow", "numeric",
            "on.exit", "paste", "paste0", "print", "quote", "rep", "require", "return", "sapply", "seq",
            "seq_along", "seq_len", "setClass", "setGeneric", "setMethod", "setdiff", "stop",
            "stopifnot", "structure", "sum", "switch", "unique", "unlist", "vapply", "vector", "warning",
            "which",
        ],
        ..Row::new(
            "r",
            "R",
            (tree_sitter_r::LANGUAGE, "tree-sitter-r", "1.3.0"),
            &[include_str!("../../queries/r.scm")],
        )
    },
    #[cfg(feature = "lang-zig")]
    Row {
        extensions: &["zig", "zon"],
        defines: &[
            D::Function,
            D::Method,
            D::Struct,
            D::Enum,
            D::EnumMember,
            D::Type,
            D::Constant,
            D::Variable,
            D::Field,
        ],
        declares: &[D::Function, D::Method],
        references: &[R::Call, R::Type, R::Import],
        #[rustfmt::skip]
        noise: &[
            "Allocator", "ArrayList", "Self", "allocator", "assert", "expect", "expectEqual", "std",
        ],
        ..Row::new(
            "zig",
            "Zig",
            (tree_sitter_zig::LANGUAGE, "tree-sitter-zig", "1.1.2"),
            &[include_str!("../../queries/zig.scm")],
        )
    },
];
