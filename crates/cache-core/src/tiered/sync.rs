//! The primitives that the protocols of this module are made of. The model checker's take their place in
//! `tests/models.rs`.

pub(super) use std::sync::atomic::{AtomicU64, Ordering};
pub(super) use std::sync::{Arc, Condvar, Mutex, MutexGuard};
