//! The risk: a store is believed whole that is not, or is read as a whole at each open though nothing has happened to it.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use std::fs;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use repo_map_cache_core::{Key, Keyspace, StorageBackend};
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions};

const A: Keyspace = Keyspace::new("a");

fn open(directory: &Path) -> LmdbBackend {
    LmdbBackend::open(directory, &LmdbOptions::new(&[A])).expect("the directory is fit")
}

fn fill(backend: &LmdbBackend, values: u64) {
    let mut write = backend.write().expect("a transaction");
    for number in 0..values {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        write.put(A, &Key::new(key), &[1; 4000]).expect("room");
    }
    write.commit().expect("a commit");
}

/// A store of some megabytes that was closed well, its data file, and its sign.
fn closed() -> (tempfile::TempDir, PathBuf, PathBuf) {
    let root = tempfile::tempdir().unwrap();
    fill(&open(root.path()), 1000);
    let generation = root.path().join("v1/1");
    (root, generation.join("data.mdb"), generation.join("closed"))
}

/// Whether an open finds the damage.
fn is_checked(root: &Path) -> bool {
    open(root).recovery().is_some()
}

/// Damages all pages but the first two, without any change of the length.
fn damage(data: &Path) {
    let file = fs::File::options().read(true).write(true).open(data).unwrap();
    let pages = file.metadata().unwrap().len() / 4096;
    // Each page says its own number first.
    for page in 2..pages {
        file.write_all_at(&u64::MAX.to_ne_bytes(), page * 4096).unwrap();
    }
}

#[test]
fn a_damage_after_a_clean_close_is_found() {
    let (root, data, sign) = closed();
    assert!(sign.exists());
    damage(&data);
    assert!(is_checked(root.path()));
}

#[test]
fn a_damage_whose_modification_time_is_set_back_is_found() {
    let (root, data, _) = closed();
    let modified = fs::metadata(&data).unwrap().modified().unwrap();
    damage(&data);
    fs::File::options().write(true).open(&data).unwrap().set_modified(modified).unwrap();
    assert!(is_checked(root.path()));
}

#[test]
fn another_file_of_the_same_bytes_is_checked() {
    let (root, data, sign) = closed();
    let before = fs::read_to_string(&sign).unwrap();
    let copy = data.with_file_name("copy");
    fs::copy(&data, &copy).unwrap();
    damage(&copy);
    let modified = fs::metadata(&data).unwrap().modified().unwrap();
    fs::File::options().write(true).open(&copy).unwrap().set_modified(modified).unwrap();
    fs::rename(&copy, &data).unwrap();
    assert_eq!(fs::read_to_string(&sign).unwrap(), before);
    assert!(is_checked(root.path()));
}

#[test]
fn a_sign_that_says_anything_else_means_the_check() {
    // The version, the boot, the file, its times, and the transaction; the last line says how much is free.
    for line in 0..6 {
        let (root, data, sign) = closed();
        let text = fs::read_to_string(&sign).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        assert_eq!(lines.len(), 7);
        damage(&data);
        lines = now_signed(&data, &text).lines().map(str::to_owned).collect();
        let last = lines[line].pop().unwrap();
        lines[line].push(if last == '1' { '2' } else { '1' });
        fs::write(&sign, lines.join("\n") + "\n").unwrap();
        assert!(is_checked(root.path()), "line {line}");
    }
}

/// The sign for a data file as it is now: what a process would leave that has closed it.
fn now_signed(data: &Path, earlier: &str) -> String {
    use std::os::unix::fs::MetadataExt as _;

    let metadata = fs::metadata(data).unwrap();
    let mut lines: Vec<String> = earlier.lines().map(str::to_owned).collect();
    lines[2] = format!("file {} {} {}", metadata.dev(), metadata.ino(), metadata.len());
    lines[3] = format!("modified {}.{:09}", metadata.mtime(), metadata.mtime_nsec());
    lines[4] = format!("changed {}.{:09}", metadata.ctime(), metadata.ctime_nsec());
    lines.join("\n") + "\n"
}

#[test]
fn a_store_that_was_closed_well_is_not_read_as_a_whole() {
    let (root, data, sign) = closed();
    // Damage that only the whole check would find, and the sign of the file as it then is.
    let text = fs::read_to_string(&sign).unwrap();
    damage_a_spare_value(&data);
    fs::write(&sign, now_signed(&data, &text)).unwrap();
    assert!(open(root.path()).recovery().is_none(), "the sign is believed");
    let mut options = LmdbOptions::new(&[A]);
    options.always_checks = true;
    assert!(LmdbBackend::open(root.path(), &options).unwrap().recovery().is_some(), "who asks for it has it");
}

/// Damages one page of a value.
fn damage_a_spare_value(data: &Path) {
    let file = fs::File::options().read(true).write(true).open(data).unwrap();
    let pages = file.metadata().unwrap().len() / 4096;
    let mut flags = [0; 2];
    let page = (2..pages)
        .find(|page| {
            file.read_exact_at(&mut flags, page * 4096 + 10).unwrap();
            u16::from_ne_bytes(flags) == 4
        })
        .expect("values of 4,000 bytes have pages of their own");
    file.write_all_at(&0u64.to_ne_bytes(), page * 4096).unwrap();
}

#[test]
fn the_sign_is_gone_while_the_store_is_open_and_comes_with_the_last() {
    let (root, _, sign) = closed();
    let first = open(root.path());
    let second = open(root.path());
    assert!(!sign.exists());
    drop(first);
    assert!(!sign.exists());
    fill(&second, 10);
    drop(second);
    assert!(sign.exists());
    assert!(open(root.path()).recovery().is_none());
}

#[expect(clippy::disallowed_methods, reason = "the child of this test is told by a variable")]
#[test]
fn a_process_that_was_killed_leaves_no_sign() {
    use std::process::{Command, Stdio};

    if let Some(directory) = std::env::var_os("CLOSES_BADLY") {
        let backend = open(Path::new(&directory));
        fill(&backend, 10);
        fs::write(Path::new(&directory).join("ready"), "").unwrap();
        std::thread::sleep(Duration::from_secs(600));
        drop(backend);
        return;
    }
    let (root, _, sign) = closed();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_process_that_was_killed_leaves_no_sign"])
        .env("CLOSES_BADLY", root.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let deadline = SystemTime::now() + Duration::from_secs(60);
    while !root.path().join("ready").exists() {
        assert!(SystemTime::now() < deadline, "the child opens the store");
        std::thread::sleep(Duration::from_millis(5));
    }
    // Nor does one that closes it while another has it open.
    drop(open(root.path()));
    assert!(!sign.exists());
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!sign.exists());
    assert!(open(root.path()).recovery().is_none());
    assert!(sign.exists());
}
