//! A lock whose waiting can be given up.

use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use repo_map_model::Interrupt;

/// How often who waits asks whether that is still wanted.
const PATIENCE: Duration = Duration::from_millis(5);

/// A value that one thread has at a time.
#[derive(Default)]
pub(super) struct Turn<T> {
    is_taken: Mutex<bool>,
    freed: Condvar,
    value: Mutex<T>,
}

/// The value, until it is dropped.
pub(super) struct Taken<'a, T> {
    turn: &'a Turn<T>,
    /// `None` only while it is dropped.
    value: Option<MutexGuard<'a, T>>,
}

impl<T> Turn<T> {
    /// Waits for the value; `None` when the interrupt came first.
    pub(super) fn take(&self, interrupt: Interrupt<'_>) -> Option<Taken<'_, T>> {
        let mut is_taken = self.is_taken.lock().unwrap_or_else(PoisonError::into_inner);
        while *is_taken {
            if interrupt.is_due() {
                return None;
            }
            let waited = self.freed.wait_timeout(is_taken, PATIENCE);
            is_taken = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        *is_taken = true;
        drop(is_taken);
        let value = self.value.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Taken { turn: self, value: Some(value) })
    }

    /// Whether a thread panicked while it had the value.
    pub(super) fn is_poisoned(&self) -> bool {
        self.value.is_poisoned()
    }
}

impl<T> Deref for Taken<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_ref().expect("only the drop takes it")
    }
}

impl<T> DerefMut for Taken<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect("only the drop takes it")
    }
}

impl<T> Drop for Taken<'_, T> {
    fn drop(&mut self) {
        // Before the turn is free: the next one does not wait for it without asking.
        self.value = None;
        *self.turn.is_taken.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.turn.freed.notify_one();
    }
}
