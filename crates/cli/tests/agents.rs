//! What is put into agents' files, and the hook that they run, by the program itself.
#![cfg(feature = "mcp")]
#![expect(clippy::unwrap_used, reason = "a test ends where its setting fails")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_repo-map"));
    command.env_clear().env("HOME", home).current_dir(home);
    command
}

fn told(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[cfg(unix)]
fn all(folder: &Path) -> Vec<(std::path::PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => {
                found.extend(all(&path));
                found.push((path, String::new()));
            }
            false => {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found.sort();
    found
}

#[cfg(unix)]
#[test]
fn what_is_installed_is_uninstalled_and_a_dry_run_writes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let settings = "{\n  // mine\n  \"mcpServers\": {}\n}\n";
    fs::create_dir(home.path().join(".claude")).unwrap();
    fs::create_dir(home.path().join(".gemini")).unwrap();
    fs::write(home.path().join(".claude.json"), settings).unwrap();
    let before = all(home.path());
    let run = |arguments: &[&str]| told(&program(home.path()).args(arguments).output().unwrap());

    let shown = run(&["install", "--dry-run"]);
    assert!(shown.contains("+    \"repo-map\": {") && shown.contains("gemini: written: "), "{shown}");
    assert_eq!(all(home.path()), before);
    run(&["install"]);
    let installed = all(home.path());
    assert!(installed.iter().any(|(path, text)| path.ends_with(".claude.json") && text.contains("// mine")));
    let again = run(&["install"]);
    assert!(again.lines().all(|line| line.contains(": unchanged: ")), "{again}");
    assert_eq!(all(home.path()), installed);
    run(&["uninstall", "gemini"]);
    assert_eq!(fs::read_to_string(home.path().join(".claude.json")).unwrap().matches("repo-map").count(), 2);
    run(&["uninstall"]);
    assert_eq!(all(home.path()), before);
}

#[cfg(unix)]
#[test]
fn a_file_that_two_agents_read_keeps_ours_until_the_last() {
    let home = tempfile::tempdir().unwrap();
    let project = home.path().join("project");
    fs::create_dir(&project).unwrap();
    fs::write(project.join("AGENTS.md"), "Rules.\n").unwrap();
    let run = |arguments: &[&str]| told(&program(&project).args(arguments).output().unwrap());
    run(&["install", "codex", "zed", "--project"]);
    let instructions = || fs::read_to_string(project.join("AGENTS.md")).unwrap();
    assert_eq!(instructions().matches("repo-map begin").count(), 1);
    run(&["uninstall", "codex", "--project"]);
    assert!(instructions().contains("repo-map begin"));
    run(&["uninstall", "zed", "--project"]);
    assert_eq!(instructions(), "Rules.\n");
    assert_eq!(fs::read_dir(&project).unwrap().count(), 1);
}

fn hook(home: &Path, event: &[u8]) -> String {
    let mut command = program(home);
    command.args(["hook", "--no-cache"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(event).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.stderr.is_empty(), "{output:?}");
    told(&output)
}

#[test]
fn the_hook_prints_the_map_of_the_prompt_or_nothing() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("engine.py"), "class Engine:\n    def start(self): pass\n").unwrap();
    let event = serde_json::json!({ "hook_event_name": "UserPromptSubmit", "cwd": home.path(), "prompt": "make the engine start" });
    let page = hook(home.path(), event.to_string().as_bytes());
    assert!(page.contains("engine.py:\n│class Engine\n"), "{page}");
    for nothing in [
        "",
        "{",
        "[]",
        "{\"prompt\": 1}",
        "{\"prompt\": \" \"}",
        "{\"prompt\": \"engine\", \"cwd\": \"/nowhere\"}",
        "\u{0}",
    ] {
        assert_eq!(hook(home.path(), nothing.as_bytes()), "", "{nothing}");
    }
    assert_eq!(hook(home.path(), b"\xff\xfe"), "");
}
