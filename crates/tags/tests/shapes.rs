//! The risk: a way to write a definition that once was not seen, or was seen as another.
#![cfg(feature = "core")]

use repo_map_tags::{Language, extract};

/// The definitions of a text, each as `kind name`, in source order.
#[track_caller]
fn check(id: &str, text: &str, expected: &[&str]) {
    let language = Language::by_id(id).expect("the core is compiled in");
    let tags = extract(language, text.as_bytes()).tags;
    let found: Vec<_> = (tags.definitions().iter())
        .map(|definition| format!("{} {}", definition.kind.as_str(), tags.name(definition.name)))
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn scripts_in_braces_hide_nothing_from_us() {
    check("javascript", "{\n  const A = { run() {} };\n}\n", &["constant A", "method run"]);
    check("javascript", "function f() {\n  { const A = 1; }\n}\n", &["function f"]);
}

#[test]
fn functions_that_are_handed_over_have_their_names() {
    check("javascript", "get(r, 'host', function host() {});\n", &["function host"]);
    check("javascript", "function f() { return function next() {} }\n", &["function f", "function next"]);
    check("javascript", "var main;\nmain = function () {};\n", &["variable main", "function main"]);
    check(
        "javascript",
        "function f() {\n  var g = { drag: function () {} };\n}\n",
        &["function f", "method drag"],
    );
}

#[test]
fn an_enumeration_is_no_class() {
    check("kotlin", "enum class A { B }\n", &["enum A", "enum_member B"]);
    check(
        "kotlin",
        "@X enum class A(val b: Int) { C(1); fun d() = 1 }\n",
        &["enum A", "field b", "enum_member C", "method d"],
    );
    check("kotlin", "private data class A(val b: Int)\n", &["class A", "field b"]);
}

#[test]
fn functions_are_seen_whatever_their_bodies_are() {
    check(
        "elixir",
        "defmodule A do\n  defp b(c, d), do: c\n  defp e(f), do: :g\nend\n",
        &["module A", "function b", "function e"],
    );
    check(
        "ruby",
        "class A\n  def b=(c)\n  end\n  def d = 1\n  E = Struct.new(:f)\nend\n",
        &["class A", "method b", "method d", "class E"],
    );
    check(
        "php",
        "<?php\nclass A { function __construct(private int $b, int $c) {} }\n",
        &["class A", "constructor __construct", "field b"],
    );
}

#[test]
fn extensions_are_found() {
    check("swift", "extension A { var b: Int { 1 }\n func c() {} }\n", &["property b", "method c"]);
    check("kotlin", "fun A.b() {}\nval A.c: Int get() = 1\n", &["function b", "property c"]);
    check("scala", "extension (a: A)\n  def b: Int = 1\n", &["method b"]);
    check(
        "c_sharp",
        "static class A { static int B(this C c) => 1; const int D = 2; }\n",
        &["class A", "method B", "constant D"],
    );
}

#[test]
fn locals_are_no_definitions() {
    for (id, text, expected) in [
        ("bash", "f() {\n  local a=1\n  b=2\n}\n", "function f"),
        ("lua", "function f()\n  local a = 1\nend\n", "function f"),
        ("php", "<?php\nfunction f() { $a = 1; }\n", "function f"),
        ("ruby", "def f\n  a = 1\nend\n", "function f"),
        ("scala", "def f = { val a = 1; a }\n", "function f"),
        ("swift", "func f() { let a = 1; var b = 2 }\n", "function f"),
        ("kotlin", "fun f() { val a = 1 }\n", "function f"),
    ] {
        check(id, text, &[expected]);
    }
}
