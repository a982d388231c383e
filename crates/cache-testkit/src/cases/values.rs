//! Values: what is put is what comes back.

use std::borrow::Cow;

use super::{A, B, Open, bytes, get, key, new, put, scan, skip};

/// Nothing is found in a store in which nothing is.
pub fn an_empty_store_has_nothing(open: Open<'_>) {
    let (backend, _directory) = new(open);
    assert!(!backend.name().is_empty());
    let read = backend.read().expect("a snapshot begins");
    for keyspace in [A, B] {
        assert_eq!(read.get(keyspace, &key(1)).expect("a get succeeds"), None);
        assert_eq!(scan(&*read, keyspace, &[], 9), []);
    }
    drop(read);
    let mut write = backend.write().expect("a write begins");
    assert!(!write.delete(A, &key(1)).expect("a delete succeeds"), "nothing was there to delete");
    write.commit().expect("a commit succeeds");
}

/// Values of many lengths, nothing at all among them, and of any bytes.
pub fn values_come_back(open: Open<'_>) {
    let (backend, _directory) = new(open);
    let lengths = [0, 1, 7, 8, 9, 500, 1000, 2000, 2048, 4000, 4096, 8192, 70_000, 1 << 20];
    let most = backend.capabilities().max_value_len;
    let values: Vec<Vec<u8>> = lengths
        .iter()
        .filter(|&&length| length <= most)
        .map(|&length| bytes(length as u64, length))
        .collect();
    for (number, value) in values.iter().enumerate() {
        put(&*backend, &[(A, key(number as u64), value)]);
    }
    for (number, value) in values.iter().enumerate() {
        assert!(get(&*backend, A, &key(number as u64)).as_ref() == Some(value), "{} bytes", value.len());
    }
}

/// The last value of a key counts, and a delete tells what it did.
pub fn a_put_replaces_and_a_delete_removes(open: Open<'_>) {
    let (backend, _directory) = new(open);
    for length in [3, 5000, 10, 0, 3000] {
        let value = bytes(length, length as usize);
        put(&*backend, &[(A, key(1), &value)]);
        assert!(get(&*backend, A, &key(1)) == Some(value), "replaced by {length} bytes");
    }
    let mut write = backend.write().expect("a write begins");
    assert!(write.delete(A, &key(1)).expect("a delete succeeds"), "it was there");
    write.commit().expect("a commit succeeds");
    assert_eq!(get(&*backend, A, &key(1)), None);
}

/// A key of one keyspace is no key of another.
pub fn keyspaces_are_apart(open: Open<'_>) {
    let (backend, _directory) = new(open);
    put(&*backend, &[(A, key(1), b"a"), (B, key(2), b"b")]);
    assert_eq!([get(&*backend, A, &key(2)), get(&*backend, B, &key(1))], [None, None]);
    put(&*backend, &[(B, key(1), b"b")]);
    assert_eq!(get(&*backend, A, &key(1)).as_deref(), Some(&b"a"[..]));
    assert_eq!(scan(&*backend.read().expect("a snapshot begins"), B, &[], 9).len(), 2);
}

/// A backend that promises not to copy does not.
pub fn lent_values_are_lent(open: Open<'_>) {
    let (backend, _directory) = new(open);
    if !backend.capabilities().zero_copy {
        return skip(&*backend, "it does not promise to lend values");
    }
    put(&*backend, &[(A, key(1), &[1; 100]), (A, key(2), &[2; 10_000])]);
    let read = backend.read().expect("a snapshot begins");
    for number in [1, 2] {
        let value = read.get(A, &key(number)).expect("a get succeeds");
        assert!(matches!(value, Some(Cow::Borrowed(_))), "a copy of value {number}");
    }
}
