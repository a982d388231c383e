//! Names and places: what is found, what is refused, and that no answer is over its budget.
#![cfg(all(feature = "core", feature = "git"))]
#![expect(clippy::unwrap_used, reason = "a test ends where its setting fails")]

use std::fs;

use proptest::prelude::*;
use repo_map_cache::{
    ErrorKind, Navigation, NavigationRequest, RepoMapper, RowRole, TokenCounter as _, Tokenizer,
};

mod support;

fn tree() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let files = [
        ("src/engine.py", ENGINE),
        (
            "src/app.py",
            "from engine import Engine\n\n\ndef main():\n    engine = Engine(3)\n    engine.start()\n    return engine.start()\n\n\nmain()\n",
        ),
        ("src/other.py", "class Motor:\n    def start(self):\n        return 'other'\n"),
        (
            "tests/test_engine.py",
            "from engine import Engine\n\n\ndef test_start():\n    assert Engine(1).start() == 1\n",
        ),
        ("notes.txt", "Engine is mentioned here\n"),
        (".gitignore", "*.log\nbuild/\n"),
        (".env", "TOKEN=s3cret\n"),
        ("keys/server.pem", "-----BEGIN\n"),
        ("run.log", "noise\n"),
        ("build/out.py", "class Built: pass\n"),
    ];
    fs::create_dir(root.path().join(".git")).unwrap();
    for (path, text) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

const ENGINE: &str = "import os


# Turns fuel into motion.
class Engine:
    \"\"\"An engine.\"\"\"

    def __init__(self, speed):
        self.speed = speed

    def start(self):
        if self.speed:
            return self.speed
        return os.getpid()

    def stop(self):
        return None


def helper():
    return Engine(2).start()
";

fn mapper(root: &tempfile::TempDir) -> RepoMapper {
    support::builder(root.path()).build().unwrap()
}

fn ask(
    verb: fn(&RepoMapper, &NavigationRequest) -> Result<Navigation, repo_map_cache::Error>,
    target: &str,
) -> Navigation {
    let root = tree();
    verb(&mapper(&root), &NavigationRequest::new(target, 1_000)).unwrap()
}

fn refused(target: &str) -> (ErrorKind, String) {
    let root = tree();
    let error = mapper(&root).show(&NavigationRequest::new(target, 1_000)).unwrap_err();
    (error.kind(), error.to_string())
}

fn places(found: &Navigation, role: RowRole) -> Vec<String> {
    let rows = found.rows.iter().filter(|row| row.role == role);
    rows.map(|row| format!("{}:{}", row.path, row.line + 1)).collect()
}

#[test]
fn definitions_come_first_and_uses_of_the_source_before_those_of_tests() {
    let found = ask(RepoMapper::find, "Engine");
    assert_eq!(places(&found, RowRole::Definition), ["src/engine.py:5"]);
    let uses = [
        "src/app.py:1",
        "src/app.py:5",
        "src/engine.py:21",
        "tests/test_engine.py:1",
        "tests/test_engine.py:5",
    ];
    assert_eq!(places(&found, RowRole::Reference), uses);
    assert!(
        found.text.starts_with("Engine: 1 definition, 5 uses in 3 files\n\nsrc/engine.py:\n5│class Engine\n"),
        "{}",
        found.text
    );
}

#[test]
fn what_runs_and_is_public_comes_before_aliases_fields_and_what_is_private() {
    let root = tempfile::tempdir().unwrap();
    let files = [
        (
            "view.js",
            "var resolve = path.resolve\n\nfunction View() {}\n\nView.prototype.resolve = function resolve(name) {\n  return name\n}\n",
        ),
        ("_term_impl.py", "def getchar(echo):\n    return 1\n"),
        ("term_public.py", "def getchar(echo=False):\n    return 2\n"),
        ("lib/builder.py", "class Builder:\n    depth: int\n\n    def depth(self):\n        return 1\n"),
        ("lib/testutil.py", "def depth():\n    return 0\n"),
    ];
    for (path, text) in files {
        fs::create_dir_all(root.path().join(path).parent().unwrap()).unwrap();
        fs::write(root.path().join(path), text).unwrap();
    }
    let mapper = mapper(&root);
    let defined =
        |name| places(&mapper.find(&NavigationRequest::new(name, 400)).unwrap(), RowRole::Definition);
    assert_eq!(defined("resolve"), ["view.js:5", "view.js:1"]);
    assert_eq!(defined("getchar"), ["term_public.py:1", "_term_impl.py:1"]);
    assert_eq!(defined("depth"), ["lib/builder.py:4", "lib/builder.py:2", "lib/testutil.py:1"]);
}

#[test]
fn a_qualified_name_is_the_one_of_its_type() {
    let check = |name: &str, expected: &[&str]| {
        assert_eq!(places(&ask(RepoMapper::find, name), RowRole::Definition), expected, "{name}");
    };
    check("Engine.start", &["src/engine.py:11"]);
    check("Motor::start", &["src/other.py:2"]);
    check("other.start", &["src/other.py:2"]);
    check("start", &["src/engine.py:11", "src/other.py:2"]);
    check("Nobody.start", &["src/engine.py:11", "src/other.py:2"]);
    check("st?*", &["src/engine.py:16", "src/engine.py:11", "src/other.py:2"]);
    check("ENGINE", &["src/engine.py:5"]);
}

