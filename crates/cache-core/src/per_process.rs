use std::sync::OnceLock;

/// A value for each process: the child of a `fork` gets its own where it first asks, instead of its parent's.
///
/// What a child inherits may be locked by a thread of its parent that it does not have, and waits for ever then. So nothing of it is looked
/// at, locked or dropped there. A child is told by its number; one that has the number of a process that it descends from and
/// that has ended is not told from it.
#[derive(Debug)]
pub struct PerProcess<T> {
    first: OnceLock<Slot<T>>,
}

/// The value of one process, then those of the forks that lie between it and this process.
#[derive(Debug)]
struct Slot<T> {
    process: u32,
    /// Taken by the drop alone.
    value: Option<T>,
    next: OnceLock<Box<Self>>,
}

impl<T> PerProcess<T> {
    /// No value yet.
    pub const fn new() -> Self {
        Self { first: OnceLock::new() }
    }

    /// This process's value; made now if it is not there. `make` takes no time: a fork in the middle of it would leave it without end.
    pub fn get(&self, make: impl Fn() -> T) -> &T {
        let process = std::process::id();
        let new = || Slot { process, value: Some(make()), next: OnceLock::new() };
        let mut slot = self.first.get_or_init(new);
        while slot.process != process {
            slot = slot.next.get_or_init(|| Box::new(new()));
        }
        slot.value.as_ref().expect("only the drop takes it")
    }
}

impl<T> Default for PerProcess<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            std::mem::forget(self.value.take());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn a_process_has_one_value() {
        let values = PerProcess::new();
        *values.get(|| Mutex::new(0)).lock().unwrap() += 1;
        assert_eq!(*values.get(|| unreachable!("it is there")).lock().unwrap(), 1);
    }
}
