use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::config::owner::Owners;
use crate::error::ErrorKind;
use crate::request::RefreshMode;

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

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).unwrap();
    }

    fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.into()));
    }

    fn variable(&self, name: &str) -> Option<OsString> {
        self.variables.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    fn load(&self, folder: &str) -> Result<CacheConfig, Error> {
        self.load_as(folder, None, Owners::of_process)
    }

    /// As a host that trusts the `.env` of the folder.
    fn load_dotenv(&self, folder: &str) -> CacheConfig {
        self.load_as(folder, Some(&self.path(folder)), Owners::of_process).unwrap()
    }

    fn load_as(
        &self,
        folder: &str,
        dotenv: Option<&Path>,
        owners: impl Fn(Variables<'_>) -> Owners,
    ) -> Result<CacheConfig, Error> {
        let variable = |name: &str| self.variable(name);
        let sources = Sources::read(&self.path(folder), owners(&variable), &variable)?;
        load(dotenv, sources, &variable)
    }

    /// The default folder.
    fn cache(&self) -> PathBuf {
        self.path("home").join(if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" })
    }
}

const USER: &str = "home/.config/repo-map-cache/config.toml";
const PROJECT: &str = "project/repo-map.toml";

#[test]
fn each_layer_beats_those_before_it() {
    let mut place = Place::new();
    let mode = |place: &Place| place.load_dotenv("project").refresh_mode;
    assert_eq!(mode(&place), RefreshMode::Auto);
    place.write(USER, "[cache]\nrefresh_mode = \"stat\"\nl1_size = 7\n");
    assert_eq!(mode(&place), RefreshMode::Stat);
    place.write(PROJECT, "[ranking]\nanything = true\n[cache]\nrefresh_mode = \"always\"\n");
    assert_eq!(mode(&place), RefreshMode::Always);
    assert_eq!(place.load("project/src").unwrap().refresh_mode, RefreshMode::Always);
    place.write("project/.env", "DATABASE_URL=x\nREPO_MAP_CACHE_REFRESH_MODE=files\n");
    assert_eq!(mode(&place), RefreshMode::Files);
    assert_eq!(place.load_dotenv("project/src").refresh_mode, RefreshMode::Always, "only the folder's own");
    place.set("REPO_MAP_CACHE_REFRESH_MODE", "manual");
    assert_eq!(mode(&place), RefreshMode::Manual);
    assert_eq!(place.load("project/src").unwrap().l1_max_items, 7, "no layer after the first says it");
    assert_eq!(place.load("home").unwrap().refresh_mode, RefreshMode::Manual);
    assert!(place.load("project").unwrap().notices.is_empty());
}

#[test]
fn a_project_decides_when_it_is_looked_at_and_nothing_else() {
    let place = Place::new();
    place.write(
        PROJECT,
        "[cache]\nrefresh_mode = \"stat\"\ndir = \"c\"\nsize_mb = 9\nl1_size = 1\nl1_mb = 1\n\
         memory_pressure = false\nenabled = false\n",
    );
    let config = place.load("project/src").unwrap();
    let mut expected = place.load("home").unwrap();
    expected.refresh_mode = RefreshMode::Stat;
    expected.notices.clone_from(&config.notices);
    assert_eq!(config, expected);
    assert_eq!(config.notices.len(), 6, "{:?}", config.notices);
    for (key, line) in
        [("dir", 3), ("size_mb", 4), ("l1_size", 5), ("l1_mb", 6), ("memory_pressure", 7), ("enabled", 8)]
    {
        let places = [
            format!("cache.{key} in "),
            format!("repo-map.toml:{line} is passed over"),
            "config.toml".to_owned(),
            format!("REPO_MAP_CACHE_{}", key.to_uppercase()),
            "code".to_owned(),
        ];
        let told = |notice: &&String| places.iter().all(|part| notice.contains(part));
        assert_eq!(config.notices.iter().filter(told).count(), 1, "{key}: {:?}", config.notices);
    }
}

#[test]
fn the_tree_s_dotenv_is_read_by_those_who_ask_for_it_alone() {
    let place = Place::new();
    place.write("project/.env", "REPO_MAP_CACHE_SIZE_MB=4\nREPO_MAP_CACHE_DIR=c\n");
    let config = place.load("project").unwrap();
    assert_eq!((config.max_size_mb, config.cache_dir), (0, Some(place.cache().join("repo-map-cache"))));
    let config = place.load_dotenv("project");
    assert_eq!((config.max_size_mb, config.cache_dir), (4, Some(place.path("project/c"))));
}

#[test]
fn a_dotenv_names_a_folder_below_its_own_or_among_the_user_s_caches() {
    let place = Place::new();
    fs::create_dir_all(place.cache()).unwrap();
    fs::create_dir_all(place.path("elsewhere/in")).unwrap();
    #[cfg(unix)]
    for (to, link) in
        [("elsewhere", "project/out"), ("nowhere", "project/loose"), ("project/src", "project/in")]
    {
        std::os::unix::fs::symlink(place.path(to), place.path(link)).unwrap();
    }
    let named = |value: &str| {
        place.write("project/.env", format!("REPO_MAP_CACHE_DIR={value}\n"));
        let config = place.load_dotenv("project");
        (config.cache_dir.unwrap(), config.notices)
    };
    let below_caches = format!("{}/mine", place.cache().display());
    for (value, expected) in [
        (".cache/maps", place.path("project/.cache/maps")),
        (place.path("project/x").to_str().unwrap(), place.path("project/x")),
        (&below_caches, place.cache().canonicalize().unwrap().join("mine")),
        #[cfg(unix)]
        ("in/c", place.path("project/src/c")),
    ] {
        assert_eq!(named(value), (expected, vec![]), "{value}");
    }
    let elsewhere = place.path("elsewhere");
    for value in [
        "../elsewhere",
        "src/../../elsewhere",
        "..",
        ".",
        "~/projects",
        "~",
        "/",
        elsewhere.to_str().unwrap(),
        #[cfg(unix)]
        "out",
        #[cfg(unix)]
        "out/in/c",
        #[cfg(unix)]
        "loose",
        #[cfg(unix)]
        "loose/c",
    ] {
        let (folder, notices) = named(value);
        assert_eq!(folder, place.cache().join("repo-map-cache"), "{value}");
        assert!(notices.len() == 1 && notices[0].contains(".env:1 is passed over"), "{value}: {notices:?}");
    }
    place.write(USER, "[cache]\ndir = \"/named/by/the/user\"\n");
    assert_eq!(named("../elsewhere").0, Path::new("/named/by/the/user"), "the user's word stands");
}

#[test]
fn no_dotenv_ends_a_run() {
    let place = Place::new();
    let utf_16: Vec<u8> = "\u{feff}A=1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, told) in [
        (b"# r\xe9glages\nDB_PASSWORD=caf\xe9\nREPO_MAP_CACHE_SIZE_MB=7\n".to_vec(), 0),
        (utf_16, 0),
        (vec![0; 100_000], 0),
        (b"REPO_MAP_CACHE_L1_MB=x\nREPO_MAP_CACHE_L1_SIZE=-1\nREPO_MAP_CACHE_DIR=caf\xe9\n".to_vec(), 3),
        (b"REPO_MAP_CACHE_SIZE_MB=18446744073709551615\n".to_vec(), 1),
        (b"REPO_MAP_CACHE_FOO=1\nREPO_MAP_CACHE_DIR=\n=\nREPO_MAP_CACHE_DIR\n".to_vec(), 0),
        ("REPO_MAP_CACHE_L1_MB=x\n".repeat(1_000).into_bytes(), 9),
    ] {
        place.write("project/.env", &bytes);
        let config = place.load_dotenv("project");
        assert_eq!(config.notices.len(), told, "{:?}", config.notices);
    }
    let file = fs::File::create(place.path("project/.env")).unwrap();
    file.set_len(1 << 40).unwrap();
    assert_eq!(place.load_dotenv("project").notices.len(), 1);
    fs::remove_file(place.path("project/.env")).unwrap();
    fs::create_dir(place.path("project/.env")).unwrap();
    assert_eq!(place.load_dotenv("project").notices.len(), 1);
    #[cfg(unix)]
    for target in ["/dev/zero", "/proc/self/status", "project"] {
        let _ = fs::remove_dir(place.path("project/.env"));
        let _ = fs::remove_file(place.path("project/.env"));
        std::os::unix::fs::symlink(target, place.path("project/.env")).unwrap();
        let expected = usize::from(target != "project");
        assert_eq!(place.load_dotenv("project").notices.len(), expected, "{target}");
    }
}

#[test]
fn folders_are_meant_from_where_they_are_written() {
    let mut place = Place::new();
    let dir = |place: &Place| place.load("project").unwrap().cache_dir.unwrap();
    assert_eq!(dir(&place), place.cache().join("repo-map-cache"));
    place.write(USER, "[cache]\ndir = \"c\"\n");
    assert_eq!(dir(&place), place.path("home/.config/repo-map-cache/c"));
    place.set("REPO_MAP_CACHE_DIR", "~/elsewhere");
    assert_eq!(dir(&place), place.path("home/elsewhere"));
    place.set("REPO_MAP_CACHE_DIR", "123");
    assert!(dir(&place).ends_with("123"), "a folder may look like a number");
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt as _;
        let odd = OsString::from_vec(b"/caf\xe9".to_vec());
        place.variables.push(("REPO_MAP_CACHE_DIR".to_owned(), odd.clone()));
        assert_eq!(dir(&place), PathBuf::from(odd));
    }
    place.set("REPO_MAP_CACHE_ENABLED", "0");
    assert_eq!(place.load("project").unwrap().cache_dir, None);
}

