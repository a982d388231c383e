//! What is said to have changed is other than what git says, or what a hostile repository wants.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use repo_map_history::{Changes, ChangesError, WorkFile};

use crate::repository::Repository;

/// The regular files of the work tree, with what a scan knows of them.
fn scan(root: &Path) -> Vec<(String, u64, i64)> {
    let (mut files, mut folders) = (Vec::new(), vec![PathBuf::new()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let (path, metadata) = (folder.join(entry.file_name()), entry.path().symlink_metadata().unwrap());
            if metadata.is_dir() && entry.file_name() != ".git" {
                folders.push(path);
            } else if metadata.is_file() {
                let modified = metadata.mtime() * 1_000_000_000 + metadata.mtime_nsec();
                files.push((path.to_str().unwrap().to_owned(), metadata.len(), modified));
            }
        }
    }
    files
}

fn since(repository: &Repository, revision: Option<&str>) -> Result<Changes, ChangesError> {
    let root = repository.path();
    let files = scan(root);
    let files: Vec<WorkFile<'_>> = files
        .iter()
        .map(|(path, size, modified_ns)| WorkFile { path, size: *size, modified_ns: *modified_ns })
        .collect();
    Changes::since(root, revision, &files, |path| fs::read(root.join(path)).ok())
}

/// The same by git: what differs from the commit, and what it does not track.
fn of_git(repository: &Repository, revision: &str) -> Vec<String> {
    let tracked = repository.git(&["diff", "--name-only", "--no-renames", "--no-ext-diff", revision]);
    let others = repository.git(&["ls-files", "--others"]);
    let mut files: Vec<String> = tracked.lines().chain(others.lines()).map(str::to_owned).collect();
    files.sort_unstable();
    files
}

fn check(repository: &Repository, revision: &str) {
    let changes = since(repository, Some(revision)).unwrap();
    assert_eq!(changes.files, of_git(repository, revision), "{revision}");
}

/// Three commits on the main branch, and one on another, with a tag on the second.
fn history() -> Repository {
    let repository = Repository::new();
    repository.commit("first", &["a.py", "b/c.py", "b/d/e.py", "gone.py"]);
    repository.commit("second", &["a.py"]);
    repository.git(&["tag", "-a", "v1.0", "-m", "a tag"]);
    repository.git(&["checkout", "-q", "-b", "side/branch"]);
    repository.commit("on the side", &["side.py"]);
    repository.git(&["checkout", "-q", "main"]);
    repository.git(&["rm", "-q", "gone.py"]);
    repository.commit("third", &["b/c.py", "new.py"]);
    repository
}

#[test]
fn the_files_are_those_that_git_names_whatever_was_done_to_them() {
    let repository = history();
    let revisions = ["HEAD", "HEAD~1", "HEAD~2", "main^", "v1.0", "side/branch"];
    revisions.iter().for_each(|revision| check(&repository, revision));
    // Edited, edited and staged, edited after that, removed, removed from the index alone, new, of the same size.
    repository.write("a.py", "edited\n");
    repository.write("b/c.py", "staged\n");
    repository.git(&["add", "b/c.py"]);
    repository.write("b/c.py", "staged and edited\n");
    fs::remove_file(repository.path().join("b/d/e.py")).unwrap();
    repository.git(&["rm", "-q", "--cached", "new.py"]);
    repository.write("untracked/file.py", "new\n");
    let changes = since(&repository, None).unwrap();
    // Git names a file that was removed from the index alone both as removed and as not tracked; its content is the same.
    let expected: Vec<String> =
        of_git(&repository, "HEAD").into_iter().filter(|file| file != "new.py").collect();
    assert_eq!(changes.files, expected);
    assert!(changes.diff.contains("+++ b/a.py\n@@ -1,2 +1,1 @@\n"), "{}", changes.diff);
    assert!(changes.diff.contains("+staged and edited\n") && changes.diff.contains("+++ /dev/null\n"));
}

#[test]
fn a_change_in_the_second_of_the_index_and_of_the_same_length_is_seen() {
    let repository = Repository::new();
    for round in 0..20 {
        repository.write("a.py", &format!("value = {}\n", round % 2));
        repository.commit_all("set");
        repository.write("a.py", &format!("value = {}\n", 1 - round % 2));
        assert_eq!(since(&repository, None).unwrap().files, ["a.py"], "round {round}");
    }
}

#[test]
fn ends_of_lines_that_git_would_convert_are_no_change() {
    let repository = Repository::new();
    repository.write("a.py", "one\ntwo\n");
    repository.commit_all("first");
    repository.write("a.py", "one\r\ntwo\r\n");
    assert_eq!(since(&repository, None).unwrap(), Changes::default());
}

#[test]
fn messages_are_those_between_the_commit_and_head() {
    let repository = history();
    let messages = |revision| since(&repository, Some(revision)).unwrap().messages;
    assert_eq!(messages("HEAD~2"), ["third", "second"]);
    assert_eq!(messages("HEAD"), [""; 0]);
    assert_eq!(messages("side/branch"), [""; 0], "it is not on the way");
    let task = since(&repository, Some("v1.0")).unwrap().task();
    assert!(task.starts_with("third\n\n--- a/b/c.py\n+++ b/b/c.py\n@@ "), "{task}");
}

