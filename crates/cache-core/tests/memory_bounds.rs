//! The risk: the memory tier outgrows its bounds, gives a wrong value, or loses count.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use repo_map_cache_core::{MemoryBounds, MemoryTier};

#[derive(Clone, Debug)]
enum Step {
    Put(u16, u64),
    Get(u16),
    Remove(u16),
    Resize(u64, u64),
    Evict(u64),
    Clear,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..40u16, 0..30u64).prop_map(|(key, weight)| Step::Put(key, weight)),
        8 => (0..40u16).prop_map(Step::Get),
        3 => (0..40u16).prop_map(Step::Remove),
        1 => (0..30u64, 0..400u64).prop_map(|(items, bytes)| Step::Resize(items, bytes)),
        1 => (0..10u64).prop_map(Step::Evict),
        1 => Just(Step::Clear),
    ]
}

proptest! {
    #[test]
    fn what_is_kept_is_right_and_within_bounds(steps in prop::collection::vec(step(), 0..300)) {
        let evicted = Arc::new(Mutex::new(Vec::new()));
        let told = evicted.clone();
        let mut bounds = MemoryBounds { items: 20, bytes: 250 };
        let tier = MemoryTier::new(bounds, |_: &u16, value: &(u64, usize)| value.0)
            .with_listener(move |key, value| told.lock().unwrap().push((*key, *value)));
        let mut model: HashMap<u16, (u64, usize)> = HashMap::new();
        for (at, step) in steps.into_iter().enumerate() {
            match step {
                Step::Put(key, weight) => {
                    tier.put(key, (weight, at));
                    model.insert(key, (weight, at));
                    if weight > bounds.bytes || bounds.items == 0 {
                        model.remove(&key);
                    }
                }
                Step::Get(key) => {
                    if let Some(value) = tier.get(&key) {
                        prop_assert_eq!(Some(&value), model.get(&key));
                    }
                }
                Step::Remove(key) => {
                    let was_there = tier.remove(&key);
                    prop_assert!(!was_there || model.contains_key(&key));
                    model.remove(&key);
                }
                Step::Resize(items, bytes) => {
                    bounds = MemoryBounds { items, bytes };
                    tier.resize(bounds);
                }
                Step::Evict(items) => {
                    let before = tier.statistics().items;
                    tier.evict(items);
                    prop_assert_eq!(tier.statistics().items, before.saturating_sub(items));
                }
                Step::Clear => {
                    tier.clear();
                    model.clear();
                }
            }
            // What was evicted was the latest value, and it is gone.
            for (key, value) in evicted.lock().unwrap().drain(..) {
                prop_assert_eq!(model.remove(&key), Some(value));
            }
            let statistics = tier.statistics();
            prop_assert!(statistics.items <= bounds.items && statistics.bytes <= bounds.bytes);
            // Nothing leaves without the listener being told: what is left is what the model has.
            prop_assert_eq!(statistics.items as usize, model.len());
            prop_assert_eq!(statistics.bytes, model.values().map(|(weight, _)| weight).sum::<u64>());
        }
    }
}

#[test]
fn threads_stay_within_bounds_and_see_whole_values() {
    let bounds = MemoryBounds { items: 4096, bytes: 16 << 20 };
    let tier = MemoryTier::new(bounds, |_: &u64, value: &Arc<Vec<u64>>| 8 * value.len() as u64);
    std::thread::scope(|scope| {
        for thread in 0..4u64 {
            let tier = &tier;
            scope.spawn(move || {
                for at in 0..20_000u64 {
                    let key = (at * 31 + thread * 17) % 9_000;
                    if let Some(value) = tier.get(&key) {
                        assert!(value.iter().all(|&part| part == key));
                    } else {
                        tier.put(key, Arc::new(vec![key; (key % 50) as usize]));
                    }
                    if at % 1000 == 999 {
                        tier.remove(&key);
                        tier.evict(5);
                    }
                }
            });
        }
    });
    let statistics = tier.statistics();
    assert!(statistics.items <= bounds.items && statistics.items > 0 && statistics.bytes <= bounds.bytes);
    assert_eq!(statistics.hits + statistics.misses, 80_000);
}

#[test]
fn entries_that_are_removed_leave_nothing_behind() {
    let tier = MemoryTier::new(MemoryBounds { items: 1000, bytes: u64::MAX }, |_: &u64, _: &u64| 1);
    for key in 0..100_000 {
        tier.put(key % 3, key);
        assert!(tier.remove(&(key % 3)));
    }
    assert_eq!(tier.statistics().items, 0);
    (0..1000).for_each(|key| tier.put(key, key));
    assert_eq!((tier.statistics().items, tier.statistics().evictions), (1000, 0));
}