/// Faults of settings, with what a line about each says.
const FAULTS: &[(&str, &[&str])] = &[
    (
        "[cache]\n\nrefresh_mode = \"sometimes\"\n",
        &["\"sometimes\"", ":3", "auto, stat, always, files or manual"],
    ),
    ("[cache]\nrefresh_mode = 7\n", &["refresh_mode = 7", ":2"]),
    ("[cache]\nsize = 7\n", &["cache.size", ":2", "size_mb"]),
    ("[cache]\n\"\\u001b[31mred\\u0007\" = 1\n", &["cache.\"\\u{1b}[31mred\\u{7}\"", "no such setting"]),
    ("cache = 7\n", &["`cache` is a table", ":1"]),
    ("[cache\nsize_mb = 7\n", &["line 1"]),
    ("[cache]\nrefresh_mode = \"stat\"\nrefresh_mode = \"stat\"\n", &["duplicate"]),
    ("\u{feff}[cache]\n\u{0}", &["toml: "]),
];

#[test]
fn a_fault_in_the_user_s_file_is_told_with_its_key_its_value_and_where_it_stands() {
    let numbers: &[(&str, &[&str])] = &[
        ("[cache]\n\nsize_mb = \"much\"\n", &["size_mb = \"much\"", ":3"]),
        ("[cache]\nsize_mb = 0\n", &["size_mb = 0", ":2"]),
        ("[cache]\nl1_size = -5\n", &["l1_size = -5", ":2"]),
        ("[cache]\nl1_size = 1.5\n", &["l1_size = 1.5", ":2"]),
        ("[cache]\ndir = 7\n", &["dir = 7", "a path"]),
    ];
    let place = Place::new();
    for (text, parts) in FAULTS.iter().chain(numbers) {
        place.write(USER, text);
        let error = place.load("project").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misconfigured);
        let line = error.to_string();
        assert!(parts.iter().chain(&["config.toml"]).all(|part| line.contains(part)), "{line}");
        assert!(!line.contains(char::is_control), "{line}");
    }
    let mut place = Place::new();
    place.set("REPO_MAP_CACHE_L1_MB", "-1");
    let line = place.load("project").unwrap_err().to_string();
    assert!(line.contains("l1_mb = \"-1\" in the variable REPO_MAP_CACHE_L1_MB"), "{line}");
}

