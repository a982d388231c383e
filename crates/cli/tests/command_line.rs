//! The risk: a message nobody understands, the wrong exit code, noise on standard output.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn repo_map(cache: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_repo-map"));
    command.env("REPO_MAP_CACHE_DIR", cache);
    command
}

struct Scene {
    root: tempfile::TempDir,
    cache: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("src")).unwrap();
        fs::write(root.path().join("README.md"), "# Engines\n").unwrap();
        fs::write(root.path().join("src/core.py"), "class Engine:\n    def start(self):\n        return 1\n")
            .unwrap();
        fs::write(
            root.path().join("src/app.py"),
            "from core import Engine\n\ndef main():\n    Engine().start()\n",
        )
        .unwrap();
        Self { root, cache: tempfile::tempdir().unwrap() }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        repo_map(self.cache.path()).current_dir(self.root.path()).args(arguments).output().unwrap()
    }

    /// Standard error must be this one line and standard output empty.
    #[track_caller]
    fn check_refusal(&self, arguments: &[&str], code: i32, expected: &str) {
        let output = self.run(arguments);
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{told}");
        assert!(output.stdout.is_empty());
        assert_eq!(told.lines().count(), 1, "{told}");
        assert!(told.starts_with("repo-map: ") && told.contains(expected), "{told}");
    }
}

#[test]
fn a_map_is_all_that_standard_output_holds() {
    let scene = Scene::new();
    let output = scene.run(&["map"]);
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "README.md\n\nsrc/core.py:\n│class Engine\n│    def start(self)\n\nsrc/app.py:\n│def main()\n"
    );
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn the_number_of_a_line_stands_before_its_row_and_is_kept_with_it() {
    let scene = Scene::new();
    let rows = |arguments: &[&str]| String::from_utf8(scene.run(arguments).stdout).unwrap();
    for _ in 0..2 {
        let numbered = rows(&["map", "--line-numbers"]);
        assert!(numbered.contains("src/core.py:\n1│class Engine\n2│    def start(self)\n"), "{numbered}");
        assert!(rows(&["map"]).contains("src/core.py:\n│class Engine\n│    def start(self)\n"));
    }
}

#[test]
fn an_explanation_tells_which_need_of_a_chat_file_a_row_serves() {
    let scene = Scene::new();
    let told = |arguments: &[&str]| String::from_utf8(scene.run(arguments).stdout).unwrap();
    let chat = ["explain", "src/core.py", "--chat-file", "src/app.py"];
    let needs = " % to be known for the chat files, ";
    assert_eq!(told(&chat).matches(needs).count(), 2, "{}", told(&chat));
    assert!(!told(&["explain", "src/core.py"]).contains(needs));
    let json: serde_json::Value = serde_json::from_str(&told(&[&chat[..], &["--json"]].concat())).unwrap();
    for of in json["files"][0]["definitions"].as_array().unwrap() {
        let [known, edited] = ["known", "edited"].map(|need| of["needs"][need].as_f64().unwrap());
        assert!((known + edited - 1.0).abs() < 1e-6, "{of}");
    }
}

#[test]
fn an_explanation_says_what_each_signal_measures() {
    let scene = Scene::new();
    let told = |arguments: &[&str]| String::from_utf8(scene.run(arguments).stdout).unwrap();
    let explained = told(&["explain", "src/core.py", "--task", "the engine does not start"]);
    let listed = told(&["explain", "--signals"]);
    let of = |text: &str, name: &str| {
        let row = text.lines().find(|line| line.trim_start().starts_with(&format!("{name} ")));
        row.unwrap_or_else(|| panic!("no {name} in {text}")).rsplit("  ").next().unwrap().trim().to_owned()
    };
    assert!(
        of(&explained, "content").ends_with("BM25 of the task's words over the text of the file."),
        "{explained}"
    );
    assert!(
        of(&listed, "content").ends_with("BM25 of the task's words over the text of the file."),
        "{listed}"
    );
    let nothing = scene.run(&["explain", "nosuch.py"]);
    assert_eq!((nothing.status.code(), nothing.stdout.len()), (Some(1), 0));
}

