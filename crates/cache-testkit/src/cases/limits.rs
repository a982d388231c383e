//! Limits: what is too much is refused by kind, and what is much is not.

use repo_map_cache_core::ErrorKind;

use super::{A, Open, bytes, get, key, new, scan, skip};

/// Values that a case can allocate; the system gives such zeroes without touching them. Bits that are shifted out of a
/// narrow word would leave none.
const ALLOCATED: usize = if usize::BITS > 32 { 4 << 30 } else { 1 << 30 };

/// A value beyond the promised length is too large, and the backend goes on.
pub fn a_value_too_large_is_refused(open: Open<'_>) {
    let (backend, _directory) = new(open);
    let most = backend.capabilities().max_value_len;
    if most >= ALLOCATED {
        return skip(&*backend, "it promises longer values than can be tried");
    }
    let mut write = backend.write().expect("a write begins");
    let error = write.put(A, &key(1), &vec![0; most + 1]).expect_err("a value beyond the limit");
    assert_eq!((error.kind(), error.backend()), (ErrorKind::TooLarge, backend.name()));
    drop(write);
    assert_eq!(get(&*backend, A, &key(1)), None);
    super::put(&*backend, &[(A, key(1), b"fits")]);
}

/// Thousands of entries in one transaction.
pub fn a_large_batch_is_one_commit(open: Open<'_>) {
    let (backend, _directory) = new(open);
    let mut write = backend.write().expect("a write begins");
    for number in 0..4096 {
        write.put(A, &key(number), &bytes(number, (number % 700) as usize)).expect("a put fits");
    }
    assert_eq!(get(&*backend, A, &key(5)), None, "uncommitted");
    write.commit().expect("a commit succeeds");
    let entries = scan(&*backend.read().expect("a snapshot begins"), A, &[], usize::MAX);
    assert_eq!(entries.len(), 4096);
    for number in [0, 1, 699, 4095] {
        assert!(get(&*backend, A, &key(number)) == Some(bytes(number, (number % 700) as usize)));
    }
}
