//! The risk: a document shows a command that the program refuses.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Files that the examples speak of.
const TREE: &[(&str, &str)] = &[
    ("README.md", "# A shop\n"),
    ("src/app.py", "from cart import Cart\n\n\ndef main():\n    print(Cart().total())\n"),
    (
        "src/cart.py",
        "class Cart:\n    def total(self):\n        return sum(round(p, 2) for p in self.prices)\n",
    ),
    ("src/core.py", "class Engine:\n    def start(self):\n        return 1\n"),
];

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The commands of a document, each as its words: lines of `console` blocks that begin with `$ repo-map`.
fn commands(document: &str) -> Vec<Vec<String>> {
    let mut commands = Vec::new();
    for line in document.lines().filter_map(|line| line.strip_prefix("$ ")) {
        for part in parts(line) {
            if part.first().is_some_and(|program| program == "repo-map") {
                commands.push(part[1..].to_vec());
            }
        }
    }
    commands
}

/// The commands of a line: up to `;`, `&&`, a comment or where the output goes; in quotes these are text.
fn parts(line: &str) -> Vec<Vec<String>> {
    let (mut parts, mut words, mut word, mut quote) = (Vec::new(), Vec::new(), String::new(), None);
    let mut is_redirected = false;
    for c in line.chars().chain([';']) {
        match c {
            _ if quote == Some(c) => quote = None,
            _ if quote.is_some() => word.push(c),
            '"' | '\'' => quote = Some(c),
            '#' if word.is_empty() => break,
            ' ' | ';' | '&' | '>' => {
                if !word.is_empty() {
                    let word = std::mem::take(&mut word);
                    if !is_redirected {
                        words.push(word);
                    }
                }
                match c {
                    ';' | '&' => (is_redirected, _) = (false, parts.push(std::mem::take(&mut words))),
                    '>' => is_redirected = true,
                    _ => {}
                }
            }
            _ => word.push(c),
        }
    }
    parts.push(words);
    parts
}

/// In a home of its own: `install` changes files there.
fn run(root: &Path, home: &Path, words: &[String]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_repo-map"));
    let names = std::env::vars_os().map(|(name, _)| name);
    names.filter(|name| name.to_string_lossy().starts_with("XDG_")).for_each(|name| {
        command.env_remove(name);
    });
    for name in ["HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"] {
        command.env(name, home);
    }
    command.current_dir(root).args(words);
    if words.first().is_some_and(|word| word == "view") && !words.iter().any(|word| word == "--no-open") {
        // Whoever runs the tests has a desktop, perhaps.
        command.arg("--no-open");
    }
    command.stdin(std::process::Stdio::null()).output().unwrap()
}

#[test]
fn the_commands_of_a_line_are_told_apart() {
    let line = r#"cd a && repo-map -t "x > y; #1" > out; repo-map man  # prints"#;
    assert_eq!(
        commands(&format!("text\n$ {line}\n")),
        [vec!["-t".to_owned(), "x > y; #1".to_owned()], vec!["man".to_owned()]]
    );
}

#[test]
fn commands_of_the_documents_do_what_they_say() {
    let root = tempfile::tempdir().unwrap();
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("src")).unwrap();
    // An agent that `install` finds.
    fs::create_dir(home.path().join(".codex")).unwrap();
    for (path, text) in TREE {
        fs::write(root.path().join(path), text).unwrap();
    }
    let check = |document: &Path, least: usize, may_lack_files: bool| {
        let commands = commands(&fs::read_to_string(document).unwrap());
        assert!(commands.len() >= least, "{}: {} commands", document.display(), commands.len());
        for words in commands {
            let done = run(root.path(), home.path(), &words);
            let is_right = match may_lack_files {
                true => done.status.code().is_some_and(|code| code != 2),
                false => done.status.success(),
            };
            let told = String::from_utf8_lossy(&done.stderr);
            assert!(is_right, "{}: repo-map {}: {told}", document.display(), words.join(" "));
        }
    };
    check(&workspace().join("README.md"), 15, false);
    // Those of the documents speak of trees of their own.
    for entry in fs::read_dir(workspace().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "md") {
            check(&path, 0, true);
        }
    }
}
