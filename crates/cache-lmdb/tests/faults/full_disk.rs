//! A disk without room, and then one that cannot be written: entries are given up, nothing else.
//!
//! The child runs on a small tmpfs in a mount namespace of its own, where the system allows that without privileges.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

#[cfg(unix)]
use repo_map_cache_core::StorageBackend as _;
use repo_map_cache_core::{ErrorKind, Fingerprint, Lookup, Store, StoreOptions};
use repo_map_cache_lmdb::LmdbBackend;
#[cfg(unix)]
use repo_map_cache_lmdb::LmdbReader;

use crate::child::options;
use crate::finish;
use crate::workload::{SPACES, key};

/// The room that the child has, in MiB, and the entries of 2 KiB that it puts: three times as much.
const ROOM: u64 = 8;
const ENTRIES: u64 = 12_000;

pub(crate) fn full_disk() -> u64 {
    let namespace = |command: &str| {
        let mut unshare = Command::new("unshare");
        unshare.args(["--user", "--map-root-user", "--mount", "sh", "-c", command]).stdin(Stdio::null());
        unshare
    };
    let directory = tempfile::tempdir().expect("a temporary directory");
    let (place, program) =
        (directory.path().display(), std::env::current_exe().expect("the path of this program"));
    let mount = format!("mount -t tmpfs -o size={ROOM}m none '{place}'");
    if !namespace(&mount).stderr(Stdio::null()).status().is_ok_and(|status| status.success()) {
        println!("full disk: skipped, this system gives no mount namespace");
        return 0;
    }
    let child = namespace(&format!("{mount} && exec '{}' fill '{place}'", program.display())).spawn();
    let failed = u64::from(!finish(child.expect("a child starts")));
    println!("full disk: {ENTRIES} entries of 2 KiB into {ROOM} MiB, then read-only: {failed} failed");
    failed
}

/// The child: puts more than there is room for, and looks at what is left.
pub(crate) fn fill(directory: &Path) {
    let over = |backend| Store::new(backend, &SPACES, StoreOptions::default()).expect("a thread");
    let store = |backend: LmdbBackend| over(Arc::new(backend));
    let version = Fingerprint::new(1);
    let count = |store: &Store| {
        let snapshot = store.snapshot();
        (0..ENTRIES)
            .filter(|&number| match snapshot.get(SPACES[0], &key(number), version) {
                Lookup::Hit(found) => {
                    assert!(*found == [number as u8; 2000], "a wrong value under {number}");
                    true
                }
                Lookup::Miss => false,
                other => panic!("{other:?}"),
            })
            .count() as u64
    };
    let full = store(LmdbBackend::open(directory, &options()).expect("there is room for an empty store"));
    let mut refused = 0;
    for number in 0..ENTRIES {
        full.put(SPACES[0], key(number), version, &[number as u8; 2000]);
        if number % 500 == 499
            && let Err(error) = full.flush()
        {
            assert_eq!(error.kind(), ErrorKind::StorageFull, "{error}");
            refused += 1;
        }
    }
    let (kept, dropped) = (count(&full), full.statistics(SPACES[0]).dropped);
    assert!(
        refused > 0 && kept > 500 && kept + dropped == ENTRIES,
        "{refused} refused, {kept} kept, {dropped} dropped"
    );
    drop(full);

    let backend = LmdbBackend::open(directory, &options()).expect("a full store opens");
    assert_eq!(backend.recovery(), None, "a full store is whole");
    assert_eq!(count(&store(backend)), kept);

    let remount = Command::new("mount").args(["-o", "remount,ro"]).arg(directory).status();
    assert!(remount.is_ok_and(|status| status.success()), "it can be made read-only");
    let error = LmdbBackend::open(directory, &options()).expect_err("nothing can be locked there");
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");

    #[cfg(unix)]
    {
        let reader = LmdbReader::open(directory, &SPACES, false).expect("what nobody can write can be read");
        assert!(reader.write().is_err());
        assert_eq!(count(&over(Arc::new(reader))), kept);
    }
}
