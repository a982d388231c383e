//! Install and uninstall over many settings of each agent: nothing is left, nothing else changes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum as _;

use super::apply::{Step, install, perform, uninstall};
use super::catalogue::{Agent, Scope, Wish};
use super::files::missing_folders;
use super::insertion::Insertion;
use super::jsonc::parse;
use super::marked::Comment;
use super::places::Places;
use super::record::Record;

/// Generated settings of each agent.
const SETTINGS: usize = 24;

#[test]
fn every_agent_and_settings_come_back_to_the_byte() {
    for scope in [false, true] {
        for agent in Agent::value_variants() {
            for seed in 0..SETTINGS {
                round(*agent, scope, seed);
            }
        }
    }
}

fn round(agent: Agent, is_project: bool, seed: usize) {
    let home = tempfile::tempdir().unwrap();
    let home = home.path().canonicalize().unwrap();
    let places = Places::below(&home);
    let scope = if is_project { Scope::Project(home.join("project")) } else { Scope::User };
    if is_project {
        fs::create_dir(home.join("project")).unwrap();
    }
    let wishes = agent.wishes(&scope, &places, "/usr/bin/repo-map");
    for (at, wish) in wishes.iter().enumerate() {
        if let Some(text) = settings(&wish.what, seed + at) {
            fs::create_dir_all(wish.path.parent().unwrap()).unwrap();
            fs::write(&wish.path, text).unwrap();
        }
    }
    let before = snapshot(&home);
    let mut record = Record::default();
    let case = format!("{agent:?} {is_project} {seed}");

    go(&wishes, &mut record, true, &case);
    let installed = snapshot(&home);
    for wish in &wishes {
        check(&installed[&wish.path], &wish.what, &case);
    }
    let again = Record::read_text(&record.to_text());
    assert_eq!(again.entries, record.entries, "{case}");
    record = again;
    go(&wishes, &mut record, true, &case);
    assert_eq!(snapshot(&home), installed, "{case}: a second time");
    go(&wishes, &mut record, false, &case);
    assert_eq!(snapshot(&home), before, "{case}");
    assert!(record.entries.is_empty(), "{case}");
}

/// Where the user wrote in the file in between, that stays and ours goes.
#[test]
fn what_the_user_wrote_meanwhile_stays() {
    for agent in Agent::value_variants() {
        for seed in 0..SETTINGS {
            let home = tempfile::tempdir().unwrap();
            let home = home.path().canonicalize().unwrap();
            let wishes = agent.wishes(&Scope::User, &Places::below(&home), "repo-map");
            for wish in &wishes {
                let Some(text) = settings(&wish.what, seed) else { continue };
                fs::create_dir_all(wish.path.parent().unwrap()).unwrap();
                fs::write(&wish.path, text).unwrap();
            }
            let mut record = Record::default();
            let case = format!("{agent:?} {seed}");
            go(&wishes, &mut record, true, &case);
            for wish in &wishes {
                let text = fs::read_to_string(&wish.path).unwrap();
                let changed = match &wish.what {
                    Insertion::Member(..) | Insertion::Item(..) => {
                        let head = text.find('{').unwrap() + 1;
                        format!("{}\"mine\": 7, {}", &text[..head], &text[head..])
                    }
                    Insertion::File(_) => text,
                    _ => format!("# mine\n{text}# mine too\n"),
                };
                fs::write(&wish.path, changed).unwrap();
            }
            go(&wishes, &mut record, false, &case);
            for wish in &wishes {
                let Ok(text) = fs::read_to_string(&wish.path) else {
                    assert!(matches!(wish.what, Insertion::File(_)), "{case}: {:?}", wish.path);
                    continue;
                };
                assert!(!text.contains("repo-map"), "{case}: {text}");
                assert!(text.contains("mine"), "{case}: {text}");
                if matches!(wish.what, Insertion::Member(..) | Insertion::Item(..)) {
                    assert!(parse(&text).is_some(), "{case}: {text}");
                }
            }
        }
    }
}

fn go(wishes: &[Wish], record: &mut Record, is_in: bool, case: &str) {
    for wish in wishes {
        let change = if is_in { install(wish, "a", record) } else { uninstall(wish, "a", record) };
        assert!(!matches!(change.step, Step::Left(_)), "{case}: {change:?}");
        let folders = record.of(&wish.path).map_or_else(Vec::new, |entry| entry.folders.clone());
        perform(&change, &folders).unwrap();
        match change.entry {
            Some(entry) => record.keep(entry),
            None => record.forget(&wish.path),
        }
        assert!(missing_folders(&wish.path).is_empty() || !is_in, "{case}");
    }
}

