//! A repository that is not one plain directory with a branch, or that is broken, stops the run or gives another log.

use std::fs;

use repo_map_history::{Log, LogEnd, LogOptions};

use crate::repository::{Repository, files, git, read, words};

fn three() -> Repository {
    let repository = Repository::new();
    repository.commit("one", &["a", "b"]);
    repository.commit("two", &["a"]);
    repository.commit("three", &["b", "sub/c"]);
    repository
}

const THREE: [&[&str]; 3] = [&["b", "sub/c"], &["a"], &["a", "b"]];

#[track_caller]
fn check(log: &Log, end: LogEnd, expected: &[&[&str]]) {
    assert_eq!(
        (files(log), log.end(), log.unreadable()),
        (expected.iter().map(|files| files.to_vec()).collect(), end, 0)
    );
}

#[test]
fn a_plain_repository_is_read_to_its_first_commit() {
    let repository = three();
    let log = repository.log();
    check(&log, LogEnd::First, &THREE);
    assert_eq!(log.head().unwrap(), repository.git(&["rev-parse", "HEAD"]).trim());
}

#[test]
fn no_repository_and_no_commit_give_an_empty_log() {
    let folder = tempfile::tempdir().unwrap();
    check(&read(folder.path()), LogEnd::NoRepository, &[]);
    check(&read(&folder.path().join("missing")), LogEnd::NoRepository, &[]);
    let repository = Repository::new();
    check(&repository.log(), LogEnd::NoCommit, &[]);
    // A folder below a repository is not that repository.
    repository.commit("one", &["sub/a"]);
    check(&read(&repository.path().join("sub")), LogEnd::NoRepository, &[]);
}

#[test]
fn what_is_no_repository_though_it_looks_like_one_is_unreadable() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(".git"), "gitdir: /nowhere").unwrap();
    check(&read(folder.path()), LogEnd::Unreadable, &[]);
    let repository = three();
    fs::write(repository.path().join(".git/HEAD"), "nonsense").unwrap();
    check(&repository.log(), LogEnd::Unreadable, &[]);
}

#[test]
fn a_bare_repository_a_detached_head_and_a_packed_one_are_read() {
    let repository = three();
    let bare = tempfile::tempdir().unwrap();
    git(bare.path(), &["clone", "-q", "--bare", repository.path().to_str().unwrap(), "bare"], 0);
    check(&read(&bare.path().join("bare")), LogEnd::First, &THREE);

    repository.git(&["gc", "-q"]);
    check(&repository.log(), LogEnd::First, &THREE);
    repository.git(&["checkout", "-q", "--detach", "HEAD^"]);
    check(&repository.log(), LogEnd::First, &THREE[1..]);
}

#[test]
fn a_linked_worktree_has_its_own_head() {
    let repository = three();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tree");
    repository.git(&["worktree", "add", "-q", path.to_str().unwrap(), "HEAD^"]);
    assert!(path.join(".git").is_file());
    check(&read(&path), LogEnd::First, &THREE[1..]);
    check(&repository.log(), LogEnd::First, &THREE);
}

#[test]
fn a_submodule_has_a_log_of_its_own() {
    let library = three();
    let repository = Repository::new();
    repository.git(&["submodule", "add", "-q", library.path().to_str().unwrap(), "lib"]);
    repository.commit("with a library", &["a"]);
    check(&read(&repository.path().join("lib")), LogEnd::First, &THREE);
    check(&repository.log(), LogEnd::First, &[&[".gitmodules", "a"]]);
}

#[test]
fn objects_named_by_sha256_are_read() {
    let repository = Repository::with(&["--object-format=sha256"]);
    repository.commit("one", &["a"]);
    let log = repository.log();
    check(&log, LogEnd::First, &[&["a"]]);
    assert_eq!(Log::from_bytes(&log.to_bytes()).unwrap(), log);
}

#[test]
fn a_shallow_clone_ends_where_it_was_cut_and_grows_when_it_is_deepened() {
    let repository = three();
    let folder = tempfile::tempdir().unwrap();
    let url = format!("file://{}", repository.path().display());
    git(folder.path(), &["clone", "-q", "--depth=2", &url, "clone"], 0);
    let clone = folder.path().join("clone");
    let log = read(&clone);
    // What the commit at the border changed is not known.
    check(&log, LogEnd::Cut, &THREE[..1]);

    git(&clone, &["fetch", "-q", "--unshallow"], 0);
    let whole = Log::read(&clone, &LogOptions::default(), Some(log), words);
    check(&whole, LogEnd::First, &THREE);
    assert_eq!(whole, read(&clone));
}

#[test]
fn a_missing_tree_costs_its_commits_and_is_found_when_it_is_back() {
    let repository = three();
    let whole = repository.log();
    let backup = tempfile::tempdir().unwrap();
    git(
        backup.path(),
        &["clone", "-q", "--bare", "--no-hardlinks", repository.path().to_str().unwrap(), "b"],
        0,
    );
    repository.lose("HEAD^^{tree}");
    let log = repository.log();
    assert_eq!((files(&log), log.end(), log.unreadable()), (vec![vec!["a", "b"]], LogEnd::First, 2));

    let objects = repository.path().join(".git/objects/info/alternates");
    fs::write(objects, backup.path().join("b/objects").to_str().unwrap()).unwrap();
    assert_eq!(repository.extend(log), whole);
}

#[test]
fn a_partial_clone_tells_what_it_has() {
    let repository = three();
    repository.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", repository.path().display());
    let folder = tempfile::tempdir().unwrap();
    for (filter, commits, unreadable) in [("blob:none", 3, 0), ("tree:0", 0, 3)] {
        let clone = folder.path().join(unreadable.to_string());
        git(
            folder.path(),
            &["clone", "-q", "--bare", &format!("--filter={filter}"), &url, clone.to_str().unwrap()],
            0,
        );
        let log = read(&clone);
        assert_eq!((log.len(), log.end(), log.unreadable()), (commits, LogEnd::First, unreadable));
    }
}

#[test]
fn a_missing_commit_ends_the_log() {
    let repository = three();
    repository.lose("HEAD^^");
    let log = repository.log();
    // The commit before it cannot be compared with it.
    assert_eq!((files(&log), log.end(), log.unreadable()), (vec![vec!["b", "sub/c"]], LogEnd::Cut, 1));
}

#[test]
fn damaged_objects_cost_their_commits_alone() {
    let repository = three();
    fs::write(repository.lose("HEAD^^{tree}"), "this is no object").unwrap();
    let log = repository.log();
    assert_eq!((files(&log), log.unreadable()), (vec![vec!["a", "b"]], 2));
}

#[test]
fn the_limits_are_kept() {
    let repository = three();
    let two = LogOptions::default().commits(2);
    check(&Log::read(repository.path(), &two, None, words), LogEnd::Limit, &THREE[..2]);
    let little = LogOptions::default().work(0);
    let log = Log::read(repository.path(), &little, None, words);
    check(&log, LogEnd::Work, &THREE[..1]);
    assert_eq!(Log::read(repository.path(), &little, Some(log.clone()), words), log);
}

#[test]
fn a_name_that_is_no_text_is_left_out() {
    use std::os::unix::ffi::OsStrExt as _;
    let repository = Repository::new();
    repository.write("a", "");
    let odd = repository.path().join(std::ffi::OsStr::from_bytes(b"\xff\xfe"));
    if fs::write(odd, "").is_ok() {
        repository.commit_all("one");
        check(&repository.log(), LogEnd::First, &[&["a"]]);
    }
}
