use std::ffi::OsString;
use std::path::Path;

use super::*;

/// A home, a project in a git repository, and an environment.
struct Place {
    folder: tempfile::TempDir,
    variables: Vec<(String, OsString)>,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for part in ["home/.config/repo-map-cache", "project/.git", "project/src"] {
            fs::create_dir_all(folder.path().join(part)).unwrap();
        }
        let home = folder.path().join("home");
        Self { folder, variables: vec![("HOME".to_owned(), home.into())] }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.into()));
    }

    fn load(&self, folder: &str) -> Result<CacheConfig, Error> {
        let variable = |name: &str| {
            self.variables.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        };
        load(&self.path(folder), &variable)
    }
}

const USER: &str = "home/.config/repo-map-cache/config.toml";

#[test]
fn each_layer_beats_those_before_it() {
    let mut place = Place::new();
    let sizes = |place: &Place| place.load("project/src").unwrap().max_size_mb;
    assert_eq!(sizes(&place), CacheConfig::default().max_size_mb);
    place.write(USER, "[cache]\nsize_mb = 2\nl1_size = 7\n");
    assert_eq!(sizes(&place), 2);
    place.write("project/repo-map.toml", "[ranking]\nanything = true\n[cache]\nsize_mb = 3\n");
    assert_eq!(sizes(&place), 3);
    place.write("project/.env", "DATABASE_URL=x\nREPO_MAP_CACHE_SIZE_MB=4\n");
    assert_eq!(sizes(&place), 4);
    place.set("REPO_MAP_CACHE_SIZE_MB", "5");
    assert_eq!(sizes(&place), 5);
    assert_eq!(place.load("project/src").unwrap().l1_max_items, 7, "no layer after the first says it");
    assert_eq!(place.load("home").unwrap().max_size_mb, 5);
}

#[test]
fn folders_are_meant_from_where_they_are_written() {
    let mut place = Place::new();
    let dir = |place: &Place| place.load("project").unwrap().cache_dir.unwrap();
    assert_eq!(
        dir(&place),
        place.path("home").join(if cfg!(target_os = "macos") {
            "Library/Caches/repo-map-cache"
        } else {
            ".cache/repo-map-cache"
        })
    );
    place.write("project/repo-map.toml", "[cache]\ndir = \".cache\"\n");
    assert_eq!(dir(&place), place.path("project/.cache"));
    place.set("REPO_MAP_CACHE_DIR", "~/elsewhere");
    assert_eq!(dir(&place), place.path("home/elsewhere"));
    place.set("REPO_MAP_CACHE_DIR", "123");
    assert!(dir(&place).ends_with("123"), "a folder may look like a number");
    place.set("REPO_MAP_CACHE_ENABLED", "0");
    assert_eq!(place.load("project").unwrap().cache_dir, None);
}

#[track_caller]
fn refused(place: &Place, parts: &[&str]) {
    let error = place.load("project").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    let line = error.to_string();
    assert!(parts.iter().all(|part| line.contains(part)) && !line.contains('\n'), "{line}");
}

#[test]
fn a_bad_value_is_told_with_its_key_its_value_and_where_it_stands() {
    for (text, parts) in [
        ("[cache]\n\nsize_mb = \"much\"\n", ["size_mb", "\"much\"", "repo-map.toml:3"]),
        ("[cache]\nsize_mb = 0\n", ["size_mb", "= 0", "repo-map.toml:2"]),
        ("[cache]\nl1_size = -5\n", ["l1_size", "-5", "repo-map.toml:2"]),
        ("[cache]\nl1_size = 1.5\n", ["l1_size", "1.5", "repo-map.toml:2"]),
        (
            "[cache]\nrefresh_mode = \"sometimes\"\n",
            ["refresh_mode", "\"sometimes\"", "auto, stat, always, files or manual"],
        ),
        ("[cache]\ndir = 7\n", ["dir", "= 7", "a path"]),
        ("[cache]\nsize = 7\n", ["cache.size", "repo-map.toml:2", "size_mb"]),
        ("cache = 7\n", ["cache", "table", "repo-map.toml"]),
        ("[cache\nsize_mb = 7\n", ["repo-map.toml", "line 1", ""]),
    ] {
        let place = Place::new();
        place.write("project/repo-map.toml", text);
        refused(&place, &parts);
    }
    let mut place = Place::new();
    place.write("project/.env", "A=1\nREPO_MAP_CACHE_L1_MB=x\n");
    refused(&place, &["l1_mb", "\"x\"", ".env:2"]);
    place.set("REPO_MAP_CACHE_L1_MB", "-1");
    refused(&place, &["l1_mb", "\"-1\"", "REPO_MAP_CACHE_L1_MB"]);
}

#[test]
fn outside_a_repository_only_the_folder_itself_speaks() {
    let place = Place::new();
    fs::remove_dir(place.path("project/.git")).unwrap();
    place.write("project/repo-map.toml", "[cache]\nsize_mb = 3\n");
    assert_eq!(place.load("project").unwrap().max_size_mb, 3);
    assert_ne!(place.load("project/src").unwrap().max_size_mb, 3);
    assert!(load(Path::new("/no/such/folder"), &|_| None).unwrap().cache_dir.is_none());
}
