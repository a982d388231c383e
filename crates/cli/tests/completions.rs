//! The risk: a shell offers nothing, or what the program does not take. bash, zsh and fish are asked themselves; `cargo xtask test` installs them.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// What is typed, and all that is to be offered then.
const QUESTIONS: &[(&str, &str)] = &[
    ("repo-map ex", "explain"),
    ("repo-map ca", "cache callers"),
    ("repo-map ou", "outline"),
    ("repo-map re", "refs"),
    ("repo-map sh", "show"),
    ("repo-map fi", "find"),
    ("repo-map ta", "tags"),
    ("repo-map vi", "view"),
    ("repo-map la", "languages"),
    ("repo-map com", "completions"),
    // Nothing hidden is offered.
    ("repo-map __", ""),
    ("repo-map cache st", "stats"),
    ("repo-map cache wa", "warm"),
    ("repo-map cache ex", "export"),
    ("repo-map cache im", "import"),
    ("repo-map cache ve", "verify"),
    ("repo-map cache cl", "clear"),
    ("repo-map cache co", "compact"),
    ("repo-map cache in", "inspect"),
    ("repo-map cache li", "list"),
    ("repo-map cache di", "dir"),
    ("repo-map cache list --table m", "maps maps-of-files"),
    ("repo-map cache export --ba", "--base"),
    ("repo-map cache import --rem", "--remote"),
    ("repo-map cache stats --pro", "--prometheus"),
    ("repo-map map --style ", "outline tree"),
    ("repo-map map --style o", "outline"),
    ("repo-map map --format ", "text markdown xml"),
    ("repo-map map --map-re", "--map-refresh"),
    ("repo-map map --map-refresh ", "auto stat always files manual"),
    ("repo-map map --chat", "--chat-file --chat-files-from"),
    ("repo-map map --no-c", "--no-cache"),
    ("repo-map map --task", "--task --task-file"),
    ("repo-map explain --sig", "--signals"),
    ("repo-map find --tokenizer ", "o200k cl100k bytes4"),
    ("repo-map outline --tokenizer c", "cl100k"),
    ("repo-map view --no-o", "--no-open"),
    ("repo-map completions ", "bash elvish fish powershell zsh"),
    ("repo-map completions z", "zsh"),
    ("repo-map help ca", "cache callers"),
    ("repo-map --ver", "--version --verbose"),
];

/// The same where agents are served.
const OF_AGENTS: &[(&str, &str)] = &[
    ("repo-map mc", "mcp"),
    ("repo-map ho", "hook"),
    ("repo-map install cl", "claude-code"),
    ("repo-map install --dry", "--dry-run"),
    ("repo-map uninstall go", "goose"),
    ("repo-map serve --to", "--token-file --tokenizer"),
];

