//! A repository that is not one directory with one plain index fails the run or loses tracked files.

use std::fs;

use repo_map_files::{ScanOptions, locate, scan};

use crate::tree::{Tree, check, git, git_command};

/// A repository with one commit: a tracked file that is ignored, and one that is not.
fn committed() -> Tree {
    let tree =
        Tree::git(&[(".gitignore", "ignored*\n"), ("ignored.c", "1"), ("seen.c", "2"), ("sub/deep.c", "3")]);
    commit(&tree);
    tree
}

fn commit(tree: &Tree) {
    tree.track(&["."]);
    tree.run_git(&["commit", "-q", "-m", "one"]);
}

const COMMITTED: [&str; 4] = [".gitignore", "ignored.c", "seen.c", "sub/deep.c"];

#[test]
fn a_linked_worktree_has_its_own_index_and_the_shared_excludes() {
    for relative in ["false", "true"] {
        let main = committed();
        main.write(".git/info/exclude", "local\n");
        let work = Tree::plain(&[]);
        let config = format!("worktree.useRelativePaths={relative}");
        let path = work.join("tree");
        main.run_git(&["-c", &config, "worktree", "add", "-q", path.to_str().unwrap(), "-b", "two"]);
        assert!(path.join(".git").is_file());
        for name in ["local", "new", "ignored-new"] {
            fs::write(path.join(name), "").unwrap();
        }
        let root = locate(&path).unwrap();
        assert!(root.is_git());
        let mut expected = COMMITTED.to_vec();
        expected.insert(2, "new");
        check(&scan(&root, &ScanOptions::default()).unwrap(), &expected, &[]);
    }
}

#[test]
fn a_submodule_is_walked_from_outside_and_a_repository_from_inside() {
    let library = committed();
    let tree = Tree::git(&[("a.c", "")]);
    tree.run_git(&["submodule", "add", "-q", library.path().to_str().unwrap(), "lib"]);
    tree.track(&["a.c"]);
    // From outside its files are untracked, so the submodule's own ignore rules hold.
    tree.check(&[".gitmodules", "a.c", "lib/seen.c", "lib/sub/deep.c"], &[]);

    let root = locate(&tree.join("lib")).unwrap();
    assert_eq!((root.path(), root.is_git()), (&*tree.join("lib"), true));
    check(&scan(&root, &ScanOptions::default()).unwrap(), &COMMITTED, &[]);
}

#[test]
fn an_index_in_two_parts_is_read_whole() {
    let tree = committed();
    tree.run_git(&["update-index", "--split-index"]);
    tree.write("ignored-later.c", "");
    tree.track(&["ignored-later.c"]);
    tree.run_git(&["rm", "-q", "--cached", "ignored.c"]);
    let names = fs::read_dir(tree.join(".git")).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(names.into_iter().any(|name| name.to_string_lossy().starts_with("sharedindex.")));
    tree.check(&[".gitignore", "ignored-later.c", "seen.c", "sub/deep.c"], &[]);
}

#[test]
fn every_version_of_the_index_is_read() {
    for version in ["2", "3", "4"] {
        let tree = committed();
        tree.write("ignored-intended.c", "");
        // An entry that is only intended to be added takes the extended flags of version 3.
        tree.run_git(&["add", "-f", "-N", "ignored-intended.c"]);
        tree.run_git(&["update-index", "--index-version", version]);
        tree.check(&[".gitignore", "ignored-intended.c", "ignored.c", "seen.c", "sub/deep.c"], &[]);
    }
}

#[test]
fn what_a_sparse_checkout_leaves_out_is_not_missing() {
    for sparse_index in ["--sparse-index", "--no-sparse-index"] {
        let tree = committed();
        tree.write("left/out.c", "");
        tree.write("left/more/out.c", "");
        commit(&tree);
        tree.run_git(&["sparse-checkout", "set", "--cone", sparse_index, "sub"]);
        assert!(!tree.join("left").exists());
        tree.check(&COMMITTED, &[]);
        tree.write("left/out.c", "back by hand");
        tree.check(&[".gitignore", "ignored.c", "left/out.c", "seen.c", "sub/deep.c"], &[]);
    }
}

