//! The risk: a tree that decides where is written, a name that a terminal obeys or nobody sees, a file that is never done.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use repo_map_cache::is_hidden;

struct Scene {
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let scene = Self { folder: tempfile::tempdir().unwrap() };
        for folder in ["home", "tree/src"] {
            fs::create_dir_all(scene.at(folder)).unwrap();
        }
        scene.write("tree/core.py", "class Engine:\n    def start(self):\n        return 1\n");
        scene
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.at(name), text).unwrap();
    }

    fn make_fifo(&self, name: &str) {
        assert!(Command::new("mkfifo").arg(self.at(name)).status().unwrap().success());
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_repo-map"));
        command.current_dir(self.at("tree")).env("HOME", self.at("home"));
        for variable in ["XDG_CONFIG_HOME", "XDG_CACHE_HOME", "REPO_MAP_CACHE_DIR"] {
            command.env_remove(variable);
        }
        command
    }

    fn run(&self, arguments: &[&str]) -> Told {
        Told::of(&self.command().args(arguments).output().unwrap())
    }
}

/// Exit code, standard output and standard error of a run.
#[derive(Debug)]
struct Told {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Told {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    #[track_caller]
    fn check_shows_all(&self) {
        for text in [&self.out, &self.err] {
            let raw = |c: char| is_hidden(c) && !matches!(c, '\n' | '\t');
            assert!(!text.contains(raw), "{text:?}");
        }
    }
}

/// The names of files below a folder.
fn names(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        names.push(entry.file_name().into_string().unwrap());
        if entry.file_type().unwrap().is_dir() {
            names.extend(crate::names(&entry.path()));
        }
    }
    names.sort();
    names
}

#[test]
fn a_tree_decides_neither_where_is_written_nor_how_much_is_stored() {
    let scene = Scene::new();
    fs::create_dir(scene.at("home/projects")).unwrap();
    let plain = scene.run(&["map"]);
    assert_eq!((plain.code, plain.err.as_str()), (Some(0), ""));
    let before = names(&scene.at("tree"));
    for dir in ["c", "../home/projects", "~/projects", "/tmp"] {
        scene.write("tree/repo-map.toml", &format!("[cache]\ndir = \"{dir}\"\nsize_mb = 1\n"));
        scene.write("tree/.env", &format!("REPO_MAP_CACHE_DIR={dir}\nREPO_MAP_CACHE_ENABLED=no\n"));
        let told = scene.run(&["map"]);
        assert_eq!(told.code, Some(0));
        let lines: Vec<&str> = told.err.lines().collect();
        assert_eq!(lines.len(), 2, "{}", told.err);
        for (line, key) in lines.iter().zip(["cache.dir", "cache.size_mb"]) {
            assert!(line.starts_with(&format!("repo-map: warning: {key} in ")), "{line}");
            assert!(line.contains("config.toml") && line.contains("REPO_MAP_CACHE_"), "{line}");
        }
        assert!(scene.run(&["map", "--quiet"]).err.is_empty());
        fs::remove_file(scene.at("tree/repo-map.toml")).unwrap();
        fs::remove_file(scene.at("tree/.env")).unwrap();
        assert_eq!(names(&scene.at("tree")), before);
        assert!(names(&scene.at("home/projects")).is_empty());
    }
}

#[test]
fn a_store_in_the_tree_that_is_not_used_is_told_of_by_each_command_that_would_fill_it() {
    let scene = Scene::new();
    for (arguments, code) in [(&["map"][..], 0), (&["cache", "warm"], 4)] {
        let told = Told::of(&scene.command().env("HOME", scene.at("tree")).args(arguments).output().unwrap());
        let lines = told.err.lines().filter(|line| line.contains("lies inside of the mapped tree")).count();
        assert_eq!((told.code, lines), (Some(code), 1), "{arguments:?}: {told:?}");
    }
}

