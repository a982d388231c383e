//! An entry that is no regular file, or has an odd name or place, fails the run, hangs it or leads out of the tree.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::Command;

use repo_map_files::{ScanOptions, SkipReason};

use crate::tree::{Tree, check, paths, repo_path};

fn make_fifo(tree: &Tree, path: &str) {
    assert!(Command::new("mkfifo").arg(tree.join(path)).status().unwrap().success());
}

#[test]
fn links_are_reported_and_never_followed() {
    let outside = Tree::plain(&[("secret", "")]);
    for tree in [Tree::plain(&[("d/a", "")]), Tree::git(&[("d/a", "")])] {
        symlink(".", tree.join("self")).unwrap();
        symlink("../..", tree.join("d/up")).unwrap();
        symlink("b", tree.join("d/c")).unwrap();
        symlink("c", tree.join("d/b")).unwrap();
        symlink("nowhere", tree.join("dangling")).unwrap();
        symlink(outside.path(), tree.join("out")).unwrap();
        symlink("d/a", tree.join("to_file")).unwrap();
        let links =
            ["d/b", "d/c", "d/up", "dangling", "out", "self", "to_file"].map(|path| (path, "symlink"));
        tree.check(&["d/a"], &links);
    }
}

#[test]
fn a_tracked_link_is_a_link_and_what_lies_behind_a_linked_folder_is_not_in_the_tree() {
    let outside = Tree::plain(&[("a", "")]);
    let tree = Tree::git(&[(".gitignore", "*\n"), ("folder/a", "")]);
    symlink("folder/a", tree.join("link")).unwrap();
    tree.track(&["link", "folder/a"]);
    fs::remove_dir_all(tree.join("folder")).unwrap();
    symlink(outside.path(), tree.join("folder")).unwrap();
    // `folder` is ignored and, as a link, not tracked itself.
    tree.check(&[], &[("link", "symlink")]);
}

#[test]
fn fifos_and_sockets_are_reported() {
    let tree = Tree::plain(&[("d/a", "")]);
    make_fifo(&tree, "d/fifo");
    let _listener = UnixListener::bind(tree.join("socket")).unwrap();
    tree.check(&["d/a"], &[("d/fifo", "not_regular"), ("socket", "not_regular")]);
}

#[test]
fn a_fifo_with_the_name_of_a_rule_file_does_not_hang_the_scan() {
    let tree = Tree::git(&[("d/a", ""), ("d/b", "")]);
    tree.track(&["d/b"]);
    for name in [".gitignore", ".ignore", ".aiderignore", ".repomapignore"] {
        make_fifo(&tree, name);
        make_fifo(&tree, &format!("d/{name}"));
    }
    fs::remove_file(tree.join(".git/info/exclude")).unwrap();
    make_fifo(&tree, ".git/info/exclude");
    tree.check(&["d/a", "d/b"], &[]);

    let tree = Tree::plain(&[("a", "")]);
    make_fifo(&tree, ".git");
    tree.check(&["a"], &[]);
}

#[test]
fn a_linked_or_endless_rule_file_is_not_read() {
    let tree = Tree::plain(&[("a", ""), ("elsewhere", "a\n"), ("d/b", "")]);
    symlink("elsewhere", tree.join(".ignore")).unwrap();
    symlink("/dev/zero", tree.join("d/.ignore")).unwrap();
    tree.check(&["a", "d/b", "elsewhere"], &[]);

    let tree = Tree::plain(&[("a", ""), (".ignore", &"a\n".repeat(1 << 20))]);
    tree.check(&["a"], &[(".ignore", "too_large")]);
}

#[test]
fn names_that_are_not_utf8_are_reported_once() {
    let tree = Tree::plain(&[("ok", ""), (".ignore", "*.no\n")]);
    let name = |bytes: &'static [u8]| tree.path().join(OsStr::from_bytes(bytes));
    fs::write(name(b"bad\xff.rs"), "").unwrap();
    fs::write(name(b"bad\xff.no"), "").unwrap();
    fs::write(name(b".bad\xff"), "").unwrap();
    fs::create_dir(name(b"dir\xfe")).unwrap();
    fs::write(name(b"dir\xfe/a"), "").unwrap();
    tree.check(&["ok"], &[("bad\u{fffd}.rs", "non_utf8_name"), ("dir\u{fffd}", "non_utf8_name")]);
}

#[test]
fn names_with_odd_characters_are_ordinary() {
    let names = [" ", "-", "a\nb", "a\\b", "back`tick", "ü", "…", "日本", "a:b", "*", "[x]", "!x", "#x"];
    let mut names = names.map(String::from).to_vec();
    names.push("long".repeat(60));
    names.sort_unstable();
    for tree in [Tree::plain(&[]), Tree::git(&[])] {
        for name in &names {
            tree.write(name, "");
            tree.write(&format!("in/{name}"), "");
        }
        let mut expected: Vec<String> =
            names.iter().flat_map(|name| [name.clone(), format!("in/{name}")]).collect();
        expected.sort_unstable();
        assert_eq!(paths(&tree.scan()), expected);
    }
}

#[test]
fn deep_directories_are_walked() {
    let deep = "d/".repeat(300) + "a";
    let tree = Tree::git(&[(".gitignore", "/d\n"), (&deep, "")]);
    tree.check(&[], &[]);
    tree.track(&[&deep]);
    tree.check(&[&deep], &[]);
}

/// The one way to take a file from the superuser, whom permissions do not stop.
#[test]
fn what_the_system_refuses_to_read_is_reported() {
    let tree = Tree::plain(&[("a", "")]);
    let name = "n".repeat(250);
    let script = format!("for i in $(seq 18); do mkdir {name} && cd {name} || exit 1; done; : > unreachable");
    assert!(Command::new("bash").args(["-c", &script]).current_dir(tree.path()).status().unwrap().success());
    let scan = tree.scan();
    assert_eq!(paths(&scan), ["a"]);
    assert_eq!(scan.skipped.len(), 1);
    assert!(scan.skipped[0].path.starts_with(&name));
    assert_eq!(scan.skipped[0].reason, SkipReason::Unreadable);
}

#[test]
fn an_explicit_list_meets_the_same_reasons() {
    let outside = Tree::plain(&[("secret", "")]);
    let tree = Tree::plain(&[("a", "")]);
    symlink("a", tree.join("link")).unwrap();
    symlink(outside.path(), tree.join("out")).unwrap();
    make_fifo(&tree, "fifo");
    let list = ["a", "link", "out/secret", "fifo"].map(repo_path).to_vec();
    let skipped = [("fifo", "not_regular"), ("link", "symlink"), ("out/secret", "symlink")];
    check(&tree.scan_with(&ScanOptions::default().only(Some(list))), &["a"], &skipped);
}
