//! The risk: `--since` and `--diff` ask with something else than what changed, or end a run over it.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use std::fs;
use std::process::{Command, Output};

struct Scene {
    root: tempfile::TempDir,
    cache: tempfile::TempDir,
}

impl Scene {
    /// A repository of thirty files, each with a function of its own.
    fn new() -> Self {
        let scene = Self { root: tempfile::tempdir().unwrap(), cache: tempfile::tempdir().unwrap() };
        for file in 0..30 {
            let text = format!("def step_{file}(value):\n    return value + {file}\n");
            fs::write(scene.root.path().join(format!("part{file}.py")), text).unwrap();
        }
        scene.git(&["init", "-q", "-b", "main"]);
        scene.commit("Begin");
        scene
    }

    fn git(&self, arguments: &[&str]) {
        let who = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
        let mut git = Command::new("git");
        git.args(who).args(arguments).current_dir(self.root.path()).env("GIT_CONFIG_GLOBAL", "/dev/null");
        assert!(git.status().unwrap().success());
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    fn edit(&self, file: usize) {
        let text = format!("def step_{file}(value):\n    return value * {file}\n");
        fs::write(self.root.path().join(format!("part{file}.py")), text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_repo-map"));
        command.env("REPO_MAP_CACHE_DIR", self.cache.path()).current_dir(self.root.path());
        command.args(arguments).output().unwrap()
    }

    /// The first line of a map, where nothing else is told.
    fn first(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]));
        String::from_utf8(output.stdout).unwrap().lines().next().unwrap().to_owned()
    }
}

#[test]
fn what_changed_is_first() {
    let scene = Scene::new();
    scene.edit(17);
    assert_eq!(scene.first(&["map", "--diff"]), "part17.py:");
    scene.commit("Multiply");
    scene.edit(23);
    assert_eq!(scene.first(&["--diff"]), "part23.py:");
    let since = String::from_utf8(scene.run(&["map", "--since", "HEAD~1", "-n", "60"]).stdout).unwrap();
    assert!(since.contains("part17.py:") && since.contains("part23.py:"), "{since}");
    let explained = String::from_utf8(scene.run(&["explain", "part23.py", "--diff"]).stdout).unwrap();
    assert!(explained.contains("part23.py"), "{explained}");
}

#[test]
fn where_nothing_changed_it_is_told() {
    let scene = Scene::new();
    let output = scene.run(&["map", "--diff"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), &*output.stdout), (Some(1), &b""[..]));
    assert_eq!(told, "repo-map: warning: nothing differs from HEAD\n");
    let with_task = scene.run(&["map", "--diff", "--task", "step_4"]);
    assert!(with_task.status.success() && with_task.stdout.starts_with(b"part4.py"));
}

#[test]
fn a_revision_that_names_no_commit_is_a_usage_error_of_one_line() {
    let scene = Scene::new();
    for (revision, cause) in [("no-such", "no commit has that name"), ("HEAD@{1}", "none of the forms")] {
        let output = scene.run(&["map", "--since", revision]);
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), told.lines().count()), (Some(2), 1), "{told}");
        assert!(told.contains(revision) && told.contains(cause), "{told}");
    }
    fs::remove_dir_all(scene.root.path().join(".git")).unwrap();
    let output = scene.run(&["map", "--diff"]);
    assert_eq!(output.status.code(), Some(4));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "repo-map: there is no git repository\n");
}

#[test]
fn a_file_of_keys_is_never_quoted_in_what_is_asked_with() {
    let scene = Scene::new();
    fs::write(scene.root.path().join(".env"), "SECRET_OF_STEP=step_9\n").unwrap();
    scene.git(&["add", "-f", ".env"]);
    scene.commit("Add");
    fs::write(scene.root.path().join(".env"), "SECRET_OF_STEP=step_11\n").unwrap();
    scene.edit(2);
    assert_eq!(scene.first(&["map", "--diff"]), "part2.py:");
}
