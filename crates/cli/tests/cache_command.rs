//! The risk: a cache that cannot be looked into, a damage that is called whole, a file of somebody else that is deleted.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

struct Scene {
    root: tempfile::TempDir,
    home: tempfile::TempDir,
}

/// What a run told: its exit code, standard output and standard error.
type Told = (i32, String, String);

impl Scene {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("core.py"), "class Engine:\n    def start(self):\n        return 1\n")
            .unwrap();
        fs::write(
            root.path().join("app.py"),
            "from core import Engine\n\ndef main():\n    Engine().start()\n",
        )
        .unwrap();
        Self { root, home: tempfile::tempdir().unwrap() }
    }

    fn cache(&self) -> PathBuf {
        self.home.path().join("cache")
    }

    fn run(&self, arguments: &[&str]) -> Told {
        let output = Command::new(env!("CARGO_BIN_EXE_repo-map"))
            .env("REPO_MAP_CACHE_DIR", self.cache())
            .env("HOME", self.home.path())
            .env_remove("XDG_CONFIG_HOME")
            .current_dir(self.root.path())
            .args(arguments)
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    /// A command of the cache that ends well and prints one JSON value.
    #[track_caller]
    fn json(&self, arguments: &[&str]) -> Value {
        let (code, out, err) = self.run(&[&["cache"], arguments, &["--json"]].concat());
        assert_eq!((code, err.as_str()), (0, ""), "{out}");
        serde_json::from_str(&out).unwrap()
    }

    fn data_file(&self) -> PathBuf {
        self.cache().join("v1/1/data.mdb")
    }
}

#[test]
fn looking_at_a_cache_that_is_not_there_makes_none() {
    let scene = Scene::new();
    for command in ["stats", "list", "compact"] {
        let (code, out, _) = scene.run(&["cache", command]);
        assert!(code == 1 && out.starts_with("nothing is cached"), "{command}: {out}");
    }
    assert_eq!(scene.run(&["cache", "verify"]).0, 0);
    assert_eq!(scene.run(&["cache", "clear"]).0, 0);
    assert!(!scene.cache().exists());
    assert_eq!(scene.run(&["cache", "dir"]).1, format!("{}\n", scene.cache().display()));
}