/// Every file and folder, with what files hold.
fn snapshot(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(snapshot(&path));
            all.insert(path, "a folder".to_owned());
        } else {
            let text = fs::read_to_string(&path).unwrap();
            all.insert(path, text);
        }
    }
    all
}

/// What is there is read as the agent reads it.
fn check(text: &str, what: &Insertion, case: &str) {
    match what {
        Insertion::Member(way, _) => {
            let root = parse(text).unwrap_or_else(|| panic!("{case}: {text}"));
            assert!(root.at(way).and_then(|node| node.member("repo-map")).is_some(), "{case}: {text}");
        }
        Insertion::Item(way, _) => {
            let root = parse(text).unwrap_or_else(|| panic!("{case}: {text}"));
            let node = root.at(way).unwrap_or_else(|| panic!("{case}: {text}"));
            assert!(text[node.span.clone()].contains("repo-map hook"), "{case}: {text}");
        }
        Insertion::Toml(_) => {
            let table: toml::Table = toml::from_str(text).unwrap_or_else(|_| panic!("{case}: {text}"));
            assert!(table["mcp_servers"].get("repo-map").is_some(), "{case}: {text}");
        }
        Insertion::Block(..) | Insertion::Below(..) | Insertion::File(_) => {
            assert!(text.contains("repo-map"), "{case}: {text}");
        }
    }
}

/// Settings as people have them: none, empty, with comments, other servers, odd order, other ends of lines.
fn settings(what: &Insertion, seed: usize) -> Option<String> {
    let texts: Vec<String> = match what {
        Insertion::Member(way, _) => json(way, "\"other\": {\"command\": \"x\"}"),
        Insertion::Item(way, _) => {
            let mut texts = json(way, "");
            texts.retain(|text| !text.contains(way[1]) || text.contains(way[0]));
            let filled =
                |text: &String| text.replace(&format!("\"{}\": {{", way[1]), &format!("\"{}\": [", way[1]));
            texts.iter().map(filled).filter(|text| parse(text).is_some() || text.trim().is_empty()).collect()
        }
        Insertion::Toml(_) => {
            ["", "model = \"m\"\n", "# c\n[mcp_servers.other]\ncommand = \"x\" # y", "\n\n[a]\n\n"]
                .map(ToOwned::to_owned)
                .into()
        }
        Insertion::Block(Comment::Markdown, _) => {
            ["", "# Mine", "Rules.\n\n", "a\n\n\n"].map(ToOwned::to_owned).into()
        }
        Insertion::Block(Comment::Hash, _) => ["", "hint", "hint\n"].map(ToOwned::to_owned).into(),
        Insertion::Below(key, _) => [
            "".to_owned(),
            "GOOSE_MODEL: m".to_owned(),
            format!("{key}:\n"),
            format!("{key}:"),
            format!("a: 1\n{key}: # c\n    other:\n      enabled: true\nb: 2\n"),
            format!("{key}:\n\n  # c\n  other:\n    cmd: x\n"),
        ]
        .into(),
        Insertion::File(_) => return None,
    };
    // One of so many has no file.
    let text = texts.get(seed % (texts.len() + 1))?;
    Some(if seed % 3 == 2 { text.replace('\n', "\r\n") } else { text.clone() })
}

fn json(way: &[&str], other: &str) -> Vec<String> {
    let name = way.last().unwrap();
    let inner = |body: &str| {
        way[..way.len() - 1]
            .iter()
            .rev()
            .fold(body.to_owned(), |body, name| format!("\"{name}\": {{{body}}}"))
    };
    let mut texts: Vec<String> = [
        "",
        "  \n",
        "{}",
        "{}\n",
        "{\n}\n",
        "{ /* c */ }",
        "\u{feff}{}",
        "{\"a\":1}",
        "{\n\t\"a\": [1, 2] // c\n}\n",
        "{\n  \"a\": 1,\n  // c\n}",
        "{\n  \"a\": {}, /* c */\n}\n",
        "// head\n{\n    \"z\": 1,\n\n    \"b\": \"}\"\n}\n// tail",
    ]
    .map(ToOwned::to_owned)
    .into();
    for body in [
        format!("\"{name}\": {{}}"),
        format!("\"{name}\": {{{other}}}"),
        format!("\n    \"{name}\": {{\n      {other}\n    }}\n  "),
    ] {
        texts.push(format!("{{\n  \"first\": true,\n  {}\n}}\n", inner(&body)));
    }
    texts.push(format!(
        "{{\n  {}, // c\n  \"last\": null\n}}\n",
        inner(&format!("\"{name}\": {{ /* none */\n}}"))
    ));
    texts
}
