//! What the last maps were made of, by content.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::store::Identity;

/// Values by content, bounded in bytes: the next task is often about the same files. Those that came first go first.
pub(crate) struct Recent<V>(Mutex<Kept<V>>);

struct Kept<V> {
    values: HashMap<Identity, (V, usize)>,
    order: VecDeque<Identity>,
    bytes: usize,
}

impl<V: Clone> Recent<V> {
    /// The values that are kept have no more bytes together.
    const MOST_BYTES: usize = 16 << 20;

    /// What a value takes beside its own bytes.
    const OVERHEAD: usize = 512;

    /// The value of a content, if it is kept.
    pub(crate) fn get(&self, identity: Identity) -> Option<V> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.values.get(&identity).map(|(value, _)| value.clone())
    }

    /// Forgets all.
    pub(crate) fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Kept::default();
    }

    /// What the kept values take, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).bytes
    }

    /// Keeps the value of a content, which is so large.
    pub(crate) fn keep(&self, identity: Identity, value: V, bytes: usize) {
        // One file does not drive out all others.
        if bytes > Self::MOST_BYTES / 8 {
            return;
        }
        let bytes = bytes + Self::OVERHEAD;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.bytes += bytes;
        match kept.values.insert(identity, (value, bytes)) {
            Some((_, before)) => kept.bytes -= before,
            None => kept.order.push_back(identity),
        }
        while kept.bytes > Self::MOST_BYTES
            && let Some(oldest) = kept.order.pop_front()
        {
            if let Some((_, gone)) = kept.values.remove(&oldest) {
                kept.bytes -= gone;
            }
        }
    }
}

impl<V> Default for Kept<V> {
    fn default() -> Self {
        Self { values: HashMap::new(), order: VecDeque::new(), bytes: 0 }
    }
}

impl<V> Default for Recent<V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

#[cfg(test)]
mod tests {
    use repo_map_files::hash;
    use repo_map_tags::Language;

    use super::*;

    #[test]
    fn the_oldest_values_go_and_the_bound_holds() {
        let recent = Recent::default();
        let [python, rust] = ["python", "rust"].map(|id| Language::by_id(id).unwrap());
        let identity = |at: usize, language| Identity {
            content: hash(at.to_string().as_bytes()),
            language: Some(language),
        };
        let most = Recent::<usize>::MOST_BYTES;
        // Twenty of them, and a small one more.
        let part = most / 20 - Recent::<usize>::OVERHEAD - 64;
        for at in 0..30 {
            recent.keep(identity(at, python), at, part);
            assert!(recent.0.lock().unwrap().bytes <= most);
        }
        assert_eq!(
            [0, 9, 10, 29].map(|at| recent.get(identity(at, python))),
            [None, None, Some(10), Some(29)]
        );
        assert_eq!(recent.get(identity(29, rust)), None, "its tags are of another language");
        recent.keep(identity(29, python), 100, 1);
        recent.keep(identity(30, python), 30, most);
        assert_eq!([29, 30].map(|at| recent.get(identity(at, python))), [Some(100), None]);
        recent.keep(identity(31, python), 31, part);
        assert_eq!(recent.get(identity(10, python)), Some(10), "the new value of 29 is smaller");
    }
}
