//! Languages of the group `extended`: schemas, queries, builds and settings.

use super::{D, R, Rewrite, Row};

// A build without these languages names neither.
const _: Option<(D, R, Rewrite)> = None;

pub(super) static ROWS: &[Row] = &[
    #[cfg(feature = "lang-cmake")]
    Row {
        extensions: &["cmake"],
        file_names: &["CMakeLists.txt"],
        defines: &[D::Function, D::Variable, D::Macro, D::Module],
        references: &[R::Call, R::Import, R::Macro],
        #[rustfmt::skip]
        noise: &[
            "ALIAS", "ARGC", "ARGN", "ARGV", "CMAKE_BINARY_DIR", "CMAKE_BUILD_TYPE",
            "CMAKE_CURRENT_BINARY_DIR", "CMAKE_CURRENT_LIST_DIR", "CMAKE_CURRENT_SOURCE_DIR",
            "CMAKE_CXX_FLAGS", "CMAKE_C_FLAGS", "CMAKE_INSTALL_PREFIX", "CMAKE_MODULE_PATH",
            "CMAKE_PREFIX_PATH", "CMAKE_SOURCE_DIR", "CMAKE_SYSTEM_NAME", "INTERFACE", "PRIVATE",
            "PROJECT_BINARY_DIR", "PROJECT_NAME", "PROJECT_SOURCE_DIR", "PUBLIC", "REQUIRED",
            "add_compile_definitions", "add_compile_options", "add_custom_command", "add_custom_target",
            "add_definitions", "add_dependencies", "add_executable", "add_library", "add_subdirectory",
            "add_test", "cmake_dependent_option", "cmake_minimum_required", "cmake_parse_arguments",
            "cmake_policy", "configure_file", "enable_language", "enable_testing", "execute_process",
            "export", "file", "find_library", "find_package", "find_path", "find_program", "foreach",
            "get_filename_component", "get_property", "get_target_property", "include", "include_directories",
            "install", "link_directories", "link_libraries", "list", "mark_as_advanced", "math", "message",
            "option", "project", "return", "set", "set_property", "set_target_properties", "source_group",
            "string", "target_compile_definitions", "target_compile_features", "target_compile_options",
            "target_include_directories", "target_link_libraries", "target_link_options", "target_sources",
            "unset",
        ],
        ..Row::new(
            "cmake",
            "CMake",
            (tree_sitter_cmake::LANGUAGE, "tree-sitter-cmake", "0.7.6"),
            &[include_str!("../../queries/cmake.scm")],
        )
    },
    #[cfg(feature = "lang-graphql")]
    Row {
        extensions: &["graphql", "gql", "graphqls"],
        defines: &[
            D::Function,
            D::Class,
            D::Struct,
            D::Interface,
            D::Enum,
            D::EnumMember,
            D::Type,
            D::Field,
            D::Macro,
        ],
        references: &[R::Call, R::Type, R::Implementation, R::Macro],
        noise: &["Boolean", "Float", "ID", "Int", "String", "deprecated", "include", "skip"],
        ..Row::new(
            "graphql",
            "GraphQL",
            (tree_sitter_graphql::LANGUAGE, "tree-sitter-graphql", "0.3.0"),
            &[include_str!("../../queries/graphql.scm")],
        )
    },
    #[cfg(feature = "lang-hcl")]
    Row {
        extensions: &["tf", "hcl", "tfvars"],
        defines: &[D::Struct, D::Constant, D::Variable, D::Module],
        references: &[R::Call, R::Type, R::Import],
        here_documents: true,
        ..Row::new(
            "hcl",
            "HCL",
            (tree_sitter_hcl::LANGUAGE, "tree-sitter-hcl", "1.1.0"),
            &[include_str!("../../queries/hcl.scm")],
        )
    },
    #[cfg(feature = "lang-make")]
    Row {
        extensions: &["mk", "mak", "make"],
        file_names: &["Makefile", "makefile", "GNUmakefile"],
        interpreters: &["make"],
        defines: &[D::Function, D::Variable, D::Macro],
        references: &[R::Call, R::Import, R::Macro],
        #[rustfmt::skip]
        noise: &[
            "@", "AR", "AS", "CC", "CFLAGS", "CPP", "CPPFLAGS", "CURDIR", "CXX", "CXXFLAGS", "FORCE", "LD",
            "LDFLAGS", "MAKE", "MAKECMDGOALS", "MAKEFILE_LIST", "MAKEFLAGS", "RM", "SHELL",
        ],
        ..Row::new(
            "make",
            "Make",
            (tree_sitter_make::LANGUAGE, "tree-sitter-make", "1.1.1"),
            &[include_str!("../../queries/make.scm")],
        )
    },
    #[cfg(feature = "lang-properties")]
    Row {
        extensions: &["properties"],
        defines: &[D::Variable],
        references: &[R::Call],
        most: 100,
        ..Row::new(
            "properties",
            "Properties",
            (tree_sitter_properties::LANGUAGE, "tree-sitter-properties", "0.3.0"),
            &[include_str!("../../queries/properties.scm")],
        )
    },
    #[cfg(feature = "lang-proto")]
    Row {
        extensions: &["proto"],
        defines: &[D::Method, D::Struct, D::Interface, D::Enum, D::EnumMember, D::Field, D::Module],
        references: &[R::Type, R::Import],
        ..Row::new(
            "proto",
            "Protocol Buffers",
            (tree_sitter_proto::LANGUAGE, "tree-sitter-proto", "0.6.0"),
            &[include_str!("../../queries/proto.scm")],
        )
    },
    #[cfg(feature = "lang-scss")]
    Row {
        extensions: &["scss"],
        defines: &[D::Function, D::Class, D::Variable, D::Macro],
        references: &[R::Call, R::Import, R::Macro],
        #[rustfmt::skip]
        noise: &[
            "calc", "darken", "hsl", "lighten", "map-get", "math", "nth", "percentage", "repeat", "rgb",
            "rgba", "translate", "url", "var",
        ],
        ..Row::new(
            "scss",
            "SCSS",
            (arborium_scss::language(), "arborium-scss", "2.18.2"),
            &[include_str!("../../queries/scss.scm")],
        )
    },
    #[cfg(feature = "lang-sql")]
    Row {
        #[rustfmt::skip]
        extensions: &[
            "sql", "bdy", "ddl", "fnc", "mysql", "pck", "pgsql", "pkb", "pks", "plsql", "spc", "tpb", "tps", "trg",
        ],
        beside: true,
        rewrite: Some(Rewrite::Statements),
        defines: &[D::Function, D::Class, D::Struct, D::Type, D::Variable, D::Field, D::Module, D::Property],
        declares: &[D::Function],
        references: &[R::Call, R::Type],
        #[rustfmt::skip]
        noise: &[
            "avg", "coalesce", "concat", "count", "lower", "max", "min", "now", "nullif", "round",
            "substring", "sum", "trim", "upper",
        ],
        ..Row::new(
            "sql",
            "SQL",
            (tree_sitter_sequel::LANGUAGE, "tree-sitter-sequel", "0.3.11"),
            &[include_str!("../../queries/sql.scm")],
        )
    },
    #[cfg(feature = "lang-starlark")]
    Row {
        many_readings: true,
        extensions: &["bzl", "star", "bazel", "bzlmod", "sky"],
        file_names: &["BUCK", "BUILD", "Tiltfile", "WORKSPACE"],
        defines: &[D::Function, D::Struct, D::Constant, D::Module],
        references: &[R::Call, R::Import],
        indented: true,
        capitals_are_constants: true,
        #[rustfmt::skip]
        noise: &[
            "all", "any", "append", "bool", "depset", "dict", "enumerate", "extend", "fail", "getattr",
            "glob", "hasattr", "int", "join", "len", "list", "load", "max", "min", "package", "print",
            "range", "select", "sorted", "str", "struct", "tuple", "type", "zip",
        ],
        documents_in_strings: true,
        ..Row::new(
            "starlark",
            "Starlark",
            (tree_sitter_starlark::LANGUAGE, "tree-sitter-starlark", "1.3.0"),
            &[include_str!("../../queries/starlark.scm")],
        )
    },
    #[cfg(feature = "lang-thrift")]
    Row {
        extensions: &["thrift"],
        defines: &[
            D::Method,
            D::Class,
            D::Struct,
            D::Interface,
            D::Enum,
            D::EnumMember,
            D::Type,
            D::Constant,
            D::Field,
        ],
        references: &[R::Type, R::Implementation, R::Import],
        ..Row::new(
            "thrift",
            "Thrift",
            (arborium_thrift::language(), "arborium-thrift", "2.18.2"),
            &[include_str!("../../queries/thrift.scm")],
        )
    },
];
