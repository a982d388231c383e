use std::cell::Cell;
use std::ops::ControlFlow;

use repo_map_model::CancellationToken;

use crate::ExtractOptions;

/// The work that one file may still cost, in progress calls of parser and query together, and in what stands
/// for a call.
///
/// Work and not time: a loaded machine gives the same tags as an idle one.
#[derive(Debug)]
pub(crate) struct Budget {
    /// `None` when it was exceeded.
    left: Cell<Option<u64>>,
    /// What was done since the last call that it makes up a part of: steps, and bytes gone through.
    steps: Cell<u64>,
    bytes: Cell<u64>,
    cancellation: Option<CancellationToken>,
}

/// So many steps of a pass over what the parser found, or of a walk through its tree, cost as much as a call.
const STEPS_A_CALL: u64 = 100;

/// To hash or copy so many bytes does, with room for what else is done with a name.
const BYTES_A_CALL: u64 = 1 << 10;

impl Budget {
    pub(crate) fn new(options: &ExtractOptions, bytes: usize) -> Self {
        let of_bytes = options.budget_per_kilobyte.saturating_mul(bytes as u64) / 1024;
        let left = options.budget_base.saturating_add(of_bytes);
        let cancellation = options.cancellation.clone();
        Self { left: Cell::new(Some(left)), steps: Cell::new(0), bytes: Cell::new(0), cancellation }
    }

    /// So much work was done; breaks off when it was too much.
    pub(crate) fn spend(&self, calls: u64) -> ControlFlow<()> {
        let is_wanted = self.cancellation.as_ref().is_none_or(|token| !token.is_cancelled());
        let left = self.left.get().filter(|_| is_wanted).and_then(|left| left.checked_sub(calls));
        self.left.set(left);
        if left.is_some() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    /// A pass took so many steps; breaks off when it was too much.
    pub(crate) fn step(&self, count: usize) -> ControlFlow<()> {
        self.spend_parts(&self.steps, count, STEPS_A_CALL)
    }

    /// A pass went through so many bytes; breaks off when it was too much.
    pub(crate) fn read(&self, count: usize) -> ControlFlow<()> {
        self.spend_parts(&self.bytes, count, BYTES_A_CALL)
    }

    fn spend_parts(&self, parts: &Cell<u64>, count: usize, of_call: u64) -> ControlFlow<()> {
        let all = parts.get() + count as u64;
        parts.set(all % of_call);
        if all < of_call && !self.exceeded() { ControlFlow::Continue(()) } else { self.spend(all / of_call) }
    }

    pub(crate) fn exceeded(&self) -> bool {
        self.left.get().is_none()
    }
}