#[test]
fn a_fault_in_the_project_s_file_is_one_notice_and_the_rest_of_it_stands() {
    let place = Place::new();
    for (text, parts) in FAULTS {
        place.write(PROJECT, text);
        let notices = place.load("project").unwrap().notices;
        assert_eq!(notices.len(), 1, "{notices:?}");
        let told =
            parts.iter().chain(&["repo-map.toml", "passed over"]).all(|part| notices[0].contains(part));
        assert!(told && !notices[0].contains(char::is_control), "{notices:?}");
    }
    place.write(PROJECT, "[cache]\nrefresh = 1\nrefresh_mode = \"stat\"\n");
    let config = place.load("project").unwrap();
    assert_eq!((config.refresh_mode, config.notices.len()), (RefreshMode::Stat, 1));
    let many: String = (0..5_000).map(|number| format!("{number}{} = 1\n", "x".repeat(20))).collect();
    place.write(PROJECT, format!("[cache]\n{many}"));
    let notices = place.load("project").unwrap().notices;
    assert!(notices.len() == 9 && notices[8].contains("4992"), "{notices:?}");
}

#[test]
fn no_kind_of_file_in_a_project_s_place_ends_a_run() {
    let place = Place::new();
    let told = |what: &str| {
        let notices = place.load("project").unwrap().notices;
        assert!(notices.len() == 1 && notices[0].contains("passed over"), "{what}: {notices:?}");
        let path = place.path(PROJECT);
        fs::remove_file(&path).or_else(|_| fs::remove_dir(&path)).unwrap();
    };
    fs::create_dir(place.path(PROJECT)).unwrap();
    told("a folder");
    place.write(PROJECT, b"[cache]\n# caf\xe9\n");
    told("Latin-1");
    fs::File::create(place.path(PROJECT)).unwrap().set_len(1 << 40).unwrap();
    told("a terabyte");
    for deep in [
        "[".repeat(100_000),
        format!("a = {}", "[".repeat(100_000)),
        format!("a{} = 1", ".a".repeat(100_000)),
    ] {
        place.write(PROJECT, deep);
        told("deep nesting");
    }
    #[cfg(unix)]
    {
        for target in ["/dev/zero", "/proc/self/status", "repo-map.toml", "nowhere", "../home/secret"] {
            place.write("home/secret", "password = 1");
            std::os::unix::fs::symlink(target, place.path(PROJECT)).unwrap();
            told(target);
        }
        assert!(std::process::Command::new("mkfifo").arg(place.path(PROJECT)).status().unwrap().success());
        told("a FIFO");
    }
}

