//! The risk: a tier answers with what another has replaced or lost, or one value is computed many times.

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use proptest::prelude::*;
use repo_map_cache_core::{
    Codec, Fingerprint, Key, Keyspace, MemoryBackend, MemoryBounds, Payload, Request, Store, StoreOptions,
    Tag, TieredCache,
};

const SPACE: Keyspace = Keyspace::new("space");
const INDEX: Keyspace = Keyspace::new("index");
const VERSION: Fingerprint = Fingerprint::new(1);

struct Text;

impl Codec<Arc<str>> for Text {
    fn encode(&self, value: &Arc<str>) -> Vec<u8> {
        value.as_bytes().to_vec()
    }

    fn decode(&self, payload: &Payload<'_>) -> Option<Arc<str>> {
        std::str::from_utf8(payload).ok().map(Arc::from)
    }

    fn weigh(&self, value: &Arc<str>) -> usize {
        value.len()
    }
}

fn key(number: u8) -> Key {
    Key::new([number; 32])
}

fn store() -> Arc<Store> {
    let backend = Arc::new(MemoryBackend::new());
    Arc::new(Store::new(backend, &[SPACE, INDEX], StoreOptions::default()).expect("a thread"))
}

fn cache(store: &Arc<Store>, items: u64) -> TieredCache<Arc<str>> {
    TieredCache::new(store.clone(), SPACE, Text, MemoryBounds { items, bytes: 1 << 20 }).with_tags(INDEX)
}

/// So many of what is tried again and again; a few are enough for an interpreter, which takes a thousand times as long.
const fn tries(natively: u32, by_miri: u32) -> u32 {
    if cfg!(miri) { by_miri } else { natively }
}

#[derive(Clone, Debug)]
enum Step {
    Put(u8, u8, Vec<u8>),
    Invalidate(u8),
    InvalidateTag(u8),
    Flush,
    ForgetMemory,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..8u8, 0..2u8, prop::collection::vec(0..3u8, 0..3)).prop_map(|(key, version, tags)| Step::Put(key, version, tags)),
        1 => (0..8u8).prop_map(Step::Invalidate),
        1 => (0..3u8).prop_map(Step::InvalidateTag),
        1 => Just(Step::Flush),
        1 => Just(Step::ForgetMemory),
    ]
}

proptest! {
    #[test]
    fn tiers_together_are_one_map(steps in prop::collection::vec(step(), 0..tries(60, 12) as usize), memory in 0..6u64) {
        let (near, far) = (store(), store());
        let cache = cache(&near, memory).with_next(far);
        let mut model: Vec<Option<(u8, String, Vec<u8>)>> = vec![None; 8];
        for (at, step) in steps.into_iter().enumerate() {
            match step {
                Step::Put(number, version, tags) => {
                    let text = format!("{at}");
                    let hashed: Vec<Tag> = tags.iter().map(|tag| Tag::of([*tag])).collect();
                    cache.put(key(number), Fingerprint::new(version.into()), text.as_str().into(), &hashed);
                    // A tag stays with a key: its row is removed with the tag alone.
                    let mut all = model[number as usize].take().map_or(Vec::new(), |(_, _, tags)| tags);
                    all.extend(tags);
                    model[number as usize] = Some((version, text, all));
                }
                Step::Invalidate(number) => {
                    cache.invalidate(&key(number));
                    if let Some(entry) = &mut model[number as usize] {
                        entry.0 = u8::MAX;
                    }
                }
                Step::InvalidateTag(tag) => {
                    let before = model.iter().flatten().filter(|(_, _, tags)| tags.contains(&tag)).count();
                    prop_assert_eq!(cache.invalidate_by_tag(Tag::of([tag])), before);
                    for entry in model.iter_mut().flatten().filter(|(_, _, tags)| tags.contains(&tag)) {
                        entry.0 = u8::MAX;
                        entry.2.retain(|other| *other != tag);
                    }
                }
                Step::Flush => cache.flush().unwrap(),
                Step::ForgetMemory => cache.memory().clear(),
            }
            for version in 0..2u8 {
                let requests: Vec<Request> = (0..8)
                    .map(|number| Request { key: key(number), fingerprint: Fingerprint::new(version.into()) })
                    .collect();
                let expected: Vec<Option<&str>> = model
                    .iter()
                    .map(|entry| entry.as_ref().filter(|entry| entry.0 == version).map(|entry| entry.1.as_str()))
                    .collect();
                let many = cache.get_many(&requests);
                prop_assert_eq!(many.iter().map(Option::as_deref).collect::<Vec<_>>(), expected.clone());
                for (request, expected) in requests.iter().zip(expected) {
                    let value = cache.get(&request.key, request.fingerprint);
                    prop_assert_eq!(value.as_deref(), expected);
                }
            }
        }
    }
}

