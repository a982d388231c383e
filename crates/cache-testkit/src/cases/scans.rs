//! Scans: sorted by key, within a prefix, of one moment.

use repo_map_cache_core::Key;

use super::{A, B, Open, new, put, scan};

fn key(first: u8, second: u8) -> Key {
    let mut bytes = [0; 32];
    bytes[..2].copy_from_slice(&[first, second]);
    Key::new(bytes)
}

/// Prefixes of every length, order, and an early end.
pub fn scans_are_sorted_and_bounded(open: Open<'_>) {
    let (backend, _directory) = new(open);
    let keys = [key(0, 0), key(1, 0), key(1, 7), key(1, 255), key(2, 0), key(255, 254), key(255, 255)];
    for at in [3, 0, 6, 2, 5, 1, 4] {
        put(&*backend, &[(A, keys[at], &[at as u8]), (B, key(1, at as u8), b"other")]);
    }
    let read = backend.read().expect("a snapshot begins");
    let numbers = |prefix: &[u8], most| -> Vec<u8> {
        scan(&*read, A, prefix, most)
            .iter()
            .map(|(key, value)| {
                assert_eq!(*key, keys[usize::from(value[0])], "the key of the value");
                value[0]
            })
            .collect()
    };
    assert_eq!(numbers(&[], 99), [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(numbers(&[], 3), [0, 1, 2], "ended by the visitor");
    assert_eq!(numbers(&[1], 99), [1, 2, 3]);
    assert_eq!(numbers(&[1, 7], 99), [2]);
    assert_eq!(numbers(&[255], 99), [5, 6]);
    assert_eq!(numbers(&[3], 99), []);
    assert_eq!(numbers(keys[2].as_bytes(), 99), [2], "a whole key as prefix");
}

/// Commits beside a scan's snapshot do not show in it.
pub fn a_scan_is_of_its_snapshot(open: Open<'_>) {
    let (backend, _directory) = new(open);
    for number in 0..200 {
        put(&*backend, &[(A, key(1, number), &[number; 300])]);
    }
    let read = backend.read().expect("a snapshot begins");
    let mut write = backend.write().expect("a write begins");
    for number in 0..200 {
        write.delete(A, &key(1, number)).expect("a delete succeeds");
        write.put(A, &key(2, number), b"later").expect("a put fits");
    }
    write.commit().expect("a commit succeeds");
    let entries = scan(&*read, A, &[], usize::MAX);
    assert!(
        entries
            .iter()
            .enumerate()
            .all(|(at, (key, value))| key.as_bytes()[0] == 1 && *value == [at as u8; 300])
    );
    assert_eq!(entries.len(), 200);
    assert_eq!(scan(&*backend.read().expect("a snapshot begins"), A, &[1], 9), []);
}
