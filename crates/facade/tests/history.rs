//! The risk: a map that the git log has no say in, that an old log speaks in, or that fails for want of one.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

mod support;

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::process::Command;

use repo_map_cache::{MapRequest, RepoMap, RepoMapper, RepoMapperBuilder, Weights};
use support::Stored as _;

/// A repository of files that differ by their names alone, so that only its log tells them apart.
struct Repository {
    folder: tempfile::TempDir,
    time: Cell<u64>,
}

const NAMES: [&str; 5] = ["apple.py", "birch.py", "cedar.py", "daisy.py", "elder.py"];

impl Repository {
    fn new() -> Self {
        let repository = Self { folder: tempfile::tempdir().unwrap(), time: Cell::new(1_600_000_000) };
        repository.git(&["init", "-q", "-b", "main"]);
        repository.commit("plant", &NAMES);
        repository
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Changes files, and changes back what the change did to them: their contents stay alike.
    fn commit(&self, message: &str, names: &[&str]) {
        for text in ["def grow():\n    return 1\n", "def grow():\n    return 2\n"] {
            names.iter().for_each(|name| fs::write(self.path().join(name), text).unwrap());
            self.git(&["add", "-A"]);
            self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        }
    }

    fn git(&self, arguments: &[&str]) -> String {
        self.time.set(self.time.get() + 1);
        let mut command = Command::new("git");
        command
            .current_dir(self.path())
            .args(["-c", "user.name=t", "-c", "user.email=t@example.org"])
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_DATE", format!("@{} +0000", self.time.get()))
            .env("GIT_COMMITTER_DATE", format!("@{} +0000", self.time.get()));
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
            command.env_remove(variable);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// A mapper that goes by the git log alone.
    fn mapper(&self, settings: impl FnOnce(RepoMapperBuilder) -> RepoMapperBuilder) -> RepoMapper {
        let mut weights = Weights::default();
        weights.replace("[chat files]\nco_change = 9\n[task files]\npast_messages = 9\n").unwrap();
        settings(support::builder(self.path()).weights(weights)).build().unwrap()
    }
}

fn first(map: &RepoMap) -> &str {
    map.ranking[0].path.as_str()
}

fn with_chat(mapper: &RepoMapper) -> RepoMap {
    mapper.map(&MapRequest::new(200).chat_files(["cedar.py"]).full_ranking(true)).unwrap()
}

fn with_task(mapper: &RepoMapper) -> RepoMap {
    mapper.map(&MapRequest::new(200).task("water the roots").full_ranking(true)).unwrap()
}

#[test]
fn what_changed_with_the_chat_file_or_under_such_a_message_comes_first() {
    let repository = Repository::new();
    repository.commit("prune", &["cedar.py", "elder.py"]);
    repository.commit("water", &["daisy.py"]);
    let mapper = repository.mapper(|builder| builder);
    assert_eq!((first(&with_chat(&mapper)), first(&with_task(&mapper))), ("elder.py", "daisy.py"));
    let mapper = repository.mapper(|builder| builder.history(false));
    assert_eq!((first(&with_chat(&mapper)), first(&with_task(&mapper))), ("apple.py", "apple.py"));
    let mapper = repository.mapper(|builder| builder.past_messages(false));
    assert_eq!((first(&with_chat(&mapper)), first(&with_task(&mapper))), ("elder.py", "apple.py"));
}

#[test]
fn what_changes_often_counts_beside_messages_alone() {
    let repository = Repository::new();
    for _ in 0..3 {
        repository.commit("prune", &["daisy.py"]);
    }
    let often = |past_messages: bool, request: MapRequest| {
        let mut weights = Weights::default();
        weights.replace("[chat files]\nchurn = 9\n[task files]\nchurn = 9\n").unwrap();
        let mapper = support::builder(repository.path()).weights(weights).past_messages(past_messages);
        let map = mapper.build().unwrap().map(&request.full_ranking(true)).unwrap();
        first(&map).to_owned()
    };
    let task = || MapRequest::new(200).task("water the roots");
    assert_eq!([often(true, task()), often(false, task())], ["daisy.py", "apple.py"]);
    let chat = MapRequest::new(200).chat_files(["cedar.py"]);
    assert_eq!(often(false, chat), "daisy.py");
}

#[test]
fn a_new_commit_is_seen_by_the_same_mapper_and_by_the_next_one() {
    let repository = Repository::new();
    let cache = tempfile::tempdir().unwrap();
    let open = || repository.mapper(|builder| builder.stored_in(cache.path()));
    let mapper = open();
    repository.commit("prune", &["cedar.py", "elder.py"]);
    assert_eq!(first(&with_chat(&mapper)), "elder.py");
    for _ in 0..3 {
        repository.commit("prune", &["cedar.py", "birch.py"]);
    }
    assert_eq!(first(&with_chat(&mapper)), "birch.py");
    assert_eq!(first(&with_chat(&open())), "birch.py");
    // Back to where the other one was the companion: the log of later commits is not asked.
    repository.git(&["checkout", "-q", "--detach", "HEAD~6"]);
    assert_eq!(first(&with_chat(&open())), "elder.py");
}

#[test]
fn the_log_is_kept_between_runs() {
    let repository = Repository::new();
    repository.commit("prune", &["cedar.py", "elder.py"]);
    let cache = tempfile::tempdir().unwrap();
    let open = || repository.mapper(|builder| builder.stored_in(cache.path()));
    let before = with_chat(&open());
    // Without the trees of its commits the repository cannot tell any more.
    let head = repository.git(&["rev-parse", "HEAD"]);
    let (folder, file) = head.trim().split_at(2);
    let objects = repository.path().join(".git/objects");
    let commit = fs::read(objects.join(folder).join(file)).unwrap();
    fs::remove_dir_all(&objects).unwrap();
    fs::create_dir_all(objects.join(folder)).unwrap();
    fs::write(objects.join(folder).join(file), commit).unwrap();
    let after = with_chat(&open());
    assert_eq!((after.text, after.ranking, after.notices), (before.text, before.ranking, Vec::new()));
}

#[test]
fn maps_that_were_kept_are_those_of_the_same_log_and_switches() {
    let repository = Repository::new();
    repository.commit("water", &["daisy.py"]);
    let cache = tempfile::tempdir().unwrap();
    let text = |settings: fn(RepoMapperBuilder) -> RepoMapperBuilder| {
        let mapper = repository.mapper(|builder| settings(builder.stored_in(cache.path())));
        mapper.map(&MapRequest::new(20).task("water the roots")).unwrap().text
    };
    for _ in 0..2 {
        assert!(text(|builder| builder).starts_with("daisy.py"));
        assert!(text(|builder| builder.past_messages(false)).starts_with("apple.py"));
        assert!(text(|builder| builder.history(false)).starts_with("apple.py"));
    }
    for _ in 0..3 {
        repository.commit("water roots", &["birch.py"]);
    }
    assert!(text(|builder| builder).starts_with("birch.py"));
}

#[test]
fn without_a_log_that_can_be_read_there_is_a_map() {
    let repository = Repository::new();
    let expected = with_chat(&repository.mapper(|builder| builder.history(false)));
    fs::write(repository.path().join(".git/HEAD"), "nonsense").unwrap();
    let mapper = repository.mapper(|builder| builder);
    let map = with_chat(&mapper);
    assert_eq!(map.text, expected.text);
    assert!(map.notices.iter().any(|notice| notice.contains("git log")), "{:?}", map.notices);
    // It is said once.
    assert!(with_chat(&mapper).notices.is_empty());

    fs::remove_dir_all(repository.path().join(".git")).unwrap();
    let map = with_chat(&repository.mapper(|builder| builder));
    assert_eq!((map.text, map.notices), (expected.text, Vec::new()));
}

#[test]
fn an_overview_is_the_same_whatever_the_log_says() {
    let repository = Repository::new();
    let cache = tempfile::tempdir().unwrap();
    let mapper = repository.mapper(|builder| builder.stored_in(cache.path()));
    let before = mapper.map(&MapRequest::new(200)).unwrap();
    repository.git(&["commit", "-q", "--allow-empty", "-m", "rest"]);
    let after = mapper.map(&MapRequest::new(200)).unwrap();
    assert!(after.cache.map_hit, "a commit that changes no file took the kept map away");
    assert_eq!(after.text, before.text);
    assert!(after.timings.history.is_zero(), "the log was read for nothing");
}
