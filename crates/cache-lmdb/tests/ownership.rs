//! The risk: files of the user are taken for the store's, and written, moved or removed; or somebody else can exchange ours.
#![cfg_attr(unix, expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails"))]

use std::collections::BTreeMap;
use std::error::Error as _;
use std::fs;
use std::path::{Path, PathBuf};

use repo_map_cache_core::{Error, ErrorKind, Key, Keyspace, StorageBackend};
use repo_map_cache_lmdb::{DirectoryProblem, LmdbBackend, LmdbOptions, clear};

const A: Keyspace = Keyspace::new("a");
const KEY: Key = Key::new([1; 32]);

fn try_open(directory: &Path) -> Result<LmdbBackend, Error> {
    LmdbBackend::open(directory, &LmdbOptions::new(&[A]))
}

fn fill(directory: &Path) -> LmdbBackend {
    let backend = try_open(directory).expect("the directory is fit");
    let mut write = backend.write().expect("a transaction");
    write.put(A, &KEY, b"eight by").expect("room");
    write.commit().expect("a commit");
    backend
}

fn holds_the_value(backend: &LmdbBackend) -> bool {
    let read = backend.read().expect("a snapshot");
    read.get(A, &KEY).expect("a whole store").is_some()
}

/// Every path below a folder, and the bytes of files; links are not followed.
fn everything(folder: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let metadata = fs::symlink_metadata(&path).expect("it is there");
        if metadata.is_dir() {
            found.extend(everything(&path));
        }
        found.insert(path.clone(), metadata.is_file().then(|| fs::read(&path).expect("it can be read")));
    }
    found
}

/// Neither opening nor clearing such a folder changes a byte in it, and both say so.
#[track_caller]
fn is_left_alone(directory: &Path) {
    let before = everything(directory);
    let error = try_open(directory).expect_err("it is not ours");
    assert_eq!(error.kind(), ErrorKind::Misconfigured, "{error}");
    assert_eq!(everything(directory), before, "opened");
    let _ = clear(directory);
    assert_eq!(everything(directory), before, "cleared");
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
    fs::write(path, text).expect("a file");
}

#[test]
fn folders_of_the_user_that_look_like_generations_stay() {
    let root = tempfile::tempdir().unwrap();
    for number in ["1", "2", "2023", "quarantine-7"] {
        write(&root.path().join("v1").join(number).join("handler.py"), "years of work");
    }
    is_left_alone(root.path());
    assert!(clear(root.path()).is_err());
    // Nor with one of ours among them, nor with one that holds more.
    write(&root.path().join("v1/9/format"), "lmdb cache format 1, 64-bit, little-endian\n");
    is_left_alone(root.path());
}

#[test]
fn a_folder_with_files_is_neither_marked_nor_hidden_from_git() {
    for file in ["new.py", "CACHEDIR.TAG", ".gitignore", "v1/notes.txt", "v1/1/notes.txt"] {
        let root = tempfile::tempdir().unwrap();
        write(&root.path().join(file), "mine");
        is_left_alone(root.path());
        let error = try_open(root.path()).unwrap_err();
        let problem = error.source().and_then(|source| source.downcast_ref());
        assert!(matches!(problem, Some(DirectoryProblem::NotOurs { .. })), "{error}");
        assert!(error.to_string().contains("name an empty folder"), "{error}");
    }
}

#[test]
fn an_empty_folder_is_marked_and_so_is_one_whose_marking_was_cut_short() {
    let root = tempfile::tempdir().unwrap();
    for begun in ["", "Signature: 8a477f597d28d1"] {
        let directory = root.path().join(begun.len().to_string());
        write(&directory.join("CACHEDIR.TAG"), begun);
        drop(fill(&directory));
        write(&directory.join("thesis.txt"), "beside a marked store anything may lie");
        assert!(holds_the_value(&try_open(&directory).unwrap()));
        assert!(fs::read_to_string(directory.join("CACHEDIR.TAG")).unwrap().contains("a cache of repo-map"));
    }
}

#[test]
fn a_folder_that_an_earlier_build_marked_goes_on() {
    let root = tempfile::tempdir().unwrap();
    drop(fill(root.path()));
    let tag = "Signature: 8a477f597d28d172789f06886806bc55\n\
        # This directory is a cache: it can be deleted at any time and need not be backed up.\n\
        # See https://bford.info/cachedir/\n";
    write(&root.path().join("CACHEDIR.TAG"), tag);
    write(&root.path().join("thesis.txt"), "years of work");
    assert!(holds_the_value(&try_open(root.path()).unwrap()));
    assert!(clear(root.path()).unwrap().bytes > 0);
    assert_eq!(everything(root.path()).len(), 1);
}

#[test]
fn a_store_that_lost_its_marks_is_known_by_its_generations() {
    let root = tempfile::tempdir().unwrap();
    drop(fill(root.path()));
    fs::remove_file(root.path().join("CACHEDIR.TAG")).unwrap();
    fs::remove_file(root.path().join(".gitignore")).unwrap();
    assert!(holds_the_value(&try_open(root.path()).unwrap()));
    assert!(!root.path().join(".gitignore").exists(), "who removed it may have wanted that");
    write(&root.path().join("main.rs"), "fn main() {}");
    is_left_alone(root.path());
}