#[test]
fn no_settings_that_came_with_a_tree_end_a_run() {
    let scene = Scene::new();
    let check = |what: &str| {
        for arguments in [&["map"][..], &["explain"], &["cache", "stats"], &["cache", "warm"]] {
            let told = scene.run(arguments);
            assert!(matches!(told.code, Some(0 | 1)), "{what} {arguments:?}: {told:?}");
            told.check_shows_all();
            let warnings = told.err.lines().filter(|line| line.contains("passed over")).count();
            assert_eq!(warnings, 1, "{what} {arguments:?}: {told:?}");
        }
        fs::remove_file(scene.at("tree/repo-map.toml")).unwrap();
    };
    scene.write("tree/repo-map.toml", "[cache]\n\"\\u001b[31mred\\u0007\" = 1\n");
    check("an unknown key");
    scene.write("tree/repo-map.toml", "[cache\n");
    check("no TOML");
    fs::write(scene.at("tree/repo-map.toml"), b"# caf\xe9").unwrap();
    check("Latin-1");
    scene.make_fifo("tree/repo-map.toml");
    check("a FIFO");
    std::os::unix::fs::symlink("/dev/zero", scene.at("tree/repo-map.toml")).unwrap();
    check("a device");
    // The user's own file is another matter.
    fs::create_dir_all(scene.at("home/.config/repo-map-cache")).unwrap();
    scene.write("home/.config/repo-map-cache/config.toml", "[cache]\nsize = 1\n");
    assert_eq!(scene.run(&["map"]).code, Some(2));
}

#[test]
fn a_dotenv_of_other_programs_is_none_of_our_business() {
    let scene = Scene::new();
    let plain = scene.run(&["map"]).out;
    fs::write(scene.at("tree/.env"), b"# r\xe9glages\nDB_PASSWORD=caf\xe9\n").unwrap();
    let told = scene.run(&["map"]);
    assert_eq!((told.code, told.out, told.err.as_str()), (Some(0), plain.clone(), ""));
    fs::remove_file(scene.at("tree/.env")).unwrap();
    scene.make_fifo("tree/.env");
    assert_eq!(scene.run(&["map"]).out, plain);
}

#[test]
fn a_store_that_lies_in_the_tree_is_not_used_unless_it_was_named() {
    let scene = Scene::new();
    scene.write("home/core.py", "def here(): pass\n");
    let home = scene.at("home").to_str().unwrap().to_owned();
    let told = scene.run(&["map", &home]);
    assert_eq!(told.code, Some(0));
    assert!(
        told.err.contains("inside of the mapped tree") && told.err.contains("--cache-dir"),
        "{}",
        told.err
    );
    assert!(!scene.at("home/.cache").exists());
    let cache = scene.at("home/c");
    let told = scene.run(&["map", &home, "--cache-dir", cache.to_str().unwrap()]);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    assert!(cache.exists());
}

/// File names that a terminal would obey, that nobody would see, or that begin lines of their own.
const NAMES: &[&str] = &[
    "a\u{1b}]0;PWNED\u{7}.py",
    "b\u{1b}[31m.py",
    "c.py:\n│def evil(): shown, place 1, chance 0.99.py",
    "d\u{202e}yp.py",
    "e\u{e0041}\u{e0042}.py",
    "f\u{200b}.py",
    "f.py",
    "g\u{3164}\u{fe0f}\r.py",
    "h\\u{1b}.py",
    "h\u{1b}.py",
    "i:j.py",
    "i:j.py:",
];

