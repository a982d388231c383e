use std::ops::ControlFlow;

use crate::ExtractOptions;

/// The work that one file may still cost, in progress calls of parser and query together.
///
/// Calls and not time: a loaded machine gives the same tags as an idle one.
#[derive(Debug)]
pub(crate) struct Budget {
    left: u64,
    exceeded: bool,
}

impl Budget {
    pub(crate) fn new(options: &ExtractOptions, bytes: usize) -> Self {
        let left = options.budget_base.saturating_add(options.budget_per_byte.saturating_mul(bytes as u64));
        Self { left, exceeded: false }
    }

    /// One progress call; breaks off when the budget is used up.
    pub(crate) fn spend(&mut self) -> ControlFlow<()> {
        if self.left == 0 {
            self.exceeded = true;
            return ControlFlow::Break(());
        }
        self.left -= 1;
        ControlFlow::Continue(())
    }

    pub(crate) fn exceeded(&self) -> bool {
        self.exceeded
    }
}
