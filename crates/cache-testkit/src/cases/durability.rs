//! Durability: what was committed is there again, however the process ended.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{A, Open, bytes, get, key, new, put, reopen, scan, skip};

/// What a child prints after each commit, with its number, on a line of its own.
const COMMITTED: &str = "committed ";

/// Entries of one commit of the child.
const BATCH: u64 = 10;

/// `sync`, `size_on_disk` and `compact` leave the entries as they are.
pub fn maintenance_changes_nothing(open: Open<'_>) {
    let (backend, _directory) = new(open);
    for number in 0..50 {
        put(&*backend, &[(A, key(number), &bytes(number, 2000))]);
    }
    let before = scan(&*backend.read().expect("a snapshot begins"), A, &[], usize::MAX);
    backend.sync().expect("a sync succeeds");
    if let Some(size) = backend.size_on_disk().expect("the size can be told") {
        assert!(size > 0, "a store of 50 entries has a size");
    }
    backend.compact().expect("it can be compacted");
    assert!(
        scan(&*backend.read().expect("a snapshot begins"), A, &[], usize::MAX) == before,
        "maintenance changed entries"
    );
    put(&*backend, &[(A, key(99), b"after")]);
    assert_eq!(get(&*backend, A, &key(99)).as_deref(), Some(&b"after"[..]));
}

/// A store that is opened anew has what was committed, and nothing that was not.
pub fn commits_outlive_the_backend(open: Open<'_>) {
    let (mut backend, directory) = new(open);
    if !backend.capabilities().durable {
        return skip(&*backend, "it does not promise to be durable");
    }
    for round in 0..4u8 {
        put(&*backend, &[(A, key(round.into()), &[round; 1500])]);
        backend.write().expect("a write begins").put(A, &key(100), b"lost").expect("a put fits");
        drop(backend);
        backend = reopen(open, &directory);
        for earlier in 0..=round {
            assert!(get(&*backend, A, &key(earlier.into())) == Some(vec![earlier; 1500]), "commit {earlier}");
        }
        assert_eq!(get(&*backend, A, &key(100)), None);
    }
}

/// Kills a process that commits batches, and looks for every batch that it reported, and no half of any.
///
/// `child` is the path of the test that calls [`write_until_killed`]; the program that runs is started with it.
pub fn commits_outlive_a_killed_process(open: Open<'_>, child: &str) {
    let (backend, directory) = new(open);
    if !backend.capabilities().durable {
        return skip(&*backend, "it does not promise to be durable");
    }
    drop(backend);
    let name = child.split_once("::").map_or(child, |(_, name)| name);
    for round in 0..6 {
        let reported = run_and_kill(name, directory.path(), Duration::from_millis(5 + 15 * round));
        let backend = reopen(open, &directory);
        let present =
            |number| get(&*backend, A, &key(number)).is_some_and(|value| value == bytes(number, 800));
        let batches: Vec<usize> = (0..=reported + 1)
            .map(|batch| (0..BATCH).filter(|at| present(batch * BATCH + at)).count())
            .collect();
        for (batch, &count) in batches.iter().enumerate() {
            assert!(count == 0 || count == BATCH as usize, "half of commit {batch}");
            assert!(batch as u64 >= reported || count > 0, "commit {batch} of {reported} is lost");
        }
        // The next child begins anew.
        let mut write = backend.write().expect("a write begins");
        for (key, _) in scan(&*backend.read().expect("a snapshot begins"), A, &[], usize::MAX) {
            write.delete(A, &key).expect("a delete succeeds");
        }
        write.commit().expect("a commit succeeds");
    }
}

/// Runs the child for a while; gives the number of commits that it reported before it was killed.
fn run_and_kill(name: &str, directory: &Path, time: Duration) -> u64 {
    let program = std::env::current_exe().expect("the path of this program");
    let mut child = Command::new(program)
        .args(["--exact", name, "--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a child starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    writeln!(stdin, "{}", directory.display()).expect("the child reads");
    let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut line = String::new();
    while !line.contains(COMMITTED) {
        line.clear();
        assert!(
            stdout.read_line(&mut line).expect("the child writes") > 0,
            "the child ended without a commit"
        );
    }
    std::thread::sleep(time);
    child.kill().expect("a child can be killed");
    child.wait().expect("a child ends");
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).expect("what the child wrote");
    let whole_lines = rest.rfind('\n').map_or("", |end| &rest[..end]);
    let last = whole_lines.lines().rev().find_map(|line| line.strip_prefix(COMMITTED));
    last.map_or(1, |number| number.parse().expect("a number"))
}

/// The child of [`commits_outlive_a_killed_process`]: commits until it is killed. Without a line on
/// standard input that names a directory it does nothing.
#[expect(clippy::print_stdout, reason = "the parent reads what was committed")]
pub fn write_until_killed(open: Open<'_>) {
    let mut directory = String::new();
    std::io::stdin().read_line(&mut directory).expect("standard input");
    if directory.trim().is_empty() {
        return;
    }
    let backend = open(Path::new(directory.trim())).expect("the backend opens");
    for batch in 0.. {
        let mut write = backend.write().expect("a write begins");
        for number in batch * BATCH..(batch + 1) * BATCH {
            write.put(A, &key(number), &bytes(number, 800)).expect("a put fits");
        }
        write.commit().expect("a commit succeeds");
        println!("\n{COMMITTED}{}", batch + 1);
    }
}
