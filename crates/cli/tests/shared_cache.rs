//! The risk: a machine that shares a cache has another map than one that does not, or waits for a server, or obeys a tree.
#![cfg(feature = "remote")]
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use std::fs;
use std::path::Path;
use std::process::Command;

use repo_map_cache_testkit::servers::{Impostor, Manner, Redis};
use serde_json::Value;

/// A tree, as so many machines map it.
struct Scene {
    root: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join(".git")).unwrap();
        for at in 0..60 {
            let text = format!("class Part{at}:\n    def turn{at}(self):\n        return turn{}()\n", at / 2);
            fs::write(root.path().join(format!("part{at}.py")), text).unwrap();
        }
        Self { root }
    }

    /// The map of a machine, with what is in its home, and what it was told.
    fn map(&self, home: &Path, variables: &[(&str, &str)]) -> (Value, String) {
        let output = self.run(home, variables, &["map", "--json"]);
        (serde_json::from_str(&output.0).unwrap(), output.1)
    }

    fn run(&self, home: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> (String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_repo-map"))
            .env("HOME", home)
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_CACHE_HOME")
            .envs(variables.iter().copied())
            .current_dir(self.root.path())
            .args(arguments)
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let (out, err) = (text(output.stdout), text(output.stderr));
        assert!(output.status.success(), "{err}");
        (out, err)
    }
}

fn machine() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Two machines and the map that a third has alone.
fn two_machines(url: &str) {
    let scene = Scene::new();
    let (alone, _) = scene.map(machine().path(), &[]);
    let url = ("REPO_MAP_CACHE_REMOTE_URL", url);
    let (first, second) = (machine(), machine());
    // The machine of a test may be busy.
    let patience = ("REPO_MAP_CACHE_REMOTE_PATIENCE_MS", "60000");
    let (seeded, told) = scene.map(first.path(), &[url, patience, ("REPO_MAP_CACHE_REMOTE_WRITE", "1")]);
    assert_eq!((&seeded["map"], told.as_str()), (&alone["map"], ""));
    let (taken, told) = scene.map(second.path(), &[url, patience]);
    assert_eq!((&taken["map"], told.as_str()), (&alone["map"], ""));
    assert_eq!((&taken["cache"]["hits"], &taken["cache"]["misses"]), (&60.into(), &0.into()));
    // From its own store from now on.
    let missing = second.path().join("not-mounted");
    let url = format!("file://{}", missing.display());
    let (again, told) = scene.map(second.path(), &[("REPO_MAP_CACHE_REMOTE_URL", &url)]);
    assert_eq!(again["map"], alone["map"]);
    assert!(told.contains("there is no such folder") && !missing.exists(), "{told}");
    let (stats, _) = scene.run(second.path(), &[], &["cache", "stats", "--json"]);
    let stats: Value = serde_json::from_str(&stats).unwrap();
    let shared = &stats["shared"];
    assert_eq!((&shared["hits"], &shared["stored"]), (&60.into(), &0.into()), "{shared}");
    assert!(shared["bytes_received"].as_u64().unwrap() > 0);
    let (table, _) = scene.run(first.path(), &[], &["cache", "stats"]);
    assert!(table.contains("60 stored"), "{table}");
    let (metrics, _) = scene.run(second.path(), &[], &["cache", "stats", "--prometheus"]);
    assert!(metrics.contains("repo_map_cache_shared_records_total{result=\"hit\"} 60"), "{metrics}");
}

#[test]
fn a_second_machine_parses_nothing_and_has_the_same_map() {
    let folder = machine();
    two_machines(&format!("file://{}", folder.path().display()));
}

#[test]
#[ignore = "needs redis-server: cargo xtask shared"]
fn a_second_machine_parses_nothing_with_redis_between_them() {
    let server = Redis::start("redis-server", &[]).expect("redis-server is installed");
    two_machines(&server.url());
}

#[test]
fn a_server_that_is_ill_changes_no_map_and_costs_one_line() {
    let scene = Scene::new();
    let (alone, _) = scene.map(machine().path(), &[]);
    for manner in [Manner::Silent, Manner::Garbage, Manner::Rude] {
        let server = Impostor::start(manner);
        let url = server.url();
        let variables = [("REPO_MAP_CACHE_REMOTE_URL", url.as_str()), ("REPO_MAP_CACHE_REMOTE_WRITE", "1")];
        let (map, told) = scene.map(machine().path(), &variables);
        assert_eq!(map["map"], alone["map"], "{manner:?}");
        assert_eq!(told.lines().count(), 1, "{manner:?}: {told}");
        assert!(told.contains("shared cache redis://127.0.0.1"), "{told}");
    }
}

#[test]
fn a_mapped_tree_names_no_server() {
    let scene = Scene::new();
    let server = Impostor::start(Manner::Silent);
    let table = format!("[cache.remote]\nurl = \"{}\"\nwrite = true\n", server.url());
    fs::write(scene.root.path().join("repo-map.toml"), table).unwrap();
    let (map, told) = scene.map(machine().path(), &[]);
    // The file of settings is one of them.
    assert_eq!(map["cache"]["misses"], 61);
    assert!(told.contains("cache.remote") && told.contains("no say"), "{told}");
}
