//! The risk: a tree that was read in part looks as if there were no more in it.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

fn run(root: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_repo-map"));
    let home = root.join("home");
    command.env("XDG_CONFIG_HOME", &home).env("APPDATA", &home).env("HOME", &home);
    command.env("REPO_MAP_CACHE_DIR", home.join("cache")).current_dir(root.join("tree"));
    command.args(arguments).output().unwrap()
}

fn map(root: &Path, arguments: &[&str]) -> Value {
    let output = run(root, &[&["map", "--json"], arguments].concat());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A hand-written file of more than a megabyte, and a small one.
fn tree() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join("tree")).unwrap();
    fs::create_dir_all(root.path().join("home/repo-map-cache")).unwrap();
    let handlers: String = (0..20_000)
        .map(|at| format!("def handler_{at}(request):\n    return request.get(\"key{at}\")\n\n"))
        .collect();
    fs::write(root.path().join("tree/checker.py"), handlers).unwrap();
    fs::write(root.path().join("tree/app.py"), "def main():\n    pass\n").unwrap();
    root
}

#[test]
fn a_file_that_is_too_large_is_told_and_the_limit_can_be_set() {
    let root = tree();
    let root = root.path();
    let told = |arguments: &[&str]| String::from_utf8(run(root, arguments).stderr).unwrap();
    for _ in 0..2 {
        let left_out = map(root, &[]);
        assert_eq!(left_out["reading"]["left_out"]["too-large"]["files"], 1, "{left_out}");
        assert_eq!(left_out["reading"]["files"], 2);
    }
    let warnings = told(&["map"]);
    assert_eq!(warnings.lines().count(), 1, "{warnings}");
    assert!(warnings.contains("1 too-large") && warnings.contains("--max-file-bytes"), "{warnings}");
    assert_eq!(told(&["map", "-q"]), "");
    let explained = run(root, &["tags", "--explain", "checker.py", "app.py"]);
    let explained = String::from_utf8(explained.stdout).unwrap();
    assert!(explained.contains("checker.py: Python, no tags (too-large)"), "{explained}");
    assert!(explained.lines().last().unwrap().ends_with("; 1 without tags (1 too-large)"), "{explained}");

    let all = map(root, &["--max-file-bytes", "4000000"]);
    assert_eq!((&all["reading"]["left_out"], &all["notices"]), (&json!({}), &json!([])), "{all}");
    assert!(all["map"].as_str().unwrap().contains("handler_"), "{all}");
    let explained = run(root, &["tags", "--explain", "--max-file-bytes", "4000000", "checker.py"]);
    let explained = String::from_utf8(explained.stdout).unwrap();
    assert!(explained.starts_with("checker.py: Python, 20000 definitions"), "{explained}");

    // What was kept of another limit is no answer to this one.
    assert_eq!(map(root, &[])["reading"]["left_out"]["too-large"]["files"], 1);
    fs::write(root.join("home/repo-map-cache/config.toml"), "[files]\nmax_bytes = 4_000_000\n").unwrap();
    assert_eq!(map(root, &[])["reading"]["left_out"], json!({}));
    assert_eq!(map(root, &["--max-file-bytes", "1000"])["reading"]["left_out"]["too-large"]["files"], 1);
}

#[test]
fn parts_that_do_not_fit_the_grammar_are_counted() {
    let root = tree();
    let root = root.path();
    let sound = "def f(a):\n    return g(a)\n\n".repeat(40);
    fs::write(root.join("tree/checker.py"), format!("{sound}a b c ] 1 2\n{sound}")).unwrap();
    for _ in 0..2 {
        let reading = map(root, &[])["reading"].clone();
        assert_eq!((&reading["files"], &reading["misfits"]["files"]), (&json!(2), &json!(1)), "{reading}");
        let percent = reading["misfit_percent"].as_f64().unwrap();
        assert!(percent > 0.0 && percent < 1.0, "{reading}");
    }
    assert!(run(root, &["map"]).stderr.is_empty());
    fs::write(root.join("tree/checker.py"), "a b c ] 1 2\n".repeat(40)).unwrap();
    let warnings = String::from_utf8(run(root, &["map"]).stderr).unwrap();
    assert!(warnings.contains("parts of 1 do not fit the grammar"), "{warnings}");
    let explained = run(root, &["tags", "--explain", "checker.py"]);
    let explained = String::from_utf8(explained.stdout).unwrap();
    assert!(explained.contains(" of 480 bytes, "), "{explained}");
}
