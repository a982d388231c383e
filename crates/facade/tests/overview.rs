//! What a map shows without a task.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::path::Path;

use repo_map_cache::{MapRequest, RepoMap, TokenCounter as _, Tokenizer};

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn overview(root: &Path, budget: usize) -> RepoMap {
    let map = support::builder(root).build().unwrap().map(&MapRequest::new(budget)).unwrap();
    assert!(map.tokens_used <= budget && Tokenizer::default().count(&map.text) == map.tokens_used);
    map
}

#[test]
fn what_others_use_and_name_stands_before_what_is_large_or_private() {
    let root = tempfile::tempdir().unwrap();
    let long = "    x = 1\n".repeat(80);
    write(root.path(), "shop/engine.py", &format!("class Engine:\n    pass\n\ndef _unused_part():\n{long}"));
    for user in ["a", "b", "c"] {
        write(
            root.path(),
            &format!("shop/{user}.py"),
            &format!("from engine import Engine\n\ndef run_{user}():\n    Engine()\n"),
        );
    }
    write(root.path(), "tests/test_engine.py", "from engine import Engine\n\ndef test_it():\n    Engine()\n");
    write(root.path(), "LICENSE", "All rights.\n");
    write(root.path(), "package-lock.json", "{\"lockfileVersion\": 3}\n");
    let map = overview(root.path(), 20);
    assert!(map.text.starts_with("shop/engine.py:\n│class Engine\n"), "{}", map.text);
    let text = overview(root.path(), 2_000).text;
    let place = |part: &str| text.find(part).unwrap_or(usize::MAX);
    assert!(place("def _unused_part") > place("class Engine"), "{text}");
    assert!(
        place("LICENSE") > place("shop/c.py") && place("package-lock.json") > place("shop/c.py"),
        "{text}"
    );
}

#[test]
fn the_git_log_has_no_say() {
    let root = tempfile::tempdir().unwrap();
    for name in ["a", "b"] {
        write(root.path(), &format!("{name}.py"), &format!("def run_{name}():\n    return 1\n"));
    }
    let before = overview(root.path(), 200).text;
    let git = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.current_dir(root.path()).args(["-c", "user.name=t", "-c", "user.email=t@example.org"]);
        assert!(command.args(arguments).output().unwrap().status.success());
    };
    git(&["init", "-q"]);
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "one"]);
    write(root.path(), "b.py", "def run_b():\n    return 2\n");
    git(&["commit", "-q", "-a", "-m", "two"]);
    write(root.path(), "b.py", "def run_b():\n    return 1\n");
    git(&["commit", "-q", "-a", "-m", "three"]);
    assert_eq!(overview(root.path(), 200).text, before);
}

#[test]
fn a_large_tree_has_a_shape_first_and_a_small_one_has_none() {
    let root = tempfile::tempdir().unwrap();
    for folder in 0..60 {
        for file in 0..=(folder / 20) {
            let text = format!("class Part{folder}x{file}:\n    def start(self):\n        return 1\n");
            write(root.path(), &format!("src/part{folder}/m{file}.py"), &text);
        }
    }
    write(root.path(), "tools/README.md", "# Tools\n\nScripts that release the parts.\n");
    write(root.path(), "tools/release.py", "def release():\n    pass\n");
    let map = overview(root.path(), 1_000);
    let (shape, page) = map.text.split_once("\n\n").unwrap();
    assert!(shape.lines().count() > 2 && Tokenizer::default().count(shape) <= 200, "{shape}");
    assert!(shape.lines().all(|line| line.contains("/: ") && line.contains("Python")), "{shape}");
    assert!(shape.contains("src/part") && page.contains("│class Part"), "{shape}");
    assert!(!overview(root.path(), 20_000).text.contains("/: "), "a page that names them all needs no shape");
    for budget in [0, 1, 7, 40, 90, 333] {
        overview(root.path(), budget);
    }
}

#[test]
fn a_folder_is_shown_alone_and_the_rest_of_the_tree_still_uses_it() {
    let root = tempfile::tempdir().unwrap();
    let class = |name: &str| format!("class {name}:\n    pass\n");
    write(root.path(), "net/wire.py", &[class("Quiet"), class("Loud")].concat());
    write(root.path(), "network/other.py", &class("Elsewhere"));
    for user in ["a", "b", "c"] {
        write(root.path(), &format!("app/{user}.py"), "from net.wire import Loud\n\ndef go():\n    Loud()\n");
    }
    write(root.path(), "README.md", "# The tree\n");
    let mapper = support::builder(root.path()).build().unwrap();
    let of = |folder: &str| mapper.map(&MapRequest::new(500).folder(folder)).unwrap().text;
    assert_eq!(of("net"), "net/wire.py:\n│class Quiet\n│class Loud\n");
    let small = mapper.map(&MapRequest::new(10).folder(root.path().join("net"))).unwrap().text;
    assert_eq!(small, "net/wire.py:\n│class Loud\n", "users outside of the folder count");
    let whole = mapper.map(&MapRequest::new(500)).unwrap().text;
    assert!(whole.contains("README.md") && whole.contains("class Elsewhere"), "{whole}");
    for other in ["nowhere", "..", ""] {
        assert_eq!(of(other), whole, "{other:?} is no folder of the tree");
    }
    let task = MapRequest::new(500).task("Elsewhere");
    assert_eq!(mapper.map(&task.clone().folder("net")).unwrap().text, mapper.map(&task).unwrap().text);
}

#[test]
fn a_folder_that_cannot_be_shown_alone_is_told_and_the_tree_is_shown() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "shop/engine.py", "class Engine:\n    pass\n");
    write(root.path(), "net/wire.py", "class Wire:\n    pass\n");
    let mapper = support::builder(root.path()).build().unwrap();
    let of = |folder: &Path| mapper.map(&MapRequest::new(500).folder(folder)).unwrap();
    let alone = of(Path::new("net"));
    assert!(alone.text.contains("Wire") && !alone.text.contains("Engine"), "{}", alone.text);
    for same in
        [Path::new("./net"), Path::new("net/"), &root.path().join("net"), &root.path().join("shop/../net")]
    {
        assert_eq!(of(same).text, alone.text, "{}", same.display());
        assert!(of(same).cache.map_hit, "{}", same.display());
    }
    for other in ["nowhere", "..", "../net", "net\u{1b}[2J"] {
        let map = of(Path::new(other));
        assert!(map.text.contains("Engine"), "{other:?}");
        assert_eq!(map.notices.len(), 1, "{other:?}: {:?}", map.notices);
        assert!(!map.notices[0].contains('\u{1b}'), "{:?}", map.notices);
    }
    assert!(of(Path::new(".")).notices.is_empty(), "it is the root");
    let asked = mapper.map(&MapRequest::new(500).folder("net").mentioned_idents(["Engine"])).unwrap();
    assert!(asked.text.contains("Engine"), "it is no overview: {}", asked.text);
}