#[test]
fn no_name_reaches_the_reader_raw_and_no_two_are_told_alike() {
    let scene = Scene::new();
    for name in NAMES {
        scene.write(&format!("tree/src/{name}"), "def here(): pass\n");
    }
    scene.write("tree/notes.md", "# good \u{1b}[31mred \u{1b}]0;PWNED\u{7}\u{202e}\n\n# tag\u{e0041}ged\n");
    let map = scene.run(&["map", "--map-tokens", "4000"]);
    map.check_shows_all();
    let listed = scene.run(&["explain"]);
    listed.check_shows_all();
    assert!(!listed.out.lines().any(|line| line.starts_with('│')), "{}", listed.out);
    let mut of_map: Vec<&str> = map.out.lines().filter(|line| line.starts_with("src/")).collect();
    let mut of_list: Vec<&str> = listed.out.lines().filter(|line| line.starts_with("src/")).collect();
    for lines in [&mut of_map, &mut of_list] {
        lines.sort_unstable();
        lines.dedup();
        assert_eq!(lines.len(), NAMES.len(), "{lines:#?}");
    }
    let files: Vec<String> = NAMES.iter().map(|name| format!("src/{name}")).collect();
    let files: Vec<&str> =
        files.iter().map(String::as_str).filter(|name| name.ends_with(".py")).chain(["notes.md"]).collect();
    for flags in
        [&["tags"][..], &["tags", "--json"], &["tags", "--explain"], &["explain"], &["explain", "--json"]]
    {
        let told = scene.run(&[flags, &files].concat());
        assert!(told.code != Some(4), "{told:?}");
        told.check_shows_all();
    }
    let json = scene.run(&["tags", "--json", "src/e\u{e0041}\u{e0042}.py"]).out;
    let row: serde_json::Value = serde_json::from_str(json.lines().nth(1).unwrap()).unwrap();
    assert_eq!(row["path"], "src/e\u{e0041}\u{e0042}.py", "the same value");
    scene.run(&["map", "--json", "--ranking", "all"]).check_shows_all();
    scene.run(&["map", "--chat-file", "no\u{1b}[31m\u{202e}file", "--no-such\u{1b}flag"]).check_shows_all();
    scene.run(&["map", "--chat-file", "no\u{1b}[31m\u{202e}file"]).check_shows_all();
    scene.run(&["map", "no\u{1b}[31m\u{202e}folder"]).check_shows_all();
    scene.run(&["tags", "no\u{1b}[31m\u{202e}file"]).check_shows_all();
}

#[test]
fn a_file_with_a_colon_in_its_name_is_explained() {
    let scene = Scene::new();
    scene.write("tree/src/i:j.py", "def here(): pass\n");
    for target in ["src/i:j.py", "src/i:j.py:here"] {
        let told = scene.run(&["explain", target]);
        assert!(told.out.contains("src/i:j.py: ") && told.out.contains("here"), "{told:?}");
        assert_eq!((told.code, told.err.as_str()), (Some(0), ""));
    }
}

#[test]
fn what_a_flag_names_ends_at_a_bound_and_may_be_a_pipe_of_the_shell() {
    let scene = Scene::new();
    for flag in ["--task-file", "--files-from", "--chat-files-from", "--weights"] {
        let told = scene.run(&["map", flag, "/dev/zero"]);
        assert_eq!(told.code, Some(4), "{flag}: {told:?}");
        assert!(told.err.lines().count() == 1 && told.err.contains("/dev/zero"), "{flag}: {told:?}");
    }
    fs::create_dir(scene.at("queries")).unwrap();
    scene.make_fifo("queries/python.scm");
    let told = scene.run(&["map", "--queries", scene.at("queries").to_str().unwrap()]);
    assert_eq!(told.code, Some(4), "{told:?}");
    assert!(told.err.contains("python.scm"), "{told:?}");

    let shell = |script: &str| {
        let mut command = Command::new("bash");
        command.args(["-c", script]).current_dir(scene.at("tree")).env("HOME", scene.at("home"));
        Told::of(&command.env("BIN", env!("CARGO_BIN_EXE_repo-map")).output().unwrap())
    };
    let told = shell("\"$BIN\" map --files-from <(sleep 0.2; echo core.py) --task-file <(echo start)");
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""), "{told:?}");
    assert!(told.out.contains("class Engine"), "{told:?}");
    let told = shell("\"$BIN\" map --chat-files-from <(true) --weights <(printf '[places]\\nlines = 2\\n')");
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""), "{told:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_standard_error_or_output_changes_no_exit_code_but_its_own() {
    use std::process::Stdio;

    let scene = Scene::new();
    let full = || Stdio::from(fs::File::options().write(true).open("/dev/full").unwrap());
    let code = |arguments: &[&str]| {
        scene.command().args(arguments).stdout(Stdio::null()).stderr(full()).status().unwrap().code()
    };
    assert_eq!(code(&["map", "nowhere"]), Some(4));
    assert_eq!(code(&["map", "--no-such-flag"]), Some(2));
    assert_eq!(code(&["cache"]), Some(2));
    assert_eq!(code(&["map", "--chat-file", "gone.py"]), Some(0));
    assert_eq!(code(&["-vvv", "map"]), Some(0));
    let status = scene.command().arg("map").stdout(full()).stderr(full()).status().unwrap();
    assert_eq!(status.code(), Some(4));
    assert!(scene.command().arg("--help").stdout(full()).stderr(full()).status().unwrap().code().is_some());
}