#[test]
fn what_a_map_has_stored_can_be_seen() {
    let scene = Scene::new();
    assert_eq!(scene.json(&["warm", "."])["misses"], 2);
    assert_eq!(scene.json(&["warm", "."])["hits"], 2);
    scene.run(&["map"]);
    scene.run(&["map"]);
    let stats = scene.json(&["stats"]);
    let items = |table: &str| {
        let tables = stats["tables"].as_array().unwrap();
        tables.iter().find(|row| row["table"] == table).unwrap()["items"].as_u64().unwrap()
    };
    assert_eq!((items("tags"), items("files"), items("maps")), (2, 2, 1));
    assert!(stats["size_on_disk"].as_u64().unwrap() > 0);

    let (_, metrics, _) = scene.run(&["cache", "stats", "--prometheus"]);
    let count = |labels: &str| {
        let name = format!("repo_map_cache_requests_total{{{labels}}} ");
        metrics.lines().find_map(|line| line.strip_prefix(&name)).map(|count| count.parse::<u64>().unwrap())
    };
    assert_eq!(count("cache=\"map\",tier=\"l2\",result=\"hit\""), Some(1), "{metrics}");
    assert_eq!(count("cache=\"map\",tier=\"l2\",result=\"miss\""), Some(1), "{metrics}");
    assert!(count("cache=\"tag\",tier=\"l2\",result=\"hit\"") >= Some(2), "{metrics}");

    let (code, list, _) = scene.run(&["cache", "list", "--table", "tags"]);
    assert_eq!((code, list.lines().count()), (0, 2));
    assert!(list.lines().all(|line| line.starts_with("tags ") && line.contains("definitions")), "{list}");

    scene.json(&["verify"]);
    let (_, again, _) = scene.run(&["cache", "stats", "--prometheus"]);
    let hits = |text: &str| {
        text.lines().filter(|line| line.contains("\"hit\"")).map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(hits(&metrics), hits(&again), "looking is no use");
    fs::create_dir(scene.root.path().join("parts")).unwrap();
    fs::write(scene.root.path().join("parts/gear.py"), "def turn(): pass\n").unwrap();
    scene.json(&["warm", "."]);
    assert_eq!(scene.json(&["inspect", "parts/gear.py"])["is_current"], true);

    let found = scene.json(&["inspect", "core.py"]);
    assert_eq!((&found["language"], &found["is_current"]), (&Value::from("python"), &Value::from(true)));
    assert_eq!(found["tags"]["definitions"], 2);
    fs::write(scene.root.path().join("core.py"), "class Other: pass\n").unwrap();
    let found = scene.json(&["inspect", "core.py"]);
    assert_eq!((&found["is_current"], &found["tags"]), (&Value::from(false), &Value::Null));
}

#[test]
fn metrics_tell_durations_and_what_could_not_be_parsed() {
    let scene = Scene::new();
    let minified = format!("var a = [{}];\n", "1,".repeat(50_000));
    fs::write(scene.root.path().join("packed.py"), minified).unwrap();
    scene.run(&["map"]);
    scene.run(&["map"]);
    let (_, metrics, _) = scene.run(&["cache", "stats", "--prometheus"]);
    let value = |name: &str| {
        let name = format!("repo_map_cache_{name} ");
        metrics.lines().find_map(|line| line.strip_prefix(&name)).map(|value| value.parse::<f64>().unwrap())
    };
    let reason = "parse_failures_total{language=\"python\",reason=\"long-lines\"}";
    assert_eq!(value(reason), Some(1.0), "once, since what it came to is kept: {metrics}");
    for labels in ["cache=\"map\",tier=\"l2\",op=\"get\"", "cache=\"all\",tier=\"l2\",op=\"commit\""] {
        let of = |part: &str| value(&format!("op_duration_seconds_{part}{{{labels}}}"));
        let count = of("count").unwrap_or_default();
        assert!(count >= 1.0 && of("sum") > Some(0.0), "{labels}: {metrics}");
        let begin = format!("repo_map_cache_op_duration_seconds_bucket{{{labels},le=\"");
        let buckets: Vec<(f64, f64)> = metrics
            .lines()
            .filter_map(|line| line.strip_prefix(&begin)?.split_once("\"} "))
            .map(|(bound, count)| (bound.parse().unwrap(), count.parse().unwrap()))
            .collect();
        assert!(buckets.is_sorted(), "bounds and sums rise: {buckets:?}");
        assert_eq!(buckets.last(), Some(&(f64::INFINITY, count)));
    }
}

#[test]
fn verify_tells_damage_by_its_exit_code() {
    let scene = Scene::new();
    scene.run(&["map"]);
    assert_eq!(scene.json(&["verify"])["damaged"], 0);
    // One bit of a stored name: the structure holds, the entry does not.
    let mut data = fs::read(scene.data_file()).unwrap();
    let at = data.windows(6).position(|bytes| bytes == b"Engine").unwrap();
    data[at] ^= 1;
    fs::write(scene.data_file(), &data).unwrap();
    let (code, out, _) = scene.run(&["cache", "verify"]);
    assert!(code == 1 && out.contains(" 1 damaged and removed") || out.contains(" 2 damaged"), "{out}");
    assert_eq!(scene.run(&["cache", "verify"]).0, 0, "it is gone");
    // A store without its end.
    let file = fs::File::options().write(true).open(scene.data_file()).unwrap();
    file.set_len(file.metadata().unwrap().len() / 2).unwrap();
    drop(file);
    let (code, out, _) = scene.run(&["cache", "verify"]);
    assert!(code == 1 && out.contains("began anew"), "{out}");
}

#[test]
fn clear_deletes_the_cache_and_nothing_else() {
    let scene = Scene::new();
    scene.run(&["map"]);
    fs::write(scene.cache().join("thesis.txt"), "years of work").unwrap();
    assert!(scene.json(&["clear"])["freed"].as_u64().unwrap() > 0);
    let left: Vec<_> = fs::read_dir(scene.cache()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["thesis.txt"]);
    let (code, ..) = scene.run(&["cache", "clear", "--cache-dir", scene.root.path().to_str().unwrap()]);
    assert_eq!(code, 0);
    assert!(scene.root.path().join("core.py").exists(), "a folder without a cache is not ours");
}

#[test]
fn compacting_keeps_what_is_stored() {
    let scene = Scene::new();
    scene.run(&["map"]);
    let sizes = scene.json(&["compact"]);
    assert!(sizes["after"].as_u64() <= sizes["before"].as_u64());
    assert_eq!(scene.json(&["warm", "."])["hits"], 2);
}

#[test]
fn a_folder_that_cannot_be_used_is_an_error_here() {
    let scene = Scene::new();
    fs::create_dir_all(scene.cache().join("v1")).unwrap();
    fs::write(scene.cache().join("v1/1"), "a file where a folder should be").unwrap();
    let (code, out, err) = scene.run(&["cache", "stats"]);
    assert!(code == 4 && out.is_empty() && err.lines().count() == 1, "{code} {err}");
}

#[test]
fn lookups_are_logged_with_key_and_tier_when_asked_for() {
    let scene = Scene::new();
    scene.run(&["map"]);
    let (_, _, log) = scene.run(&["map", "-vv"]);
    let hits: Vec<_> = log.lines().filter(|line| line.contains("repo_map_cache: hit")).collect();
    assert!(!hits.is_empty(), "{log}");
    assert!(hits.iter().all(|line| line.contains("key=") && line.contains("tier=\"")), "{log}");
    assert_eq!(scene.run(&["map"]).2, "", "and not otherwise");
}

#[test]
fn what_is_warmed_and_inspected_are_the_tags_of_ones_own_queries() {
    let scene = Scene::new();
    let queries = scene.home.path().join("own");
    fs::create_dir(&queries).unwrap();
    fs::write(
        queries.join("python.scm"),
        "; replaces\n(class_definition name: (_) @name) @definition.class\n",
    )
    .unwrap();
    let folder = queries.to_str().unwrap();
    assert_eq!(scene.json(&["warm", ".", "--queries", folder])["misses"], 2);

    let found = scene.json(&["inspect", "core.py", "--queries", folder]);
    assert_eq!(found["tags"]["definitions"], 1);
    assert_eq!(scene.run(&["cache", "inspect", "core.py"]).0, 1, "nothing of the built-in query");

    let (code, map, _) = scene.run(&["map", "--json", "--queries", folder]);
    let map: Value = serde_json::from_str(&map).unwrap();
    assert_eq!((code, &map["cache"]["misses"]), (0, &Value::from(0)), "{map}");

    // The folder beside the user's configuration is heeded without being named.
    let own = scene.home.path().join(".config/repo-map-cache/queries");
    fs::create_dir_all(own.parent().unwrap()).unwrap();
    fs::rename(&queries, &own).unwrap();
    assert_eq!(scene.json(&["warm", "."])["hits"], 2);
    assert_eq!(scene.json(&["inspect", "core.py"])["tags"]["definitions"], 1);
}

#[test]
#[cfg(target_os = "linux")]
fn a_cache_on_a_read_only_mount_is_read_and_nothing_is_parsed_anew() {
    let scene = Scene::new();
    let (map, cache) = (scene.run(&["map"]).1, scene.cache());
    // A namespace of its own, where the system gives one without privileges.
    let script = format!(
        "mount --bind '{0}' '{0}' && mount -o remount,bind,ro '{0}' && exec '{1}' map -v",
        cache.display(),
        env!("CARGO_BIN_EXE_repo-map")
    );
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script])
        .env("REPO_MAP_CACHE_DIR", &cache)
        .env("HOME", scene.home.path())
        .current_dir(scene.root.path())
        .output();
    let Ok(output) = output else { return };
    let told = String::from_utf8(output.stderr).unwrap();
    if told.starts_with("unshare: ") || told.starts_with("mount: ") {
        return;
    }
    assert_eq!(String::from_utf8(output.stdout).unwrap(), map, "{told}");
    assert!(told.contains("lies on a read-only file system: it is read"), "{told}");
    assert!(told.contains(" 0 were parsed"), "{told}");
    assert_eq!(told.matches("warning").count(), 1, "{told}");
}
