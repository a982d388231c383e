//! The risk: a task points at a line, and the map shows something else.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

mod support;

use std::fmt::Write as _;
use std::fs;

use repo_map_cache::{MapRequest, RepoMapper, Target};

/// A file of a language: `filler` functions before and after `wanted`, which begins at line 31.
fn source(path: &str) -> String {
    let mut text = String::new();
    let mut function = |name: &str| {
        let _ = match path.rsplit('.').next().unwrap() {
            "py" => writeln!(text, "def {name}(x):\n    a = x\n    b = a\n    return b\n"),
            "rs" => writeln!(text, "fn {name}(x: u8) {{\n    a(x);\n    b(x);\n}}\n"),
            "go" => writeln!(text, "func {name}(x int) {{\n\ta(x)\n\tb(x)\n}}\n"),
            "js" => writeln!(text, "function {name}(x) {{\n  a(x);\n  b(x);\n}}\n"),
            "java" => writeln!(text, "class {name}Of {{\n  void {name}(int x) {{\n    a(x); }}\n}}\n"),
            "cs" => writeln!(text, "class {name}Of {{\n  void {name}(int x) {{\n    A(x); }}\n}}\n"),
            "rb" => writeln!(text, "def {name}(x)\n  a(x)\n  b(x)\nend\n"),
            "php" => writeln!(text, "function {name}($x) {{\n  a($x);\n  b($x);\n}}\n"),
            "ex" => writeln!(text, "def {name}(x) do\n  a(x)\n  b(x)\nend\n"),
            "c" => writeln!(text, "void {name}(int x) {{\n  a(x);\n  b(x);\n}}\n"),
            other => unreachable!("{other}"),
        };
    };
    (0..6).for_each(|at| function(&format!("before{at}")));
    function("wanted");
    (0..6).for_each(|at| function(&format!("after{at}")));
    let head = match path.rsplit('.').next().unwrap() {
        "php" => "<?php ",
        "go" => "package main; ",
        "ex" => "defmodule M do ",
        _ => "",
    };
    let tail = if path.ends_with(".ex") { "end\n" } else { "" };
    format!("{head}{text}{tail}")
}

const FILES: [&str; 12] = [
    "src/pkg/core.py",
    "src/pkg/other.py",
    "src/engine.rs",
    "cmd/main.go",
    "lib/app.js",
    "src/main/java/org/example/Pool.java",
    "Web/Pages/Index.cs",
    "app/models/user.rb",
    "src/Kernel.php",
    "lib/shop/cart.ex",
    "src/net.c",
    "src/dir name/grö.py",
];

fn tree() -> (tempfile::TempDir, RepoMapper) {
    let root = tempfile::tempdir().unwrap();
    for path in FILES {
        let file = root.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, source(path)).unwrap();
    }
    let mapper = support::builder(root.path()).build().unwrap();
    (root, mapper)
}

/// The definitions of a file that the task points to, and the place of the file.
fn pointed(mapper: &RepoMapper, task: &str, path: &str) -> (Vec<String>, usize) {
    let explanation = mapper.explain(&MapRequest::new(1_024).task(task), &[Target::parse(path)]).unwrap();
    let column = explanation.definition_signals.iter().position(|signal| signal.name == "around");
    let file = explanation.files.first().unwrap_or_else(|| panic!("{task}"));
    let mut found: Vec<String> = file
        .definitions
        .iter()
        .filter(|of| column.is_some_and(|column| of.values[column] > 0.0))
        .map(|of| of.name.clone())
        .collect();
    found.sort_unstable();
    (found, file.rank)
}

