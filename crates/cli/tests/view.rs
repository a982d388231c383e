//! The risk: a page that shows another map than the command line's, that is written where it should not be, or that runs a name.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

struct Scene {
    root: tempfile::TempDir,
    user: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let scene = Self { root, user: tempfile::tempdir().unwrap() };
        scene.write("README.md", "# Engines\n");
        scene.write("src/core.py", "class Engine:\n    def start(self):\n        return 1\n");
        scene.write("src/app.py", "from core import Engine\n\ndef main():\n    Engine().start()\n");
        scene
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_repo-map"));
        for name in ["DISPLAY", "WAYLAND_DISPLAY"] {
            command.env_remove(name);
        }
        command
            .env("REPO_MAP_CACHE_DIR", self.user.path().join("store"))
            .env("XDG_CACHE_HOME", self.user.path())
            .env("LOCALAPPDATA", self.user.path())
            .env("HOME", self.user.path())
            .current_dir(self.root.path())
            .args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    #[track_caller]
    fn text(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

fn data(page: &str) -> Value {
    let json = page.split("id=\"data\">").nth(1).unwrap().split("</script>").next().unwrap();
    serde_json::from_str(json).unwrap()
}

fn numbers(column: &Value) -> Vec<usize> {
    let digits = column.as_str().unwrap().split(',').filter(|digits| !digits.is_empty());
    digits.map(|digits| usize::from_str_radix(digits, 36).unwrap()).collect()
}

/// The pages as the script puts them together.
fn pages(data: &Value) -> Vec<(u64, String)> {
    let texts = data["rows"]["text"].as_array().unwrap();
    let page = |page: &Value| {
        let rows = numbers(&page[2]).chunks(2).flat_map(|run| run[0]..run[0] + run[1]).collect::<Vec<_>>();
        let text = rows.iter().map(|row| format!("{}\n", texts[*row].as_str().unwrap())).collect();
        (page[0].as_u64().unwrap(), text)
    };
    data["pages"].as_array().unwrap().iter().map(page).collect()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files_below(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

#[test]
fn the_slider_holds_the_map_of_each_budget() {
    let scene = Scene::new();
    for at in 0..60 {
        let body: String =
            (0..9).map(|of| format!("def round_cart_{at}_{of}(price):\n    return Engine()\n\n")).collect();
        scene.write(&format!("src/part{}/cart{at}.py", at % 7), &body);
    }
    let flags = ["-q", "-t", "round the cart", "--style", "tree"];
    let page = scene.text(&[&["view", "-o", "-"][..], &flags].concat());
    let pages = pages(&data(&page));
    assert_eq!((pages.len(), pages[0].0, pages[48].0), (49, 256, 16_384));
    for at in [0, 9, 23, 37, 48] {
        let (budget, text) = &pages[at];
        let expected = scene.text(&[&["map", "-n", &budget.to_string()][..], &flags].concat());
        assert!(!expected.is_empty());
        assert_eq!(text, &expected, "{budget} tokens");
    }
    // Another budget has a step of its own.
    let page = data(&scene.text(&["view", "-q", "-o", "-", "-n", "1500"]));
    assert_eq!((page["pages"].as_array().unwrap().len(), &page["budget"]), (50, &Value::from(1_500)));
}

#[test]
fn a_page_is_written_for_its_user_and_never_into_the_tree() {
    let scene = Scene::new();
    let before = files_below(scene.root.path());
    let told = scene.text(&["view", "-q", "--no-open"]);
    let file = PathBuf::from(told.trim_end());
    assert!(file.starts_with(scene.user.path().join("repo-map-pages")), "{told}");
    assert_eq!(files_below(scene.root.path()), before);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    // The next one takes its place.
    assert_eq!(scene.text(&["view", "-q", "--no-open"]), told);
    assert_eq!(files_below(file.parent().unwrap()), [file]);
    // A cache folder in the tree is none of the tree's business.
    let output = scene
        .command(&["view", "-q", "--no-open"])
        .env("XDG_CACHE_HOME", scene.root.path().join("src"))
        .env("LOCALAPPDATA", scene.root.path().join("src"))
        .env("HOME", scene.root.path())
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{told}");
    assert!(told.contains("inside of the mapped tree; name a file with -o"), "{told}");
    assert_eq!(files_below(scene.root.path()), before);
    scene.text(&["view", "-q", "--no-open", "-o", "named.html"]);
    assert_eq!(files_below(scene.root.path()).len(), before.len() + 1);
}

#[cfg(target_os = "linux")]
#[test]
fn the_browser_is_asked_where_there_is_a_desktop_and_nobody_said_no() {
    use std::os::unix::fs::PermissionsExt as _;
    let scene = Scene::new();
    let programs = scene.user.path().join("bin");
    let asked = scene.user.path().join("asked");
    fs::create_dir(&programs).unwrap();
    let script = format!("#!/bin/sh\necho \"$1\" > '{0}.new'; mv '{0}.new' '{0}'\n", asked.display());
    fs::write(programs.join("xdg-open"), script).unwrap();
    fs::set_permissions(programs.join("xdg-open"), fs::Permissions::from_mode(0o755)).unwrap();
    #[expect(clippy::disallowed_methods, reason = "the programs of whoever runs the test stay there")]
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let run = |arguments: &[&str], display: &str| {
        let done = scene.command(arguments).env("PATH", &path).env("DISPLAY", display).output().unwrap();
        assert!(done.status.success());
        String::from_utf8(done.stdout).unwrap()
    };
    run(&["view", "-q", "--no-open"], ":0");
    run(&["view", "-q"], "");
    assert!(!asked.exists());
    let told = run(&["view", "-q"], ":0");
    // Nobody waits for the browser; a second is a thousand times what it takes.
    let is_asked = (0..500).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        asked.exists()
    });
    assert!(is_asked);
    assert_eq!(fs::read_to_string(&asked).unwrap(), told);
}

#[test]
fn hostile_names_are_data() {
    let scene = Scene::new();
    let bait = "<script>alert(1)<";
    for at in 0..50 {
        let name = format!("src/{bait}\u{202e}'\"&{at}.py");
        if cfg!(unix) {
            scene.write(&name, "def f(a='</script><img src=x onerror=alert(1)>\u{202e}'):\n    pass\n");
        }
    }
    let page = scene.text(&[
        "view",
        "-q",
        "-o",
        "-",
        "-n",
        "4k",
        "-t",
        "</script><script>alert(1)</script>\u{202e}",
    ]);
    assert_eq!((page.matches("<script").count(), page.matches("</script").count()), (2, 2));
    assert!(!page.contains("<img") && !page.contains(['\u{202e}', '\u{1b}']));
    let task = data(&page)["task"].as_str().unwrap().to_owned();
    assert_eq!(task, "</script><script>alert(1)</script>\\u{202e}");
}

#[test]
fn the_cache_has_a_page_too() {
    let scene = Scene::new();
    scene.text(&["map", "-q"]);
    let page = scene.text(&["cache", "stats", "--html", "-o", "-"]);
    for part in ["script-src 'none'", "<td>tags</td>", "When files were last read", "in the last hour"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let output = scene.run(&["cache", "stats", "-o", "x.html"]);
    assert_eq!(output.status.code(), Some(2));
}
