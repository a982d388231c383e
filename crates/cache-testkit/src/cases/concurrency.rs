//! Threads: readers beside a writer, and writers beside each other.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{A, Open, get, get_in, key, new, put};

const KEYS: u64 = 20;

/// Each commit sets all keys to its number: no snapshot may see two numbers, nor go back.
pub fn commits_are_seen_whole_or_not(open: Open<'_>) {
    let (backend, _directory) = new(open);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut last = 0;
                while !done.load(Ordering::Relaxed) {
                    let read = backend.read().expect("a snapshot begins");
                    let seen: Vec<u64> =
                        (0..KEYS).map(|number| number_in(get_in(&*read, A, &key(number)))).collect();
                    assert!(seen.iter().all(|number| *number == seen[0]), "half of a commit: {seen:?}");
                    assert!(seen[0] >= last, "an older state after a newer one");
                    last = seen[0];
                }
            });
        }
        for round in 1..=150u64 {
            let mut write = backend.write().expect("a write begins");
            for number in 0..KEYS {
                let value = round.to_le_bytes().repeat(1 + (round * number % 60) as usize);
                write.put(A, &key(number), &value).expect("a put fits");
            }
            write.commit().expect("a commit succeeds");
        }
        done.store(true, Ordering::Relaxed);
    });
}

/// Threads that each add to one counter lose no addition: a write begins after the one before it has ended.
pub fn writers_take_turns(open: Open<'_>) {
    let (backend, _directory) = new(open);
    put(&*backend, &[(A, key(1), &0u64.to_le_bytes())]);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..25 {
                    let mut write = backend.write().expect("a write begins");
                    let counter = number_in(get(&*backend, A, &key(1)));
                    write.put(A, &key(1), &(counter + 1).to_le_bytes()).expect("a put fits");
                    write.commit().expect("a commit succeeds");
                }
            });
        }
    });
    assert_eq!(number_in(get(&*backend, A, &key(1))), 100);
}

/// The number that a value begins with; 0 for none.
fn number_in(value: Option<Vec<u8>>) -> u64 {
    let Some(value) = value else { return 0 };
    let mut number = [0; 8];
    number.copy_from_slice(&value[..8]);
    u64::from_le_bytes(number)
}