#[test]
#[cfg(unix)]
fn settings_of_another_user_are_not_obeyed() {
    let place = Place::new();
    place.write(USER, "[cache]\nsize_mb = 7\n");
    place.write(PROJECT, "[cache]\nrefresh_mode = \"stat\"\n");
    place.write("project/.env", "REPO_MAP_CACHE_SIZE_MB=9\n");
    for folder in ["project", "project/src"] {
        let found = place.load_as(folder, Some(&place.path("project")), |_| Owners::nobody()).unwrap();
        assert_eq!((found.max_size_mb, found.refresh_mode), (0, RefreshMode::Auto));
        assert_eq!(found.notices.len(), 3, "{:?}", found.notices);
        assert!(found.notices.iter().all(|notice| notice.contains("another user")), "{:?}", found.notices);
    }
}

#[test]
fn outside_a_repository_only_the_folder_itself_speaks() {
    let place = Place::new();
    fs::remove_dir(place.path("project/.git")).unwrap();
    place.write(PROJECT, "[cache]\nrefresh_mode = \"stat\"\n");
    assert_eq!(place.load("project").unwrap().refresh_mode, RefreshMode::Stat);
    assert_eq!(place.load("project/src").unwrap().refresh_mode, RefreshMode::Auto);
    let none = Sources::read(Path::new("/no/such/folder"), Owners::of_process(&|_| None), &|_| None).unwrap();
    assert!(load(None, none, &|_| None).unwrap().cache_dir.is_none());
}

#[test]
fn a_store_in_the_mapped_tree_is_used_only_where_somebody_named_it() {
    let mut place = Place::new();
    let (home, project) = (place.path("home"), place.path("project"));
    let used = |config: &CacheConfig, tree: &Path| {
        let (used, notice) = config.for_tree(tree);
        assert_eq!(used.cache_dir.is_none(), notice.is_some());
        used.cache_dir.is_some()
    };
    let config = place.load("project").unwrap();
    assert!(used(&config, &project));
    assert!(!used(&config, &home) && !used(&config, place.folder.path()));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&project, place.cache()).unwrap();
        assert!(!used(&config, &project), "through a link");
        fs::remove_file(place.cache()).unwrap();
    }
    assert!(used(&config.in_folder(home.join(".cache/repo-map-cache")), &home), "by a flag or code");
    place.write(USER, "[cache]\ndir = \"c\"\n");
    assert!(used(&place.load("project").unwrap(), &home));
    place.set("REPO_MAP_CACHE_DIR", "~/.cache/repo-map-cache");
    assert!(used(&place.load("project").unwrap(), &home));
}

#[test]
fn a_host_whose_trees_have_no_say_hears_the_user_alone() {
    let mut place = Place::new();
    place.write(USER, "[cache]\nsize_mb = 300\n");
    place.write(PROJECT, "[cache]\nrefresh_mode = \"manual\"\n");
    place.set("REPO_MAP_CACHE_L1_SIZE", "7");
    let variable = |name: &str| place.variable(name);
    let sources = Sources::of_user(Owners::of_process(&variable), &variable).unwrap();
    let config = load(None, sources, &variable).unwrap();
    assert_eq!((config.max_size_mb, config.l1_max_items), (300, 7));
    assert_eq!(config.refresh_mode, RefreshMode::Auto, "the project has no say");
    assert_eq!(place.load("project").unwrap().refresh_mode, RefreshMode::Manual);
}
