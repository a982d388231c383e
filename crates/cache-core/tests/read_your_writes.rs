//! The risk: a value that this process has put is not seen by it, or a snapshot moves.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use repo_map_cache_core::{Fingerprint, Key, Keyspace, Lookup, MemoryBackend, Request, Store, StoreOptions};

const SPACE: Keyspace = Keyspace::new("space");
const VERSION: Fingerprint = Fingerprint::new(1);

fn key(number: u8) -> Key {
    Key::new([number; 32])
}

fn store(batch_entries: usize) -> Store {
    let mut options = StoreOptions::default();
    options.batch_entries = batch_entries;
    options.queue_entries = 4;
    options.linger = Duration::from_micros(50);
    Store::new(Arc::new(MemoryBackend::new()), &[SPACE], options).expect("a thread starts")
}

fn value(lookup: &Lookup<'_>) -> Option<Vec<u8>> {
    match lookup {
        Lookup::Hit(payload) => Some(payload.to_vec()),
        Lookup::Miss => None,
        other => panic!("{other:?}"),
    }
}

#[derive(Clone, Debug)]
enum Step {
    Put(u8, Vec<u8>),
    Delete(u8),
    Flush,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..6u8, prop::collection::vec(any::<u8>(), 0..20)).prop_map(|(key, value)| Step::Put(key, value)),
        2 => (0..6u8).prop_map(Step::Delete),
        1 => Just(Step::Flush),
    ]
}

proptest! {
    #[test]
    fn a_store_is_a_map(steps in prop::collection::vec(step(), 0..60), batch in 1..5usize) {
        let store = store(batch);
        let mut model: BTreeMap<u8, Vec<u8>> = BTreeMap::new();
        for step in steps {
            let before = store.snapshot();
            let earlier = model.clone();
            match step {
                Step::Put(number, payload) => {
                    store.put(SPACE, key(number), VERSION, &payload);
                    model.insert(number, payload);
                }
                Step::Delete(number) => {
                    store.delete(SPACE, key(number));
                    model.remove(&number);
                }
                Step::Flush => store.flush().unwrap(),
            }
            let after = store.snapshot();
            for number in 0..6 {
                prop_assert_eq!(value(&before.get(SPACE, &key(number), VERSION)), earlier.get(&number).cloned());
                prop_assert_eq!(value(&after.get(SPACE, &key(number), VERSION)), model.get(&number).cloned());
                let got = store.get(SPACE, &key(number), VERSION, |lookup| value(&lookup));
                prop_assert_eq!(got, model.get(&number).cloned());
            }
        }
    }
}

#[test]
fn threads_see_their_own_writes_while_others_write() {
    let store = store(3);
    std::thread::scope(|scope| {
        for thread in 0..4u8 {
            let store = &store;
            scope.spawn(move || {
                for round in 0..500u16 {
                    let payload = [[thread, 0], round.to_le_bytes()].concat();
                    store.put(SPACE, key(thread), VERSION, &payload);
                    let got = store.get(SPACE, &key(thread), VERSION, |lookup| value(&lookup));
                    assert_eq!(got.as_deref(), Some(&payload[..]));
                    let snapshot = store.snapshot();
                    assert_eq!(
                        value(&snapshot.get(SPACE, &key(thread), VERSION)).as_deref(),
                        Some(&payload[..])
                    );
                }
            });
        }
    });
}

#[test]
fn dropping_a_store_writes_what_is_pending() {
    let backend = Arc::new(MemoryBackend::new());
    let mut options = StoreOptions::default();
    options.linger = Duration::from_secs(3600);
    let store = Store::new(backend.clone(), &[SPACE], options).unwrap();
    store.put(SPACE, key(1), VERSION, b"kept");
    drop(store);
    let store = Store::new(backend, &[SPACE], StoreOptions::default()).unwrap();
    assert_eq!(value(&store.snapshot().get(SPACE, &key(1), VERSION)).as_deref(), Some(&b"kept"[..]));
}

#[test]
fn many_are_answered_by_their_index() {
    let store = store(100);
    store.put(SPACE, key(3), VERSION, b"3");
    store.flush().unwrap();
    store.put(SPACE, key(1), VERSION, b"1");
    let requests: Vec<_> =
        [5, 3, 1, 3].map(|number| Request { key: key(number), fingerprint: VERSION }).into();
    let mut answers = vec![None; requests.len()];
    store.get_many(SPACE, &requests, |index, lookup| {
        answers[index] = Some(value(&lookup));
        ControlFlow::Continue(())
    });
    let some = |text: &[u8]| Some(Some(text.to_vec()));
    assert_eq!(answers, [Some(None), some(b"3"), some(b"1"), some(b"3")]);

    let mut visited = 0;
    store.get_many(SPACE, &requests, |_, _| {
        visited += 1;
        ControlFlow::Break(())
    });
    assert_eq!(visited, 1);
}