const BASH: &str = r#"
source ./script
while IFS= read -r line; do
  read -ra COMP_WORDS <<< "$line"; [[ $line == *' ' ]] && COMP_WORDS+=("")
  COMP_CWORD=$((${#COMP_WORDS[@]}-1)); COMPREPLY=(); COMP_LINE=$line; COMP_POINT=${#line}
  asked=$(complete -p repo-map | sed 's/.*-F \([^ ]*\).*/\1/')
  "$asked" repo-map "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
  printf '?%s\n' "$line"; printf '=%s\n' "${COMPREPLY[@]}"
done < questions
"#;

/// A shell in a terminal of its own, whose editor is asked.
const ZSH: &str = r#"
zmodload zsh/zpty
zpty -b z "PS1= PS2= TERM=dumb zsh -f -i"
zpty -w z 'stty -echo -onlcr; unset zle_bracketed_paste; fpath=($PWD/functions $fpath); autoload -Uz compinit; compinit -D -u'
zpty -w z 'compadd () { local -a found; builtin compadd -A found "$@"; local one; for one in $found; do print -r -- "=$one"; done >> $PWD/answers; builtin compadd "$@"; }'
zpty -w z 'ask () { print -r -- "?$BUFFER" >> $PWD/answers; zle complete-word; BUFFER=; print "." >> $PWD/answers; }; zle -C complete-word complete-word _main_complete; zle -N ask; bindkey "^T" ask'
: > answers
asked=0
while IFS= read -r line; do
  zpty -w -n z "$line"$'\x14'
  (( asked++ ))
  for i in {1..1500}; do (( $(grep -c '^\.$' answers) >= asked )) && break; sleep 0.02; zpty -r -t z junk; done
done < questions
zpty -d z
cat answers
"#;

const FISH: &str = r#"
source ./script
while read -l line
  echo "?$line"
  complete -C "$line" | string replace -r '\t.*' '' | string replace -r '^' '='
end < questions
"#;

fn questions() -> Vec<(&'static str, &'static str)> {
    let of_agents = if cfg!(feature = "mcp") { OF_AGENTS } else { &[] };
    QUESTIONS.iter().chain(of_agents).copied().collect()
}

/// What a shell offers for each question; `None` where there is no such shell.
#[expect(clippy::print_stderr, reason = "a test that was passed over says so")]
fn asked(shell: &str, options: &[&str], ask: &str) -> Option<Vec<(String, BTreeSet<String>)>> {
    if Command::new(shell).arg("--version").stdout(Stdio::null()).status().is_err() {
        eprintln!("{shell} is not installed: its completions are not tried");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let made = Command::new(env!("CARGO_BIN_EXE_repo-map")).args(["completions", shell]).output().unwrap();
    fs::write(at("script"), &made.stdout).unwrap();
    fs::create_dir(at("functions")).unwrap();
    fs::write(at("functions/_repo-map"), &made.stdout).unwrap();
    let lines: String = questions().iter().map(|(typed, _)| format!("{typed}\n")).collect();
    fs::write(at("questions"), lines).unwrap();
    fs::write(at("ask"), ask).unwrap();
    let told = run(shell, options, folder.path());
    let mut answers: Vec<(String, BTreeSet<String>)> = Vec::new();
    for line in told.lines() {
        match (line.split_at_checked(1), answers.last_mut()) {
            (Some(("?", typed)), _) => answers.push((typed.to_owned(), BTreeSet::new())),
            (Some(("=", offered)), Some((typed, set))) if !offered.trim().is_empty() => {
                // Flags are offered everywhere; they are looked at where one is typed.
                let last = typed.rsplit(' ').next().unwrap_or_default();
                if last.starts_with('-') == offered.starts_with('-') {
                    set.insert(offered.trim().to_owned());
                }
            }
            _ => {}
        }
    }
    Some(answers)
}

fn run(shell: &str, options: &[&str], folder: &Path) -> String {
    let mut command = Command::new(shell);
    command.args(options).arg("ask").current_dir(folder).env("HOME", folder).stdin(Stdio::null());
    let output = command.output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn all_are_right(shell: &str, options: &[&str], ask: &str) {
    let Some(answers) = asked(shell, options, ask) else { return };
    let questions = questions();
    assert_eq!(answers.len(), questions.len(), "{shell}: {answers:?}");
    assert!(questions.len() >= 40);
    let wrong: Vec<_> = questions
        .iter()
        .zip(&answers)
        .filter(|((typed, wanted), (asked, offered))| {
            let wanted: BTreeSet<String> = wanted.split_whitespace().map(ToOwned::to_owned).collect();
            typed != asked || *offered != wanted
        })
        .collect();
    assert!(wrong.is_empty(), "{shell}: {} wrong: {wrong:#?}", wrong.len());
}

#[test]
fn bash_offers_what_there_is() {
    all_are_right("bash", &["--norc"], BASH);
}

#[test]
fn zsh_offers_what_there_is() {
    all_are_right("zsh", &["-f"], ZSH);
}

#[test]
fn fish_offers_what_there_is() {
    all_are_right("fish", &["--no-config"], FISH);
}
