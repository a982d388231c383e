//! The risk: a reranker that is not followed, or one that takes the map down with it.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn tree() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("a/pool.py", "def grow(pool):\n    return pool\n\ndef shrink(pool):\n    return pool\n"),
        ("b/other.py", "def grow_other(pool):\n    return pool\n"),
        ("c/far.py", "def far():\n    return 1\n"),
    ] {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

fn map(root: &Path, rerank: Option<&str>, tokens: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_repo-map"));
    command.current_dir(root).args(["--no-cache", "--map-tokens", tokens, "--task", "grow the pool"]);
    if let Some(rerank) = rerank {
        command.args(["--rerank", rerank]);
    }
    command.output().unwrap()
}

/// Scores those of a path highest, with no more than a shell.
fn preferring(path: &str) -> String {
    format!(
        "read -r line; n=$(printf %s \"$line\" | grep -o '\"path\":\"[^\"]*\"' | awk '{{ printf \"%s%d\", (NR > 1 ? \",\" : \"\"), (/{path}/ ? 1 : 0) }}'); echo \"{{\\\"scores\\\":[$n]}}\""
    )
}

#[test]
fn the_order_is_that_of_the_scores_within_the_budget() {
    let root = tree();
    let plain = map(root.path(), None, "40");
    assert!(String::from_utf8_lossy(&plain.stdout).starts_with("a/pool.py"), "{plain:?}");
    for _ in 0..2 {
        let reranked = map(root.path(), Some(&preferring("far")), "40");
        assert!(String::from_utf8_lossy(&reranked.stdout).starts_with("c/far.py"), "{reranked:?}");
        assert_eq!(String::from_utf8_lossy(&reranked.stderr), "");
    }
}

#[test]
fn one_that_fails_costs_a_notice_and_no_more() {
    let root = tree();
    let plain = map(root.path(), None, "60").stdout;
    for (command, cause) in [
        ("exit 3", "it said nothing: exit status: 3"),
        ("kill -9 $$", "it said nothing: signal: 9"),
        ("echo hello", "its answer is not"),
        ("echo '{\"scores\":[1]}'", "it gave 1 scores for"),
        ("yes", "its answer is not"),
        ("no-such-program-anywhere", "it said nothing: exit status: 127"),
        ("exec >&-; sleep 0.1; exit 4", "it said nothing: exit status: 4"),
    ] {
        let output = map(root.path(), Some(command), "60");
        assert_eq!(output.stdout, plain, "{command}");
        assert!(output.status.success(), "{command}");
        let told = String::from_utf8_lossy(&output.stderr);
        let notices: Vec<&str> =
            told.lines().filter(|line| line.contains("the reranker is not followed")).collect();
        assert!(notices.len() == 1 && notices[0].contains(cause), "{command}: {told}");
    }
}

/// The program of the document.
#[test]
fn the_example_of_the_document_runs() {
    let document = include_str!("../../../docs/rerankers.md");
    let program = document.split("```python\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let root = tree();
    fs::write(root.path().join("rerank.py"), program).unwrap();
    if Command::new("python3").arg("--version").output().is_err() {
        return;
    }
    let output = map(root.path(), Some("python3 rerank.py"), "60");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(String::from_utf8_lossy(&output.stdout).contains("def grow(pool)"), "{output:?}");
}

/// It, and what it has started, are gone once the map is there.
#[test]
fn one_that_hangs_is_ended() {
    let root = tree();
    // Beside the tree: it would be one of its files.
    let beside = tempfile::tempdir().unwrap();
    let child = beside.path().join("child");
    let command = format!("sleep 1000 & echo $! > '{}'; wait", child.display());
    let output = map(root.path(), Some(&command), "60");
    assert!(String::from_utf8_lossy(&output.stderr).contains("answer"), "{output:?}");
    assert_eq!(output.stdout, map(root.path(), None, "60").stdout);
    let child = fs::read_to_string(child).unwrap();
    let state = || fs::read_to_string(format!("/proc/{}/stat", child.trim()));
    let is_gone = || state().map_or(true, |stat| stat.contains(") Z"));
    let gone = (0..500).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        is_gone()
    });
    assert!(gone || !Path::new("/proc/self/stat").exists(), "{child}");
}
