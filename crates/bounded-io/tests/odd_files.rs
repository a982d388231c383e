//! What may be at a path in place of a file, and does not stop its reader.
#![cfg(unix)]

use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;

use repo_map_bounded_io::{Links, ReadError, read, read_named, read_text};

fn make_fifo(path: &Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status().expect("mkfifo starts");
    assert!(made.success());
}

#[test]
fn nothing_but_a_regular_file_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    make_fifo(&at("fifo"));
    let _listener = UnixListener::bind(at("socket")).unwrap();
    symlink("/dev/zero", at("zeroes")).unwrap();
    symlink("fifo", at("link-to-fifo")).unwrap();
    for name in ["fifo", "socket", "zeroes", "link-to-fifo", "."] {
        for links in [Links::Follow, Links::Refuse] {
            let found = read(&at(name), links, 100);
            assert!(matches!(found, Err(ReadError::NotRegular)), "{name}: {found:?}");
        }
    }
    assert!(read(&at("none"), Links::Follow, 100).unwrap_err().is_missing());
    assert!(read(&at("fifo/below"), Links::Follow, 100).unwrap_err().is_missing());
}

#[test]
fn a_link_is_followed_only_where_that_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "text").unwrap();
    let link = folder.path().join("link");
    symlink("file", &link).unwrap();
    assert_eq!(read(&link, Links::Follow, 4).unwrap(), b"text");
    assert!(matches!(read(&link, Links::Refuse, 4), Err(ReadError::NotRegular)));
}

#[test]
fn a_file_over_the_bound_is_refused_whole() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "12345").unwrap();
    assert_eq!(read(&file, Links::Refuse, 5).unwrap(), b"12345");
    assert!(matches!(read(&file, Links::Refuse, 4), Err(ReadError::TooLarge { limit: 4 })));
    assert_eq!(read(&file, Links::Refuse, u64::MAX).unwrap(), b"12345");
    std::fs::File::create(&file).unwrap().set_len(1 << 40).unwrap();
    assert!(matches!(read(&file, Links::Refuse, 4), Err(ReadError::TooLarge { limit: 4 })));
}

#[test]
fn text_is_utf_8() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "caf\u{e9}").unwrap();
    assert_eq!(read_text(&file, Links::Refuse, 5).unwrap(), "café");
    std::fs::write(&file, b"caf\xe9").unwrap();
    assert!(matches!(read_text(&file, Links::Refuse, 5), Err(ReadError::NotText)));
}

#[test]
fn what_the_user_names_may_be_a_pipe_or_a_device_and_ends_at_the_bound() {
    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("fifo");
    make_fifo(&fifo);
    assert!(matches!(
        read_named(Path::new("/dev/zero"), 100_000),
        Err(ReadError::TooLarge { limit: 100_000 })
    ));
    assert_eq!(read_named(Path::new("/dev/null"), 1).unwrap(), b"");
    let writer = std::thread::spawn({
        let fifo = fifo.clone();
        move || std::fs::write(fifo, "x".repeat(200_000)).unwrap()
    });
    assert_eq!(read_named(&fifo, 200_000).unwrap().len(), 200_000);
    writer.join().unwrap();
    let alone = read_named(&fifo, 1);
    assert!(
        matches!(&alone, Err(ReadError::Io(error)) if error.kind() == std::io::ErrorKind::TimedOut),
        "{alone:?}"
    );
}

#[test]
#[cfg(target_os = "linux")]
fn what_the_kernel_makes_up_is_refused() {
    for path in ["/proc/self/status", "/proc/kmsg", "/sys/kernel/mm/transparent_hugepage/enabled"] {
        if Path::new(path).exists() {
            assert!(matches!(
                read(Path::new(path), Links::Follow, 1 << 20),
                Err(ReadError::NotRegular | ReadError::Io(_))
            ));
        }
    }
    let own = read(Path::new("/proc/self/status"), Links::Follow, 1 << 20);
    assert!(matches!(own, Err(ReadError::NotRegular)), "{own:?}");
}