#[test]
fn bad_input_gets_one_line_and_its_exit_code() {
    let scene = Scene::new();
    scene.check_refusal(&["map", "nowhere"], 4, "nowhere");
    scene.check_refusal(&["map", "src/core.py"], 4, "core.py");
    scene.check_refusal(&["map", "--tokenizer", "gpt9"], 2, "o200k, cl100k, bytes4");
    scene.check_refusal(&["map", "--map-tokens", "-5"], 2, "0 or more");
    scene.check_refusal(&["map", "--map-tokens", "many"], 2, "0 or more");
    scene.check_refusal(&["map", "--map-multiplier-no-files", "-1"], 2, "0 or more");
    scene.check_refusal(&["map", "--style", "fancy"], 2, "outline");
    scene.check_refusal(&["map", "--no-such-flag"], 2, "--no-such-flag");
    scene.check_refusal(&["map", "--ranking", "all"], 2, "--json");
    scene.check_refusal(&["map", "--chat-files-from", "no-list"], 4, "no-list");
    scene.check_refusal(&["map", "--chat-files-from", "-", "--mention-files-from", "-"], 2, "standard input");
    scene.check_refusal(&["tags", "nothing.py"], 4, "nothing.py");
    fs::write(scene.root.path().join("notes.unknown"), "nothing").unwrap();
    scene.check_refusal(&["tags", "notes.unknown"], 4, "unknown language");
    scene.check_refusal(&["mpa"], 2, "unrecognized subcommand 'mpa'");
    scene.check_refusal(&["cache"], 2, "`repo-map cache` needs one of: dir, stats");
    scene.check_refusal(&["map", "--jso"], 2, "'--json' (see `repo-map map --help`)");
}

#[test]
fn a_map_is_meant_where_no_command_is_named() {
    let scene = Scene::new();
    let map = scene.run(&["map"]).stdout;
    for arguments in [&[][..], &["."], &["-q"], &["--map-tokens", "1k"], &["-n", "1024", "."]] {
        assert_eq!(scene.run(arguments).stdout, map, "{arguments:?}");
    }
}

#[test]
fn settings_of_a_map_come_from_the_project_the_environment_and_flags() {
    let scene = Scene::new();
    fs::write(scene.root.path().join("repo-map.toml"), "[map]\nstyle = \"tree\"\n[cahce]\nsize_mb = 9\n")
        .unwrap();
    let output = scene.run(&["map"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("│class Engine:\n"), "{text}");
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("[cahce] in ") && told.contains("did you mean [cache]?"), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(
        String::from_utf8(scene.run(&["map", "--style", "outline"]).stdout)
            .unwrap()
            .contains("│class Engine\n")
    );
    let mut small = repo_map(scene.cache.path());
    let output = small
        .current_dir(scene.root.path())
        .env("REPO_MAP_TOKENS", "6")
        .args(["map", "-q"])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "src/core.py\n");
}

#[test]
fn a_format_and_a_legend_are_within_the_budget() {
    let scene = Scene::new();
    let told = |arguments: &[&str]| -> serde_json::Value {
        serde_json::from_slice(&scene.run(&[&["map", "--json"], arguments].concat()).stdout).unwrap()
    };
    for format in ["text", "markdown", "xml"] {
        for budget in [0, 1, 20, 40, 60, 80, 200] {
            let tokens = budget.to_string();
            let map = told(&["--format", format, "--legend", "-n", &tokens]);
            assert!(map["budget"]["used"].as_u64().unwrap() <= budget, "{map}");
            assert_eq!(map["budget"]["max"], budget);
        }
    }
    let text = told(&["--format", "xml", "--legend"])["map"].as_str().unwrap().to_owned();
    assert!(
        text.starts_with("Map of a repository")
            && text.contains("<file path=\"src/core.py\">\n│class Engine\n"),
        "{text}"
    );
}

#[test]
fn a_task_of_other_words_than_the_trees_is_told() {
    let scene = Scene::new();
    let told = |task: &str| String::from_utf8(scene.run(&["map", "--task", task]).stderr).unwrap();
    assert!(told("Berechtigungen").contains("no word of the task occurs in this tree"));
    assert!(told("-- xyzzy").contains("no word of the task"));
    assert_eq!(told("start the engine"), "");
}

