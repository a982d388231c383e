//! The risk: an order of steps that no stress test meets. The protocols of the tiered cache run here on the model checker's
//! primitives, from their own sources, in a thousand orders each.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

#[path = "../src/tiered/flight.rs"]
mod flight;
#[path = "../src/tiered/handover.rs"]
mod handover;

/// What `src/tiered/sync.rs` is to the product.
mod sync {
    pub(crate) use shuttle::sync::atomic::{AtomicU64, Ordering};
    pub(crate) use shuttle::sync::{Arc, Condvar, Mutex, MutexGuard};
}

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use flight::{Flights, Turn};
use handover::{Front, Handover};
use repo_map_cache_core::{Fingerprint, Key};
use shuttle::sync::atomic::{AtomicU64, Ordering};
use shuttle::sync::{Arc, Mutex};
use shuttle::thread;

const KEY: Key = Key::new([1; 32]);
const VERSION: Fingerprint = Fingerprint::new(1);

/// Orders that are tried for each model.
const ORDERS: usize = 500;

/// All orders that random scheduling and bounded preemption come up with.
fn check(model: impl Fn() + Send + Sync + Clone + 'static) {
    shuttle::check_random(model.clone(), ORDERS);
    shuttle::check_pct(model, ORDERS, 3);
}

/// Memory or a store: what is in it, changed under one lock.
#[derive(Default)]
struct Shelf(Mutex<HashMap<Key, u64>>);

impl Shelf {
    fn get(&self) -> Option<u64> {
        self.0.lock().unwrap().get(&KEY).copied()
    }

    fn set(&self, value: Option<u64>) {
        let mut values = self.0.lock().unwrap();
        match value {
            Some(value) => values.insert(KEY, value),
            None => values.remove(&KEY),
        };
    }
}

impl Front<u64> for Shelf {
    fn put_if(&self, key: &Key, value: u64, is_current: &dyn Fn() -> bool) {
        let mut values = self.0.lock().unwrap();
        if is_current() {
            values.insert(*key, value);
        }
    }

    fn remove(&self, key: &Key) {
        self.0.lock().unwrap().remove(key);
    }
}

/// The tiers and what passes values between them, as the tiered cache puts them together.
struct Tiers {
    handover: Handover,
    memory: Shelf,
    store: Shelf,
}

impl Tiers {
    fn new(stored: Option<u64>) -> Arc<Self> {
        let tiers = Self { handover: Handover::new(), memory: Shelf::default(), store: Shelf::default() };
        tiers.store.set(stored);
        Arc::new(tiers)
    }

    fn get(&self) -> Option<u64> {
        if let Some(value) = self.memory.get() {
            return Some(value);
        }
        let seen = self.handover.seen(&KEY);
        let value = self.store.get()?;
        self.handover.keep(&KEY, seen, value, &self.memory);
        Some(value)
    }

    fn put(&self, value: u64) {
        self.handover.put(&KEY, value, &self.memory, || self.store.set(Some(value)));
    }

    fn invalidate(&self) {
        self.handover.invalidate(&KEY, &self.memory, || self.store.set(None));
    }
}

#[test]
fn what_was_replaced_is_not_read_afterwards() {
    check(|| {
        let tiers = Tiers::new(Some(1));
        let reader = tiers.clone();
        let reader = thread::spawn(move || reader.get().is_some());
        let other = tiers.clone();
        let other = thread::spawn(move || {
            other.put(2);
            assert_eq!(other.get(), Some(2), "what was put is seen by who put it");
        });
        other.join().unwrap();
        assert_eq!(tiers.get(), Some(2), "and by everybody from then on");
        assert!(reader.join().unwrap(), "there was always a value");
        assert_eq!(tiers.get(), Some(2));
    });
}

#[test]
fn what_was_invalidated_does_not_come_back_from_a_reader() {
    check(|| {
        let tiers = Tiers::new(Some(1));
        let readers: Vec<_> = (0..2)
            .map(|_| {
                let reader = tiers.clone();
                thread::spawn(move || reader.get().is_some())
            })
            .collect();
        tiers.invalidate();
        assert_eq!(tiers.get(), None);
        readers.into_iter().for_each(|reader| assert!(reader.join().is_ok()));
        assert_eq!(tiers.get(), None);
    });
}

