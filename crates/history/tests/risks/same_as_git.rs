//! The log is another than git's own: a commit is missing, out of order, or with other files.

use crate::repository::{Repository, files};

/// The commits and their files as git tells them, merges left out.
fn of_git(repository: &Repository) -> Vec<(String, Vec<String>)> {
    let text = repository.git(&["log", "--no-merges", "--no-renames", "--name-only", "--format=%x01%H"]);
    let commits = text.split('\u{1}').skip(1).map(|commit| {
        let mut lines = commit.lines().filter(|line| !line.is_empty());
        let id = lines.next().unwrap().to_owned();
        (id, lines.map(str::to_owned).collect())
    });
    commits.collect()
}

fn check(repository: &Repository) {
    let log = repository.log();
    let ours: Vec<(String, Vec<String>)> =
        log.commits().map(|commit| (commit.id(), commit.files().map(str::to_owned).collect())).collect();
    assert_eq!(ours, of_git(repository));
}

#[test]
fn branches_merges_and_all_kinds_of_changes() {
    let repository = Repository::new();
    repository.commit("first", &["a", "b/c", "b/d/e"]);
    repository.git(&["checkout", "-q", "-b", "side"]);
    repository.commit("on the side", &["side/x", "b/c"]);
    repository.git(&["checkout", "-q", "main"]);
    repository.commit("meanwhile", &["a"]);
    repository.git(&["checkout", "-q", "side"]);
    repository.commit("more on the side", &["side/y"]);
    repository.git(&["checkout", "-q", "main"]);
    repository.git(&["merge", "-q", "--no-edit", "side"]);
    repository.git(&["rm", "-q", "b/d/e"]);
    repository.commit_all("a file is removed");
    // A folder takes the place of a file, and back.
    repository.git(&["rm", "-q", "a"]);
    repository.commit("a folder", &["a/f"]);
    repository.git(&["rm", "-q", "a/f"]);
    repository.commit("a file", &["a"]);
    repository.commit_all("nothing at all");
    repository.git(&["update-index", "--chmod=+x", "b/c"]);
    repository.git(&["commit", "-q", "-m", "a mode"]);
    check(&repository);
    repository.git(&["gc", "-q"]);
    check(&repository);
}

#[test]
fn a_clock_that_jumps_back_keeps_children_before_parents() {
    let repository = Repository::new();
    for (message, time) in [("one", 3_000_000_000), ("two", 5), ("three", 2_000_000_000)] {
        repository.write("a", message);
        repository.git(&["add", "-A"]);
        crate::repository::git(repository.path(), &["commit", "-q", "-m", message], time);
    }
    check(&repository);
}

#[test]
fn a_commit_of_too_many_files_has_none() {
    let repository = Repository::new();
    let names: Vec<String> = (0..31).map(|name| format!("f{name:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    repository.commit("thirty-one", &names);
    repository.commit("thirty", &names[..30]);
    let log = repository.log();
    assert_eq!(files(&log), [names[..30].to_vec(), vec![]]);
}
