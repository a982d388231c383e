//! Transactions: whole or not at all, and snapshots that stay.

use super::{A, B, Open, get, get_in, key, new, put};

/// Dropping a write rolls it back, and the next one starts from what was committed.
pub fn a_dropped_write_is_nothing(open: Open<'_>) {
    let (backend, _directory) = new(open);
    put(&*backend, &[(A, key(1), b"kept")]);
    let mut write = backend.write().expect("a write begins");
    write.put(A, &key(1), b"lost").expect("a put fits");
    write.put(B, &key(2), b"lost").expect("a put fits");
    write.delete(A, &key(1)).expect("a delete succeeds");
    drop(write);
    assert_eq!(get(&*backend, A, &key(1)).as_deref(), Some(&b"kept"[..]));
    put(&*backend, &[(A, key(3), b"next")]);
    assert_eq!(get(&*backend, B, &key(2)), None);
    assert_eq!(get(&*backend, A, &key(1)).as_deref(), Some(&b"kept"[..]));
}

/// A snapshot sees what was committed when it began, beside any number of commits and other snapshots of its thread.
pub fn a_snapshot_stays(open: Open<'_>) {
    let (backend, _directory) = new(open);
    let mut snapshots = vec![backend.read().expect("a snapshot begins")];
    for round in 1..=5u8 {
        let mut write = backend.write().expect("a write begins beside snapshots");
        write.put(A, &key(1), &[round; 3000]).expect("a put fits");
        assert_eq!(
            get(&*backend, A, &key(1)).map(|value| value[0]),
            (round > 1).then(|| round - 1),
            "uncommitted"
        );
        write.commit().expect("a commit succeeds beside snapshots");
        snapshots.push(backend.read().expect("a snapshot begins"));
    }
    for (round, read) in snapshots.iter().enumerate() {
        let expected = (round > 0).then(|| vec![round as u8; 3000]);
        assert!(get_in(&**read, A, &key(1)) == expected, "the snapshot after {round} commits");
    }
}

/// A delete in a transaction tells of what the transaction itself has put.
pub fn a_write_sees_its_own_deletions(open: Open<'_>) {
    let (backend, _directory) = new(open);
    put(&*backend, &[(A, key(1), b"old")]);
    let mut write = backend.write().expect("a write begins");
    write.put(A, &key(2), b"new").expect("a put fits");
    let mut delete = |number| write.delete(A, &key(number)).expect("a delete succeeds");
    assert_eq!([delete(1), delete(1), delete(2), delete(2), delete(3)], [true, false, true, false, false]);
    write.put(A, &key(1), b"again").expect("a put fits");
    write.commit().expect("a commit succeeds");
    assert_eq!(get(&*backend, A, &key(1)).as_deref(), Some(&b"again"[..]));
    assert_eq!(get(&*backend, A, &key(2)), None);
}

/// Snapshots and writes are dropped in any order, and values are used until their snapshot goes.
pub fn transactions_end_in_any_order(open: Open<'_>) {
    let (backend, _directory) = new(open);
    put(&*backend, &[(A, key(1), &[7; 5000])]);
    let first = backend.read().expect("a snapshot begins");
    let value = first.get(A, &key(1)).expect("a get succeeds");
    let second = backend.read().expect("a snapshot begins");
    let mut write = backend.write().expect("a write begins");
    write.delete(A, &key(1)).expect("a delete succeeds");
    drop(second);
    write.commit().expect("a commit succeeds");
    for round in 0..20u8 {
        put(&*backend, &[(A, key(2), &[round; 5000])]);
    }
    assert!(value.as_deref() == Some(&[7; 5000][..]), "a value changed under its snapshot");
    drop(value);
    drop(first);
    assert_eq!(get(&*backend, A, &key(1)), None);
}
