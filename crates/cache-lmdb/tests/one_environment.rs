//! The risk: LMDB is opened twice in a process, closed under a user, or the directory is unfit.

use std::fs;
use std::path::Path;

use repo_map_cache_core::{ErrorKind, Key, Keyspace, StorageBackend};
use repo_map_cache_lmdb::{DirectoryProblem, LmdbBackend, LmdbOptions};

const A: Keyspace = Keyspace::new("a");
const B: Keyspace = Keyspace::new("b");
const KEY: Key = Key::new([1; 32]);

fn open(directory: &Path, keyspaces: &[Keyspace]) -> LmdbBackend {
    LmdbBackend::open(directory, &LmdbOptions::new(keyspaces)).expect("the directory is fit")
}

fn put(backend: &LmdbBackend, keyspace: Keyspace, value: &[u8]) {
    let mut write = backend.write().expect("the store is writable");
    write.put(keyspace, &KEY, value).expect("there is room");
    write.commit().expect("there is room");
}

fn get(backend: &LmdbBackend, keyspace: Keyspace) -> Option<Vec<u8>> {
    let read = backend.read().expect("the store is readable");
    read.get(keyspace, &KEY).expect("the store is whole").map(std::borrow::Cow::into_owned)
}

#[cfg(unix)]
#[test]
fn handles_share_one_environment_also_through_links() {
    let root = tempfile::tempdir().unwrap();
    let (real, link) = (root.path().join("real"), root.path().join("link"));
    let first = open(&real, &[A]);
    std::os::unix::fs::symlink(&real, &link).unwrap();
    let second = open(&link, &[A, B]);
    put(&first, A, b"1");
    put(&second, B, b"2");
    assert_eq!(get(&second, A).as_deref(), Some(&b"1"[..]));
    drop(first);
    assert_eq!(get(&second, B).as_deref(), Some(&b"2"[..]));
    drop(second);
    assert_eq!(get(&open(&real, &[B]), B).as_deref(), Some(&b"2"[..]));
}

#[test]
fn threads_that_open_and_close_at_once_never_meet_a_closed_store() {
    let root = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4u8 {
            let root = root.path();
            scope.spawn(move || {
                for _ in 0..20 {
                    let backend = open(root, &[A]);
                    put(&backend, A, &[thread; 8]);
                    assert_eq!(get(&backend, A).map(|value| value.len()), Some(8));
                }
            });
        }
    });
}

#[test]
fn a_directory_says_that_it_is_a_cache() {
    let root = tempfile::tempdir().unwrap();
    let directory = root.path().join("deep/cache");
    open(&directory, &[A]);
    let tag = fs::read_to_string(directory.join("CACHEDIR.TAG")).unwrap();
    assert!(tag.starts_with("Signature: 8a477f597d28d172789f06886806bc55\n"));
    assert_eq!(fs::read_to_string(directory.join(".gitignore")).unwrap(), "*\n");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        for part in ["deep", "deep/cache", "deep/cache/v1", "deep/cache/v1/1"] {
            assert_eq!(
                fs::metadata(root.path().join(part)).unwrap().permissions().mode() & 0o777,
                0o700,
                "{part}"
            );
        }
    }
}

#[test]
fn a_file_is_no_directory() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = LmdbBackend::open(file.path(), &LmdbOptions::new(&[A])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    let source = std::error::Error::source(&error).unwrap();
    assert!(matches!(source.downcast_ref(), Some(DirectoryProblem::NotADirectory)), "{error}");
}

#[cfg(unix)]
#[test]
fn a_directory_that_everybody_may_write_is_refused() {
    use std::os::unix::fs::PermissionsExt;

    let root = tempfile::tempdir().unwrap();
    open(root.path(), &[A]);
    fs::set_permissions(root.path().join("v1"), fs::Permissions::from_mode(0o777)).unwrap();
    let error = LmdbBackend::open(root.path(), &LmdbOptions::new(&[A])).unwrap_err();
    let path = root.path().canonicalize().unwrap().join("v1");
    let text = format!(
        "lmdb open directory: misconfigured: {path:?} is writable for everybody: take that away (chmod o-w), or name \
         another folder"
    );
    assert_eq!(error.to_string(), text);
}

#[test]
fn keyspaces_beyond_what_was_asked_for_are_refused_and_the_others_go_on() {
    let root = tempfile::tempdir().unwrap();
    let mut options = LmdbOptions::new(&[A, B]);
    options.max_keyspaces = 1;
    let backend = LmdbBackend::open(root.path(), &options).expect("there is room for those that it names");
    let more = LmdbOptions::new(&[Keyspace::new("c")]);
    let error = LmdbBackend::open(root.path(), &more).expect_err("the first handle decides");
    assert_eq!(error.kind(), ErrorKind::Misconfigured, "{error}");
    put(&backend, B, b"2");
    assert_eq!(get(&backend, B).as_deref(), Some(&b"2"[..]));
    drop(backend);
    assert_eq!(get(&open(root.path(), &[A, B, Keyspace::new("c")]), B).as_deref(), Some(&b"2"[..]));
}
