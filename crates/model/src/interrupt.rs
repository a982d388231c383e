use std::fmt;

/// Asks whether work is still wanted. Long work asks at least every 10 ms, and where the answer is no it ends early: what it
/// returns then is not to be used, or says so.
///
/// ```
/// use std::sync::atomic::{AtomicBool, Ordering};
///
/// use repo_map_model::Interrupt;
///
/// let is_cancelled = AtomicBool::new(false);
/// let ask = || is_cancelled.load(Ordering::Relaxed);
/// let interrupt = Interrupt::new(&ask);
/// assert!(!interrupt.is_due());
/// is_cancelled.store(true, Ordering::Relaxed);
/// assert!(interrupt.is_due());
/// assert!(!Interrupt::NEVER.is_due());
/// ```
#[derive(Clone, Copy, Default)]
pub struct Interrupt<'a>(Option<&'a (dyn Fn() -> bool + Sync)>);

impl<'a> Interrupt<'a> {
    /// The work is done to its end.
    pub const NEVER: Self = Self(None);

    /// Asks a function, on any thread.
    pub fn new(is_due: &'a (dyn Fn() -> bool + Sync)) -> Self {
        Self(Some(is_due))
    }

    /// Whether the work is to end now.
    pub fn is_due(self) -> bool {
        self.0.is_some_and(|is_due| is_due())
    }
}

impl fmt::Debug for Interrupt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interrupt").field("is_due", &self.is_due()).finish()
    }
}
