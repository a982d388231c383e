//! Something else than a regular file of a bounded size lies where git has one: the run waits for ever or fills memory.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use repo_map_history::{Log, LogEnd};

use crate::repository::{Repository, read};

/// Each file that is read of a repository, packed or not.
const FILES: [&str; 9] = [
    "HEAD",
    "config",
    "commondir",
    "shallow",
    "packed-refs",
    "refs/heads/main",
    "objects/info/alternates",
    "objects/pack/pack-x.idx",
    "objects/pack/pack-x.pack",
];

fn log(path: &Path) -> Log {
    let (send, receive) = mpsc::channel();
    let path = path.to_owned();
    thread::spawn(move || drop(send.send(read(&path))));
    receive.recv_timeout(Duration::from_secs(60)).expect("the log ends")
}

fn check(put: impl Fn(&Path)) {
    for file in FILES {
        let repository = Repository::new();
        repository.commit("one", &["a"]);
        let git = repository.path().join(".git");
        if file == "packed-refs" {
            fs::remove_file(git.join("refs/heads/main")).unwrap();
        }
        if file.ends_with(".pack") {
            fs::write(git.join("objects/pack/pack-x.idx"), "").unwrap();
        }
        let path = git.join(file);
        let _ = fs::remove_file(&path);
        put(&path);
        let log = log(repository.path());
        // A folder of the branch's name hides no other branch of it.
        let ends = [LogEnd::Unreadable, LogEnd::First, LogEnd::NoCommit];
        assert!(ends.contains(&log.end()), "{file}: {:?}", log.end());
    }
}

#[test]
fn fifos_are_not_waited_for() {
    check(|path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success()));
}

#[test]
fn devices_and_files_of_the_kernel_are_not_read() {
    for target in ["/dev/zero", "/proc/self/mem", "/proc/kmsg", "/dev/stdin"] {
        check(|path| symlink(target, path).unwrap());
    }
}

#[test]
fn sockets_and_folders_are_not_read() {
    check(|path| drop(std::os::unix::net::UnixListener::bind(path).unwrap()));
    check(|path| fs::create_dir(path).unwrap());
}

#[test]
fn files_of_a_terabyte_are_not_read() {
    check(|path| fs::File::create(path).unwrap().set_len(1 << 40).unwrap());
}

#[test]
fn an_object_that_is_no_file_is_unreadable() {
    let repository = Repository::new();
    repository.commit("one", &["a"]);
    let object = repository.lose("HEAD^{tree}");
    assert!(Command::new("mkfifo").arg(object).status().unwrap().success());
    assert_eq!(log(repository.path()).unreadable(), 1);
}

#[test]
fn stores_that_name_one_another_are_each_asked_once() {
    let repository = Repository::new();
    repository.commit("one", &["a"]);
    let objects = repository.path().join(".git/objects");
    let other = tempfile::tempdir().unwrap();
    fs::create_dir(other.path().join("info")).unwrap();
    let both = format!("{}\n{}\n/dev/zero\n/proc/self/fd\n", objects.display(), other.path().display());
    for store in [&objects, other.path()] {
        fs::write(store.join("info/alternates"), both.repeat(1000)).unwrap();
    }
    assert_eq!(log(repository.path()).len(), 1);
}

#[test]
fn a_git_file_may_name_anything() {
    for target in ["/etc", "/dev/zero", "/proc/self/cwd", "/", ".", "", "\0", "nowhere"] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".git"), format!("gitdir: {target}\n")).unwrap();
        assert_eq!(log(folder.path()).end(), LogEnd::Unreadable, "{target:?}");
    }
}
