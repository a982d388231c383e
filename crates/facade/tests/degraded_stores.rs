//! The risk: a cache folder that cannot be used spoils the map, stops it, or complains more than once.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]
#![expect(clippy::print_stdout, reason = "what is skipped is said")]

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use repo_map_cache::{CacheConfig, MapRequest, RepoMapper, Tag, TagCache, TagKind};

fn tree() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for number in 0..40 {
        let text = format!(
            "class Engine{number}:\n    def start(self):\n        return Engine{}().start()\n",
            (number + 1) % 40
        );
        fs::write(root.path().join(format!("engine{number}.py")), text).unwrap();
    }
    root
}

fn mapper(root: &Path, cache: CacheConfig) -> RepoMapper {
    RepoMapper::builder(root).cache(cache).build().unwrap()
}

/// Maps of a tree with this cache are right, the first with one notice that has these words, later ones with none.
#[track_caller]
fn degrades(cache: &Path, words: &str) {
    let root = tree();
    let mapper = mapper(root.path(), CacheConfig::at(cache));
    let first = mapper.map(&MapRequest::new(600)).unwrap();
    assert!(first.notices.len() == 1 && first.notices[0].contains(words), "{:?}", first.notices);
    let second = mapper.map(&MapRequest::new(601)).unwrap();
    assert_eq!(second.notices, [""; 0], "once is enough");
    check(root.path(), &first.text);
    let tags = TagCache::open(&CacheConfig::at(cache)).unwrap();
    assert!(tags.notice().is_some());
    tags.set("a.py", &[Tag::new("f", TagKind::Definition, 1)]);
    assert!(tags.get("a.py").is_some(), "memory stands in");
}

/// The text is that of a mapper without any folder.
#[track_caller]
fn check(root: &Path, text: &str) {
    let plain = mapper(root, CacheConfig::in_memory()).map(&MapRequest::new(600)).unwrap();
    assert_eq!(plain.text, text);
    assert!(text.contains("class Engine"));
}

/// A file system in memory, until it is dropped.
struct Mounted(PathBuf);

impl Mounted {
    fn new(at: &Path, options: &str) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mount =
            Command::new("mount").args(["-t", "tmpfs", "-o", options, "repo-map-test"]).arg(at).output();
        let is_there = mount.is_ok_and(|output| output.status.success());
        if !is_there {
            println!("skipped: mounting a file system is not permitted here");
        }
        is_there.then(|| Self(at.to_owned()))
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(&self.0).status().unwrap();
    }
}

fn is_root(folder: &Path) -> bool {
    fs::metadata(folder).unwrap().uid() == 0
}

#[test]
fn a_file_in_the_folders_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cache");
    fs::write(&file, "a file").unwrap();
    degrades(&file, "not a directory");
    assert_eq!(fs::read(&file).unwrap(), b"a file");
}

#[test]
fn a_folder_that_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    if is_root(folder.path()) {
        // No permission stops root; a file system does.
        let Some(_mounted) = Mounted::new(&cache, "ro,size=1m") else { return };
        degrades(&cache, "not writable");
    } else {
        fs::create_dir(&cache).unwrap();
        fs::set_permissions(&cache, fs::Permissions::from_mode(0o500)).unwrap();
        degrades(&cache, "not writable");
    }
}

/// A file system whose pages stand in another process, as those of network mounts do. It has one empty folder.
#[cfg(target_os = "linux")]
struct Served(Mounted);

#[cfg(target_os = "linux")]
impl Served {
    fn new(at: &Path) -> Option<Self> {
        let device = fs::File::options().read(true).write(true).open("/dev/fuse").ok();
        let device = device.filter(|_| is_root(at));
        let mount = device.as_ref().map(|device| {
            // The kernel takes the server's end by its number: it is the standard input of `mount`.
            let options = "fd=0,rootmode=40000,user_id=0,group_id=0";
            Command::new("mount")
                .args(["-i", "-t", "fuse", "-o", options, "repo-map-test"])
                .arg(at)
                .stdin(device.try_clone().unwrap())
                .status()
        });
        if !mount.is_some_and(|status| status.is_ok_and(|status| status.success())) {
            println!("skipped: serving a file system is not permitted here");
            return None;
        }
        let device = device.expect("it was mounted with it");
        std::thread::spawn(move || serve(device));
        Some(Self(Mounted(at.to_owned())))
    }
}

