//! One request for a record at a time: who wants one that another thread has asked for waits for that answer.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use bytes::Bytes;

use crate::record::Name;

#[derive(Debug, Default)]
pub(crate) struct Flights(Mutex<HashMap<Name, Arc<Flight>>>);

/// A request that is under way, or has ended.
#[derive(Debug, Default)]
pub(crate) struct Flight {
    answer: Mutex<Option<Option<Bytes>>>,
    landed: Condvar,
}

/// The requests of one batch. Dropped, they end without an answer.
pub(crate) struct Boarded<'a> {
    flights: &'a Flights,
    /// Those that this batch has to ask for, by their place in it.
    pub(crate) own: Vec<(usize, Name)>,
    /// Those that somebody else has asked for.
    pub(crate) others: Vec<(usize, Arc<Flight>)>,
}

impl Flights {
    pub(crate) fn board(&self, names: &[Name]) -> Boarded<'_> {
        let mut under_way = self.under_way();
        let (mut own, mut others) = (Vec::with_capacity(names.len()), Vec::new());
        for (at, name) in names.iter().enumerate() {
            match under_way.get(name) {
                Some(flight) => others.push((at, flight.clone())),
                None => {
                    under_way.insert(*name, Arc::default());
                    own.push((at, *name));
                }
            }
        }
        drop(under_way);
        Boarded { flights: self, own, others }
    }

    fn under_way(&self) -> MutexGuard<'_, HashMap<Name, Arc<Flight>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Boarded<'_> {
    /// Tells whoever waits; what there is no answer for is nothing.
    pub(crate) fn land(&mut self, answers: &[Option<Bytes>]) {
        let mut under_way = self.flights.under_way();
        for (at, (_, name)) in self.own.drain(..).enumerate() {
            under_way.remove(&name).inspect(|flight| flight.land(answers.get(at).cloned().flatten()));
        }
    }
}

impl Drop for Boarded<'_> {
    fn drop(&mut self) {
        let mut under_way = self.flights.under_way();
        for (_, name) in self.own.drain(..) {
            under_way.remove(&name).inspect(|flight| flight.land(None));
        }
    }
}

impl Flight {
    fn land(&self, answer: Option<Bytes>) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
        self.landed.notify_all();
    }

    /// The answer, once it is there; none after the deadline.
    pub(crate) fn wait(&self, deadline: Instant) -> Option<Bytes> {
        let mut answer = self.answer.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(answer) = &*answer {
                return answer.clone();
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            let waited = self.landed.wait_timeout(answer, left);
            answer = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_name_is_asked_for_once() {
        let flights = Flights::default();
        let mut first = flights.board(&[[1; 32], [2; 32], [1; 32]]);
        assert_eq!((first.own.len(), first.others.len()), (2, 1), "twice in one batch is once");
        let second = flights.board(&[[2; 32], [3; 32]]);
        assert_eq!((second.own.len(), second.others.len()), (1, 1));
        first.land(&[None, Some(Bytes::from_static(b"x"))]);
        let soon = Instant::now() + Duration::from_secs(5);
        assert_eq!(second.others[0].1.wait(soon).as_deref(), Some(&b"x"[..]));
        assert_eq!(first.others[0].1.wait(soon), None);
        drop((first, second));
        assert_eq!(flights.board(&[[3; 32]]).own.len(), 1, "what ended without an answer is asked for again");
    }
}
