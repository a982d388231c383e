//! The core languages that are run from their text.

use super::{D, R, Rewrite, Row};

// A build without these languages names neither.
const _: Option<(D, R, Rewrite)> = None;

/// Python's, and that of its like.
#[cfg(any(feature = "lang-jupyter", feature = "lang-python"))]
#[rustfmt::skip]
pub(super) const NOISE_OF_PYTHON: &[&str] = &[
    "Any", "Exception", "None", "Optional", "abs", "all", "any", "bool", "bytes", "classmethod", "dict",
    "enumerate", "float", "getattr", "hasattr", "int", "isinstance", "issubclass", "iter", "len", "list",
    "map", "max", "min", "next", "object", "open", "print", "property", "range", "repr", "reversed", "set",
    "setattr", "sorted", "staticmethod", "str", "sum", "super", "tuple", "type", "zip",
];

pub(super) static ROWS: &[Row] = &[
    #[cfg(feature = "lang-bash")]
    Row {
        extensions: &["sh", "bash", "zsh", "ksh", "bats", "ebuild"],
        file_names: &[
            ".bashrc",
            ".bash_aliases",
            ".bash_profile",
            ".profile",
            ".zshrc",
            ".zshenv",
            ".zprofile",
            "PKGBUILD",
            "APKBUILD",
        ],
        interpreters: &["sh", "bash", "dash", "zsh", "ksh", "ash", "bats"],
        here_documents: true,
        values_in_words: true,
        defines: &[D::Function, D::Constant, D::Variable],
        references: &[R::Call, R::Import],
        capitals_are_constants: true,
        #[rustfmt::skip]
        noise: &[
            ".", ":", "[", "alias", "awk", "basename", "break", "cat", "cd", "chmod", "command",
            "continue", "cp", "cut", "date", "declare", "dirname", "echo", "eval", "exec", "exit",
            "export", "false", "find", "getopts", "grep", "head", "kill", "let", "local", "ls", "mkdir",
            "mktemp", "mv", "printf", "pwd", "read", "readlink", "readonly", "return", "rm", "sed",
            "set", "shift", "shopt", "sleep", "sort", "source", "tail", "test", "touch", "tr", "trap",
            "true", "type", "typeset", "ulimit", "umask", "uname", "unset", "wait", "wc", "which",
            "xargs",
        ],
        ..Row::new(
            "bash",
            "Bash",
            (tree_sitter_bash::LANGUAGE, "tree-sitter-bash", "0.25.1"),
            &[include_str!("../../queries/bash.scm")],
        )
    },
    #[cfg(feature = "lang-elixir")]
    Row {
        extensions: &["ex", "exs"],
        interpreters: &["elixir"],
        defines: &[D::Function, D::Method, D::Interface, D::Type, D::Constant, D::Field, D::Macro, D::Module],
        declares: &[D::Function],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        separator: Some("."),
        clauses: true,
        #[rustfmt::skip]
        noise: &[
            "Atom", "Enum", "Integer", "Kernel", "Keyword", "List", "Map", "Module", "Process", "Stream",
            "String", "__MODULE__", "after_compile", "alias", "any", "assert", "atom", "before_compile",
            "behaviour", "binary", "boolean", "callback", "case", "compile", "cond", "def",
            "defdelegate", "defexception", "defguard", "defguardp", "defimpl", "defmacro", "defmacrop",
            "defmodule", "defn", "defnp", "defoverridable", "defp", "defprotocol", "defstruct",
            "deprecated", "derive", "describe", "dialyzer", "doc", "elem", "enforce_keys",
            "external_resource", "fn", "for", "if", "impl", "import", "inspect", "integer", "is_atom",
            "is_binary", "is_function", "is_integer", "is_list", "is_map", "is_nil", "is_tuple",
            "length", "list", "macrocallback", "map", "map_size", "moduledoc", "moduletag", "on_load",
            "opaque", "optional_callbacks", "pid", "quote", "raise", "refute", "require", "reraise",
            "self", "send", "since", "spec", "super", "t", "tag", "term", "test", "throw", "to_string",
            "try", "type", "typedoc", "typep", "unless", "unquote", "unquote_splicing", "use", "with",
        ],
        documents_in_strings: true,
        ..Row::new(
            "elixir",
            "Elixir",
            (tree_sitter_elixir::LANGUAGE, "tree-sitter-elixir", "0.3.5"),
            &[include_str!("../../queries/elixir.scm")],
        )
    },
    #[cfg(feature = "lang-javascript")]
    Row {
        extensions: &[
            "js", "jsx", "mjs", "cjs", "es6", "jake", "jscad", "jsm", "sjs", "ssjs", "xsjs", "xsjslib",
        ],
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
    #[cfg(feature = "lang-lua")]
    Row {
        extensions: &["lua", "nse", "pd_lua", "rbxs", "rockspec", "wlua"],
        interpreters: &["lua", "luajit"],
        defines: &[D::Function, D::Method, D::Constant, D::Variable, D::Field],
        references: &[R::Call, R::Type, R::Import],
        separator: Some("."),
        capitals_are_constants: true,
        #[rustfmt::skip]
        noise: &[
            "assert", "concat", "dofile", "error", "find", "format", "getmetatable", "gsub", "insert",
            "ipairs", "loadfile", "match", "next", "pairs", "pcall", "print", "rawget", "rawset",
            "remove", "require", "select", "setmetatable", "sub", "tonumber", "tostring", "type",
            "unpack", "xpcall",
        ],
        ..Row::new(
            "lua",
            "Lua",
            (tree_sitter_lua::LANGUAGE, "tree-sitter-lua", "0.5.0"),
            &[include_str!("../../queries/lua.scm")],
        )
    },
    #[cfg(feature = "lang-php")]
    Row {
        extensions: &[
            "php", "inc", "phtml", "php3", "php4", "php5", "php7", "php8", "phps", "phpt", "ctp", "engine",
            "install", "module", "profile", "test", "theme",
        ],
        interpreters: &["php"],
        here_documents: true,
        defines: &[
            D::Function,
            D::Method,
            D::Constructor,
            D::Class,
            D::Interface,
            D::Enum,
            D::EnumMember,
            D::Constant,
            D::Field,
            D::Module,
        ],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        constructors: &["__construct"],
        #[rustfmt::skip]
        noise: &[
            "array_filter", "array_key_exists", "array_keys", "array_map", "array_merge", "array_values",
            "count", "define", "defined", "empty", "explode", "function_exists", "htmlspecialchars",
            "implode", "in_array", "is_array", "is_bool", "is_int", "is_null", "is_numeric", "is_object",
            "is_string", "isset", "parent", "self", "sprintf", "static", "str_replace", "strlen",
            "strpos", "strtolower", "substr", "trim",
        ],
        ..Row::new(
            "php",
            "PHP",
            (tree_sitter_php::LANGUAGE_PHP, "tree-sitter-php", "0.25.1"),
            &[include_str!("../../queries/php.scm")],
        )
    },
    #[cfg(feature = "lang-python")]
    Row {
        many_readings: true,
        extensions: &["pyx", "pxd", "pxi"],
        beside: true,
        rewrite: Some(Rewrite::Cython),
        defines: &[
            D::Function,
            D::Method,
            D::Constructor,
            D::Class,
            D::Struct,
            D::Enum,
            D::EnumMember,
            D::Type,
            D::Constant,
            D::Variable,
            D::Field,
        ],
        declares: &[D::Function, D::Method],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        indented: true,
        capitals_are_constants: true,
        constructors: &["__cinit__", "__init__", "__new__"],
        noise: NOISE_OF_PYTHON,
        documents_in_strings: true,
        ..Row::new(
            "cython",
            "Cython",
            (tree_sitter_python::LANGUAGE, "tree-sitter-python", "0.25.0"),
            &[include_str!("../../queries/python.scm")],
        )
    },
    #[cfg(feature = "lang-python")]
    Row {
        many_readings: true,
        extensions: &["py", "pyi", "pyw", "py3", "gyp", "gypi", "pyde", "smk", "tac", "wsgi", "xpy"],
        file_names: &["SConstruct", "Sconstruct", "sconstruct", "SConscript", "wscript", "Snakefile"],
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
        noise: NOISE_OF_PYTHON,
        documents_in_strings: true,
        ..Row::new(
            "python",
            "Python",
            (tree_sitter_python::LANGUAGE, "tree-sitter-python", "0.25.0"),
            &[include_str!("../../queries/python.scm")],
        )
    },
    #[cfg(feature = "lang-ruby")]
    Row {
        extensions: &[
            "rb", "rake", "gemspec", "ru", "podspec", "jbuilder", "builder", "god", "mspec", "prawn", "rabl",
            "rbi", "rbw", "rbx", "thor", "watchr",
        ],
        file_names: &[
            "Rakefile",
            "Gemfile",
            "Guardfile",
            "Podfile",
            "Vagrantfile",
            "Fastfile",
            "Capfile",
            "Brewfile",
            "Dangerfile",
            "Thorfile",
            "Berksfile",
        ],
        interpreters: &["ruby", "jruby", "rake"],
        here_documents: true,
        defines: &[
            D::Function,
            D::Method,
            D::Constructor,
            D::Class,
            D::Constant,
            D::Variable,
            D::Property,
            D::Module,
        ],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        constructors: &["initialize"],
        #[rustfmt::skip]
        noise: &[
            "Array", "Float", "Hash", "Integer", "Kernel", "Object", "StandardError", "String",
            "alias_method", "attr", "attr_accessor", "attr_reader", "attr_writer", "autoload",
            "belongs_to", "block_given?", "class_attribute", "class_eval", "def_delegators",
            "define_method", "delegate", "dup", "each", "empty?", "extend", "first", "freeze",
            "has_many", "has_one", "include", "inspect", "instance_variable_get",
            "instance_variable_set", "is_a?", "join", "lambda", "loop", "map", "method",
            "module_function", "new", "nil?", "p", "prepend", "print", "printf", "private",
            "private_class_method", "private_constant", "proc", "protected", "public", "puts", "raise",
            "require", "require_relative", "respond_to?", "scope", "send", "size", "sprintf", "to_a",
            "to_i", "to_s", "to_sym",
        ],
        ..Row::new(
            "ruby",
            "Ruby",
            (tree_sitter_ruby::LANGUAGE, "tree-sitter-ruby", "0.23.1"),
            &[include_str!("../../queries/ruby.scm")],
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
        rewrite: Some(Rewrite::UnendedSignatures),
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
