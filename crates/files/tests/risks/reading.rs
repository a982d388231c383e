//! Reading a file waits, leaves the tree, takes too much, or lets an edit go unnoticed.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::Command;

use repo_map_files::{SkipReason, read};

use crate::tree::{Tree, repo_path};

#[track_caller]
fn check(tree: &Tree, path: &str, expected: Result<&str, SkipReason>) {
    let found = read(&tree.root(), &repo_path(path), 10).map(|(bytes, _)| String::from_utf8(bytes).unwrap());
    assert_eq!(found.as_deref().map_err(|reason| *reason), expected, "{path}");
}

#[test]
fn only_regular_files_below_the_root_are_read() {
    let outside = Tree::plain(&[("secret", "")]);
    let tree = Tree::plain(&[("d/a", "text")]);
    symlink("d/a", tree.join("link")).unwrap();
    symlink("nowhere", tree.join("dangling")).unwrap();
    symlink(".", tree.join("loop")).unwrap();
    symlink(outside.path(), tree.join("out")).unwrap();
    assert!(Command::new("mkfifo").arg(tree.join("fifo")).status().unwrap().success());
    let _listener = UnixListener::bind(tree.join("socket")).unwrap();

    check(&tree, "d/a", Ok("text"));
    check(&tree, "link", Err(SkipReason::Symlink));
    check(&tree, "dangling", Err(SkipReason::Symlink));
    check(&tree, "loop/d/a", Err(SkipReason::Symlink));
    check(&tree, "out/secret", Err(SkipReason::Symlink));
    check(&tree, "fifo", Err(SkipReason::NotRegular));
    check(&tree, "socket", Err(SkipReason::NotRegular));
    check(&tree, "d", Err(SkipReason::NotRegular));
    check(&tree, "none", Err(SkipReason::Vanished));
    check(&tree, "d/a/below", Err(SkipReason::Vanished));
    check(&tree, &"n".repeat(300), Err(SkipReason::Unreadable));
    check(&tree, "nul\0byte", Err(SkipReason::Unreadable));
}

#[test]
fn the_limit_is_the_largest_file_that_is_read() {
    let tree = Tree::plain(&[("empty", ""), ("ten", "0123456789"), ("eleven", "0123456789a")]);
    check(&tree, "empty", Ok(""));
    check(&tree, "ten", Ok("0123456789"));
    check(&tree, "eleven", Err(SkipReason::TooLarge));
    let everything = read(&tree.root(), &repo_path("eleven"), u64::MAX).unwrap();
    assert_eq!(everything.0.len(), 11);
    // A file of this size takes no space on the disk; as memory it would.
    fs::File::create(tree.join("huge")).unwrap().set_len(1 << 40).unwrap();
    check(&tree, "huge", Err(SkipReason::TooLarge));
}

#[test]
fn the_fingerprint_of_a_reading_is_that_of_a_scan() {
    let tree = Tree::plain(&[("a", "text")]);
    let scanned = tree.scan().files.remove(0);
    assert_eq!(read(&tree.root(), &scanned.path, 10).unwrap().1, scanned.stat);
    assert_eq!(scanned.stat.size, 4);
}

#[test]
fn an_edit_of_the_same_length_with_its_time_set_back_is_seen() {
    let tree = Tree::plain(&[("a", "text")]);
    let before = tree.scan();
    let time = fs::metadata(tree.join("a")).unwrap().modified().unwrap();
    // Longer than the longest step of a kernel's clock, so that the change time cannot be the same.
    std::thread::sleep(std::time::Duration::from_millis(50));
    fs::write(tree.join("a"), "TEXT").unwrap();
    fs::File::options().write(true).open(tree.join("a")).unwrap().set_modified(time).unwrap();
    let after = tree.scan();
    assert_eq!(before.files[0].stat.mtime_ns, after.files[0].stat.mtime_ns);
    assert_eq!(repo_map_files::changes(&before.files, &after.files).modified, after.files);
}

#[test]
fn a_file_exchanged_for_another_of_the_same_size_and_time_is_seen() {
    let tree = Tree::plain(&[("a", "1"), ("b", "2")]);
    let before = tree.scan();
    fs::rename(tree.join("b"), tree.join("a")).unwrap();
    let after = tree.scan();
    assert_ne!(before.files[0].stat.inode, after.files[0].stat.inode);
}
