//! Errors: a refusal says what and whose it is, takes its transaction along and nothing else.

use std::ops::ControlFlow;

use repo_map_cache_core::{Error, ErrorKind, Keyspace};

use super::{A, Open, get, key, new, put};

/// Not among [`KEYSPACES`](super::KEYSPACES).
const UNKNOWN: Keyspace = Keyspace::new("conformance-unknown");

/// A keyspace that was not named at open is misconfigured in every operation, or as good as the others.
pub fn an_unknown_keyspace_is_refused_or_as_good(open: Open<'_>) {
    let (backend, _directory) = new(open);
    put(&*backend, &[(A, key(1), b"before")]);
    let mut write = backend.write().expect("a write begins");
    write.put(A, &key(2), b"with it").expect("a put fits");
    match write.put(UNKNOWN, &key(1), b"value") {
        Ok(()) => {
            write.commit().expect("a commit succeeds");
            assert_eq!(get(&*backend, UNKNOWN, &key(1)).as_deref(), Some(&b"value"[..]));
            assert_eq!(get(&*backend, A, &key(2)).as_deref(), Some(&b"with it"[..]));
        }
        Err(error) => {
            let check = |error: Error| {
                let expected = (ErrorKind::Misconfigured, backend.name());
                assert_eq!((error.kind(), error.backend()), expected, "{error}");
                assert!(!error.operation().is_empty(), "an error names its operation");
            };
            check(error);
            drop(write);
            let mut write = backend.write().expect("a write begins after a refused one");
            check(write.delete(UNKNOWN, &key(1)).expect_err("a delete in an unknown keyspace"));
            drop(write);
            let read = backend.read().expect("a snapshot begins");
            check(read.get(UNKNOWN, &key(1)).expect_err("a get in an unknown keyspace"));
            let outcome = read.scan(UNKNOWN, &[], &mut |_, _| ControlFlow::Continue(()));
            check(outcome.expect_err("a scan of an unknown keyspace"));
            assert_eq!(get(&*backend, A, &key(2)), None, "the refused transaction was dropped");
        }
    }
    assert_eq!(get(&*backend, A, &key(1)).as_deref(), Some(&b"before"[..]));
    put(&*backend, &[(A, key(3), b"after")]);
    assert_eq!(get(&*backend, A, &key(3)).as_deref(), Some(&b"after"[..]));
}
