//! The hashes of what was evicted lately: what comes back within the window was evicted too early.

/// A cache line of slots: where one hash can be.
const WAYS: usize = 8;

#[derive(Clone, Copy, Default)]
struct Slot {
    hash: u32,
    /// When it was noted; 0 for never.
    time: u32,
}

/// Forgets by time, and seldom by collision; it never remembers what was not noted, but for equal hashes.
pub(super) struct Ghost {
    slots: Vec<[Slot; WAYS]>,
    now: u32,
}

impl Ghost {
    pub(super) fn new() -> Self {
        Self { slots: vec![[Slot::default(); WAYS]; 4], now: 0 }
    }

    /// Notes an eviction. `window` is how many later ones it stays for.
    pub(super) fn note(&mut self, hash: u64, window: usize) {
        // Twice the room of the window leaves collisions rare.
        if self.slots.len() * WAYS < window.saturating_mul(2) {
            self.grow();
        }
        self.now = self.now.checked_add(1).unwrap_or_else(|| {
            self.slots.iter_mut().flatten().for_each(|slot| *slot = Slot::default());
            1
        });
        self.place(Slot { hash: hash as u32, time: self.now });
    }

    /// Whether it was evicted within the window; it is forgotten then.
    pub(super) fn take(&mut self, hash: u64, window: usize) -> bool {
        let hash = hash as u32;
        let (now, line) = (self.now, self.line(hash));
        for slot in &mut self.slots[line] {
            if slot.hash == hash && slot.time != 0 {
                let is_recent = ((now - slot.time) as usize) < window;
                *slot = Slot::default();
                return is_recent;
            }
        }
        false
    }

    fn line(&self, hash: u32) -> usize {
        hash as usize & (self.slots.len() - 1)
    }

    fn place(&mut self, new: Slot) {
        let line = self.line(new.hash);
        let oldest = self.slots[line].iter_mut().min_by_key(|slot| slot.time);
        *oldest.expect("a line has slots") = new;
    }

    fn grow(&mut self) {
        let doubled = vec![[Slot::default(); WAYS]; self.slots.len() * 2];
        for slot in std::mem::replace(&mut self.slots, doubled).into_iter().flatten() {
            if slot.time != 0 {
                self.place(slot);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg_attr(miri, ignore = "long for an interpreter, and without pointers")]
    fn remembers_the_window_and_no_more() {
        let mut ghost = Ghost::new();
        let hash = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 11;
        (0..10_000).for_each(|number| ghost.note(hash(number), 1000));
        let remembered = (9_000..10_000).filter(|&number| ghost.take(hash(number), 1000)).count();
        assert!(remembered > 950, "{remembered}");
        assert_eq!((0..9_000).filter(|&number| ghost.take(hash(number), 1000)).count(), 0);
        assert!(!ghost.take(hash(9_999), 1000), "taken before");
    }
}
