//! The risk: the file outgrows its limit, or what is in use goes before what is not.

use std::sync::Arc;
use std::time::Duration;

use repo_map_cache_core::{Fingerprint, Key, Keyspace, Lookup, StorageBackend, Store, StoreOptions};
use repo_map_cache_lmdb::{LmdbBackend, LmdbOptions, check_file};

const SPACE: Keyspace = Keyspace::new("space");
const VERSION: Fingerprint = Fingerprint::new(1);
const LIMIT: u64 = 24 << 20;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }
}

fn key(number: u64) -> Key {
    let mut random = Random(number);
    let mut bytes = [0; 32];
    bytes.chunks_exact_mut(8).for_each(|chunk| chunk.copy_from_slice(&random.next().to_le_bytes()));
    Key::new(bytes)
}

fn open(directory: &tempfile::TempDir, limit: u64) -> Arc<LmdbBackend> {
    let mut options = LmdbOptions::new(&[SPACE]);
    options.max_size = limit;
    Arc::new(LmdbBackend::open(directory, &options).expect("the directory is fit"))
}

fn is_there(store: &Store, number: u64) -> bool {
    store.get(SPACE, &key(number), VERSION, |lookup| match lookup {
        Lookup::Hit(_) => true,
        Lookup::Miss => false,
        other => panic!("{other:?}"),
    })
}

#[test]
fn constant_insertion_stays_within_the_limit_and_keeps_what_is_read() {
    let directory = tempfile::tempdir().unwrap();
    let backend = open(&directory, LIMIT);
    let store = Store::new(backend.clone(), &[SPACE], StoreOptions::default()).unwrap();
    let mut random = Random(1);
    let mut largest = 0;
    let hot = 500;
    let total = 60_000;
    for number in 0..total {
        let length = match random.next() % 10 {
            0 => random.next() % 9000,
            _ => 200 + random.next() % 2000,
        };
        store.put(SPACE, key(number), VERSION, &vec![number as u8; length as usize]);
        if number % 1000 == 999 {
            largest = largest.max(backend.size_on_disk().unwrap().unwrap());
            assert!((0..hot).filter(|&number| is_there(&store, number)).count() as u64 == hot, "at {number}");
        }
    }
    store.flush().unwrap();
    largest = largest.max(backend.size_on_disk().unwrap().unwrap());
    assert!(largest <= LIMIT + LIMIT / 10, "{largest} bytes");
    // It is not kept by throwing everything away: most of the limit is used, by what came last.
    assert!(largest > LIMIT / 2, "{largest} bytes");
    let recent = (total - 3000..total).filter(|&number| is_there(&store, number)).count();
    assert_eq!(recent, 3000);
    let usage = backend.usage(SPACE).unwrap().expect("LMDB counts its entries");
    assert_eq!(usage.items + usage.evictions, total, "each entry is there or was evicted");
    assert!((LIMIT / 2..=LIMIT).contains(&usage.bytes), "{usage:?}");
    let old = (hot..10_000).filter(|&number| is_there(&store, number)).count();
    assert_eq!(old, 0);
    assert_eq!(store.statistics(SPACE).dropped, 0);
    let data = backend.path().join("data.mdb");
    drop((store, backend));
    check_file(data).unwrap();
}

#[test]
fn short_values_stay_within_the_limit_although_a_commit_copies_many_pages_for_them() {
    let directory = tempfile::tempdir().unwrap();
    let backend = open(&directory, LIMIT);
    let store = Store::new(backend.clone(), &[SPACE], StoreOptions::default()).unwrap();
    let mut largest = 0;
    for number in 0..90_000 {
        store.put(SPACE, key(number), VERSION, &[number as u8; 100]);
        if number % 500 == 0 {
            largest = largest.max(backend.size_on_disk().unwrap().unwrap());
        }
    }
    store.flush().unwrap();
    largest = largest.max(backend.size_on_disk().unwrap().unwrap());
    let usage = backend.usage(SPACE).unwrap().expect("LMDB counts its entries");
    assert!(largest <= LIMIT + LIMIT / 10, "{largest} bytes");
    assert!(usage.evictions > 10_000 && usage.bytes > LIMIT / 2, "{usage:?}");
    assert_eq!(store.statistics(SPACE).dropped, 0);
}

