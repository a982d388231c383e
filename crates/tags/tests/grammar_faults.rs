//! The risk: what a grammar cannot read, or reads as something else, takes the definitions around it away.
#![cfg(feature = "core")]

use repo_map_tags::{Language, extract};

/// Every definition and declaration as `kind name`, in order. A language that is not in this build has nothing to show.
fn check(language: &str, source: &str, expected: &str) {
    let Some(row) = Language::by_id(language) else { return };
    let tags = extract(row, source.as_bytes()).tags;
    let print = |definition: &repo_map_model::Definition| {
        format!("{} {}", definition.kind.as_str(), tags.name(definition.name))
    };
    let defined: Vec<_> = tags.definitions().iter().map(print).collect();
    assert_eq!(defined.join(", "), expected, "{language}: {source}");
}

#[test]
fn fortran_of_cards_has_its_units_and_no_arguments() {
    check(
        "fortran",
        "*     SUBROUTINE NONE(A)\n      SUBROUTINE COPY(N,A,\nC     between\n     +                B)\n      INTEGER N\n      REAL A(*),B(*)\n      DO 20 I = 1,N\n   20 CONTINUE\n      END\n      DOUBLE PRECISION FUNCTION NORM(N, ! of all\n     1 A)\n      NORM = 0.0\n      END\n",
        "function COPY, function NORM",
    );
}

#[test]
fn two_modifiers_are_no_call() {
    check(
        "kotlin",
        "internal sealed interface Load {\n    class Done : Load\n}\n\nprivate data object Idle {\n    val at = 0\n}\n\npublic abstract class Clock\n\nfun last() {}\n",
        "interface Load, class Done, class Idle, field at, class Clock, function last",
    );
}

#[test]
fn contexts_before_declarations_are_no_calls() {
    check(
        "kotlin",
        "context(Logger, db: Map<String, (Int) -> Int>)\n@Marked(\"a\")\ninternal fun store(a: Int) = true\nclass Store {\n    context(Db) fun put(x: Int) {}\n    context(log: Logger) val Int.named: String get() = \"x\"\n}\nfun go() {\n    context(\"no declaration\") { it(\"runs\") {} }\n    context(1)\n}\n",
        "function store, class Store, method put, property named, function go",
    );
}

#[test]
fn types_of_one_line_end_there() {
    check(
        "kotlin",
        "data object Idle\nclass Clock { val at = 1 }\nobject One\nprivate object Two\n@Marked\nenum class Three { Four }\nobject Five\n: Base\nfun last() {}\n",
        "class Idle, class Clock, field at, class One, class Two, enum Three, enum_member Four, class Five, function last",
    );
}

#[test]
fn what_macros_of_libraries_define_is_defined() {
    check(
        "clojure",
        "(ns a)\n(s/defn total :- Int [orders :- [Int]] (f orders))\n(mu/defn- inner :- Int\n  \"Doc.\"\n  [x]\n  x)\n(s/defschema Order {:a Int})\n(s/check x)\n(defrecord R [a b])\n",
        "module a, function total, function inner, variable Order, struct R, field a, field b",
    );
}

#[test]
fn a_type_of_one_line_ends_with_what_it_holds() {
    check(
        "kotlin",
        "class A { companion object { const val B = 1; fun c() = 2 } }\nclass D { class E { fun f() { } } }\nclass G { enum class H { I, J } }\nclass K { interface L { fun m() } }\nclass Last { }\n",
        "class A, constant B, method c, class D, class E, method f, class G, enum H, enum_member I, enum_member J, class K, interface L, method m, class Last",
    );
}

#[test]
fn operators_are_named_by_their_signs() {
    check(
        "swift",
        "struct Row {\n    static func == (a: Row, b: Row) -> Bool { true }\n    static prefix func - (a: Row) -> Row { a }\n}\ninfix operator <+>\nfunc <+> (a: Int, b: Int) -> Int { a }\nprotocol Same {\n    static func < (a: Self, b: Self) -> Bool\n}\n",
        "struct Row, method ==, method -, function <+>, interface Same, method <",
    );
    check(
        "elixir",
        "defmodule Row do\n  def left <~> right do\n    left\n  end\n  def a + b when is_list(a), do: a\n  def -a, do: a\n  defmacro a ~> b, do: b\n  def f(a) when a > 1, do: a\n  def last, do: 1 + 2\nend\n",
        "module Row, function <~>, function +, function -, macro ~>, function f, function last",
    );
    check(
        "haskell",
        "module A where\n(<+>) :: a -> a -> a\n(<+>) a b = a\n(<++>) = f\nx `op` y = x\ndata V = Int :+ Int | Int `Q` Int\nclass S a where\n  (<>) :: a -> a\ninstance S V where\n  a <> b = a\n",
        "module A, function <+>, function <++>, function op, type V, constructor :+, constructor Q, interface S, method <>, method <>",
    );
    check(
        "ada",
        "package Rows is\n   function \"+\" (A, B : Row) return Row;\nend Rows;\n",
        "module Rows, function +",
    );
}