#[test]
fn callers_are_the_definitions_around_the_uses() {
    let found = ask(RepoMapper::callers, "start");
    assert_eq!(
        places(&found, RowRole::Caller),
        ["src/app.py:4", "src/engine.py:20", "tests/test_engine.py:4"]
    );
    assert!(found.text.contains("4│def main() ← 6, 7\n"), "{}", found.text);
    assert_eq!(found.omitted.references, 0);
    assert_eq!(
        places(&ask(RepoMapper::callers, "main"), RowRole::Caller),
        ["src/app.py:10"],
        "at the top of a file"
    );
}

#[test]
fn a_place_shows_the_definition_around_it_with_its_comment() {
    let found = ask(RepoMapper::show, "src/engine.py:12");
    assert!(found.text.starts_with("src/engine.py:\n11│    def start(self):\n12│"), "{}", found.text);
    let class = ask(RepoMapper::show, "src/engine.py:Engine");
    assert!(
        class.text.starts_with("src/engine.py:\n4│# Turns fuel into motion.\n5│class Engine:\n"),
        "{}",
        class.text
    );
    assert_eq!(ask(RepoMapper::show, "Motor.start").rows[0].path.as_str(), "src/other.py");
    assert_eq!(ask(RepoMapper::show, "src/engine.py:1-2").rows.len(), 2);
    assert_eq!(ask(RepoMapper::show, "notes.txt").rows.len(), 1);
    assert_eq!(ask(RepoMapper::outline, "src/engine.py").rows.len(), 5);
}

#[test]
fn a_type_that_does_not_fit_is_its_head_and_members() {
    let root = tree();
    let found = mapper(&root).show(&NavigationRequest::new("src/engine.py:Engine", 75)).unwrap();
    assert!(
        found.text.starts_with("src/engine.py:\n5│class Engine\n8│    def __init__(self, speed)\n"),
        "{}",
        found.text
    );
    assert!(found.text.contains("lines 5 to 17"), "{}", found.text);
}

#[test]
fn what_is_hidden_withheld_or_elsewhere_is_an_error_that_says_why() {
    let check = |target: &str, kind: ErrorKind, says: &str| {
        let (found, line) = refused(target);
        assert_eq!(found, kind, "{target}: {line}");
        assert!(line.contains(says), "{target}: {line}");
    };
    check("run.log", ErrorKind::Hidden, "`*.log` of .gitignore");
    check("build/out.py", ErrorKind::Hidden, "`build/` of .gitignore");
    check(".env", ErrorKind::Hidden, "begins with a dot");
    check("keys/server.pem", ErrorKind::Withheld, "keys or passwords");
    check("../x.py", ErrorKind::OutsideRoot, "is not inside of");
    check("/etc/passwd:1", ErrorKind::OutsideRoot, "is not inside of");
    check("engine.py:3", ErrorKind::NotFound, "did you mean src/engine.py?");
    check("src/engine.py:nothing", ErrorKind::NotFound, "does not define nothing");
    check(" ", ErrorKind::NotFound, "names no file");
    check("src", ErrorKind::NotFound, "is a folder");
}

#[test]
fn lines_of_secret_files_are_in_no_answer() {
    let root = tree();
    fs::write(root.path().join("prod.env"), "SECRET_NAME=s3cret\n").unwrap();
    let mapper = mapper(&root);
    for target in ["SECRET_NAME", "TOKEN", "s3cret"] {
        let found = mapper.find(&NavigationRequest::new(target, 1_000)).unwrap();
        assert!(found.rows.is_empty() && !found.text.contains("s3cret\n"), "{}", found.text);
    }
}

#[test]
fn a_name_of_nobody_is_an_answer_without_rows() {
    let found = ask(RepoMapper::find, "nobody");
    assert_eq!(
        (found.rows.len(), found.text.as_str()),
        (0, "nobody: no definition and no use of this name\n")
    );
    let root = tree();
    assert_eq!(
        mapper(&root).find(&NavigationRequest::new(" ", 100)).unwrap_err().kind(),
        ErrorKind::NotFound
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_answer_is_over_its_budget_and_nothing_is_lost_from_the_count(budget in 0usize..260) {
        let root = tree();
        let mapper = mapper(&root);
        let all = mapper.find(&NavigationRequest::new("*", 0)).unwrap();
        prop_assert!(all.text.is_empty());
        type Verb = fn(&RepoMapper, &NavigationRequest) -> Result<Navigation, repo_map_cache::Error>;
        let verbs: [(Verb, &str); 7] = [
            (RepoMapper::find, "Engine"),
            (RepoMapper::find, "st*"),
            (RepoMapper::references, "start"),
            (RepoMapper::callers, "Engine"),
            (RepoMapper::show, "src/engine.py"),
            (RepoMapper::show, "src/engine.py:Engine"),
            (RepoMapper::outline, "src/engine.py"),
        ];
        for (verb, target) in verbs {
            let found = verb(&mapper, &NavigationRequest::new(target, budget)).unwrap();
            prop_assert!(found.tokens_used <= budget, "{}", found.text);
            prop_assert_eq!(found.tokens_used, Tokenizer::default().count(&found.text));
            let again = verb(&mapper, &NavigationRequest::new(target, budget)).unwrap();
            prop_assert_eq!(&again.text, &found.text);
        }
        let found = mapper.find(&NavigationRequest::new("Engine", budget)).unwrap();
        let shown = |role| found.rows.iter().filter(|row| row.role == role).count();
        prop_assert_eq!(shown(RowRole::Definition) + found.omitted.definitions, 1);
        prop_assert_eq!(shown(RowRole::Reference) + found.omitted.references, 5);
    }
}
