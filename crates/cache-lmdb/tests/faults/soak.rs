//! Several processes on one store, of which one is killed again and again: nothing that was committed is lost.
//!
//! Each thread of each process owns some keys, sets them all in each commit, and then notes the commit's number
//! in a file. At the end every thread's keys must be of one commit, not older than its last note.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use repo_map_cache_core::{Fingerprint, StorageBackend, open};
use repo_map_cache_lmdb::{LmdbBackend, check_file};

use crate::child::options;
use crate::workload::{Random, SPACES, key, payload, value};
use crate::{finish, start};

const PROCESSES: u64 = 4;
const THREADS: u64 = 2;
const KEYS: u64 = 20;

/// Runs the processes for so long, kills one at each interval, and counts what is wrong.
pub(crate) fn soak(seed: u64, seconds: u64, interval: Duration) -> u64 {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let place = directory.path().to_str().expect("a plain path").to_owned();
    let mut random = Random::new(seed);
    let begin = |process: u64| start(&["soak", &place, &process.to_string()]);
    let mut children: Vec<_> = (0..PROCESSES).map(begin).collect();
    let (end, mut kills, mut failures) = (Instant::now() + Duration::from_secs(seconds), 0, 0);
    while Instant::now() < end {
        std::thread::sleep(interval);
        for child in &mut children {
            // They never end by themselves, but for a fault.
            failures += u64::from(child.try_wait().expect("a child can be asked").is_some());
        }
        let process = random.below(PROCESSES) as usize;
        children[process].kill().expect("a child can be killed");
        children[process].wait().expect("a child ends");
        children[process] = begin(process as u64);
        kills += 1;
    }
    for child in &mut children {
        child.kill().expect("a child can be killed");
        child.wait().expect("a child ends");
    }
    let (commits, lost) = verify(directory.path());
    failures += lost + u64::from(!finish(start(&["read", &place, "0", "0"])));
    println!(
        "soak: {PROCESSES} processes of {THREADS} threads, {seconds} s, {kills} killed, {commits} commits, {failures} failed"
    );
    failures
}

/// The commits that were noted, and how many threads' keys are not as they must be.
fn verify(directory: &Path) -> (u64, u64) {
    let backend = LmdbBackend::open(directory, &options()).expect("a store");
    let mut lost = u64::from(backend.recovery().is_some());
    let mut commits = 0;
    let read = backend.read().expect("a snapshot");
    for owner in 0..PROCESSES * THREADS {
        let noted = last_note(directory, owner);
        commits += noted;
        let versions: Vec<Option<u64>> = (0..KEYS)
            .map(|at| {
                let key = key(owner * KEYS + at);
                let sealed = read.get(SPACES[0], &key).expect("the store is whole")?;
                let version = u64::from_le_bytes(sealed.get(8..16)?.try_into().ok()?);
                (open(&key, Fingerprint::new(version), &sealed) == Ok(&payload(version))).then_some(version)
            })
            .collect();
        let is_whole = versions.iter().all(|version| *version == versions[0]);
        if !is_whole || versions[0].unwrap_or(0) < noted {
            println!("thread {owner}: committed {noted}, found {versions:?}");
            lost += 1;
        }
    }
    drop(read);
    let data = backend.path().join("data.mdb");
    drop(backend);
    lost += u64::from(check_file(data).is_err());
    (commits, lost)
}

fn last_note(directory: &Path, owner: u64) -> u64 {
    let notes = fs::read(directory.join(format!("notes-{owner}"))).unwrap_or_default();
    // A kill may cut the last one.
    let whole = notes.len() / 8 * 8;
    notes[..whole]
        .chunks_exact(8)
        .next_back()
        .map_or(0, |note| u64::from_le_bytes(note.try_into().expect("8 bytes")))
}

/// A process of the soak: commits and reads until it is killed.
pub(crate) fn work(directory: &Path, process: u64) {
    let backend = LmdbBackend::open(directory, &options()).expect("a store");
    assert!(backend.recovery().is_none(), "a store in use was given up");
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let backend = &backend;
            scope.spawn(move || owner(backend, directory, process * THREADS + thread));
        }
    });
}

fn owner(backend: &LmdbBackend, directory: &Path, owner: u64) {
    let path = directory.join(format!("notes-{owner}"));
    let mut version = last_note(directory, owner);
    // Without a half note before the next.
    let notes = fs::OpenOptions::new().append(true).create(true).open(path).expect("a file for notes");
    let length = notes.metadata().expect("its length").len();
    notes.set_len(length / 8 * 8).expect("it can be cut");
    let mut random = Random::new(owner ^ version << 8);
    loop {
        version += 1;
        let mut write = backend.write().expect("a write");
        for at in 0..KEYS {
            let number = owner * KEYS + at;
            write.put(SPACES[0], &key(number), &value(number, version)).expect("room");
        }
        write.commit().expect("a commit");
        (&notes).write_all(&version.to_le_bytes()).expect("a note");
        let read = backend.read().expect("a snapshot");
        for _ in 0..KEYS {
            let key = key(random.below(PROCESSES * THREADS * KEYS));
            let Some(sealed) = read.get(SPACES[0], &key).expect("the store is whole") else { continue };
            let version = u64::from_le_bytes(sealed[8..16].try_into().expect("8 bytes"));
            assert!(open(&key, Fingerprint::new(version), &sealed) == Ok(&payload(version)), "a wrong value");
        }
    }
}