#[test]
fn the_definition_around_a_line_is_mentioned_in_whatever_form_it_stands() {
    let (_root, mapper) = tree();
    const REV: &str = "0123456789abcdef0123456789abcdef01234567";
    for (path, task) in [
        ("src/pkg/core.py", "It fails, see https://github.com/o/n/blob/REV/src/pkg/core.py#L32-L33"),
        ("src/pkg/core.py", "It fails ([here](https://gitlab.com/g/n/-/blob/main/src/pkg/core.py#L32))"),
        ("src/net.c", "It fails: https://bitbucket.org/o/n/src/REV/src/net.c#lines-32:33"),
        ("src/net.c", "It fails: https://codeberg.org/o/n/src/branch/main/src/net.c#L32"),
        ("src/dir name/grö.py", "https://github.com/o/n/blob/main/src/dir%20name/gr%C3%B6.py#L31-L34 fails"),
        ("src/engine.rs", "https://raw.githubusercontent.com/o/n/main/src/engine.rs#L32 fails"),
        ("src/pkg/core.py", "The loop at src/pkg/core.py:33 never ends"),
        ("src/pkg/core.py", "The loop at line 33 of `pkg/core.py` never ends"),
        (
            "src/pkg/core.py",
            "Crash\n\n```\nTraceback (most recent call last):\n  File \"/u/x/site-packages/pkg/other.py\", line 3, in before0\n    b = a\n  File \"/u/x/site-packages/pkg/core.py\", line 33, in wanted\n    b = a\n  File \"/usr/lib/python3.9/json/decoder.py\", line 9, in decode\nValueError: x\n```\n",
        ),
        (
            "src/pkg/core.py",
            "Crash: the line is of an old version\n\n  File \"/u/x/pkg/core.py\", line 3, in wanted\n    b = a\n",
        ),
        ("src/engine.rs", "thread 'main' panicked at src/engine.rs:32:5:\nindex out of bounds\n"),
        (
            "src/engine.rs",
            "stack backtrace:\n   0: rust_begin_unwind\n             at /rustc/0123/library/std/src/panicking.rs:5:5\n   1: n::engine::wanted\n             at ./src/engine.rs:32:9\n   2: n::main\n             at ./src/engine.rs:2:5\n",
        ),
        (
            "cmd/main.go",
            "panic: x\n\ngoroutine 1 [running]:\nruntime.gopanic(0x1)\n\t/usr/local/go/src/runtime/panic.go:9 +0x1\nmain.wanted(0x1)\n\t/home/u/n/cmd/main.go:32 +0x1d\nmain.before0(...)\n\t/home/u/n/cmd/main.go:2 +0x1d\n",
        ),
        (
            "lib/app.js",
            "TypeError: x\n    at wanted (/srv/n/lib/app.js:32:5)\n    at before0 (/srv/n/lib/app.js:2:5)\n    at node:internal/main:1:2\n",
        ),
        (
            "src/main/java/org/example/Pool.java",
            "java.lang.Error: x\n\tat java.base/java.util.List.get(List.java:3)\n\tat org.example.Pool.wanted(Pool.java:32)\n",
        ),
        (
            "Web/Pages/Index.cs",
            "System.Exception: x\n   at Web.wantedOf.wanted(Int32 x) in C:\\w\\n\\Web\\Pages\\Index.cs:line 32\n",
        ),
        ("app/models/user.rb", "app/models/user.rb:32:in `wanted': undefined method (NoMethodError)\n"),
        (
            "src/Kernel.php",
            "PHP Fatal error:  Uncaught Exception: x in /var/www/src/Kernel.php:32\nStack trace:\n#0 /var/www/src/Kernel.php(2): before0()\n",
        ),
        (
            "lib/shop/cart.ex",
            "** (KeyError) x\n    (elixir 1.15.0) lib/enum.ex:9: Enum.map/2\n    (shop 0.1.0) lib/shop/cart.ex:32: M.wanted/1\n",
        ),
        (
            "src/net.c",
            "diff --git a/src/net.c b/src/net.c\n--- a/src/net.c\n+++ b/src/net.c\n@@ -29,7 +29,7 @@ void before5(int x)\n }\n \n void wanted(int x) {\n-  a(x);\n+  c(x);\n   b(x);\n }\n \n",
        ),
    ] {
        let task = task.replace("REV", REV);
        let (found, rank) = pointed(&mapper, &task, path);
        assert!(found.contains(&"wanted".to_owned()), "{task}: {found:?}");
        assert_eq!(rank, 1, "{task}");
        let map = mapper.map(&MapRequest::new(120).task(&task)).unwrap();
        assert_eq!(map.files[0].path.as_str(), path, "{task}");
        let first: Vec<&str> = map.files[0].definitions.iter().map(|of| of.name.as_str()).collect();
        assert!(first.contains(&"wanted"), "{task}: {}", map.text);
    }
}

#[test]
fn the_innermost_frame_of_the_tree_stands_first() {
    let (_root, mapper) = tree();
    let frames = [("src/pkg/other.py", 3, "before0"), ("src/pkg/core.py", 33, "wanted")];
    let frame = |(path, line, name): &(&str, u32, &str)| {
        format!("  File \"/x/{path}\", line {line}, in {name}\n    b = a\n")
    };
    let trace = |frames: &mut dyn Iterator<Item = &(&str, u32, &str)>| {
        let frames: String = frames.map(frame).collect();
        format!("Crash\n\nTraceback (most recent call last):\n{frames}ValueError: no\n")
    };
    assert_eq!(pointed(&mapper, &trace(&mut frames.iter()), "src/pkg/core.py").1, 1);
    assert_eq!(pointed(&mapper, &trace(&mut frames.iter().rev()), "src/pkg/other.py").1, 1);
}

#[test]
fn what_is_no_place_of_the_tree_points_nowhere() {
    let (_root, mapper) = tree();
    for task in [
        "see https://github.com/o/n/issues/32 and https://example.org/core.py/32",
        "  File \"/usr/lib/python3.9/asyncio/core.py\", line 33, in wanted",
        "it took 12:33:32 on localhost:8080",
        "<!-- src/pkg/core.py:33 --> it hangs",
    ] {
        let (found, _) = pointed(&mapper, task, "src/pkg/core.py");
        assert_eq!(found, Vec::<String>::new(), "{task}");
    }
}

#[test]
fn output_of_a_program_does_not_drown_what_is_asked() {
    let (root, mapper) = tree();
    fs::write(
        root.path().join("src/pkg/lint.py"),
        "# missing docstring\ndef check(docstring, missing):\n    return missing\n",
    )
    .unwrap();
    fs::write(root.path().join("src/pkg/ledger.py"), "def balance(ledger):\n    return ledger\n").unwrap();
    let log: String = (1..400)
        .map(|at| {
            format!("src/x/f{at}.py:{at}:0: C0111: Missing docstring for invalid name (missing-docstring)\n")
        })
        .collect();
    for task in [format!("The ledger is wrong\n\n```\n{log}```\n"), format!("The ledger is wrong\n\n{log}")] {
        let map = mapper.map(&MapRequest::new(200).task(&task)).unwrap();
        assert_eq!(map.files[0].path.as_str(), "src/pkg/ledger.py", "{}", map.text);
    }
}

#[test]
fn forms_of_trackers_say_nothing() {
    let (root, mapper) = tree();
    fs::write(root.path().join("src/pkg/steps.py"), "def reproduce(steps):\n    return steps\n").unwrap();
    let plain = mapper.map(&MapRequest::new(300).task("The pool hangs\n\n### Actual\n\nit hangs\n")).unwrap();
    let form = "The pool hangs\n\n<!-- tell the steps to reproduce -->\n### Steps to reproduce\n\n_No response_\n\n### Actual\n\nit hangs\n";
    let formed = mapper.map(&MapRequest::new(300).task(form)).unwrap();
    assert_eq!(plain.text, formed.text);
}