#[test]
fn revisions_name_what_they_name_for_git() {
    let repository = history();
    repository.git(&["merge", "-q", "--no-edit", "side/branch"]);
    let id = repository.git(&["rev-parse", "HEAD~1"]);
    let (id, short) = (id.trim(), &id[..9]);
    let check_all = || {
        for revision in [
            "@",
            "HEAD^2",
            "HEAD^^",
            "HEAD~1^",
            "HEAD^0",
            "main~2",
            "v1.0",
            "tags/v1.0",
            "refs/heads/main",
            id,
            short,
        ] {
            check(&repository, revision);
        }
    };
    check_all();
    repository.git(&["gc", "-q"]);
    check_all();
    for (revision, cause) in [
        ("no-such", "no commit has that name"),
        ("HEAD~99", "no commit has that name"),
        ("HEAD^3", "no commit has that name"),
        ("ffffffff", "no commit has that name"),
        ("", "no commit has that name"),
        ("../../config", "it is none of the forms"),
        ("HEAD@{1}", "it is none of the forms"),
        ("main..side/branch", "it is none of the forms"),
        ("HEAD:a.py", "it is none of the forms"),
        ("HEAD~x", "it is none of the forms"),
    ] {
        let error = since(&repository, Some(revision)).unwrap_err().to_string();
        assert!(error.contains(cause), "{revision}: {error}");
    }
    let long = "a".repeat(50);
    assert!(since(&repository, Some(&long)).is_err(), "digits of another hash");
}

#[test]
fn digits_that_several_objects_begin_with_name_none() {
    let repository = Repository::new();
    // By the pigeonholes one of so many names shares its first four digits with another.
    (0..1500).for_each(|file| repository.write(&format!("f{file}"), &format!("{file}\n")));
    repository.commit_all("first");
    let names = repository.git(&["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"]);
    let mut names: Vec<&str> = names.lines().map(|name| &name[..4]).collect();
    names.sort_unstable();
    let twice = names.windows(2).find(|pair| pair[0] == pair[1]).expect("more names than places")[0];
    let error = since(&repository, Some(twice)).unwrap_err().to_string();
    assert!(error.contains("several objects"), "{error}");
    repository.git(&["gc", "-q"]);
    assert!(since(&repository, Some(twice)).unwrap_err().to_string().contains("several objects"));
}

#[test]
fn what_a_sparse_checkout_leaves_out_is_not_removed() {
    let repository = history();
    repository.git(&["sparse-checkout", "set", "--no-cone", "/a.py"]);
    assert!(!repository.path().join("b/c.py").exists());
    assert_eq!(since(&repository, None).unwrap(), Changes::default());
}

#[test]
fn without_a_repository_or_a_commit_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let none = Changes::since(folder.path(), None, &[], |_| None);
    assert!(matches!(none, Err(ChangesError::NoRepository)));
    let empty = Repository::new();
    assert!(matches!(since(&empty, None), Err(ChangesError::NoCommit)));
    let damaged = history();
    damaged.lose("HEAD^{tree}");
    assert!(matches!(since(&damaged, None), Err(ChangesError::Unreadable(_))));
}

#[test]
fn a_tree_of_hostile_names_reaches_nothing_outside() {
    let repository = Repository::new();
    repository.commit("first", &["a.py"]);
    // A tree that no honest git writes: names that go up, and one below a link.
    let blob = repository.git(&["hash-object", "-w", "a.py"]);
    let blob = blob.trim();
    let raw = |names: &[&str]| {
        let bytes: Vec<u8> = blob
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect();
        names
            .iter()
            .flat_map(|name| [format!("100644 {name}\0").as_bytes(), &bytes].concat())
            .collect::<Vec<u8>>()
    };
    fs::write(repository.path().join("tree"), raw(&["../../etc/hostname", "..", "/etc/passwd", "x\ny"]))
        .unwrap();
    let tree = repository.git(&["hash-object", "-t", "tree", "-w", "--literally", "tree"]);
    fs::remove_file(repository.path().join("tree")).unwrap();
    let commit = repository.git(&["commit-tree", tree.trim(), "-m", "hostile"]);
    let mut asked = Vec::new();
    let files = [WorkFile { path: "a.py", size: 1, modified_ns: 0 }];
    let changes = Changes::since(repository.path(), Some(commit.trim()), &files, |path| {
        asked.push(path.to_owned());
        Some(b"new\n".to_vec())
    })
    .unwrap();
    assert_eq!(asked, ["a.py"], "only what the scan has is read");
    assert!(!changes.diff.contains("etc") && !changes.diff.contains("x\ny"), "{}", changes.diff);
}

#[test]
fn a_large_change_is_cut_and_its_files_are_named() {
    let repository = Repository::new();
    repository.commit("first", &["a.py"]);
    let line = "some text of a line that is added\n".repeat(2000);
    (0..60).for_each(|file| repository.write(&format!("big{file:02}.py"), &line));
    let changes = since(&repository, None).unwrap();
    assert_eq!(changes.files.len(), 60);
    assert!(changes.diff.len() < 300_000 && changes.diff.contains("+++ b/big59.py"));
}