#[test]
fn generations_without_our_mark_are_passed_over_in_a_cache_of_ours() {
    let root = tempfile::tempdir().unwrap();
    let generation = |name: &str| root.path().join("v1").join(name);
    drop(fill(root.path()));
    let others = ["2", "5", "2024", "quarantine-1", "quarantine-2"];
    for name in others {
        write(&generation(name).join("data.mdb"), "not ours");
        write(&generation(name).join("sub/deep.txt"), "years of work");
    }
    fs::create_dir(generation("7")).unwrap();
    let is_there = || others.iter().all(|name| everything(&generation(name)).len() == 3);

    let backend = try_open(root.path()).unwrap();
    assert!(holds_the_value(&backend) && backend.path().ends_with("v1/1"));
    drop(backend);
    fs::write(generation("1/data.mdb"), [1; 9000]).unwrap();
    let backend = try_open(root.path()).unwrap();
    assert!(backend.path().ends_with("v1/4"), "{:?}", backend.path());
    assert!(backend.recovery().unwrap().moved_to.ends_with("v1/quarantine-3"));
    drop(backend);
    assert!(is_there() && generation("7").is_dir());
    clear(root.path()).unwrap();
    assert!(is_there() && generation("7").is_dir());
    assert!(!generation("4").exists() && !generation("quarantine-3").exists());
}

#[test]
fn foreign_files_in_a_generation_of_ours_stay() {
    let root = tempfile::tempdir().unwrap();
    drop(fill(root.path()));
    write(&root.path().join("v1/1/notes.txt"), "years of work");
    write(&root.path().join("v1/1/drafts/a.txt"), "more of them");
    clear(root.path()).unwrap();
    let left: Vec<_> = everything(root.path()).into_keys().collect();
    let names = ["v1", "v1/1", "v1/1/drafts", "v1/1/drafts/a.txt", "v1/1/notes.txt"];
    assert_eq!(left, names.map(|name| root.path().join(name)));
}