#[test]
fn bodies_and_units_of_ada_are_all_seen() {
    check(
        "ada",
        "package body Rows is\n   function Pop return Row is separate;\n   procedure None is null;\n   package body Inner is begin null; end Inner;\n   task body Clock is\n      Local : Integer;\n   begin null; end Clock;\n   protected body Guard is procedure Lock is begin null; end Lock; end Guard;\n   procedure Copy is new Copies (Row);\n   package Sets is new Of_Sets (Row);\n   First : Row renames Last;\nbegin\n   declare Local : Integer; begin null; end;\nend Rows;\n",
        "module Rows, function Pop, function None, module Inner, class Clock, class Guard, function Lock, function Copy, module Sets, variable First",
    );
    check("ada", "private procedure Rows.Sort;\n", "function Sort");
    check(
        "ada",
        "procedure Rows.Sort is\n   Local : Integer;\nbegin null; end Rows.Sort;\n",
        "function Sort",
    );
}

#[test]
fn every_unit_of_fortran_is_one_and_its_variables_are_none() {
    check(
        "fortran",
        "      SUBROUTINE ONE(A)\n      ENTRY TWO(A)\n      END\n      BLOCK DATA THREE\n      INTEGER I\n      COMMON /B/ I\n      END\n      INTEGER J\n      PRINT *, J\n      END\n",
        "function ONE, function TWO, function THREE",
    );
    check(
        "fortran",
        "submodule (all) part\ncontains\n  module procedure one\n    integer :: local\n  end procedure\nend submodule\n",
        "module part, function one",
    );
}

#[test]
fn commands_of_groovy_lose_no_class() {
    check(
        "groovy",
        "class Made extends Base {\n    void apply(Project p) {\n        p.apply plugin: 'java'\n        p.task 'all', { it.depends 'none' }\n        log.info \"${p}\"\n    }\n    int last() { return 1 }\n}\nclass One { void f() { task 'x' } }\n",
        "class Made, method apply, method last, class One, method f",
    );
}

#[test]
fn all_that_an_exported_pattern_binds_is_found() {
    for language in ["javascript", "typescript", "tsx"] {
        check(
            language,
            "export const { a, b: c, d = 1, e: f = 2, ...g } = from;\nexport const [h, i = 1, { j }, ...k] = from;\nexport let { l: { m, n: o }, p: [q] } = from;\nconst { none } = from;\n",
            "constant a, constant c, constant d, constant f, constant g, constant h, constant i, constant j, constant k, constant m, constant o, constant q",
        );
    }
}

#[test]
fn bindings_of_what_is_awaited_end_nothing() {
    check(
        "swift",
        "final class Shop {\n    func open(box: Box) async {\n        guard let a = await box.all else { return }\n        if let b = await box.one { use(b) }\n    }\n    func close() {}\n}\nfunc last() {}\n",
        "class Shop, method open, method close, function last",
    );
}

#[test]
fn members_without_a_name_are_named_by_their_keyword() {
    check(
        "swift",
        "class Row {\n    deinit { end() }\n    subscript(at: Int) -> Int { let local = at; return local }\n}\n",
        "class Row, method deinit, method subscript",
    );
}

#[test]
fn signatures_that_a_line_feed_ends_do_not_swallow_what_follows() {
    check(
        "typescript",
        "interface Pick<S> {\n  <A extends B<S>>(a: A): Out<S, A>\n  <A extends B<S>>(\n    a: A,\n    b: number,\n  ): Late<A>\n}\n\ninterface Next {\n  one: true\n}\n",
        "interface Pick, interface Next, field one",
    );
}

#[test]
fn exported_patterns_bind_names_and_others_do_not() {
    for language in ["javascript", "typescript", "tsx"] {
        check(
            language,
            "export const { add, clear: empty, size = 1 } = cart.actions;\nexport const [first] = pair();\nconst { local } = cart;\n",
            "constant add, constant empty, constant size, constant first",
        );
    }
}

#[test]
fn aliases_with_parameters_are_types() {
    check("python", "type Pair[T] = tuple[T, T]\ntype Map[K: str, *V] = dict[K, V]\n", "type Pair, type Map");
}

#[test]
fn private_renamed_and_generic_units_of_ada_are_found() {
    check(
        "ada",
        "package Shop is\n   type Item is private;\n   type Part is new Item with private;\n   function Size (A : Item) return Natural renames Length;\n   generic\n      with procedure Visit (A : Item);\n   procedure Each (A : Item);\nend Shop;\n",
        "module Shop, type Item, type Part, function Size, function Each",
    );
}

#[test]
fn every_name_of_one_binding_of_scala_is_found() {
    check(
        "scala",
        "object A {\n  val a, b = 1\n  var c, d: Int = 2\n  val (e, f) = (1, 2)\n  var (g, h) = (1, 2)\n  lazy val i, j = 3\n}\n",
        "class A, field a, field b, field c, field d, field e, field f, field g, field h, field i, field j",
    );
}

#[test]
fn aliases_and_variables_that_have_no_value_yet_are_found_in_shells() {
    check(
        "bash",
        "alias ll='ls -l'\nalias gs=status gd=\"git diff\"\nalias -p\nalias shown\ndeclare -A MAP\ndeclare -p MAP\ntypeset -i count\nls --color=auto\n",
        "function ll, function gs, function gd, constant MAP, variable count",
    );
}