#[test]
fn a_value_computed_from_what_was_invalidated_meanwhile_is_not_kept() {
    check(|| {
        let (tiers, source) = (Tiers::new(None), Arc::new(AtomicU64::new(1)));
        let (computing, read) = (tiers.clone(), source.clone());
        let computing = thread::spawn(move || {
            let before = computing.handover.invalidations(&KEY);
            let value = read.load(Ordering::SeqCst);
            computing.put(value);
            if computing.handover.invalidations(&KEY) != before {
                computing.invalidate();
            }
        });
        source.store(2, Ordering::SeqCst);
        tiers.invalidate();
        computing.join().unwrap();
        assert_ne!(tiers.get(), Some(1));
    });
}

#[test]
fn a_value_computed_while_its_tag_is_invalidated_is_not_kept() {
    check(|| {
        let (tiers, source, index) =
            (Tiers::new(None), Arc::new(AtomicU64::new(1)), Arc::new(Shelf::default()));
        let (computing, read, row) = (tiers.clone(), source.clone(), index.clone());
        let computing = thread::spawn(move || {
            let before = computing.handover.invalidations(&KEY);
            let value = read.load(Ordering::SeqCst);
            computing.handover.put(&KEY, value, &computing.memory, || {
                computing.store.set(Some(value));
                row.set(Some(1));
            });
            if computing.handover.invalidations(&KEY) != before {
                computing.invalidate();
            }
        });
        source.store(2, Ordering::SeqCst);
        tiers.handover.invalidate_by_tag();
        if index.get().is_some() {
            tiers.invalidate();
        }
        computing.join().unwrap();
        assert_ne!(tiers.get(), Some(1));
    });
}

/// Asks for a value as `get_or_compute` does; an error where the computation fails.
fn ask(flights: &Flights<u64>, shelf: &Shelf, compute: &dyn Fn() -> Result<u64, ()>) -> Result<u64, ()> {
    let landings = flights.landings();
    if let Some(value) = shelf.get() {
        return Ok(value);
    }
    loop {
        let pilot = match flights.join(KEY, VERSION) {
            Turn::Take(value) => return Ok(value),
            Turn::TryAgain => continue,
            Turn::Compute(pilot) => pilot,
        };
        let landed = if flights.landings() == landings { None } else { shelf.get() };
        let value = match landed {
            Some(value) => value,
            None => {
                let value = compute()?;
                shelf.set(Some(value));
                value
            }
        };
        pilot.land(value);
        return Ok(value);
    }
}

#[test]
fn a_value_is_computed_once_for_all_who_ask() {
    check(|| {
        let state = Arc::new((Flights::new(), Shelf::default(), AtomicU64::new(0)));
        let asking: Vec<_> = (0..3)
            .map(|_| {
                let state = state.clone();
                thread::spawn(move || {
                    let (flights, shelf, computed) = &*state;
                    let value = ask(flights, shelf, &|| {
                        computed.fetch_add(1, Ordering::SeqCst);
                        Ok(7)
                    });
                    assert_eq!(value, Ok(7));
                })
            })
            .collect();
        asking.into_iter().for_each(|asking| asking.join().unwrap());
        assert_eq!(state.2.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn who_waits_for_a_computation_that_fails_is_woken_and_tries_for_itself() {
    check(|| {
        let state = Arc::new((Flights::new(), Shelf::default(), AtomicU64::new(0)));
        let asking: Vec<_> = (0..3)
            .map(|_| {
                let state = state.clone();
                thread::spawn(move || {
                    let (flights, shelf, computed) = &*state;
                    // The first fails, whoever it is.
                    ask(flights, shelf, &|| match computed.fetch_add(1, Ordering::SeqCst) {
                        0 => Err(()),
                        _ => Ok(7),
                    })
                })
            })
            .collect();
        let failed = asking.into_iter().map(|asking| asking.join().unwrap());
        assert_eq!(failed.filter(Result::is_err).count(), 1);
        assert_eq!(state.2.load(Ordering::SeqCst), 2);
    });
}

#[test]
fn a_turn_that_ends_in_a_panic_leaves_nobody_waiting() {
    check(|| {
        let flights = Arc::new(Flights::<u64>::new());
        let other = flights.clone();
        let other = thread::spawn(move || matches!(other.join(KEY, VERSION), Turn::Take(_)));
        let outcome = catch_unwind(AssertUnwindSafe(|| match flights.join(KEY, VERSION) {
            // As a panic does: the duty is dropped without a value.
            Turn::Compute(pilot) => drop(pilot),
            Turn::Take(_) | Turn::TryAgain => {}
        }));
        assert!(outcome.is_ok());
        assert!(!other.join().unwrap(), "there was no value to take");
    });
}
