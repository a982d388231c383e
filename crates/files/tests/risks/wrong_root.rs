//! The wrong directory becomes the root, or a wrong path gets an answer that does not help.

use std::fs;

use repo_map_files::{ErrorKind, ScanOptions, locate, scan};

use crate::tree::{Tree, check, git};

#[track_caller]
fn check_root(tree: &Tree, path: &str, root: &str, subtree: Option<&str>, is_git: bool) {
    let found = locate(&tree.join(path)).unwrap();
    assert_eq!(found.path(), fs::canonicalize(tree.join(root)).unwrap());
    assert_eq!(found.subtree().map(|subtree| subtree.as_str()), subtree);
    assert_eq!(found.is_git(), is_git);
}

#[test]
fn a_folder_belongs_to_the_repository_that_tracks_it() {
    let tree = Tree::git(&[
        (".gitignore", "build/\n"),
        ("src/deep/a.rs", ""),
        ("src-gen/b.rs", ""),
        ("build/out/c.rs", ""),
        ("new/d.rs", ""),
    ]);
    tree.track(&["src/deep/a.rs"]);
    check_root(&tree, "", "", None, true);
    check_root(&tree, "src", "", Some("src"), true);
    check_root(&tree, "src/deep/", "", Some("src/deep"), true);
    check_root(&tree, "src/../src/./deep", "", Some("src/deep"), true);
    check_root(&tree, "src-gen", "src-gen", None, false);
    check_root(&tree, "new", "new", None, false);
    check_root(&tree, "build/out", "build/out", None, false);

    let out = locate(&tree.join("build/out")).unwrap();
    check(&scan(&out, &ScanOptions::default()).unwrap(), &["c.rs"], &[]);
}

#[test]
fn the_innermost_repository_wins() {
    let tree = Tree::git(&[("lib/a.rs", ""), ("lib/src/b.rs", "")]);
    tree.track(&["lib/a.rs"]);
    git(&tree.join("lib"), &["init", "-q"]);
    git(&tree.join("lib"), &["add", "src/b.rs"]);
    check_root(&tree, "lib", "lib", None, true);
    check_root(&tree, "lib/src", "lib", Some("src"), true);
}

#[test]
fn an_empty_git_folder_does_not_cut_a_folder_off() {
    let tree = Tree::git(&[("sub/a.rs", "")]);
    tree.track(&["sub/a.rs"]);
    fs::create_dir(tree.join("sub/.git")).unwrap();
    check_root(&tree, "sub", "", Some("sub"), true);
}

#[test]
fn a_plain_folder_is_its_own_root() {
    let tree = Tree::plain(&[("a/b", "")]);
    check_root(&tree, "a", "a", None, false);
}

#[test]
#[cfg(unix)]
fn a_link_to_a_folder_leads_to_the_folder() {
    let tree = Tree::git(&[("src/a.rs", "")]);
    tree.track(&["src/a.rs"]);
    std::os::unix::fs::symlink("src", tree.join("link")).unwrap();
    check_root(&tree, "link", "", Some("src"), true);
}

#[test]
fn a_wrong_path_gets_one_line_with_cause_and_cure() {
    let tree = Tree::plain(&[("file", "")]);
    let long = "n".repeat(300);
    let cases = [
        ("none", ErrorKind::NotFound, "give the path"),
        ("file", ErrorKind::NotADirectory, "give the directory"),
        ("file/below", ErrorKind::NotADirectory, "give the directory"),
        (&*long, ErrorKind::Unreadable, "allow reading"),
    ];
    for (path, kind, cure) in cases {
        let error = locate(&tree.join(path)).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(error.path(), tree.join(path));
        let line = error.to_string();
        assert!(line.contains(path) && line.contains(cure) && line.lines().count() == 1, "{line}");
    }
}

#[test]
fn a_root_that_is_deleted_after_it_was_found_is_an_error() {
    let tree = Tree::plain(&[("sub/a", "")]);
    let root = locate(&tree.join("sub")).unwrap();
    fs::remove_dir_all(tree.join("sub")).unwrap();
    assert_eq!(scan(&root, &ScanOptions::default()).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn an_empty_root_is_an_empty_scan() {
    Tree::plain(&[]).check(&[], &[]);
    Tree::git(&[]).check(&[], &[]);
}

#[test]
fn a_bare_repository_and_a_git_folder_are_no_trees() {
    let tree = Tree::git(&[("a.c", "")]);
    tree.track(&["a.c"]);
    tree.run_git(&["commit", "-q", "-m", "one"]);
    tree.run_git(&["clone", "-q", "--bare", ".", "bare.git"]);
    for path in [".git", "bare.git"] {
        let error = locate(&tree.join(path)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::GitDirectory);
        assert!(error.to_string().contains("git clone"), "{error}");
    }
    // Below a tree its objects and hooks are no files of the tree.
    tree.write("bare.git/hooks/own.py", "");
    tree.check(&["a.c"], &[]);
}

#[test]
fn tracked_files_that_look_like_a_repository_are_in() {
    let files = [("t/bare/HEAD", "ref: x\n"), ("t/bare/objects/a/b.c", ""), ("t/bare/refs/heads/m", "")];
    let tree = Tree::git(&files);
    tree.track(&["t"]);
    tree.write("t/bare/objects/new.c", "");
    tree.check(&files.map(|(path, _)| path), &[]);
    check_root(&tree, "t/bare", "", Some("t/bare"), true);
    let plain = Tree::plain(&files);
    plain.check(&[], &[]);
}
