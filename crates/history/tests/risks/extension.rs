//! A log that was extended differs from one that was read at once.

use proptest::prelude::*;
use repo_map_history::{Log, LogEnd, LogOptions};

use crate::repository::{Repository, files, words};

/// Reads anew and by extension, through the stored bytes, and wants the same.
#[track_caller]
fn check(repository: &Repository, options: &LogOptions, previous: &Log) -> Log {
    let stored = Log::from_bytes(&previous.to_bytes()).unwrap();
    assert_eq!(&stored, previous);
    let fresh = Log::read(repository.path(), options, None, words);
    assert_eq!(Log::read(repository.path(), options, Some(stored), words), fresh);
    fresh
}

#[derive(Clone, Debug)]
enum Step {
    Commit(Vec<u8>),
    Move(u8, u8),
    Branch(u8),
    Switch(u8),
    Merge(u8),
    Back,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => prop::collection::vec(0..6_u8, 0..4).prop_map(Step::Commit),
        1 => (0..6_u8, 0..6_u8).prop_map(|(from, to)| Step::Move(from, to)),
        1 => (0..3_u8).prop_map(Step::Branch),
        2 => (0..3_u8).prop_map(Step::Switch),
        2 => (0..3_u8).prop_map(Step::Merge),
        1 => Just(Step::Back),
    ]
}

fn exists(repository: &Repository, branch: &str) -> bool {
    repository.git(&["branch", "--list", branch]).contains(branch)
}

fn take(repository: &Repository, step: &Step) {
    let name = |file: u8| format!("folder/{file}");
    match step {
        Step::Commit(files) => {
            let files: Vec<String> = files.iter().map(|&file| name(file)).collect();
            repository.commit("some words", &files.iter().map(String::as_str).collect::<Vec<_>>());
        }
        Step::Move(from, to) => {
            if repository.path().join(name(*from)).exists() && from != to {
                repository.git(&["mv", "-f", &name(*from), &name(*to)]);
                repository.commit_all("move");
            }
        }
        Step::Branch(branch) => {
            repository.git(&["branch", "-q", "-f", &format!("fork{branch}")]);
        }
        Step::Switch(branch) => {
            let branch = format!("fork{branch}");
            if exists(repository, &branch) {
                repository.git(&["checkout", "-q", "--detach", &branch]);
            }
        }
        Step::Merge(branch) => {
            let branch = format!("fork{branch}");
            if exists(repository, &branch) {
                repository.git(&["merge", "-q", "--no-edit", "--no-ff", "-s", "ours", &branch]);
            }
        }
        Step::Back => {
            if repository.git(&["rev-list", "--count", "HEAD"]).trim() != "1" {
                repository.git(&["reset", "-q", "--hard", "HEAD^"]);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 30, ..ProptestConfig::default() })]

    #[test]
    fn any_history_gives_the_same_log_however_it_is_read(steps in prop::collection::vec(step(), 1..14), limit in 1..12_usize, named in 0..6_usize) {
        let repository = Repository::new();
        repository.commit("first", &["folder/0", "folder/1"]);
        repository.git(&["checkout", "-q", "--detach"]);
        let options = LogOptions::default().commits(limit).named_commits(named);
        let mut log = Log::read(repository.path(), &options, None, words);
        for step in &steps {
            take(&repository, step);
            log = check(&repository, &options, &log);
        }
    }
}

#[test]
fn a_log_read_with_other_options_or_words_is_read_anew() {
    let repository = Repository::new();
    repository.commit("one", &["a"]);
    repository.commit("two", &["b"]);
    let log = repository.log();
    for options in [
        LogOptions::default().commits(1),
        LogOptions::default().named_commits(1),
        LogOptions::default().message_bytes(2),
        LogOptions::default().words_version(7),
    ] {
        check(&repository, &options, &log);
    }
}

#[test]
fn what_is_known_is_not_looked_at_again() {
    let repository = Repository::new();
    repository.commit("one", &["a"]);
    repository.commit("two", &["b"]);
    let log = repository.log();
    repository.commit("three", &["a", "b"]);
    let whole = repository.log();
    // What is lost of the commits that are known is not missed.
    repository.lose("HEAD^^^{tree}");
    repository.lose("HEAD^^");
    let extended = repository.extend(log);
    assert_eq!(
        (files(&extended), extended.end()),
        (vec![vec!["a", "b"], vec!["b"], vec!["a"]], LogEnd::First)
    );
    assert_eq!(extended, whole);
}

#[test]
fn a_log_of_another_repository_does_no_harm() {
    let (one, other) = (Repository::new(), Repository::new());
    one.commit("one", &["a"]);
    other.commit("other", &["b", "c"]);
    assert_eq!(other.extend(one.log()), other.log());
}
