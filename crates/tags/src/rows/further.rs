//! Languages of the group `extended` that many repositories are written in.

use super::{D, R, Row};

// A build without these languages names neither.
const _: Option<(D, R)> = None;

pub(super) static ROWS: &[Row] = &[
    #[cfg(feature = "lang-dart")]
    Row {
        extensions: &["dart"],
        interpreters: &["dart"],
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
    #[cfg(feature = "lang-perl")]
    Row {
        extensions: &["pl", "pm", "t", "psgi"],
        file_names: &["cpanfile"],
        interpreters: &["perl"],
        defines: &[D::Function, D::Constant, D::Variable, D::Module, D::Property],
        declares: &[D::Function],
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
];