#[test]
fn a_cleared_folder_can_be_filled_while_others_clear_it() {
    let root = tempfile::tempdir().unwrap();
    let directory = root.path().join("cache");
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let directory = &directory;
            scope.spawn(move || {
                for _ in 0..30 {
                    if thread % 2 == 0 {
                        assert!(holds_the_value(&fill(directory)));
                    } else {
                        clear(directory).expect("it is ours, or not there");
                    }
                }
            });
        }
    });
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};

    use super::*;

    const NOBODY: u32 = 65_534;

    fn mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn nothing_below_the_folder_is_reached_through_a_link() {
        for place in
            ["v1", "v1/1", "v1/1/format", "v1/1/data.mdb", "v1/1/users.lock", "v1/open.lock", "v1/new"]
        {
            let root = tempfile::tempdir().unwrap();
            let (cache, photos) = (root.path().join("cache"), root.path().join("photos"));
            drop(fill(&cache));
            for year in ["1", "2021", "2022"] {
                write(&photos.join(year).join("image.jpg"), "a face");
            }
            let at = cache.join(place);
            let target = match fs::symlink_metadata(&at) {
                Ok(metadata) if metadata.is_file() => {
                    fs::remove_file(&at).unwrap();
                    photos.join("2021/image.jpg")
                }
                Ok(_) => {
                    fs::remove_dir_all(&at).unwrap();
                    photos.clone()
                }
                Err(_) => photos.clone(),
            };
            symlink(&target, &at).unwrap();
            let before = everything(&photos);
            // A generation that has no mark is passed over, one that cannot be used is moved aside; the others are refused.
            if let Ok(backend) = try_open(&cache) {
                assert!(!backend.path().ends_with("v1/1") || place == "v1/new", "{place}");
            }
            drop(clear(&cache));
            assert_eq!(everything(&photos), before, "{place}");
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the child of this test is told by a variable")]
    #[test]
    fn files_and_folders_are_for_this_user_alone_whatever_the_mask() {
        use std::os::unix::process::CommandExt as _;
        use std::process::Command;

        if let Some(directory) = std::env::var_os("OWNERSHIP_OF") {
            drop(fill(Path::new(&directory)));
            return;
        }
        for mask in [0, 0o077, 0o277] {
            let root = tempfile::tempdir().unwrap();
            let directory = root.path().join("deep/cache");
            let mut child = Command::new(std::env::current_exe().unwrap());
            child.args(["--exact", "unix::files_and_folders_are_for_this_user_alone_whatever_the_mask"]);
            child.env("OWNERSHIP_OF", &directory);
            // SAFETY: the closure makes one system call.
            unsafe {
                child.pre_exec(move || {
                    rustix::process::umask(rustix::fs::Mode::from_raw_mode(mask));
                    Ok(())
                });
            }
            assert!(child.output().unwrap().status.success(), "{mask:o}");
            let mut found = 0;
            for path in everything(root.path()).into_keys() {
                let metadata = fs::symlink_metadata(&path).unwrap();
                let expected = if metadata.is_dir() { 0o700 } else { 0o600 };
                assert_eq!(metadata.mode() & 0o7777, expected, "{path:?} with the mask {mask:o}");
                found += 1;
            }
            assert_eq!(found, 12);
        }
    }

    #[test]
    fn the_mode_of_a_foreign_file_stays() {
        let root = tempfile::tempdir().unwrap();
        let tag = root.path().join("CACHEDIR.TAG");
        fs::write(&tag, "Signature: 8a477f597d28d172789f06886806bc55\n# of another program\n").unwrap();
        mode(&tag, 0o644);
        assert!(try_open(root.path()).is_err());
        let _ = clear(root.path());
        assert_eq!(fs::metadata(&tag).unwrap().mode() & 0o777, 0o644);
    }

    #[test]
    fn files_that_an_earlier_build_left_to_the_mask_are_closed_to_others() {
        let root = tempfile::tempdir().unwrap();
        drop(fill(root.path()));
        for name in ["CACHEDIR.TAG", "v1/1/format", "v1/1/data.mdb"] {
            mode(&root.path().join(name), 0o666);
        }
        assert!(holds_the_value(&try_open(root.path()).unwrap()));
        for name in ["CACHEDIR.TAG", "v1/1/format", "v1/1/data.mdb"] {
            assert_eq!(fs::metadata(root.path().join(name)).unwrap().mode() & 0o777, 0o600, "{name}");
        }
    }

    #[test]
    fn a_folder_on_the_way_that_others_may_write_is_refused_with_the_cure() {
        let root = tempfile::tempdir().unwrap();
        let (shared, cache) = (root.path().join("shared"), root.path().join("shared/deep/cache"));
        drop(fill(&cache));
        mode(&shared, 0o777);
        let error = try_open(&cache).unwrap_err().to_string();
        assert!(error.contains("shared\" is writable for everybody: take that away (chmod o-w)"), "{error}");
        // As that for temporary files is.
        mode(&shared, 0o1777);
        assert!(holds_the_value(&try_open(&cache).unwrap()));
        mode(&shared, 0o777);
        let mut options = LmdbOptions::new(&[A]);
        options.trusts_owners = true;
        assert!(holds_the_value(&LmdbBackend::open(&cache, &options).unwrap()));
        mode(&shared, 0o700);
        mode(&cache, 0o777);
        assert!(try_open(&cache).unwrap_err().to_string().contains("cache\" is writable for everybody"));
    }

    #[test]
    fn a_group_of_the_user_alone_may_write() {
        let root = tempfile::tempdir().unwrap();
        let cache = root.path().join("cache");
        drop(fill(&cache));
        for name in ["", "v1", "v1/1"] {
            mode(&cache.join(name), 0o775);
        }
        assert!(holds_the_value(&try_open(&cache).unwrap()));
        if chown(cache.join("v1"), None, Some(NOBODY)).is_ok() {
            mode(&cache.join("v1"), 0o775);
            let error = try_open(&cache).unwrap_err().to_string();
            assert!(error.contains("is writable for group 65534: take that away (chmod g-w)"), "{error}");
        }
    }

    #[test]
    fn what_belongs_to_another_user_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let cache = root.path().join("shared/cache");
        drop(fill(&cache));
        if chown(&cache, Some(NOBODY), None).is_err() {
            return;
        }
        for place in ["shared", "shared/cache", "shared/cache/v1"] {
            for other in ["shared", "shared/cache", "shared/cache/v1"] {
                let owner = if place == other { NOBODY } else { rustix::process::geteuid().as_raw() };
                chown(root.path().join(other), Some(owner), None).unwrap();
            }
            let error = try_open(&cache).unwrap_err().to_string();
            let end = format!("{:?} belongs to user 65534", Path::new(place).file_name().unwrap());
            assert!(error.contains(&end[1..]), "{place}: {error}");
        }
        chown(cache.join("v1"), Some(rustix::process::geteuid().as_raw()), None).unwrap();
        // The files one by one: a generation without a mark of ours, and one that cannot be used.
        chown(cache.join("v1/1/data.mdb"), Some(NOBODY), None).unwrap();
        let reason = try_open(&cache).unwrap().recovery().unwrap().reason.clone();
        assert!(reason.contains("of user 65534"), "{reason}");
        chown(cache.join("v1/2/format"), Some(NOBODY), None).unwrap();
        assert!(try_open(&cache).unwrap().path().ends_with("v1/3"));
        // A link that anybody may have left in a folder for all.
        mode(root.path(), 0o1777);
        symlink(&cache, root.path().join("link")).unwrap();
        assert!(try_open(&root.path().join("link")).is_ok());
        std::os::unix::fs::lchown(root.path().join("link"), Some(NOBODY), None).unwrap();
        assert!(
            try_open(&root.path().join("link")).unwrap_err().to_string().contains("belongs to user 65534")
        );
    }
}
