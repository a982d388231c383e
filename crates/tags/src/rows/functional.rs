//! Languages of the group `extended`: functional ones and Lisps.

use super::{D, R, Rewrite, Row};

// A build without these languages names neither.
const _: Option<(D, R, Rewrite)> = None;

pub(super) static ROWS: &[Row] = &[
    #[cfg(feature = "lang-clojure")]
    Row {
        extensions: &["clj", "cljs", "cljc", "bb", "cljd"],
        interpreters: &["bb"],
        defines: &[
            D::Function,
            D::Method,
            D::Class,
            D::Struct,
            D::Interface,
            D::Constant,
            D::Variable,
            D::Field,
            D::Macro,
            D::Module,
        ],
        references: &[R::Call, R::Implementation, R::Import],
        separator: Some("."),
        #[rustfmt::skip]
        noise: &[
            "*", "+", "-", "->", "->>", ".", "..", "/", "<", "<=", "=", "==", ">", ">=", "alter", "and",
            "apply", "as->", "assoc", "assoc-in", "atom", "binding", "case", "catch", "comment", "concat",
            "cond", "cond->", "cond->>", "condp", "conj", "constantly", "contains?", "count", "cycle", "dec",
            "declare", "def", "definterface", "defmacro", "defmethod", "defmulti", "defn", "defn-", "defonce",
            "defprotocol", "defrecord", "deftest", "deftype", "delay", "deref", "disj", "dissoc", "do",
            "doall", "dorun", "doseq", "dosync", "dotimes", "empty?", "ensure", "eval", "even?", "every?",
            "ex-info", "extend-protocol", "extend-type", "false?", "filter", "filterv", "finally", "first",
            "flatten", "fn", "for", "format", "future", "gensym", "get", "get-in", "hash-map", "identity",
            "if", "if-let", "if-not", "if-some", "inc", "instance?", "interleave", "into", "is", "iterate",
            "keep", "key", "keys", "keyword?", "last", "lazy-seq", "let", "letfn", "list", "loop",
            "macroexpand", "map", "map-indexed", "mapcat", "mapv", "max", "merge", "meta", "min", "mod",
            "name", "neg?", "new", "next", "nil?", "not", "not=", "ns", "nth", "number?", "odd?", "or",
            "partial", "partition", "peek", "pop", "pos?", "pr-str", "print", "println", "proxy", "quot",
            "quote", "range", "re-find", "re-matches", "recur", "reduce", "ref", "reify", "rem", "remove",
            "repeat", "reset!", "rest", "reverse", "second", "select-keys", "seq", "set", "set!", "some",
            "some->", "some?", "sort", "sort-by", "str", "string?", "subs", "subvec", "swap!", "symbol",
            "take", "testing", "throw", "true?", "try", "update", "update-in", "use", "val", "vals", "var",
            "vec", "vector", "vector?", "when", "when-first", "when-let", "when-not", "when-some", "while",
            "with-meta", "with-open", "zero?", "zipmap",
        ],
        ..Row::new(
            "clojure",
            "Clojure",
            (tree_sitter_clojure_orchard::LANGUAGE, "tree-sitter-clojure-orchard", "0.2.9"),
            &[include_str!("../../queries/clojure.scm")],
        )
    },
    #[cfg(feature = "lang-commonlisp")]
    Row {
        extensions: &["lisp", "lsp", "cl", "asd"],
        interpreters: &["sbcl"],
        defines: &[
            D::Function,
            D::Method,
            D::Class,
            D::Struct,
            D::Type,
            D::Constant,
            D::Variable,
            D::Field,
            D::Macro,
            D::Module,
        ],
        references: &[R::Call, R::Type, R::Implementation, R::Import],
        separator: Some("."),
        #[rustfmt::skip]
        noise: &[
            "*", "+", "-", "/", "/=", "1+", "1-", "<", "<=", "=", ">", ">=", "and", "append", "apply", "aref",
            "assert", "atom", "block", "car", "case", "catch", "cdr", "coerce", "cond", "cons", "consp",
            "copy-list", "decf", "declaim", "declare", "defclass", "defconstant", "define-condition",
            "defpackage", "defparameter", "defstruct", "deftype", "defvar", "destructuring-bind", "do",
            "dolist", "dotimes", "ecase", "eq", "eql", "equal", "equalp", "error", "etypecase", "eval-when",
            "evenp", "export", "first", "flet", "floor", "format", "funcall", "gensym", "gethash", "go",
            "handler-case", "identity", "if", "ignore-errors", "in-package", "incf", "labels", "lambda",
            "last", "length", "let", "let*", "list", "list*", "listp", "locally", "loop", "macrolet",
            "make-array", "make-hash-table", "make-instance", "map", "mapc", "mapcar", "max", "member", "min",
            "mod", "multiple-value-bind", "not", "nreverse", "nth", "null", "numberp", "oddp", "or",
            "otherwise", "plusp", "pop", "prog1", "prog2", "progn", "provide", "push", "pushnew", "quote",
            "reduce", "remove", "remove-if", "require", "rest", "return", "return-from", "reverse", "rotatef",
            "second", "setf", "setq", "signal", "slot-value", "some", "sort", "standard-object", "string",
            "stringp", "subseq", "symbolp", "tagbody", "the", "third", "throw", "typecase", "typep", "unless",
            "unwind-protect", "values", "vector", "warn", "when", "with-open-file", "with-slots", "write",
            "zerop",
        ],
        ..Row::new(
            "commonlisp",
            "Common Lisp",
            (tree_sitter_commonlisp::LANGUAGE_COMMONLISP, "tree-sitter-commonlisp", "0.4.1"),
            &[include_str!("../../queries/commonlisp.scm")],
        )
    },
    #[cfg(feature = "lang-elisp")]
    Row {
        extensions: &["el"],
        file_names: &[".emacs"],
        interpreters: &["emacs"],
        defines: &[D::Function, D::Struct, D::Constant, D::Variable, D::Field, D::Macro, D::Module],
        references: &[R::Call, R::Import],
        #[rustfmt::skip]
        noise: &[
            "*", "+", "-", "/", "/=", "1+", "1-", "<", "<=", "=", ">", ">=", "add-hook", "add-to-list",
            "alist-get", "and-let*", "append", "apply", "aref", "assoc", "assq", "autoload", "buffer-string",
            "car", "cdr", "cl-case", "cl-defgeneric", "cl-defmacro", "cl-defmethod", "cl-defstruct",
            "cl-defun", "cl-flet", "cl-incf", "cl-lib", "cl-loop", "concat", "condition-case", "cons",
            "consp", "declare", "declare-function", "defalias", "defclass", "defcustom", "defface",
            "defgroup", "define-derived-mode", "define-key", "define-minor-mode",
            "define-obsolete-function-alias", "defvar-local", "delete", "delq", "dolist", "dotimes", "eq",
            "eql", "equal", "error", "ert-deftest", "eval-when-compile", "expand-file-name", "file-exists-p",
            "format", "format-message", "forward-line", "funcall", "get", "get-buffer", "gethash",
            "goto-char", "if-let", "if-let*", "ignore-errors", "insert", "kbd", "last", "length", "list",
            "listp", "looking-at", "mapc", "mapcar", "mapconcat", "match-string", "max", "member", "memq",
            "message", "min", "nconc", "not", "nreverse", "nth", "null", "number-to-string", "numberp", "or",
            "pcase", "point", "point-max", "point-min", "pop", "prog1", "propertize", "provide", "push",
            "put", "puthash", "re-search-forward", "require", "reverse", "save-match-data", "set", "setf",
            "should", "string-match", "string=", "stringp", "substring", "symbol-name", "symbolp", "unless",
            "user-error", "vector", "when", "when-let", "when-let*", "with-current-buffer",
            "with-temp-buffer",
        ],
        ..Row::new(
            "elisp",
            "Emacs Lisp",
            (tree_sitter_elisp::LANGUAGE, "tree-sitter-elisp", "1.7.2"),
            &[include_str!("../../queries/elisp.scm")],
        )
    },
    #[cfg(feature = "lang-elm")]
    Row {
        extensions: &["elm"],
        defines: &[D::Function, D::Struct, D::Enum, D::EnumMember, D::Type, D::Constant, D::Field, D::Module],
        references: &[R::Call, R::Type, R::Import],
        #[rustfmt::skip]
        noise: &[
            "Basics", "Bool", "Cmd", "Err", "False", "Float", "Html", "Int", "Just", "List", "Maybe",
            "Nothing", "Ok", "Result", "String", "True",
        ],
        ..Row::new(
            "elm",
            "Elm",
            (tree_sitter_elm::LANGUAGE, "tree-sitter-elm", "5.9.4"),
            &[include_str!("../../queries/elm.scm")],
        )
    },
    #[cfg(feature = "lang-erlang")]
    Row {
        extensions: &["erl", "hrl", "escript"],
        interpreters: &["escript"],
        defines: &[D::Function, D::Struct, D::Type, D::Field, D::Macro, D::Module],
        declares: &[D::Function],
        references: &[R::Call, R::Type, R::Implementation, R::Import, R::Macro],
        clauses: true,
        #[rustfmt::skip]
        noise: &[
            "FUNCTION_ARITY", "FUNCTION_NAME", "LINE", "MODULE", "any", "atom", "binary", "bitstring",
            "boolean", "byte", "char", "element", "float", "fun", "function", "hd", "integer", "io_lib",
            "iolist", "is_atom", "is_binary", "is_integer", "is_list", "is_map", "is_tuple", "length", "list",
            "list_to_binary", "lists", "map", "maps", "module", "no_return", "non_neg_integer", "number",
            "pid", "port", "pos_integer", "reference", "self", "size", "spawn", "string", "term", "timeout",
            "tl", "tuple",
        ],
        ..Row::new(
            "erlang",
            "Erlang",
            (tree_sitter_erlang::LANGUAGE, "tree-sitter-erlang", "0.21.0"),
            &[include_str!("../../queries/erlang.scm")],
        )
    },
    #[cfg(feature = "lang-gleam")]
    Row {
        extensions: &["gleam"],
        defines: &[D::Function, D::Enum, D::EnumMember, D::Type, D::Constant, D::Field],
        references: &[R::Call, R::Type, R::Import],
        #[rustfmt::skip]
        noise: &[
            "Bool", "Error", "False", "Float", "Int", "List", "Nil", "None", "Ok", "Option", "Result", "Some",
            "String", "True", "panic", "todo",
        ],
        ambiguous_top: true,
        cut_off: true,
        ..Row::new(
            "gleam",
            "Gleam",
            (tree_sitter_gleam::LANGUAGE, "tree-sitter-gleam", "1.0.0"),
            &[include_str!("../../queries/gleam.scm")],
        )
    },
    #[cfg(feature = "lang-nix")]
    Row {
        extensions: &["nix"],
        defines: &[D::Function, D::Variable],
        references: &[R::Call, R::Import],
        #[rustfmt::skip]
        noise: &[
            "abort", "attrNames", "attrValues", "concatLists", "concatMap", "concatStringsSep", "elem",
            "elemAt", "fetchGit", "filter", "foldl'", "genList", "getAttr", "getEnv", "hasAttr", "head",
            "import", "isAttrs", "isList", "isString", "length", "listToAttrs", "map", "mapAttrs", "readFile",
            "removeAttrs", "tail", "throw", "toJSON", "toString", "with",
        ],
        ..Row::new(
            "nix",
            "Nix",
            (tree_sitter_nix::LANGUAGE, "tree-sitter-nix", "0.3.0"),
            &[include_str!("../../queries/nix.scm")],
        )
    },
    #[cfg(feature = "lang-prolog")]
    Row {
        extensions: &["pro", "prolog"],
        defines: &[D::Function, D::Module],
        references: &[R::Call, R::Import],
        clauses: true,
        rewrite: Some(Rewrite::Returns),
        #[rustfmt::skip]
        noise: &[
            "append", "arg", "assert", "asserta", "assertz", "atom", "between", "call", "copy_term", "fail",
            "findall", "forall", "format", "functor", "length", "list_to_set", "member", "memberchk", "msort",
            "nb_getval", "nl", "nonvar", "not", "nth0", "nth1", "once", "print_message", "repeat", "retract",
            "reverse", "setof", "sort", "throw", "true", "var", "write", "writeln",
        ],
        ..Row::new(
            "prolog",
            "Prolog",
            (arborium_prolog::language(), "arborium-prolog", "2.18.2"),
            &[include_str!("../../queries/prolog.scm")],
        )
    },
    #[cfg(feature = "lang-racket")]
    Row {
        extensions: &["rkt", "rktl"],
        interpreters: &["racket"],
        defines: &[D::Function, D::Method, D::Class, D::Struct, D::Variable, D::Field, D::Macro, D::Module],
        references: &[R::Call, R::Implementation, R::Import],
        #[rustfmt::skip]
        noise: &[
            "*", "+", "-", "->", "->*", "/", "<", "<=", "=", ">", ">=", "_", "add1", "all-defined-out", "and",
            "andmap", "append", "apply", "assoc", "assq", "begin", "begin0", "caar", "cadr", "call/cc", "car",
            "case", "case-lambda", "cdr", "class", "cond", "cons", "define", "define-struct", "define-syntax",
            "define-syntax-rule", "define-values", "define/contract", "define/override", "define/private",
            "define/public", "delay", "displayln", "do", "else", "empty?", "eq?", "equal?", "eqv?", "error",
            "even?", "except-in", "filter", "first", "foldl", "for", "for-each", "for/fold", "for/hash",
            "for/list", "for/vector", "format", "hash", "hash-ref", "hash-set", "if", "init-field",
            "instantiate", "lambda", "last", "length", "let", "let*", "let*-values", "let-values", "letrec",
            "list", "list-ref", "list?", "loop", "make-parameter", "map", "match", "match-define", "member",
            "module", "module+", "new", "not", "null?", "number?", "only-in", "or", "ormap", "parameterize",
            "prefix-in", "printf", "provide", "quasisyntax", "quote", "racket/base", "raise",
            "raise-argument-error", "rename-in", "require", "rest", "reverse", "second", "send", "set!",
            "string-append", "string?", "struct", "struct-out", "sub1", "super-new", "syntax", "syntax-case",
            "syntax-rules", "test", "unless", "values", "vector", "vector-ref", "void", "when",
            "with-handlers", "with-syntax", "zero?", "λ",
        ],
        ..Row::new(
            "racket",
            "Racket",
            (tree_sitter_racket::LANGUAGE, "tree-sitter-racket", "0.25.0"),
            &[include_str!("../../queries/racket.scm")],
        )
    },
    #[cfg(feature = "lang-scheme")]
    Row {
        extensions: &["scm", "ss", "sld", "sps", "sls"],
        interpreters: &["guile", "csi", "chibi-scheme"],
        defines: &[D::Function, D::Constructor, D::Struct, D::Variable, D::Field, D::Macro, D::Module],
        references: &[R::Call, R::Import],
        #[rustfmt::skip]
        noise: &[
            "*", "+", "-", "/", "<", "<=", "=", "=>", ">", ">=", "_", "and", "append", "apply", "assoc",
            "assq", "assv", "base", "begin", "boolean?", "caar", "cadr", "call-with-current-continuation",
            "car", "case", "case-lambda", "cdr", "char?", "cond", "cond-expand", "cons", "define", "define*",
            "define-library", "define-module", "define-public", "define-record-type", "define-syntax",
            "delay", "display", "do", "dynamic-wind", "else", "eof-object", "eq?", "equal?", "eqv?", "error",
            "eval", "even?", "export", "for-each", "guard", "if", "import", "lambda", "length", "let", "let*",
            "let*-values", "let-syntax", "let-values", "letrec", "letrec*", "library", "list", "list->string",
            "list-ref", "list-tail", "list?", "loop", "make-parameter", "make-string", "make-vector", "map",
            "max", "member", "memq", "memv", "min", "modulo", "negative?", "newline", "not", "null?",
            "number->string", "number?", "odd?", "only", "or", "pair?", "parameterize", "positive?", "prefix",
            "procedure?", "quasiquote", "quote", "quotient", "read", "receive", "remainder", "rename",
            "reverse", "rnrs", "set!", "set-car!", "set-cdr!", "srfi", "string-append", "string-length",
            "string-ref", "string=?", "string?", "substring", "symbol->string", "symbol?", "syntax-case",
            "syntax-rules", "unless", "use-modules", "values", "vector", "vector-length", "vector-ref",
            "vector-set!", "vector?", "when", "with-syntax", "write", "zero?",
        ],
        ..Row::new(
            "scheme",
            "Scheme",
            (tree_sitter_scheme::LANGUAGE, "tree-sitter-scheme", "0.25.0"),
            &[include_str!("../../queries/scheme.scm")],
        )
    },
];