#[test]
fn a_repository_that_names_objects_by_sha256_is_read() {
    let tree = Tree::plain(&[(".gitignore", "a\n"), ("a", ""), ("b", "")]);
    tree.run_git(&["init", "-q", "--object-format=sha256"]);
    tree.track(&["a"]);
    tree.check(&["a", "b"], &[]);
}

#[test]
fn a_file_in_conflict_is_in_once() {
    let tree = committed();
    tree.run_git(&["checkout", "-q", "-b", "other"]);
    tree.write("ignored.c", "other");
    commit(&tree);
    tree.run_git(&["checkout", "-q", "-"]);
    tree.write("ignored.c", "mine");
    commit(&tree);
    assert!(!git_command(tree.path(), &["merge", "-q", "other"]).status().unwrap().success());
    assert_eq!(tree.run_git(&["ls-files", "-u"]).lines().count(), 3);
    tree.check(&COMMITTED, &[]);
}

#[test]
fn a_tracked_file_that_is_gone_is_reported() {
    let tree = committed();
    fs::remove_file(tree.join("ignored.c")).unwrap();
    fs::remove_dir_all(tree.join("sub")).unwrap();
    tree.check(&[".gitignore", "seen.c"], &[("ignored.c", "vanished"), ("sub/deep.c", "vanished")]);
    fs::write(tree.join("sub"), "a file now").unwrap();
    tree.check(&[".gitignore", "seen.c", "sub"], &[("ignored.c", "vanished"), ("sub/deep.c", "vanished")]);
}

#[test]
fn a_corrupt_index_leaves_the_walk_and_a_notice() {
    let tree = committed();
    let index = fs::read(tree.join(".git/index")).unwrap();
    let mut flipped = index.clone();
    flipped[80] ^= 1;
    for bytes in [
        &b"garbage"[..],
        b"",
        &[0; 4096],
        b"DIRC\0\0\0\x02\xff\xff\xff\xff",
        &index[..index.len() / 2],
        &flipped,
    ] {
        fs::write(tree.join(".git/index"), bytes).unwrap();
        tree.check(&["seen.c", "sub/deep.c"], &[(".git", "git_unreadable")]);
        assert_eq!(
            locate(&tree.join("sub")).unwrap().path(),
            tree.join("sub"),
            "nothing is known to be tracked"
        );
    }
    fs::remove_file(tree.join(".git/index")).unwrap();
    fs::create_dir(tree.join(".git/index")).unwrap();
    tree.check(&["seen.c", "sub/deep.c"], &[(".git", "git_unreadable")]);
    fs::remove_dir(tree.join(".git/index")).unwrap();
    tree.check(&["seen.c", "sub/deep.c"], &[]);
}

#[test]
fn a_broken_repository_leaves_the_walk_and_a_notice() {
    let tree = Tree::plain(&[("a.c", ""), (".git", "gitdir: nowhere\n")]);
    assert!(!tree.root().is_git());
    tree.check(&["a.c"], &[(".git", "git_unreadable")]);

    let tree = committed();
    fs::write(tree.join(".git/config"), "[core\n").unwrap();
    tree.check(&["seen.c", "sub/deep.c"], &[(".git", "git_unreadable")]);

    let tree = Tree::plain(&[("a.c", ""), (".git/config", "")]);
    tree.check(&["a.c"], &[(".git", "git_unreadable")]);
}

#[test]
fn a_work_tree_that_lies_elsewhere_is_not_guessed() {
    let tree = committed();
    let elsewhere = Tree::plain(&[]);
    tree.run_git(&["config", "core.worktree", elsewhere.path().to_str().unwrap()]);
    assert!(!tree.root().is_git());
    let bare = Tree::plain(&[]);
    git(bare.path(), &["init", "-q", "--bare"]);
    assert_eq!(locate(bare.path()).unwrap_err().kind(), repo_map_files::ErrorKind::GitDirectory);
}
