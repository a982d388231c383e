//! Random histories beside a sorted map.

use std::collections::BTreeMap;

use super::{KEYSPACES, Open, bytes, key, new, reopen, scan};
use crate::random::Random;

/// Commits, rollbacks and, where the backend is durable, new opens: it stays the same map.
pub fn a_history_is_that_of_a_map(open: Open<'_>) {
    for seed in 0..6 {
        let mut random = Random::new(seed);
        let (mut backend, directory) = new(open);
        let is_durable = backend.capabilities().durable;
        let mut committed = BTreeMap::new();
        for _ in 0..25 {
            let mut next = committed.clone();
            let mut write = backend.write().expect("a write begins");
            for _ in 0..random.below(30) {
                let keyspace = KEYSPACES[random.below(2) as usize];
                let key = key(random.below(50));
                if random.below(3) == 0 {
                    let was_there = write.delete(keyspace, &key).expect("a delete succeeds");
                    assert_eq!(
                        was_there,
                        next.remove(&(keyspace, key)).is_some(),
                        "what a delete tells, seed {seed}"
                    );
                } else {
                    let most = if random.below(5) == 0 { 9000 } else { 300 };
                    let length = random.below(most);
                    let value = bytes(random.next(), length as usize);
                    write.put(keyspace, &key, &value).expect("a put fits");
                    next.insert((keyspace, key), value);
                }
            }
            if random.below(4) == 0 {
                drop(write);
            } else {
                write.commit().expect("a commit succeeds");
                committed = next;
            }
            if is_durable && random.below(6) == 0 {
                drop(backend);
                backend = reopen(open, &directory);
            }
            let read = backend.read().expect("a snapshot begins");
            for keyspace in KEYSPACES {
                let expected: Vec<_> = committed
                    .iter()
                    .filter(|((space, _), _)| *space == keyspace)
                    .map(|((_, key), value)| (*key, value.clone()))
                    .collect();
                assert!(
                    scan(&*read, keyspace, &[], usize::MAX) == expected,
                    "another map than that of seed {seed}"
                );
            }
        }
    }
}