#[test]
fn what_was_read_half_a_limit_ago_stays_when_the_first_entries_go() {
    let directory = tempfile::tempdir().unwrap();
    let backend = open(&directory, LIMIT);
    let mut options = StoreOptions::default();
    options.linger = Duration::from_secs(10);
    let store = Store::new(backend.clone(), &[SPACE], options).unwrap();
    let fill = |numbers: std::ops::Range<u64>| {
        numbers.for_each(|number| store.put(SPACE, key(number), VERSION, &[1; 1000]));
        store.flush().unwrap();
    };
    let usage = || backend.usage(SPACE).unwrap().expect("LMDB counts its entries");
    let hot = 500;
    // As full as it is when a writer that lags has taken in no more than this.
    let mut number = hot;
    fill(0..hot);
    while usage().bytes < LIMIT / 10 * 3 {
        fill(number..number + 100);
        number += 100;
    }
    assert!((0..hot).all(|number| is_there(&store, number)));
    while usage().evictions == 0 {
        fill(number..number + 100);
        number += 100;
    }
    assert_eq!((0..hot).filter(|&number| is_there(&store, number)).count() as u64, hot);
}

#[test]
fn a_lower_limit_holds_from_the_next_open_on() {
    let directory = tempfile::tempdir().unwrap();
    // Full batches: how full the pages are must not depend on how busy the machine is.
    let mut options = StoreOptions::default();
    options.linger = Duration::from_secs(10);
    let store = Store::new(open(&directory, 1 << 30), &[SPACE], options).unwrap();
    (0..20_000).for_each(|number| store.put(SPACE, key(number), VERSION, &[1; 1500]));
    drop(store);
    let store = Store::new(open(&directory, LIMIT), &[SPACE], StoreOptions::default()).unwrap();
    let kept = (0..20_000).filter(|&number| is_there(&store, number)).count() as u64;
    assert!(kept * 1500 < LIMIT / 20 * 14 && kept * 1500 > LIMIT / 3, "{kept} entries");
}

#[test]
fn deleted_entries_leave_no_rows_of_use() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::new(open(&directory, LIMIT), &[SPACE], StoreOptions::default()).unwrap();
    for round in 0..40 {
        (0..3000).for_each(|number| store.put(SPACE, key(round * 3000 + number), VERSION, b"short"));
        (0..3000).for_each(|number| store.delete(SPACE, key(round * 3000 + number)));
        store.flush().unwrap();
    }
    let size = store.backend().size_on_disk().unwrap().unwrap();
    assert!(size < 8 << 20, "{size} bytes for no entries");
}

#[test]
fn a_snapshot_that_is_kept_does_not_make_the_file_grow_without_end() {
    let directory = tempfile::tempdir().unwrap();
    let backend = open(&directory, LIMIT);
    let store = Store::new(backend.clone(), &[SPACE], StoreOptions::default()).unwrap();
    (0..8_000).for_each(|number| store.put(SPACE, key(number), VERSION, &[1; 1500]));
    store.flush().unwrap();
    let kept = store.snapshot();
    let mut refused = 0;
    for number in 8_000..60_000 {
        store.put(SPACE, key(number), VERSION, &[1; 1500]);
        if number % 1000 == 0 {
            refused += u32::from(store.flush().is_err());
        }
    }
    let size = backend.size_on_disk().unwrap().unwrap();
    assert!(size <= LIMIT + LIMIT / 10, "{size} bytes");
    assert!(refused > 0 && matches!(kept.get(SPACE, &key(7_999), VERSION), Lookup::Hit(_)));
    // Without it there is room again, in a while.
    drop(kept);
    let is_stored = (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        store.put(SPACE, key(1), VERSION, b"again");
        store.flush().is_ok()
    });
    assert!(is_stored && is_there(&store, 1));
}
