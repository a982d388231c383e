//! Git's data is made so that whoever reads it waits for ever, fills memory or overflows the stack.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use repo_map_files::{Scan, ScanOptions, locate, scan};

use crate::tree::{Tree, paths};

fn scanned(tree: &Tree) -> Scan {
    let (send, receive) = mpsc::channel();
    let path = tree.path().to_owned();
    thread::spawn(move || {
        let scan = scan(&locate(&path).unwrap(), &ScanOptions::default()).unwrap();
        drop(send.send(scan));
    });
    receive.recv_timeout(Duration::from_secs(60)).expect("the scan ends")
}

fn committed() -> Tree {
    let tree = Tree::git(&[("a.c", "")]);
    tree.track(&["a.c"]);
    tree.run_git(&["commit", "-q", "-m", "one"]);
    tree
}

fn check(put: impl Fn(&Path)) {
    for file in ["HEAD", "config", "commondir", "index", "info/exclude", "packed-refs", "refs/heads/main"] {
        let tree = committed();
        let path = tree.join(".git").join(file);
        let _ = fs::remove_file(&path);
        put(&path);
        assert_eq!(paths(&scanned(&tree)), ["a.c"], "{file}");
    }
    let tree = Tree::plain(&[("a.c", "")]);
    put(&tree.join(".git"));
    assert_eq!(paths(&scanned(&tree)), ["a.c"]);
}

#[test]
fn what_is_no_file_is_not_read() {
    check(|path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success()));
    check(|path| symlink("/dev/zero", path).unwrap());
    check(|path| symlink("/proc/kmsg", path).unwrap());
    check(|path| fs::create_dir(path).unwrap());
}

#[test]
fn a_file_of_a_terabyte_is_not_read() {
    check(|path| fs::File::create(path).unwrap().set_len(1 << 40).unwrap());
}

#[test]
fn the_other_part_of_an_index_is_a_file_too() {
    let tree = committed();
    tree.run_git(&["update-index", "--split-index"]);
    let names = fs::read_dir(tree.join(".git")).unwrap().map(|entry| entry.unwrap().path());
    let shared = names.into_iter().find(|path| path.to_string_lossy().contains("sharedindex.")).unwrap();
    fs::remove_file(&shared).unwrap();
    assert!(Command::new("mkfifo").arg(&shared).status().unwrap().success());
    assert_eq!(scanned(&tree).skipped[0].reason.as_str(), "git_unreadable");
}

/// The head of an index, entries and extensions as they stand, and no checksum, as `index.skipHash` has it.
fn index(version: u32, count: u32, entries: &[u8], extensions: &[u8]) -> Vec<u8> {
    [b"DIRC", &version.to_be_bytes()[..], &count.to_be_bytes(), entries, extensions, &[0; 20]].concat()
}

/// Of a regular file; the path as the version has it.
fn entry(flags: u16, path: &[u8]) -> Vec<u8> {
    let mut entry = vec![0; 62];
    entry[24..28].copy_from_slice(&0o100_644_u32.to_be_bytes());
    entry[60..].copy_from_slice(&flags.to_be_bytes());
    entry.extend_from_slice(path);
    entry
}

fn a_c() -> Vec<u8> {
    let mut entry = entry(3, b"a.c");
    entry.resize(entry.len() / 8 * 8 + 8, 0);
    entry
}

#[test]
fn extensions_that_recurse_are_passed_over() {
    let folder = [&b"d\x001 1\n"[..], &[1; 20]].concat();
    for name in [b"TREE", b"UNTR", b"REUC", b"FSMN", b"EOIE", b"IEOT"] {
        let bytes = folder.repeat(200_000);
        let extension = [name, &(bytes.len() as u32).to_be_bytes()[..], &bytes].concat();
        let tree = Tree::git(&[(".gitignore", "*\n"), ("a.c", ""), ("b.c", "")]);
        fs::write(tree.join(".git/index"), index(2, 1, &a_c(), &extension)).unwrap();
        assert_eq!(paths(&scanned(&tree)), ["a.c"]);
    }
}

#[test]
fn what_an_index_claims_is_not_reserved() {
    let short = |path: &[u8]| entry(0, &[b"\0", path, b"\0"].concat());
    let mut grows = short(&[b'a'; 4000]);
    // Each repeats the path before it, in 64 bytes.
    (0..200_000).for_each(|_| grows.extend(short(b"")));
    let links = [b"link", &48_u32.to_be_bytes()[..], &[7; 48]].concat();
    for bytes in [
        index(2, u32::MAX, &a_c(), b""),
        index(4, 200_001, &grows, b""),
        index(4, 1, &entry(0, &[0xff; 40]), b""),
        index(4, 1, &entry(0, b"\x05a\0"), b""),
        index(2, 1, &a_c(), b"TREE\xff\xff\xff\xff"),
        index(2, 1, &a_c(), b"what\0\0\0\0"),
        index(2, 1, &a_c(), &links),
        index(9, 1, &a_c(), b""),
    ] {
        let tree = Tree::git(&[("a.c", "")]);
        fs::write(tree.join(".git/index"), bytes).unwrap();
        let scan = scanned(&tree);
        assert_eq!((paths(&scan), scan.skipped[0].reason.as_str()), (vec!["a.c"], "git_unreadable"));
    }
}

#[test]
fn no_index_of_odd_bytes_makes_it_panic() {
    for version in ["2", "4"] {
        let tree = committed();
        for name in ["b.c", "d/e.c", "d/f.c", "d/gg/h.c"] {
            tree.write(name, "");
        }
        tree.track(&["."]);
        tree.run_git(&["update-index", "--index-version", version]);
        let mut whole = fs::read(tree.join(".git/index")).unwrap();
        // Without a checksum what is changed is read.
        let end = whole.len() - 20;
        whole[end..].fill(0);
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..300 {
            let mut bytes = whole.clone();
            for _ in 0..3 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                bytes[(state >> 33) as usize % end] = (state >> 20) as u8;
            }
            fs::write(tree.join(".git/index"), bytes).unwrap();
            assert!(tree.scan().files.len() >= 4);
        }
    }
}
