//! The risk: what a notebook defines is not found, or not where the file has it; or what it has put out is taken for code.
#![cfg(feature = "lang-jupyter")]

use repo_map_tags::{ExtractOptions, Extraction, Language, Outcome, SkipReason, extract, extract_with};

fn read(file: &str) -> Extraction {
    extract(Language::by_id("jupyter").expect("it is in this build"), file.as_bytes())
}

/// Every definition as `line kind name`, lines from 1.
fn defined(file: &str) -> String {
    let tags = read(file).tags;
    let print = |definition: &repo_map_model::Definition| {
        format!("{} {} {}", definition.line + 1, definition.kind.as_str(), tags.name(definition.name))
    };
    tags.definitions().iter().map(print).collect::<Vec<_>>().join(", ")
}

/// A notebook of one code cell, whose source is this JSON.
fn notebook(source: &str) -> String {
    format!(r#"{{"cells": [{{"cell_type": "code", "outputs": [], "source": {source}}}], "metadata": {{}}}}"#)
}

#[test]
fn a_place_is_the_line_of_the_file() {
    for (source, expected) in [
        (
            "[\n \"def f():\\n\",\n \"    return 1\\n\",\n \"\\n\",\n \"X = 1\"\n]",
            "2 function f, 5 constant X",
        ),
        // Written without line feeds, each of them.
        (r#"["class A:\n", "    def f(self): pass\n", "X = 1"]"#, "1 class A, 1 method f, 1 constant X"),
        (r#""class A:\n    def f(self): pass\nX = 1""#, "1 class A, 1 method f, 1 constant X"),
        // What is escaped moves no indentation and ends no string.
        (
            "[\n \"def f(a=\\\"b\\\"):\\n\",\n \"    \\\"\\\"\\\"One \\\\n two.\\\"\\\"\\\"\\n\",\n \"def g(): pass\"\n]",
            "2 function f, 4 function g",
        ),
        ("[\n \"x = 1 + \\\\\\n\",\n \"    2\\n\",\n \"def f(): pass\"\n]", "2 variable x, 4 function f"),
        ("[\n \"def caf\u{e9}(): pass\\n\",\n \"def caf\\u00e9(): pass\"\n]", "2 function caf\u{e9}"),
        ("[\n \"%time x\\n\",\n \"!ls (\\n\",\n \"def f(): pass\"\n]", "4 function f"),
        ("[\n \"%%html\\n\",\n \"def f(): pass\"\n]", ""),
    ] {
        assert_eq!(defined(&notebook(source)), expected, "{source}");
    }
}

#[test]
fn every_name_and_signature_stands_in_the_file() {
    let source = "[\n  \"class A:\\n\",\n  \"  def f(\\n\",\n  \"    self, a=\\\"x\\\"\\n\",\n  \"  ):\\n\",\n  \"    return a\"\n]";
    let file = notebook(source);
    let tags = read(&file).tags;
    let signatures: Vec<_> = tags
        .definitions()
        .iter()
        .map(|definition| {
            assert!(file[definition.name_start as usize..].starts_with(tags.name(definition.name)));
            let lines = definition.signature;
            let end = &file[..definition.signature_end as usize];
            (lines.first + 1, lines.last + 1, definition.end_line + 1, end.chars().next_back())
        })
        .collect();
    assert_eq!(signatures, [(2, 2, 6, Some(':')), (3, 5, 6, Some(':'))]);
    let scopes: Vec<_> = tags.scopes().iter().map(|scope| (scope.line + 1, scope.end_line + 1)).collect();
    assert_eq!(scopes, [(2, 6)]);
}

#[test]
fn only_code_cells_are_code() {
    let file = r#"{
 "cells": [
  {"cell_type": "markdown", "source": ["def f(): pass"]},
  {"cell_type": "raw", "source": ["def g(): pass"]},
  {"cell_type": "code", "outputs": [{"text": ["def h(): pass\n"], "data": {"source": "def i(): pass"}}],
   "metadata": {"source": ["def j(): pass"]},
   "source": ["def k(): pass"]},
  {"cell_type": "code", "source": ["def l("]},
  {"source": ["def m(): pass"], "cell_type": "code"}
 ]
}"#;
    assert_eq!(defined(file), "7 function k, 9 function m");
}

/// A language that is not in this build has nothing to show.
#[test]
fn the_kernel_says_the_language() {
    let file = |metadata: &str, code: &str| {
        format!(
            r#"{{"cells": [{{"cell_type": "code", "source": "{code}"}}], "metadata": {{{metadata}}}, "nbformat": 4}}"#
        )
    };
    for (id, metadata, code, expected) in [
        ("jupyter", r#""kernelspec": {"language": "python", "name": "p"}"#, "def f(): pass", "1 function f"),
        ("jupyter", r#""language_info": {"name": "sage"}"#, "def f(): pass", "1 function f"),
        ("r", r#""kernelspec": {"language": "R", "name": "ir"}"#, "f <- function(x) x", "1 function f"),
        ("julia", r#""language_info": {"name": "julia"}"#, "function f(x)\\n x\\nend", "1 function f"),
        ("cpp", r#""language_info": {"name": "c++"}"#, "int f() { return 1; }", "1 function f"),
        ("bash", r#""language_info": {"name": "bash"}"#, "f() { ls; }", "1 function f"),
        ("jupyter", r#""language_info": {"name": "klingon"}"#, "def f(): pass", ""),
        ("jupyter", r#""language_info": {"name": "markdown"}"#, "def f(): pass", ""),
        ("jupyter", r#""language_info": {"name": "jupyter"}"#, "def f(): pass", ""),
    ] {
        if Language::by_id(id).is_some() {
            assert_eq!(defined(&file(metadata, code)), expected, "{metadata}");
        }
    }
}

#[test]
fn what_a_cell_has_put_out_is_of_no_weight() {
    let image = "iVBORw0KGgo".repeat(20_000);
    let file = format!(
        "{{\"cells\": [\n{{\"cell_type\": \"code\", \"outputs\": [{{\"image/png\": \"{image}\"}}],\n\"source\": [\"def f(): pass\"]}}]}}"
    );
    assert_eq!((read(&file).outcome, defined(&file).as_str()), (Outcome::Complete, "3 function f"));
}

#[test]
fn escaped_depth_is_depth() {
    let deep = read(&notebook(&format!("\"{}\"", "\\u0028".repeat(6_000))));
    assert_eq!(deep.outcome, Outcome::Skipped(SkipReason::TooDeep));
}

/// Each takes a pass that looks to the end from every byte minutes.
#[test]
fn notebooks_that_are_none_are_gone_through_once() {
    for piece in
        ["\"", "\\", "{\"", "[]", "{}", "\"cells\":", "{\"cells\":[{}]}", "\"\\\"", "\"cell_type\":\"code\","]
    {
        let file = piece.repeat(900_000 / piece.len());
        assert!(read(&file).tags.is_empty(), "{piece}");
        let cells = format!("{{\"cells\":[{file}");
        assert!(read(&cells).tags.is_empty(), "{piece}");
    }
    let cells = "{\"cell_type\":\"code\",\"source\":\"a\\n\"},".repeat(20_000);
    assert!(read(&format!("{{\"cells\":[{cells}{{}}]}}")).outcome.skip_reason().is_none());
}

#[test]
fn the_pass_over_the_file_is_paid_for() {
    let jupyter = Language::by_id("jupyter").expect("it is in this build");
    let mut options = ExtractOptions::default();
    (options.budget_base, options.budget_per_kilobyte) = (0, 2);
    let file = notebook(&format!("\"{}\"", "# \\n".repeat(10_000)));
    let outcome = extract_with(jupyter, file.as_bytes(), &options).outcome;
    assert_eq!(outcome, Outcome::Skipped(SkipReason::BudgetExceeded));
}
