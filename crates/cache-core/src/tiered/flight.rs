//! One computation of a value for any number of threads that want it at once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::PoisonError;

use super::sync::{Arc, AtomicU64, Condvar, Mutex, MutexGuard, Ordering};

use crate::{Fingerprint, Key};

type Wanted = (Key, Fingerprint);

/// The computations that are under way.
pub(super) struct Flights<V> {
    under_way: Mutex<HashMap<Wanted, Arc<Flight<V>>>>,
    landings: AtomicU64,
}

struct Flight<V> {
    state: Mutex<State<V>>,
    changed: Condvar,
}

enum State<V> {
    Computing,
    Done(V),
    /// It ended without a value: by an error or a panic.
    Failed,
}

/// What a thread that wants a value has to do.
pub(super) enum Turn<'a, V> {
    /// Compute it; others may be waiting.
    Compute(Pilot<'a, V>),
    /// Another thread has computed it meanwhile.
    Take(V),
    /// Another thread has tried and failed.
    TryAgain,
}

/// The duty to compute a value. Dropped without one, also in a panic, it wakes who waits.
pub(super) struct Pilot<'a, V> {
    flights: &'a Flights<V>,
    flight: Arc<Flight<V>>,
    wanted: Wanted,
    outcome: State<V>,
}

impl<V: Clone> Flights<V> {
    pub(super) fn new() -> Self {
        Self { under_way: Mutex::new(HashMap::new()), landings: AtomicU64::new(0) }
    }

    /// Computations that have ended. Who has a turn and finds as many as before its look has missed none.
    pub(super) fn landings(&self) -> u64 {
        self.landings.load(Ordering::SeqCst)
    }

    /// Waits while another thread computes this value; else the turn is the caller's.
    pub(super) fn join(&self, key: Key, fingerprint: Fingerprint) -> Turn<'_, V> {
        let wanted = (key, fingerprint);
        let mut under_way = self.lock();
        let flight = match under_way.entry(wanted) {
            Entry::Occupied(occupied) => occupied.get().clone(),
            Entry::Vacant(vacant) => {
                let flight =
                    Arc::new(Flight { state: Mutex::new(State::Computing), changed: Condvar::new() });
                vacant.insert(flight.clone());
                return Turn::Compute(Pilot { flights: self, flight, wanted, outcome: State::Failed });
            }
        };
        drop(under_way);
        let mut state = flight.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match &*state {
                State::Computing => {
                    state = flight.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                }
                State::Done(value) => return Turn::Take(value.clone()),
                State::Failed => return Turn::TryAgain,
            }
        }
    }
}

impl<V> Flights<V> {
    fn lock(&self) -> MutexGuard<'_, HashMap<Wanted, Arc<Flight<V>>>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V> Pilot<'_, V> {
    /// Hands the value to who waits.
    pub(super) fn land(mut self, value: V) {
        self.outcome = State::Done(value);
    }
}

impl<V> Drop for Pilot<'_, V> {
    fn drop(&mut self) {
        self.flights.landings.fetch_add(1, Ordering::SeqCst);
        // First out of the list, so that who comes after a failure begins anew.
        self.flights.lock().remove(&self.wanted);
        let outcome = std::mem::replace(&mut self.outcome, State::Failed);
        *self.flight.state.lock().unwrap_or_else(PoisonError::into_inner) = outcome;
        self.flight.changed.notify_all();
    }
}
