use std::cell::Cell;
use std::ops::ControlFlow;

use crate::ExtractOptions;

/// The work that one file may still cost, in progress calls of parser and query together, and in what stands
/// for a call.
///
/// Work and not time: a loaded machine gives the same tags as an idle one.
#[derive(Debug)]
pub(crate) struct Budget {
    /// `None` when it was exceeded.
    left: Cell<Option<u64>>,
}

impl Budget {
    pub(crate) fn new(options: &ExtractOptions, bytes: usize) -> Self {
        let left = options.budget_base.saturating_add(options.budget_per_byte.saturating_mul(bytes as u64));
        Self { left: Cell::new(Some(left)) }
    }

    /// So much work was done; breaks off when it was too much.
    pub(crate) fn spend(&self, calls: u64) -> ControlFlow<()> {
        let left = self.left.get().and_then(|left| left.checked_sub(calls));
        self.left.set(left);
        if left.is_some() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    pub(crate) fn exceeded(&self) -> bool {
        self.left.get().is_none()
    }
}
