//! How far the reading of a tree is, for those who ask while it goes on.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use repo_map_cache::{Progress, Stage};

/// Hears of the stages and remembers where they are.
#[derive(Default)]
pub(crate) struct Heard {
    stage: Mutex<Option<(Stage, Option<u64>)>>,
    done: AtomicU64,
}

/// Where the work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) stage: Stage,
    pub(crate) done: u64,
    pub(crate) total: Option<u64>,
}

impl Heard {
    /// `None` while nothing goes on.
    pub(crate) fn standing(&self) -> Option<Standing> {
        let (stage, total) = (*self.stage.lock().unwrap_or_else(PoisonError::into_inner))?;
        Some(Standing { stage, total, done: self.done.load(Ordering::Relaxed) })
    }
}

impl Progress for Heard {
    fn begin(&self, stage: Stage, total: Option<u64>) {
        self.done.store(0, Ordering::Relaxed);
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = Some((stage, total));
    }

    fn advance(&self, _stage: Stage, done: u64) {
        self.done.fetch_add(done, Ordering::Relaxed);
    }

    fn end(&self, _stage: Stage) {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Standing {
    /// For people: `parse 120 of 2800`.
    pub(crate) fn told(&self) -> String {
        match self.total {
            Some(total) => format!("{} {} of {total}", self.stage.as_str(), self.done.min(total)),
            None => self.stage.as_str().to_owned(),
        }
    }
}