#[test]
fn one_bad_operand_of_tags_does_not_silence_the_others() {
    let scene = Scene::new();
    let output = scene.run(&["tags", "nothing.py", "src/core.py"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(String::from_utf8(output.stdout).unwrap().contains("src/core.py:1 def class Engine\n"));
    let folder = scene.run(&["tags", "src"]);
    assert!(folder.status.success());
    let text = String::from_utf8(folder.stdout).unwrap();
    assert!(
        text.contains("src/core.py:1 def class Engine\n")
            && text.contains("src/app.py:3 def function main\n"),
        "{text}"
    );
}

#[test]
fn an_unknown_chat_file_is_one_warning_and_the_map_is_printed() {
    let scene = Scene::new();
    let output = scene.run(&["map", "--chat-file", "gone.py"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(told, "repo-map: warning: chat file gone.py is not among the files of the map; ignored\n");
    assert!(output.status.success() && !output.stdout.is_empty());
    assert!(scene.run(&["map", "--chat-file", "gone.py", "--quiet"]).stderr.is_empty());
}

#[test]
fn an_empty_folder_and_a_budget_of_zero_have_nothing_to_show() {
    let scene = Scene::new();
    fs::create_dir(scene.root.path().join("empty")).unwrap();
    let told = |arguments: &[&str]| {
        let output = scene.run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(output.stdout.is_empty());
        String::from_utf8(output.stderr).unwrap()
    };
    let warning = "repo-map: warning: nothing to show: empty has no files, or rules hide them all\n";
    assert_eq!(told(&["map", "empty"]), warning);
    assert_eq!(told(&["map", "empty", "--quiet"]), "");
    assert_eq!(
        told(&["map", "--map-tokens", "1"]),
        "repo-map: warning: nothing to show of 3 files within 1 tokens\n"
    );
    assert_eq!(told(&["map", "--map-tokens", "0"]), "");
}

#[test]
fn a_reader_that_goes_away_ends_the_command_quietly() {
    let scene = Scene::new();
    let many: String = (0..20_000).map(|number| format!("def function_number_{number}(): pass\n")).collect();
    fs::write(scene.root.path().join("src/many.py"), many).unwrap();
    let mut child = repo_map(scene.cache.path())
        .args(["map", "--map-tokens", "200000"])
        .arg(scene.root.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut told = String::new();
    child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert_eq!((child.wait().unwrap().code(), told.as_str()), (Some(0), ""));
}

#[test]
fn json_has_the_documented_shape() {
    let scene = Scene::new();
    let output =
        scene.run(&["map", "--json", "--ranking", "all", "--map-tokens", "256", "--chat-file", "src/app.py"]);
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["schema_version"], 1);
    assert_eq!(answer["budget"]["max"], 256);
    assert_eq!(answer["budget"]["tokenizer"], "o200k");
    assert_eq!(answer["files"].as_array().unwrap().len(), 3);
    let core = answer["files"].as_array().unwrap().iter().find(|file| file["path"] == "src/core.py").unwrap();
    assert_eq!(core["definitions"][0], serde_json::json!({ "name": "Engine", "kind": "class", "line": 1 }));
    for key in ["map", "omitted", "freshness", "reading", "timings", "cache", "notices"] {
        assert!(!answer[key].is_null(), "{key}");
    }
    let shown = scene.run(&["map", "--json", "--map-tokens", "256", "--chat-file", "src/app.py"]);
    let shown: serde_json::Value = serde_json::from_slice(&shown.stdout).unwrap();
    assert_eq!(shown["files"].as_array().unwrap().len(), 2, "the chat file is not in the map");
}

#[test]
fn lists_come_from_files_and_from_standard_input() {
    let scene = Scene::new();
    let list = scene.cache.path().join("chat.txt");
    fs::write(&list, "src/app.py\r\n\n").unwrap();
    let by_flag = scene.run(&["map", "--chat-file", "src/app.py"]).stdout;
    assert_eq!(scene.run(&["map", "--chat-files-from", list.to_str().unwrap()]).stdout, by_flag);

    let mut child = repo_map(scene.cache.path())
        .current_dir(scene.root.path())
        .args(["map", "--files-from", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"src/core.py\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "src/core.py:\n│class Engine\n│    def start(self)\n"
    );
}

#[test]
fn a_folder_of_a_git_repository_is_mapped_alone_and_nothing_else_is_known_when_asked_for() {
    let scene = Scene::new();
    let git = |arguments: &[&str]| {
        let done = Command::new("git").args(arguments).current_dir(scene.root.path()).output().unwrap();
        assert!(done.status.success());
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    let whole = String::from_utf8(scene.run(&["map"]).stdout).unwrap();
    assert!(whole.starts_with("README.md\n") && whole.contains("src/core.py:"), "{whole}");
    let files = |arguments: &[&str]| {
        let text = String::from_utf8(scene.run(arguments).stdout).unwrap();
        assert!(!text.contains("README.md") && text.contains("src/core.py:"), "{text}");
        let json = String::from_utf8(scene.run(&[arguments, &["--json"]].concat()).stdout).unwrap();
        serde_json::from_str::<serde_json::Value>(&json).unwrap()["freshness"]["files"].as_u64().unwrap()
    };
    assert!(files(&["map", "src"]) > files(&["map", "src", "--subtree-only"]));
}

#[test]
fn tags_are_text_or_a_superset_of_ctags_lines() {
    let scene = Scene::new();
    let text = String::from_utf8(scene.run(&["tags", "src/core.py"]).stdout).unwrap();
    assert_eq!(text, "src/core.py:1 def class Engine\nsrc/core.py:2 def method start\n");
    let lines = String::from_utf8(scene.run(&["tags", "--json", "src/core.py"]).stdout).unwrap();
    let rows: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows[0]["_type"], "ptag");
    let start = &rows[2];
    for (key, value) in [
        ("_type", "tag"),
        ("name", "start"),
        ("path", "src/core.py"),
        ("pattern", "/^    def start(self):$/"),
        ("language", "Python"),
        ("kind", "method"),
        ("role", "def"),
        ("scope", "Engine"),
    ] {
        assert_eq!(start[key], value, "{key}");
    }
    assert_eq!(start["line"], 2);
}

#[test]
fn completions_man_page_and_languages_are_real() {
    let scene = Scene::new();
    let text = |arguments: &[&str]| String::from_utf8(scene.run(arguments).stdout).unwrap();
    assert!(text(&["completions", "bash"]).contains("--map-tokens"));
    assert!(text(&["man"]).contains("map\\-tokens"));
    assert!(text(&["languages"]).contains("python"));
    let languages: serde_json::Value = serde_json::from_str(&text(&["languages", "--json"])).unwrap();
    assert!(languages.as_array().unwrap().iter().any(|row| row["id"] == "rust"));
}

#[test]
fn workers_and_one_process_print_the_same() {
    let scene = Scene::new();
    let run = |arguments: &[&str]| {
        let output = scene.run(arguments);
        assert!(output.status.success());
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(run(&["map", "--no-cache"]), run(&["map", "--no-cache", "--in-process"]));
    assert_eq!(run(&["tags", "src/core.py"]), run(&["tags", "--in-process", "src/core.py"]));
    // Workers have the user's queries too.
    let queries = scene.root.path().join("queries");
    fs::create_dir(&queries).unwrap();
    fs::write(queries.join("python.scm"), "; replaces\n(return_statement (integer) @reference.call)\n")
        .unwrap();
    let own = run(&["tags", "--queries", "queries", "src/core.py"]);
    assert!(own != run(&["tags", "src/core.py"]) && !own.contains("Engine"), "{own}");
    assert_eq!(own, run(&["tags", "--queries", "queries", "--in-process", "src/core.py"]));
    let map = run(&["map", "--no-cache", "--queries", "queries"]);
    assert_eq!(map, run(&["map", "--no-cache", "--queries", "queries", "--in-process"]));
    assert!(!map.contains("class Engine"), "{map}");
    // Those in the user's configuration need not be named.
    fs::create_dir(scene.root.path().join("repo-map-cache")).unwrap();
    fs::rename(&queries, scene.root.path().join("repo-map-cache/queries")).unwrap();
    let mut configured = repo_map(scene.cache.path());
    configured.env("XDG_CONFIG_HOME", scene.root.path()).current_dir(scene.root.path());
    let output = configured.args(["tags", "src/core.py"]).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), own);
}

#[test]
fn a_file_without_tags_is_explained() {
    let scene = Scene::new();
    let write = |name: &str, text: &str| fs::write(scene.root.path().join(name), text).unwrap();
    // Either of the two would abort the parser.
    let nested: String = (0..600).map(|depth| format!("{}if 1:\n", " ".repeat(depth))).collect();
    write("deep.py", &(nested + "'''"));
    write("doc.rb", &format!("x = <<{}\n", "A".repeat(300)));
    write("void.py", "# nothing\n");
    write("notes.unknown", "nothing");
    let output =
        scene.run(&["tags", "--explain", "deep.py", "doc.rb", "void.py", "notes.unknown", "src/core.py"]);
    let told = String::from_utf8(output.stdout).unwrap();
    let expected = [
        "deep.py: Python, no tags (too-deep): ",
        "doc.rb: Ruby, no tags (long-delimiter): ",
        "void.py: Python, 0 definitions, 0 references: it was read to its end",
        "notes.unknown: unknown language",
        "src/core.py: Python, 2 definitions, 0 references",
        "in all 4 files, ",
    ];
    for (line, expected) in told.lines().zip(expected) {
        assert!(line.starts_with(expected), "{line}");
    }
    assert_eq!((told.lines().count(), output.status.code()), (expected.len(), Some(0)));
}

#[test]
fn names_and_places_are_found_from_any_folder_and_what_is_not_there_has_its_exit_code() {
    let scene = Scene::new();
    for arguments in [&["init", "-q"][..], &["add", "."]] {
        let git = Command::new("git").args(arguments).current_dir(scene.root.path()).status().unwrap();
        assert!(git.success());
    }
    let text = |output: Output| String::from_utf8(output.stdout).unwrap();
    let found = text(scene.run(&["find", "Engine", "-n", "200"]));
    assert_eq!(
        found,
        "Engine: 1 definition, 2 uses in 1 file\n\nsrc/core.py:\n1│class Engine\n\nused in:\nsrc/app.py:\n1│from core import Engine\n4│    Engine().start()\n"
    );
    let below = |arguments: &[&str]| {
        repo_map(scene.cache.path())
            .current_dir(scene.root.path().join("src"))
            .args(arguments)
            .output()
            .unwrap()
    };
    assert_eq!(text(below(&["show", "core.py:2"])), text(scene.run(&["show", "src/core.py:start"])));
    assert_eq!(text(below(&["refs", "start", "--in", "app.py"])), text(scene.run(&["refs", "start"])));
    assert!(text(below(&["callers", "start"])).contains("3│def main() ← 4\n"));
    assert!(text(scene.run(&["outline", "src"])).contains("2│    def start(self)\n"));
    let json: serde_json::Value =
        serde_json::from_str(&text(scene.run(&["find", "start", "--json"]))).unwrap();
    assert_eq!(json["rows"][0]["line"], 2);
    assert_eq!(scene.run(&["find", "nobody"]).status.code(), Some(1));
    scene.check_refusal(&["show", "src/nobody.py"], 4, "there is no src/nobody.py");
    scene.check_refusal(&["outline", "core.py"], 4, "did you mean src/core.py?");
}

#[test]
fn a_prompt_of_base_and_turns_only_grows() {
    let scene = Scene::new();
    let session = scene.cache.path().join("session");
    let session = session.to_str().unwrap();
    let text = |arguments: &[&str]| String::from_utf8(scene.run(arguments).stdout).unwrap();
    let base = text(&["map", "--base", "--session", session]);
    assert!(base.contains("src/core.py:"), "{base}");
    fs::write(scene.root.path().join("src/gears.py"), "def shift_gears():\n    return 2\n").unwrap();
    let turn = text(&["map", "--session", session, "--task", "shift the gears"]);
    assert!(turn.starts_with("src/gears.py:\n│def shift_gears()\n") && !turn.contains("core.py"), "{turn}");
    assert_eq!(scene.run(&["map", "--session", session, "--task", "shift the gears"]).status.code(), Some(1));
    assert_eq!(text(&["map", "--base", "--session", session]), base);
    scene.check_refusal(&["-q", "map", "--base", "--session", "src/core.py"], 2, "is no session");
}

#[test]
fn what_is_not_sure_is_not_printed() {
    let scene = Scene::new();
    let sure = scene.run(&["map", "--task", "start the engine", "--min-confidence", "0"]);
    assert!(sure.status.success() && !sure.stdout.is_empty());
    scene.check_refusal(
        &["map", "--task", "start the engine", "--min-confidence", "1"],
        1,
        "with confidence",
    );
}