/// Answers the kernel until the file system is unmounted: see `fuse(4)`. Requests and answers are a header and numbers.
#[cfg(target_os = "linux")]
fn serve(mut device: fs::File) {
    use std::io::{Read as _, Write as _};

    const NOT_THERE: i32 = -2;
    const NOT_OFFERED: i32 = -38;
    let mut request = vec![0; 1 << 17];
    while device.read(&mut request).is_ok() {
        let number = |at: usize| u32::from_ne_bytes(request[at..at + 4].try_into().unwrap());
        let mut error = 0;
        // Attributes of the one folder: a directory of root for root alone.
        let body = match number(4) {
            // GETATTR, SETATTR: how long they are valid, then `struct fuse_attr`.
            3 | 4 => {
                let mut words = [0u32; 26];
                (words[4], words[19], words[20]) = (1, 0o040_700, 2);
                words.to_vec()
            }
            // STATFS and OPEN of the folder.
            17 => vec![0; 20],
            27 => vec![0; 4],
            // INIT: the version, the kernel's read-ahead, and the longest write.
            26 => {
                let mut words = [0u32; 16];
                (words[0], words[1], words[2], words[5]) = (7, 31, number(48), 1 << 16);
                words.to_vec()
            }
            // READDIR, RELEASEDIR, FLUSH: nothing.
            28 | 29 | 25 => Vec::new(),
            // FORGET is not answered.
            2 | 42 => continue,
            // LOOKUP, and what the kernel then does by one of the others.
            operation => {
                error = if operation == 1 { NOT_THERE } else { NOT_OFFERED };
                Vec::new()
            }
        };
        let mut answer = Vec::with_capacity(16 + 4 * body.len());
        answer.extend((16 + 4 * body.len() as u32).to_ne_bytes());
        answer.extend(error.to_ne_bytes());
        answer.extend(&request[8..16]);
        body.iter().for_each(|word| answer.extend(word.to_ne_bytes()));
        // Whoever asked may have gone.
        let _ = device.write(&answer);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_system_of_another_process_or_machine() {
    let folder = tempfile::tempdir().unwrap();
    let Some(served) = Served::new(folder.path()) else { return };
    degrades(folder.path(), "fuse");
    assert_eq!(fs::read_dir(&served.0.0).unwrap().count(), 0, "nothing was left there");
}

#[test]
fn a_folder_of_another_user() {
    let folder = tempfile::tempdir().unwrap();
    if !is_root(folder.path()) {
        println!("skipped: only root can give a folder away");
        return;
    }
    let versioned = folder.path().join("v1");
    fs::create_dir(&versioned).unwrap();
    chown(&versioned, Some(65_534), Some(65_534)).unwrap();
    degrades(folder.path(), "belongs to user 65534");
}

#[test]
fn a_folder_that_anybody_could_write_into() {
    let folder = tempfile::tempdir().unwrap();
    let versioned = folder.path().join("v1");
    fs::create_dir(&versioned).unwrap();
    fs::set_permissions(&versioned, fs::Permissions::from_mode(0o777)).unwrap();
    degrades(folder.path(), "writable for everybody");
}

#[test]
fn a_folder_that_is_removed_while_it_is_used() {
    let (root, folder) = (tree(), tempfile::tempdir().unwrap());
    let cache = folder.path().join("cache");
    let living = mapper(root.path(), CacheConfig::at(&cache));
    let before = living.map(&MapRequest::new(600)).unwrap();
    fs::remove_dir_all(&cache).unwrap();
    let after = living.map(&MapRequest::new(600)).unwrap();
    assert_eq!(before.text, after.text);
    drop(living);
    let again = mapper(root.path(), CacheConfig::at(&cache)).map(&MapRequest::new(600)).unwrap();
    assert_eq!((again.notices, again.cache.misses), (Vec::new(), 40), "a new one is made");
    check(root.path(), &again.text);
}

#[test]
fn lock_files_full_of_garbage() {
    let (root, folder) = (tree(), tempfile::tempdir().unwrap());
    let map = || mapper(root.path(), CacheConfig::at(folder.path())).map(&MapRequest::new(600)).unwrap();
    let first = map();
    let garbage: Vec<u8> =
        (0..9000u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for name in ["open.lock", "1/users.lock", "1/lock.mdb"] {
        let file = folder.path().join("v1").join(name);
        assert!(file.exists(), "{name}");
        fs::write(file, &garbage).unwrap();
    }
    let again = map();
    assert_eq!((again.notices, again.cache.misses), (Vec::new(), 0), "what is stored is not lost");
    assert_eq!(first.text, again.text);
}

#[test]
fn a_disk_that_is_full() {
    let folder = tempfile::tempdir().unwrap();
    // Full from the start, after a while, and at some moment in between.
    for size in ["64k", "200k", "400k"] {
        let cache = folder.path().join(size);
        let Some(_mounted) = Mounted::new(&cache, &format!("size={size}")) else { return };
        let root = tree();
        let mapper = mapper(root.path(), CacheConfig::at(&cache));
        let first = mapper.map(&MapRequest::new(600)).unwrap();
        assert!(first.notices.len() <= 1, "{:?}", first.notices);
        for number in 0..40 {
            let text = format!("class Engine{number}:\n    def stop(self):\n        pass\n").repeat(30);
            fs::write(root.path().join(format!("engine{number}.py")), text).unwrap();
        }
        let later = mapper.map(&MapRequest::new(600)).unwrap();
        assert_eq!(later.notices, [""; 0]);
        check(root.path(), &later.text);
        drop(mapper);
        let again = self::mapper(root.path(), CacheConfig::at(&cache)).map(&MapRequest::new(600)).unwrap();
        check(root.path(), &again.text);
    }
}

#[test]
fn a_disk_that_is_full_before_the_last_file_is_made() {
    let folder = tempfile::tempdir().unwrap();
    for blocks in 1..30 {
        let cache = folder.path().join(blocks.to_string());
        let Some(_mounted) = Mounted::new(&cache, &format!("size={}k", 4 * blocks)) else { return };
        // Mapped files of which a part has no place on the disk end a process that touches them.
        for _ in 0..2 {
            let tags = TagCache::open(&CacheConfig::at(&cache)).unwrap();
            tags.set("a.py", &[Tag::new("f", TagKind::Definition, 1)]);
            assert!(tags.get("a.py").is_some(), "with {blocks} blocks");
        }
    }
}