#[test]
fn a_later_tier_fills_the_earlier_ones() {
    let (near, far) = (store(), store());
    cache(&far, 9).put(key(1), VERSION, "far".into(), &[]);
    let both = cache(&near, 9).with_next(far);
    assert_eq!(both.get(&key(1), VERSION).as_deref(), Some("far"));
    assert_eq!(cache(&near, 9).get(&key(1), VERSION).as_deref(), Some("far"));
}

#[test]
fn bytes_that_the_codec_does_not_know_are_dropped() {
    let store = store();
    store.put(SPACE, key(1), VERSION, &[0xff]);
    let cache = cache(&store, 9);
    assert_eq!(cache.get(&key(1), VERSION), None);
    cache.flush().unwrap();
    assert_eq!((cache.get(&key(1), VERSION), store.statistics(SPACE).misses), (None, 1));
}

#[test]
fn one_computation_serves_all_who_wait() {
    let cache = cache(&store(), 100);
    for round in 0..tries(50, 5) as u8 {
        let (computed, barrier) = (AtomicUsize::new(0), Barrier::new(4));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    barrier.wait();
                    let value = cache.get_or_compute(&key(round), VERSION, &[], || {
                        computed.fetch_add(1, Ordering::SeqCst);
                        std::thread::yield_now();
                        Ok::<_, Infallible>(Arc::from("value"))
                    });
                    assert_eq!(value.as_deref(), Ok("value"));
                });
            }
        });
        assert_eq!(computed.load(Ordering::SeqCst), 1);
    }
}

#[test]
fn failures_wake_who_waits_and_are_not_kept() {
    let (cache, attempts, barrier) = (cache(&store(), 100), AtomicUsize::new(0), Barrier::new(6));
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                barrier.wait();
                // The first two attempts fail, one with an error and one with a panic.
                let outcome = catch_unwind(AssertUnwindSafe(|| {
                    cache.get_or_compute(&key(1), VERSION, &[], || {
                        match attempts.fetch_add(1, Ordering::SeqCst) {
                            0 => Err("an error"),
                            1 => std::panic::panic_any("a panic"),
                            _ => Ok(Arc::from("value")),
                        }
                    })
                }));
                assert!(
                    matches!(outcome, Err(_) | Ok(Err("an error")))
                        || outcome.unwrap().as_deref() == Ok("value")
                );
            });
        }
    });
    assert_eq!(attempts.load(Ordering::SeqCst), 3);
    assert_eq!(cache.get(&key(1), VERSION).as_deref(), Some("value"));
}

#[test]
fn what_is_invalidated_while_it_is_computed_is_not_kept() {
    let cache = cache(&store(), 100);
    let tag = Tag::of("file");
    for by_tag in [false, true] {
        let value = cache.get_or_compute(&key(1), VERSION, &[tag], || {
            if by_tag {
                cache.invalidate_by_tag(tag);
            } else {
                cache.invalidate(&key(1));
            }
            Ok::<_, Infallible>(Arc::from("of the old file"))
        });
        assert_eq!(value.as_deref(), Ok("of the old file"));
        assert_eq!(cache.get(&key(1), VERSION), None);
    }
}

#[test]
fn readers_beside_invalidations_never_bring_a_value_back() {
    let cache = cache(&store(), 100);
    for round in 0..tries(300, 10) {
        cache.put(key(1), VERSION, round.to_string().into(), &[]);
        cache.memory().clear();
        std::thread::scope(|scope| {
            scope.spawn(|| (0..20).for_each(|_| drop(cache.get(&key(1), VERSION))));
            scope.spawn(|| cache.invalidate(&key(1)));
        });
        assert_eq!(cache.get(&key(1), VERSION), None);
    }
}
