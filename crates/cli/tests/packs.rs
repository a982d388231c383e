//! The risk: a pack that gives another map than parsing does, is believed where it should not be, or costs a file of somebody else.
#![cfg(feature = "remote")]
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const FILES: usize = 40;

/// A repository, and machines that have a home each.
struct Scene {
    root: tempfile::TempDir,
    packs: tempfile::TempDir,
}

/// Exit code, standard output, standard error.
type Told = (i32, String, String);

impl Scene {
    fn new() -> Self {
        let scene = Self { root: tempfile::tempdir().unwrap(), packs: tempfile::tempdir().unwrap() };
        (0..FILES).for_each(|at| scene.write(at, at));
        scene.git(&["init", "-q", "-b", "main"]);
        scene.commit("first");
        scene
    }

    fn write(&self, at: usize, what: usize) {
        let text =
            format!("class Part{what}:\n    def turn{what}(self):\n        return turn{}()\n", what / 2);
        fs::write(self.root.path().join(format!("part{at}.py")), text).unwrap();
    }

    fn git(&self, arguments: &[&str]) {
        let done = Command::new("git")
            .args(["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(self.root.path())
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
    }

    fn pack(&self, name: &str) -> PathBuf {
        self.packs.path().join(name)
    }

    fn run(&self, home: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Told {
        let output = Command::new(env!("CARGO_BIN_EXE_repo-map"))
            .env("HOME", home)
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_CACHE_HOME")
            // The machine of a test may be busy.
            .env("REPO_MAP_CACHE_REMOTE_PATIENCE_MS", "60000")
            .envs(variables.iter().copied())
            .current_dir(self.root.path())
            .args(arguments)
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    /// What a command that ends well says as JSON.
    #[track_caller]
    fn json(&self, home: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Value {
        let (code, out, err) = self.run(home, variables, arguments);
        assert_eq!((code, err.as_str()), (0, ""), "{out}");
        serde_json::from_str(&out).unwrap()
    }

    fn map(&self, home: &Path) -> Value {
        self.json(home, &[], &["map", "--json"])
    }
}

fn machine() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_second_machine_imports_all_and_its_first_run_parses_nothing() {
    let scene = Scene::new();
    let alone = scene.map(machine().path());
    let (first, second) = (machine(), machine());
    let pack = scene.pack("main.pack");
    let wrote = scene.json(first.path(), &[], &["cache", "export", text(&pack), "--json"]);
    assert_eq!((&wrote["records"], &wrote["left_out"]), (&FILES.into(), &0.into()), "{wrote}");
    assert_eq!(wrote["bytes"], fs::metadata(&pack).unwrap().len());
    let took = scene.json(second.path(), &[], &["cache", "import", text(&pack), "--json"]);
    assert_eq!((&took["taken"], &took["parsed"]), (&FILES.into(), &0.into()), "{took}");
    let map = scene.map(second.path());
    assert_eq!((&map["cache"]["hits"], &map["cache"]["misses"]), (&FILES.into(), &0.into()));
    assert_eq!(map["map"], alone["map"]);
    // The same tree gives the same bytes, from any store.
    let again = scene.pack("again.pack");
    scene.json(second.path(), &[], &["cache", "export", text(&again), "--json"]);
    assert_eq!(fs::read(&pack).unwrap(), fs::read(&again).unwrap());
}

#[test]
fn a_branchs_pack_with_a_base_holds_only_what_differs() {
    let scene = Scene::new();
    let (main, branch) = (scene.pack("main.pack"), scene.pack("branch.pack"));
    let home = machine();
    scene.json(home.path(), &[], &["cache", "export", text(&main), "--json"]);
    scene.write(3, 1_000);
    scene.write(FILES, 1_001);
    let arguments = ["cache", "export", text(&branch), "--base", text(&main), "--json"];
    let wrote = scene.json(home.path(), &[], &arguments);
    assert_eq!((&wrote["records"], &wrote["in_base"]), (&2.into(), &(FILES - 1).into()), "{wrote}");
    let third = scene.pack("third.pack");
    let (code, _, line) =
        scene.run(home.path(), &[], &["cache", "export", text(&third), "--base", text(&branch)]);
    assert!(code == 2 && line.contains("has itself a base") && !third.exists(), "{line}");

    let took = ["cache", "import", text(&branch), text(&main), "--json"];
    let took = scene.json(machine().path(), &[], &took);
    assert_eq!((&took["taken"], &took["parsed"]), (&(FILES + 1).into(), &0.into()), "{took}");
    let (code, out, line) = scene.run(machine().path(), &[], &["cache", "import", text(&branch)]);
    assert!(code == 0 && out.starts_with("2 records taken"), "{out}");
    assert!(line.contains("leaves 39 records to its base"), "{line}");
}

#[test]
fn packs_that_are_cut_changed_or_none_end_in_a_line_and_in_no_other_map() {
    let scene = Scene::new();
    let alone = scene.map(machine().path());
    let good = scene.pack("good.pack");
    scene.json(machine().path(), &[], &["cache", "export", text(&good), "--json"]);
    let bytes = fs::read(&good).unwrap();
    let bad = scene.pack("bad.pack");
    let mut newer = bytes.clone();
    newer[8] = 2;
    let mut index = bytes.clone();
    *index.last_mut().unwrap() ^= 1;
    let broken = [
        (bytes[..bytes.len() / 2].to_vec(), "no whole pack"),
        (newer, "version 2"),
        (index, "no whole pack"),
        (b"my notes".to_vec(), "no pack of this program"),
        (Vec::new(), "no pack of this program"),
    ];
    for (bytes, says) in broken {
        fs::write(&bad, bytes).unwrap();
        let home = machine();
        let (code, _, line) = scene.run(home.path(), &[], &["cache", "import", text(&bad)]);
        assert!(code == 4 && line.contains(says) && line.lines().count() == 1, "{code} {line}");
        assert_eq!(scene.map(home.path())["map"], alone["map"]);
    }
    let (code, _, line) = scene.run(machine().path(), &[], &["cache", "import", "nowhere.pack"]);
    assert!(code == 4 && line.contains("nowhere.pack"), "{line}");
    // A record that was changed: its file is parsed, and the exit code tells.
    let mut changed = bytes;
    changed[64 + 60] ^= 1;
    fs::write(&bad, changed).unwrap();
    let home = machine();
    let (code, out, line) = scene.run(home.path(), &[], &["cache", "import", text(&bad)]);
    assert!(code == 1 && line.contains("1 records were refused"), "{code} {line}");
    assert!(out.starts_with("39 records taken") && out.contains("1 parsed"), "{out}");
    assert_eq!(scene.map(home.path())["map"], alone["map"]);
}

#[test]
fn a_secret_seals_packs_where_no_server_is_configured() {
    let scene = Scene::new();
    let pack = scene.pack("ours.pack");
    let secret = [("REPO_MAP_CACHE_REMOTE_SECRET", "a secret of the team")];
    scene.json(machine().path(), &secret, &["cache", "export", text(&pack), "--json"]);
    let (code, _, line) = scene.run(machine().path(), &[], &["cache", "import", text(&pack)]);
    assert!(code == 4 && line.contains("sealed with a team's secret"), "{code} {line}");
    let other = [("REPO_MAP_CACHE_REMOTE_SECRET", "a secret of others, longer")];
    let (code, out, line) = scene.run(machine().path(), &other, &["cache", "import", text(&pack)]);
    assert!(code == 1 && out.starts_with("0 records taken"), "{code} {out} {line}");
    assert!(line.contains("sealed with another secret"), "{line}");
    let took = scene.json(machine().path(), &secret, &["cache", "import", text(&pack), "--json"]);
    assert_eq!(took["taken"], FILES);
}

#[test]
fn no_file_but_a_pack_is_overwritten() {
    let scene = Scene::new();
    let notes = scene.pack("notes.txt");
    fs::write(&notes, "my notes").unwrap();
    let (code, _, line) = scene.run(machine().path(), &[], &["cache", "export", text(&notes)]);
    assert!(code == 4 && line.contains("nothing was written"), "{code} {line}");
    assert_eq!(fs::read(&notes).unwrap(), b"my notes");
    let (code, _, line) = scene.run(machine().path(), &[], &["cache", "export"]);
    assert!(code == 2 && !line.is_empty(), "{line}");
}

#[test]
fn the_nearest_commits_pack_comes_from_the_shared_cache() {
    let scene = Scene::new();
    let shared = machine();
    let url = format!("file://{}", shared.path().display());
    let read = [("REPO_MAP_CACHE_REMOTE_URL", url.as_str())];
    let write = [read[0], ("REPO_MAP_CACHE_REMOTE_WRITE", "1")];
    // What a mapper stores of itself is not what is looked for here: packs are made where nothing is written else.
    let (code, out, _) = scene.run(machine().path(), &read, &["cache", "import", "--remote"]);
    assert!(code == 1 && out.contains("none of the last commits"), "{out}");
    let (code, _, line) = scene.run(machine().path(), &[], &["cache", "import", "--remote"]);
    assert!(code == 2 && line.contains("no shared cache is configured"), "{line}");
    let (code, _, line) = scene.run(machine().path(), &read, &["cache", "export", "--remote"]);
    assert!(code == 2 && line.contains("REPO_MAP_CACHE_REMOTE_WRITE"), "{line}");

    let home = machine();
    let wrote = scene.json(home.path(), &write, &["cache", "export", "--remote", "--json"]);
    assert_eq!((&wrote["records"], &wrote["was_there"]), (&FILES.into(), &false.into()), "{wrote}");
    let again = scene.json(home.path(), &write, &["cache", "export", "--remote", "--json"]);
    assert_eq!(again["was_there"], true);

    scene.commit("empty");
    scene.write(3, 1_000);
    scene.commit("second");
    let took = scene.json(machine().path(), &read, &["cache", "import", "--remote", "--json"]);
    assert_eq!((&took["taken"], &took["parsed"], &took["distance"]), (&39.into(), &1.into(), &2.into()));
    assert_eq!(took["commit"], wrote["commit"]);

    let wrote = scene.json(home.path(), &write, &["cache", "export", "--remote", "--json"]);
    assert_eq!((&wrote["records"], &wrote["in_base"]), (&1.into(), &39.into()), "{wrote}");
    // What leans on one that leans on another leans on that.
    scene.write(4, 1_001);
    scene.commit("third");
    let wrote = scene.json(home.path(), &write, &["cache", "export", "--remote", "--json"]);
    assert_eq!((&wrote["records"], &wrote["in_base"]), (&2.into(), &38.into()), "{wrote}");
    let fresh = machine();
    let took = scene.json(fresh.path(), &read, &["cache", "import", "--remote", "--json"]);
    assert_eq!((&took["taken"], &took["parsed"], &took["distance"]), (&40.into(), &0.into(), &0.into()));
    assert_eq!(scene.map(fresh.path())["map"], scene.map(machine().path())["map"]);
}

/// What the Action and the snippet for GitLab run, in the shell that they name.
#[test]
#[cfg(unix)]
fn the_steps_of_ci_make_a_pack_take_it_again_and_outlive_a_broken_one() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |name: &str| fs::read_to_string(repository.join(name)).unwrap();
    let action = read("action.yml");
    let step =
        action.split_once("run: |\n").unwrap().1.lines().take_while(|line| line.starts_with("        "));
    let action: String = step.map(|line| format!("{line}\n")).collect();
    let team = read("docs/team.md");
    let lines =
        team.split_once("  script:\n").unwrap().1.lines().take_while(|line| line.starts_with("    - "));
    let gitlab: String = lines.map(|line| format!("{}\n", line.trim_start_matches("    - "))).collect();
    for (name, script, options) in [("action", action, "-eo"), ("gitlab", gitlab, "-euo")] {
        let scene = Scene::new();
        let pack =
            if name == "action" { scene.pack("x.pack") } else { scene.root.path().join(".repo-map.pack") };
        let path = Path::new(env!("CARGO_BIN_EXE_repo-map")).parent().unwrap().display().to_string();
        for before in [None, Some("kept"), Some("my notes that are no pack")] {
            if let Some(text) = before.filter(|text| *text != "kept") {
                fs::write(&pack, text).unwrap();
            }
            let home = machine();
            let done = Command::new("bash")
                .args([options, "pipefail", "-c", &format!("PATH=\"{path}:$PATH\"\n{script}")])
                .env("HOME", home.path())
                .envs([("ROOT", "."), ("PACK", text(&pack))])
                .current_dir(scene.root.path())
                .output()
                .unwrap();
            let told = String::from_utf8_lossy(&done.stdout).into_owned();
            assert!(done.status.success(), "{name}: {}", String::from_utf8_lossy(&done.stderr));
            assert!(told.contains("40 records ("), "{name}: {told}");
            assert_eq!(
                told.contains("40 records taken"),
                before == Some("kept"),
                "{name} {before:?}: {told}"
            );
            assert_eq!(scene.map(home.path())["cache"]["hits"], FILES);
        }
    }
}
